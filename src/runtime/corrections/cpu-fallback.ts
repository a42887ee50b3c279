import * as tf from "@tensorflow/tfjs";
import { startFloor } from "../cpu.js";
import { replaceKernel, type KernelArguments, type KernelFunction } from "./kernel.js";

interface Storage {
  readSync(dataId: object): tf.BackendValues;
  write(values: tf.BackendValues, shape: number[], dtype: tf.DataType): object;
  disposeData(dataId: object, force?: boolean): boolean;
}

const used = new Set<string>();

/** Kernels that ran on the CPU instead, as `wasm/Einsum`, since the last call; each is told once. */
export function takeFallbacksUsed(): string[] {
  const names = [...used].filter((name) => !told.has(name));
  names.forEach((name) => told.add(name));
  return names;
}

const told = new Set<string>();

/**
 * Lets a back end that can read synchronously run a kernel of the cpu back end: inputs are read, computed in
 * JavaScript and written back. Slow, and right.
 */
export function runOnCpu(backendName: string, kernelName: string): void {
  replaceKernel(backendName, kernelName, () => cpuKernel(backendName, kernelName));
}

/** Every kernel that the cpu back end has and this one lacks. */
export function runMissingOnCpu(backendName: string, except: ReadonlySet<string> = new Set()): string[] {
  const present = new Set(tf.getKernelsForBackend(backendName).map((kernel) => kernel.kernelName));
  const missing = tf
    .getKernelsForBackend("cpu")
    .map((kernel) => kernel.kernelName)
    .filter((name) => !present.has(name) && !except.has(name));
  for (const name of missing) runOnCpu(backendName, name);
  return missing;
}

/** The kernel function alone, for overrides that choose by their input. */
export function cpuKernel(backendName: string, kernelName: string): KernelFunction {
  return ({ inputs, attrs, backend }) => {
    used.add(`${backendName}/${kernelName}`);
    const floor = startFloor() as unknown as Storage;
    return withCopies(inputs, backend as unknown as Storage, floor, (copies) => {
      const kernel = tf.getKernel(kernelName, "cpu");
      return kernel.kernelFunc({ inputs: copies, attrs, backend: floor as never });
    });
  };
}

function withCopies(
  inputs: KernelArguments["inputs"],
  from: Storage,
  cpu: Storage,
  compute: (inputs: KernelArguments["inputs"]) => tf.TensorInfo | tf.TensorInfo[],
): tf.TensorInfo | tf.TensorInfo[] {
  const copies = new Map<string, tf.TensorInfo>();
  for (const [name, info] of Object.entries(inputs)) if (info) copies.set(name, copy(info, from, cpu));
  const given = Array.isArray(inputs) ? [...copies.values()] : Object.fromEntries(copies);
  const results = compute(given as KernelArguments["inputs"]);
  const answer = [results].flat().map((info) => copy(info, cpu, from));
  for (const info of [...copies.values(), ...[results].flat()]) cpu.disposeData(info.dataId, true);
  return Array.isArray(results) ? answer : answer[0]!;
}

/** Complex tensors keep two real ones; they are joined again on the other side. */
function copy(info: tf.TensorInfo, from: Storage, to: Storage): tf.TensorInfo {
  const { shape, dtype } = info;
  if (dtype !== "complex64")
    return { dataId: to.write(from.readSync(info.dataId), shape, dtype), shape, dtype };
  throw new Error("Complex numbers cannot be moved to another back end inside a kernel.");
}
