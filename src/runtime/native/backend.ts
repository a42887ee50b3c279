import { cpus } from "node:os";
import * as tf from "@tensorflow/tfjs";
import { BackendError } from "../backend-error.js";
import type { Backend, Device, Examination } from "../backend.js";
import { nvidiaGpus } from "./cuda.js";
import { finishWorkAtExit } from "../webgpu/finish-work.js";
import { ADD_NATIVE, readInstallation, type NativeInstallation } from "./installation.js";
import { loadBinding, type LoadedBinding } from "./load-binding.js";
import { registerNodeBackend, REGISTERED_NAME } from "./node-backend.js";

const ADD_CUDA = `${ADD_NATIVE} --cuda`;

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
    const { binding } = start(installation, false);
    await tf.setBackend(REGISTERED_NAME);
    return {
      device: `${cpus().length} CPU cores`,
      driver: `TensorFlow ${binding.TF_Version}`,
      memory: null,
      remarks: skippedGpu(installation),
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
    if (nvidiaGpus().length === 0) {
      return unusable(
        "No NVIDIA driver is loaded.",
        "install the NVIDIA driver (525.60 or newer); nvidia-smi then lists the GPU",
      );
    }
    return examineInstallation(({ tensorflow }) =>
      tensorflow.cuda
        ? null
        : unusable(
            `TensorFlow ${tensorflow.version} in ${tensorflow.folder} is a build without CUDA.`,
            ADD_CUDA,
          ),
    );
  },
  async start() {
    const loaded = start(installed(), true);
    if (!loaded.binding.isUsingGpuDevice()) throw skipped(loaded);
    await tf.setBackend(REGISTERED_NAME);
    finishWorkAtExit(waitForGpu);
    return describeGpu(loaded);
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
    if (!installation) return unusable("No TensorFlow was added.", ADD_NATIVE);
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
  if (!installation) throw new BackendError("No TensorFlow was added.", ADD_NATIVE);
  return installation;
}

function start(installation: NativeInstallation, gpu: boolean): LoadedBinding {
  const loaded = loadBinding(installation, gpu);
  registerNodeBackend(installation, loaded.binding);
  return loaded;
}

/** The GPU is there, and TensorFlow did not take it: says what is missing. */
function skipped({ missing, log }: LoadedBinding): BackendError {
  if (missing.length > 0) {
    const libraries = missing.map(({ library }) => library).join(", ");
    const wheels = [...new Set(missing.map(({ wheel }) => wheel))].join(" ");
    return new BackendError(
      `An NVIDIA GPU is there, but TensorFlow skipped it: it does not find ${libraries}.`,
      `pip install ${wheels} in TensorFlow's environment, or ${ADD_CUDA}`,
    );
  }
  const said = log.split("\n").find((line) => /cuda|gpu/i.test(line));
  return new BackendError(
    `An NVIDIA GPU is there, but TensorFlow skipped it${said ? `: ${said.trim()}` : "."}`,
    "TF_CPP_MAX_VLOG_LEVEL=3 in the environment makes TensorFlow say why",
  );
}

function skippedGpu({ tensorflow }: NativeInstallation): string[] {
  const [gpu] = nvidiaGpus();
  if (!gpu) return [];
  const how = tensorflow.cuda ? "%backend cuda in a fresh kernel uses it" : `${ADD_CUDA} enables it`;
  return [`${gpu.name} is there and is not used: ${how}.`];
}

/** The binding takes the last GPU that TensorFlow lists (binding/tfjs_backend.cc). */
function describeGpu({ binding }: LoadedBinding): Device {
  const gpus = nvidiaGpus();
  const gpu = gpus.at(-1);
  return {
    device: gpu?.name ?? "NVIDIA GPU",
    driver: `TensorFlow ${binding.TF_Version}${gpu ? `, driver ${gpu.driver}` : ""}`,
    memory: gpu?.memory ?? null,
    remarks:
      gpus.length > 1 ? ["The last of several GPUs is used; CUDA_VISIBLE_DEVICES chooses another."] : [],
  };
}
