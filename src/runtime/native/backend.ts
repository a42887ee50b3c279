import { cpus } from "node:os";
import * as tf from "@tensorflow/tfjs";
import { BackendError } from "../backend-error.js";
import type { Backend, Examination } from "../backend.js";
import { chooseGpu, type GpuChoice } from "./choose-gpu.js";
import { nvidiaDriver } from "./nvidia-driver.js";
import { finishWorkAtExit } from "../webgpu/finish-work.js";
import { readInstallation, type NativeInstallation } from "./installation.js";
import { loadBinding, type LoadedBinding } from "./load-binding.js";
import { registerNodeBackend, REGISTERED_NAME } from "./node-backend.js";
import { whySkipped } from "./why-skipped.js";
import { addNativeLine } from "./add-native-line.js";

/** TensorFlow of a Python environment on the CPU, through the binding of tfjs-node. */
export const native: Backend = {
  name: "native",
  registeredName: REGISTERED_NAME,
  summary: "TensorFlow's C++ kernels on the CPU",
  async examine() {
    return examineInstallation(() => null);
  },
  async start() {
    const installation = installed();
    const { binding, gpu } = start(installation, null);
    await tf.setBackend(REGISTERED_NAME);
    return {
      device: `${cpus().length} CPU cores`,
      driver: `TensorFlow ${binding.TF_Version}`,
      memory: null,
      remarks: [...changed(installation, binding.TF_Version), ...(gpu ? [] : skippedGpu(installation))],
    };
  },
};

/** The same TensorFlow on an NVIDIA GPU. */
export const cuda: Backend = {
  name: "cuda",
  registeredName: REGISTERED_NAME,
  summary: "TensorFlow's C++ kernels on an NVIDIA GPU",
  async examine() {
    if (process.platform !== "linux") {
      return unusable(
        "TensorFlow supports NVIDIA GPUs on Linux alone (WSL2 counts).",
        "use the webgpu back end",
      );
    }
    const driver = nvidiaDriver();
    if (driver.fault) return unusable(driver.fault.why, driver.fault.remedy);
    return examineInstallation(({ tensorflow }) => {
      if (!tensorflow.cuda) {
        const where = `TensorFlow ${tensorflow.version} in ${tensorflow.folder}`;
        return unusable(`${where} is a build without CUDA.`, addNativeLine("--cuda"));
      }
      const choice = chooseGpu(driver, tensorflow);
      return "why" in choice ? unusable(choice.why, choice.remedy) : null;
    });
  },
  async start() {
    const installation = installed();
    const choice = chooseGpu(nvidiaDriver(), installation.tensorflow);
    if ("why" in choice) throw new BackendError(choice.why, choice.remedy);
    const { binding, missing } = start(installation, choice);
    if (!binding.isUsingGpuDevice()) throw await whySkipped(installation, missing);
    await tf.setBackend(REGISTERED_NAME);
    finishWorkAtExit(waitForGpu);
    const { gpu, others } = choice;
    return {
      device: gpu.name,
      driver: `TensorFlow ${binding.TF_Version}, driver ${gpu.driver}`,
      memory: gpu.memory,
      remarks: [
        ...changed(installation, binding.TF_Version),
        ...(others > 0 ? [`It is one of ${others + 1} GPUs; CUDA_VISIBLE_DEVICES chooses another.`] : []),
      ],
    };
  },
};

/** Kernels of one stream run in order: what can be read now waited for all before it. */
async function waitForGpu(): Promise<void> {
  if (tf.getBackend() === REGISTERED_NAME) tf.tidy(() => tf.add(tf.scalar(1), tf.scalar(1)).dataSync());
}

function examineInstallation(
  objection: (installation: NativeInstallation) => Examination | null,
): Examination {
  try {
    const installation = readInstallation();
    if (!installation) return unusable("No TensorFlow was added.", addNativeLine());
    const { tensorflow } = installation;
    return (
      objection(installation) ?? {
        usable: true,
        found: `TensorFlow ${tensorflow.version} of ${tensorflow.python}`,
      }
    );
  } catch (error) {
    if (error instanceof BackendError) return unusable(error.message, error.remedy);
    throw error;
  }
}

function unusable(why: string, remedy: string): Examination {
  return { usable: false, why, remedy };
}

function installed(): NativeInstallation {
  const installation = readInstallation();
  if (!installation) throw new BackendError("No TensorFlow was added.", addNativeLine());
  return installation;
}

function start(
  installation: NativeInstallation,
  gpu: Extract<GpuChoice, { gpu: unknown }> | null,
): LoadedBinding {
  const loaded = loadBinding(installation, gpu);
  registerNodeBackend(installation, loaded.binding);
  return loaded;
}

/** A GPU that would serve. Why one would not is in the list of back ends. */
function skippedGpu({ tensorflow }: NativeInstallation): string[] {
  const choice = chooseGpu(nvidiaDriver(), tensorflow);
  if ("why" in choice) return [];
  const how = tensorflow.cuda
    ? "%backend cuda in a fresh kernel uses it"
    : `${addNativeLine("--cuda")} enables it`;
  return [`${choice.gpu.name} is there and is not used: ${how}.`];
}

/** The binding goes on with another TensorFlow, whose C interface stays the same; the user should know. */
export function changed({ tensorflow }: Pick<NativeInstallation, "tensorflow">, running: string): string[] {
  const number = (version: string) => /^\d+\.\d+\.\d+/.exec(version)?.[0];
  if (number(tensorflow.version) === undefined || number(tensorflow.version) === number(running)) return [];
  return [
    `TensorFlow was changed from ${tensorflow.version} to ${running} after the binding was built on it: ${addNativeLine()} builds it anew.`,
  ];
}
