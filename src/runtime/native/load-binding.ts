import { existsSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { totalmem } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { withChange } from "../../with-change.js";
import { BackendError } from "../backend-error.js";
import { addNativeLine } from "./add-native-line.js";
import type { GpuChoice } from "./choose-gpu.js";
import { cudaToolsOnPath, openCudaLibraries } from "./cuda-libraries.js";
import { LIBRARIES } from "./find-tensorflow.js";
import {
  BINDING,
  HOLD_SIGNALS,
  RETURN_MEMORY,
  STDERR_CAPTURE,
  type NativeInstallation,
} from "./installation.js";
import { returnMemoryAfterCells, type ReturnMemory } from "./return-memory.js";

/** The functions of tfjs-node's binding that are called here (binding/tfjs_binding.cc). */
export interface TensorFlowBinding {
  readonly TF_Version: string;
  readonly TF_ATTR_STRING: number;
  readonly TF_ATTR_FLOAT: number;
  readonly TF_ATTR_BOOL: number;
  readonly TF_ATTR_TYPE: number;
  readonly TF_FLOAT: number;
  readonly TF_INT32: number;
  readonly TF_INT64: number;
  isUsingGpuDevice(): boolean;
  createTensor(shape: number[], dtype: number, values: unknown): number;
  deleteTensor(id: number): void;
  tensorDataSync(id: number): ArrayBufferView;
  executeOp(name: string, attributes: OpAttribute[], inputs: number[], outputs: number): TensorMetadata[];
  loadSavedModel(folder: string, tags: string): number;
  deleteSavedModel(id: number): void;
  runSavedModel(id: number, inputs: number[], inputNames: string, outputNames: string): TensorMetadata[];
}

export interface OpAttribute {
  readonly name: string;
  readonly type: number;
  readonly value: unknown;
}

export interface TensorMetadata {
  readonly id: number;
  readonly shape: number[];
  /** TensorFlow's number of the type (tensorflow/c/tf_datatype.h). */
  readonly dtype: number;
}

export interface LoadedBinding {
  readonly binding: TensorFlowBinding;
  /** CUDA libraries that TensorFlow could not find; empty when no GPU was wanted. */
  readonly missing: readonly string[];
  /** Whether it was opened with the GPU, be it that it did not take it. */
  readonly gpu: boolean;
}

interface StderrCapture {
  beginCapture(): void;
  endCapture(): string;
  openLibrary(path: string): string | null;
}

type Gpu = Extract<GpuChoice, { gpu: unknown }>;

let loaded: LoadedBinding | null = null;
let capture: StderrCapture | null = null;

/**
 * Opens TensorFlow in this process, quietly: what it writes to descriptor 2 while it starts is returned, what it
 * writes later is shown. Once open it stays as it is: with the GPU, or without.
 * @param gpu the one to compute on; null for the CPU
 * @throws BackendError when it cannot be opened, or is open the other way.
 */
export function loadBinding(installation: NativeInstallation, gpu: Gpu | null): LoadedBinding {
  if (loaded) {
    const serves = gpu ? loaded.gpu : !loaded.binding.isUsingGpuDevice();
    if (serves) return loaded;
    const name = gpu ? "cuda" : "native";
    throw new BackendError(
      `TensorFlow is open in this process ${loaded.gpu ? "with" : "without"} the GPU, and that cannot be changed.`,
      `restart the kernel and choose ${name} first (%backend ${name}, or LOADLAB_BACKEND=${name})`,
    );
  }
  setEnvironment(installation, gpu);
  restoreUtil();
  // Before TensorFlow starts its threads, which take over what this one does.
  openAddon<{ holdSignals(): void }>(join(installation.folder, HOLD_SIGNALS)).holdSignals();
  const addon = openAddon<StderrCapture>(join(installation.folder, STDERR_CAPTURE));
  capture = addon;
  addon.beginCapture();
  let opened;
  try {
    const missing = gpu ? openCudaLibraries(installation.tensorflow, (path) => addon.openLibrary(path)) : [];
    openTensorFlow(installation, (path) => addon.openLibrary(path));
    opened = { binding: openAddon<TensorFlowBinding>(join(installation.folder, BINDING)), missing };
    returnMemoryAfterCells(openAddon<ReturnMemory>(join(installation.folder, RETURN_MEMORY)));
  } finally {
    addon.endCapture();
  }
  loaded = { ...opened, gpu: gpu !== null };
  return loaded;
}

/**
 * Runs what TensorFlow accompanies with lines that no setting stops (2.17 to 2.20 tell the user of their first graph).
 * An error is thrown as ever.
 */
export function quietly<T>(work: () => T): T {
  const change = () => {
    capture?.beginCapture();
    return () => void capture?.endCapture();
  };
  return withChange(change, work);
}

/**
 * By the path where it lies: a library looks for others beside the path that it was opened by (conda's TensorFlow for
 * its parts, all of them for the CUDA wheels), and the links beside the binding have none.
 */
function openTensorFlow(
  { tensorflow, folder }: NativeInstallation,
  open: (path: string) => string | null,
): void {
  for (const name of LIBRARIES.toReversed()) {
    const reason = open(realpathSync(join(folder, name)));
    if (reason === null) continue;
    throw new BackendError(
      `TensorFlow ${tensorflow.version} of ${tensorflow.python} cannot be opened: ${reason}`,
      addNativeLine(),
    );
  }
}

/** Read by TensorFlow when it is opened. A value that the user set is kept. */
function setEnvironment({ tensorflow }: NativeInstallation, gpu: Gpu | null): void {
  const { env } = process;
  env["TF_CPP_MIN_LOG_LEVEL"] ??= "2";
  // Memory of a freed tensor serves the next: from malloc each large one is cleared anew by the system, page by page.
  env["TF_CPU_ALLOCATOR_USE_BFC"] ??= "true";
  env["TF_CPU_BFC_MEM_LIMIT_IN_MB"] ??= String(Math.floor(memoryLimit() / 2 ** 20));
  if (!gpu) {
    // What a cell starts inherits it.
    if (tensorflow.cuda) env["CUDA_VISIBLE_DEVICES"] = "-1";
    return;
  }
  // Without it nearly all of the GPU's memory is taken at once. TensorFlow's other allocator, cuda_malloc_async, ends
  // the process on a GPU that has no memory pools.
  env["TF_FORCE_GPU_ALLOW_GROWTH"] ??= "true";
  // Numbers count as nvidia-smi's do.
  env["CUDA_DEVICE_ORDER"] ??= "PCI_BUS_ID";
  if (gpu.visible !== null) env["CUDA_VISIBLE_DEVICES"] = gpu.visible;
  cudaToolsOnPath(tensorflow, env);
}

/**
 * Bytes that TensorFlow may take for tensors. What is more is an error of the operation; the system would end the
 * process. A tenth is left to the rest of the process and to others; half of
 * the machine's is not, should they have more than that now.
 */
function memoryLimit(): number {
  const machine = process.constrainedMemory();
  const total = machine > 0 && machine < totalmem() ? machine : totalmem();
  return Math.max(0.9 * process.availableMemory(), total / 2);
}

/** tfjs-node 4.22.0 calls functions of node:util that Node 23 took away. */
function restoreUtil(): void {
  const functions = createRequire(import.meta.url)("util") as Record<string, unknown>;
  functions["isNullOrUndefined"] ??= (value: unknown) => value === null || value === undefined;
  functions["isArray"] ??= Array.isArray;
}

function openAddon<T>(path: string): T {
  if (!existsSync(path)) throw new BackendError(`${path} is gone.`, addNativeLine());
  const module = { exports: {} };
  try {
    process.dlopen(module, path);
  } catch (error) {
    const reason = (error as Error).message.split("\n")[0];
    throw new BackendError(`${path} cannot be opened: ${reason}`, addNativeLine(), { cause: error });
  }
  return module.exports as T;
}
