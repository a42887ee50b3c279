import { existsSync, readdirSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { buildOf } from "./choose-gpu.js";
import type { PythonTensorFlow } from "./find-tensorflow.js";

/** The driver's own; without it TensorFlow looks no further. */
export const DRIVER_LIBRARY = "libcuda.so.1";

/** Where the driver is put, apart from where the system looks: in Kubernetes, Colab, WSL2 and NixOS. */
const DRIVER_FOLDERS = [
  "/usr/local/nvidia/lib64",
  "/usr/lib64-nvidia",
  "/usr/lib/wsl/lib",
  "/run/opengl-driver/lib",
];

/** By CUDA's first number, what TensorFlow opens by name before it takes a GPU (xla/tsl/platform/default/dlopen_checker.cc). */
const LIBRARIES: Readonly<Record<string, readonly string[]>> = {
  "11": [
    "libcudart.so.11.0",
    "libcublas.so.11",
    "libcublasLt.so.11",
    "libcufft.so.10",
    "libcusolver.so.11",
    "libcusparse.so.11",
  ],
  "12": [
    "libcudart.so.12",
    "libcublas.so.12",
    "libcublasLt.so.12",
    "libcufft.so.11",
    "libcusolver.so.11",
    "libcusparse.so.12",
  ],
  "13": [
    "libcudart.so.13",
    "libcublas.so.13",
    "libcublasLt.so.13",
    "libcufft.so.12",
    "libcusolver.so.12",
    "libcusparse.so.12",
  ],
};

/** Names of the libraries without which this TensorFlow skips a GPU. */
export function neededLibraries(tensorflow: PythonTensorFlow): string[] {
  const { cuda, cudnn } = buildOf(tensorflow);
  const [major, cudnnMajor] = [cuda, cudnn].map((version) => version.split(".")[0]!) as [string, string];
  return [DRIVER_LIBRARY, ...(LIBRARIES[major] ?? []), `libcudnn.so.${cudnnMajor}`];
}

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

/** Folders of the libraries of the wheels and of the driver, as LD_LIBRARY_PATH takes them. */
export function libraryFolders(tensorflow: PythonTensorFlow): string[] {
  const ofWheels = new Set(wheelLibraries(tensorflow).map((path) => dirname(path)));
  return [...ofWheels, ...driversApart().map((path) => dirname(path))];
}

function driversApart(): string[] {
  return DRIVER_FOLDERS.map((folder) => join(folder, DRIVER_LIBRARY)).filter((path) => existsSync(path));
}

function subfolders(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
}

/**
 * Opens the driver's library and the CUDA libraries of the wheels, so that TensorFlow finds them by name: before it is
 * opened itself, since it looks for libcudart while it opens, and never again. They depend on each other, so rounds are
 * made until one opens nothing new.
 * @param open returns null, or why a library could not be opened
 * @returns names of those that TensorFlow will miss.
 */
export function openCudaLibraries(
  tensorflow: PythonTensorFlow,
  open: (path: string) => string | null,
): string[] {
  // Some of the wheels depend on the driver's.
  [DRIVER_LIBRARY, ...driversApart()].find((path) => open(path) === null);
  let left = wheelLibraries(tensorflow);
  for (let before = -1; left.length !== before;) {
    before = left.length;
    left = left.filter((path) => open(path) !== null);
  }
  return neededLibraries(tensorflow).filter((library) => open(library) !== null);
}

/** XLA calls `ptxas` by name, and looks for device code under the CUDA folder (of one wheel, or of all since CUDA 13). */
export function cudaToolsOnPath(tensorflow: PythonTensorFlow, env: NodeJS.ProcessEnv): void {
  const compiler = tensorflow.nvidiaFolders
    .flatMap((folder) => subfolders(folder).map((name) => join(folder, name)))
    .find((path) => existsSync(join(path, "bin", "ptxas")));
  if (!compiler) return;
  env["PATH"] = `${join(compiler, "bin")}${delimiter}${env["PATH"] ?? ""}`;
  // Flags are set apart by spaces.
  if (!/\s/.test(compiler)) env["XLA_FLAGS"] ??= `--xla_gpu_cuda_data_dir=${compiler}`;
}
