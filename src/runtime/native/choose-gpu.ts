import type { CudaBuild, PythonTensorFlow } from "./find-tensorflow.js";
import type { NvidiaDriver, NvidiaGpu } from "./nvidia-driver.js";

/** The GPU that computes, or why none can. */
export type GpuChoice =
  | {
      readonly gpu: NvidiaGpu;
      /** For CUDA_VISIBLE_DEVICES; null where the user set it, and where there is nothing to choose. */
      readonly visible: string | null;
      readonly others: number;
    }
  | { readonly why: string; readonly remedy: string };

/** By CUDA's first number, the oldest driver of Linux that it runs on (NVIDIA, CUDA minor version compatibility). */
const OLDEST_DRIVER: ReadonlyMap<string, string> = new Map([
  ["11", "450.80.02"],
  ["12", "525.60.13"],
  ["13", "580.65.06"],
]);

/** As the user set it: it is set anew when TensorFlow is opened. */
const VISIBLE_DEVICES = process.env["CUDA_VISIBLE_DEVICES"];

/**
 * The GPU with the most memory among those that this TensorFlow has kernels for and that CUDA_VISIBLE_DEVICES shows.
 * The binding would take the last that TensorFlow lists (binding/tfjs_backend.cc).
 */
export function chooseGpu(
  { gpus, fault }: NvidiaDriver,
  tensorflow: PythonTensorFlow,
  wanted: string | undefined = VISIBLE_DEVICES,
): GpuChoice {
  if (fault) return fault;
  const build = buildOf(tensorflow);
  const [{ driver }] = gpus as [NvidiaGpu];
  const oldest = OLDEST_DRIVER.get(build.cuda.split(".")[0]!);
  if (oldest !== undefined && isOlder(driver, oldest)) {
    return {
      why: `The NVIDIA driver ${driver} is too old: TensorFlow ${tensorflow.version} is built for CUDA ${build.cuda}, which needs ${oldest} or newer.`,
      remedy: `install a newer NVIDIA driver, then restart the machine`,
    };
  }
  const shown = wanted === undefined ? gpus : visible(gpus, wanted);
  if (shown.length === 0) {
    return {
      why: `CUDA_VISIBLE_DEVICES=${wanted} hides the GPU (${gpus.map(({ name }) => name).join(", ")}).`,
      remedy: "take CUDA_VISIBLE_DEVICES out of the environment and restart the kernel",
    };
  }
  const fit = shown.filter(({ capability }) => hasKernels(build, capability));
  if (fit.length === 0) return withoutKernels(shown.at(-1)!, tensorflow, build);
  const others = gpus.length - 1;
  // The one GPU may be divided (MIG), and then its name stands for all of it, which nobody can have.
  if (wanted !== undefined || others === 0) return { gpu: fit.at(-1)!, visible: null, others };
  const gpu = fit.reduce((best, one) => ((one.memory ?? 0) > (best.memory ?? 0) ? one : best));
  return { gpu, visible: gpu.uuid ?? String(gpus.indexOf(gpu)), others };
}

/** What TensorFlow's own wheels are built for (tensorflow.org/install/source, tested configurations). */
export function buildOf({ version, build }: PythonTensorFlow): CudaBuild & { cuda: string; cudnn: string } {
  const minor = Number(/^2\.(\d+)/.exec(version)?.[1] ?? Infinity);
  return {
    cuda: minor < 15 ? "11.8" : "12",
    cudnn: minor < 18 ? "8" : "9",
    ...build,
  };
}

/** CUDA's rule: numbers or the beginnings of UUIDs; the first that is none hides itself and all after it. */
function visible(gpus: readonly NvidiaGpu[], wanted: string): NvidiaGpu[] {
  const shown: NvidiaGpu[] = [];
  for (const word of wanted.split(",").map((one) => one.trim())) {
    // A part of a GPU (MIG) has a UUID of its own, which is not in the list.
    if (word.startsWith("MIG-")) return [...gpus];
    const gpu = /^\d+$/.test(word)
      ? gpus[Number(word)]
      : gpus.find(({ uuid }) => word !== "" && uuid?.startsWith(word));
    if (!gpu) break;
    shown.push(gpu);
  }
  return shown;
}

/**
 * Code of one first number runs on GPUs of it and the same or a later second one. What the driver compiles would
 * serve later ones too, but takes TensorFlow half an hour, and then fails on those of 12.0 (CUDA_ERROR_INVALID_PTX).
 */
function hasKernels({ capabilities }: CudaBuild, capability: string | null): boolean {
  if (!capabilities || capability === null) return true;
  const [major, minor] = capability.split(".").map(Number) as [number, number];
  return numbersOf(capabilities).some((one) => Math.floor(one / 10) === major && one % 10 <= minor);
}

function numbersOf(capabilities: readonly string[]): number[] {
  return capabilities.map((one) => Number(/(\d+)/.exec(one.replace(".", ""))?.[1] ?? NaN));
}

function withoutKernels(gpu: NvidiaGpu, { version }: PythonTensorFlow, build: CudaBuild): GpuChoice {
  const text = (one: number) => `${Math.floor(one / 10)}.${one % 10}`;
  const [least, most] = [
    Math.min(...numbersOf(build.capabilities!)),
    Math.max(...numbersOf(build.capabilities!)),
  ];
  return {
    why: `TensorFlow ${version} has no kernels for ${gpu.name}: its compute capability is ${gpu.capability}, and they are made for ${text(least)} to ${text(most)}.`,
    remedy: "%backend webgpu computes on it",
  };
}

function isOlder(driver: string, oldest: string): boolean {
  const [a, b] = [driver.split(".").map(Number), oldest.split(".").map(Number)];
  if (!a.every(Number.isFinite)) return false;
  const at = b.findIndex((part, i) => part !== (a[i] ?? 0));
  return at >= 0 && (a[at] ?? 0) < b[at]!;
}
