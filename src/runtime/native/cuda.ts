import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import type { PythonTensorFlow } from "./find-tensorflow.js";

/** An NVIDIA GPU as its driver describes it. */
export interface NvidiaGpu {
  readonly name: string;
  readonly driver: string;
  /** Bytes. */
  readonly memory: number | null;
}

/** GPUs whose driver is loaded, asked from the driver and not from TensorFlow; empty without one. */
export function nvidiaGpus(): readonly NvidiaGpu[] {
  if (!existsSync("/proc/driver/nvidia/version") && !existsSync("/dev/dxg")) return [];
  try {
    const query = ["--query-gpu=name,driver_version,memory.total", "--format=csv,noheader,nounits"];
    const answer = execFileSync("nvidia-smi", query, { encoding: "utf8", timeout: 5000, stdio: "pipe" });
    return answer.trim().split("\n").map(readGpu);
  } catch {
    return existsSync("/proc/driver/nvidia/version") ? gpusOfKernelModule() : [];
  }
}

function readGpu(line: string): NvidiaGpu {
  const [name = "NVIDIA GPU", driver = "unknown", mebibytes = ""] = line
    .split(",")
    .map((word) => word.trim());
  return { name, driver, memory: /^\d+$/.test(mebibytes) ? Number(mebibytes) * 2 ** 20 : null };
}

/** Without nvidia-smi (containers leave it out): the kernel module lists its devices in /proc. */
function gpusOfKernelModule(): NvidiaGpu[] {
  const driver = /\s(\d+\.\d+(?:\.\d+)?)\s/.exec(readFileSync("/proc/driver/nvidia/version", "utf8"))?.[1];
  const root = "/proc/driver/nvidia/gpus";
  return (existsSync(root) ? readdirSync(root) : []).map((bus) => {
    const name = /^Model:\s*(.+)$/m.exec(readFileSync(join(root, bus, "information"), "utf8"))?.[1];
    return { name: name ?? "NVIDIA GPU", driver: driver ?? "unknown", memory: null };
  });
}

/** Libraries that TensorFlow opens by name when it looks for a GPU, and the wheel that brings each. */
const LIBRARIES: ReadonlyMap<string, string> = new Map([
  ["libcudart.so.12", "nvidia-cuda-runtime-cu12"],
  ["libcublas.so.12", "nvidia-cublas-cu12"],
  ["libcublasLt.so.12", "nvidia-cublas-cu12"],
  ["libcufft.so.11", "nvidia-cufft-cu12"],
  ["libcusolver.so.11", "nvidia-cusolver-cu12"],
  ["libcusparse.so.12", "nvidia-cusparse-cu12"],
  ["libcudnn.so.9", "nvidia-cudnn-cu12"],
]);

/** Paths of all libraries in the CUDA wheels beside a TensorFlow (`nvidia/<name>/lib/*.so*`). */
export function wheelLibraries(tensorflow: PythonTensorFlow): string[] {
  return tensorflow.nvidiaFolders.flatMap((folder) =>
    subfolders(folder)
      .map((name) => join(folder, name, "lib"))
      .filter((lib) => existsSync(lib))
      .flatMap((lib) =>
        readdirSync(lib)
          .filter((name) => name.includes(".so"))
          .map((name) => join(lib, name)),
      ),
  );
}

function subfolders(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
}

/**
 * Opens the CUDA libraries of the wheels, so that TensorFlow finds them by name: its own search path starts at
 * the folder that it was opened through, which is ours. They depend on each other, so rounds are made until one
 * opens nothing new.
 * @param open returns null, or why a library could not be opened
 * @returns what TensorFlow will miss, with the wheel that has it.
 */
export function openCudaLibraries(
  tensorflow: PythonTensorFlow,
  open: (path: string) => string | null,
): { library: string; wheel: string; reason: string }[] {
  let left = wheelLibraries(tensorflow);
  for (let before = -1; left.length !== before;) {
    before = left.length;
    left = left.filter((path) => open(path) !== null);
  }
  return [...LIBRARIES]
    .map(([library, wheel]) => ({ library, wheel, reason: open(library) }))
    .filter((row): row is typeof row & { reason: string } => row.reason !== null);
}

/** XLA calls `ptxas` by name, and looks for device code under the CUDA folder. */
export function cudaToolsOnPath(tensorflow: PythonTensorFlow, env: NodeJS.ProcessEnv): void {
  const compiler = tensorflow.nvidiaFolders
    .map((folder) => join(folder, "cuda_nvcc"))
    .find((path) => existsSync(path));
  if (!compiler) return;
  env["PATH"] = `${join(compiler, "bin")}${delimiter}${env["PATH"] ?? ""}`;
  env["XLA_FLAGS"] ??= `--xla_gpu_cuda_data_dir=${compiler}`;
}
