import * as tf from "@tensorflow/tfjs";
import { noteOnce } from "../cell-display.js";
import { startFloor } from "../cpu.js";
import { withChange } from "../../with-change.js";
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
  move(dataId: object, values: tf.BackendValues, shape: number[], dtype: tf.DataType, count: number): void;
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
export function runMissingOnCpu(backendName: string): string[] {
  const present = new Set(tf.getKernelsForBackend(backendName).map((kernel) => kernel.kernelName));
  const missing = tf
    .getKernelsForBackend("cpu")
    .map((kernel) => kernel.kernelName)
    .filter((name) => !present.has(name));
  for (const name of missing) runOnCpu(backendName, name);
  return missing;
}

/**
 * Kernels that are to run on the CPU for some of their inputs.
 * @param refusal what their error says when they refuse them
 */
export function runRefusedOnCpu(backendName: string, refusal: RegExp): void {
  forEachOnBoth(backendName, "refused", (own, onCpu) => (args) => {
    try {
      return own(args);
    } catch (error) {
      if (!refusal.test((error as Error).message)) throw error;
      return onCpu(args);
    }
  });
}

/** Tensors without numbers need no GPU, whose shaders cannot be given them. */
export function runEmptyOnCpu(backendName: string): void {
  forEachOnBoth(backendName, "empty", (own, onCpu) => (args) => {
    const inputs = Object.values(args.inputs) as (tf.TensorInfo | undefined)[];
    return inputs.some((info) => info?.shape.includes(0)) ? onCpu(args) : own(args);
  });
}

function forEachOnBoth(
  backendName: string,
  reason: string,
  make: (own: KernelFunction, onCpu: KernelFunction) => KernelFunction,
): void {
  for (const { kernelName } of tf.getKernelsForBackend(backendName)) {
    if (!tf.getKernel(kernelName, "cpu")) continue;
    const onCpu = cpuKernel(backendName, kernelName);
    replaceKernel(backendName, kernelName, (own) => make(own, onCpu), reason);
  }
}

/** The kernel function alone, for overrides that choose by their input. */
export function cpuKernel(backendName: string, kernelName: string): KernelFunction {
  return ({ inputs, attrs, backend }) => {
    report(backendName, kernelName, inputs);
    const floor = startFloor() as unknown as Storage;
    return asCurrent(floor, () =>
      withCopies(inputs, backend as unknown as Storage, floor, (copies) =>
        tf.getKernel(kernelName, "cpu").kernelFunc({ inputs: copies, attrs, backend: floor as never }),
      ),
    );
  };
}

interface InUse {
  readonly backendName: string;
  readonly backendInstance: unknown;
}

/** Operations of which a corrected kernel is made run on the floor too, for as long as it takes. */
function asCurrent<T>(floor: Storage, compute: () => T): T {
  const engine = tf.engine() as unknown as InUse;
  const { backendName, backendInstance } = engine;
  if (backendInstance === floor) return compute();
  const change = () => {
    Object.assign(engine, { backendName: "cpu", backendInstance: floor });
    return () => void Object.assign(engine, { backendName, backendInstance });
  };
  return withChange(change, compute);
}

function withCopies(
  inputs: KernelArguments["inputs"],
  from: Storage,
  cpu: Storage,
  compute: (inputs: KernelArguments["inputs"]) => tf.TensorInfo | tf.TensorInfo[],
): tf.TensorInfo | tf.TensorInfo[] {
  const copies = new Map<string, tf.Tensor>();
  for (const [name, info] of Object.entries(inputs)) {
    if (info) copies.set(name, tf.engine().makeTensorFromTensorInfo(copy(info, from, cpu)));
  }
  try {
    const given = Array.isArray(inputs) ? [...copies.values()] : Object.fromEntries(copies);
    const results = compute(given as unknown as KernelArguments["inputs"]);
    const answer = [results].flat().map((info) => copy(info, cpu, from));
    for (const info of [results].flat()) {
      if ("rank" in info) (info as tf.Tensor).dispose();
      else cpu.disposeData(info.dataId, true);
    }
    return Array.isArray(results) ? answer : answer[0]!;
  } finally {
    for (const tensor of copies.values()) tensor.dispose();
  }
}

function copy(info: tf.TensorInfo, from: Storage, to: Storage): tf.TensorInfo {
  const { shape, dtype } = info;
  const values = asStored(from.readSync(info.dataId), dtype);
  if (dtype !== "complex64") return { dataId: to.write(values, shape, dtype), shape, dtype };
  // Pairs of numbers are taken over, as they are from one back end to another.
  const dataId = {};
  to.move(dataId, values, shape, dtype, 1);
  return { dataId, shape, dtype };
}

/** cpu keeps what its kernels give: indices among them as floats, whose bits elsewhere are other integers. */
function asStored(values: tf.BackendValues, dtype: tf.DataType): tf.BackendValues {
  if (dtype === "int32" && !(values instanceof Int32Array)) return Int32Array.from(values as Float32Array);
  if (dtype === "bool" && !(values instanceof Uint8Array)) return Uint8Array.from(values as Float32Array);
  if (dtype === "float32" && !(values instanceof Float32Array))
    return Float32Array.from(values as Int32Array);
  return values;
}
