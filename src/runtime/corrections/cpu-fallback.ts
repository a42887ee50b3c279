import * as tf from "@tensorflow/tfjs";
import { noteOnce } from "../cell-display.js";
import { startFloor } from "../cpu.js";
import { replaceKernel, type KernelArguments, type KernelFunction } from "./kernel.js";

/** Names of back ends as users know them, where TensorFlow.js has another. */
const NAMES: ReadonlyMap<string, string> = new Map([["tensorflow", "native"]]);

/** Inputs of fewer numbers cost nothing that a user would notice. */
const WORTH_A_NOTE = 4096;

const used = new Map<string, Set<string>>();

/** Kernels of a back end that ran on the CPU instead, a sentence for `%backend`; empty when none did. */
export function fallbackRemarks(backendName: string): string[] {
  const kernels = [...(used.get(backendName) ?? [])];
  return kernels.length === 0 ? [] : [`Run on the CPU in JavaScript so far: ${kernels.sort().join(", ")}.`];
}

function report(backendName: string, kernelName: string, inputs: KernelArguments["inputs"]): void {
  const kernels = used.get(backendName) ?? new Set();
  used.set(backendName, kernels.add(kernelName));
  const sizes = Object.values(inputs).map((info) => (info ? tf.util.sizeFromShape(info.shape) : 0));
  if (Math.max(0, ...sizes) < WORTH_A_NOTE) return;
  const name = NAMES.get(backendName) ?? backendName;
  noteOnce(`${kernelName} runs on the CPU in JavaScript: ${name} cannot compute it here.`);
}

interface Storage {
  readSync(dataId: object): tf.BackendValues;
  write(values: tf.BackendValues, shape: number[], dtype: tf.DataType): object;
  disposeData(dataId: object, force?: boolean): boolean;
}

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
    report(backendName, kernelName, inputs);
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
