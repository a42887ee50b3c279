import * as tf from "@tensorflow/tfjs";
import { replaceKernel, type KernelFunction } from "../corrections/kernel.js";
import type { OpAttribute, TensorFlowBinding, TensorMetadata } from "./load-binding.js";
import { REGISTERED_NAME, type NodeBackend } from "./node-backend.js";

/** What tfjs-node's back end keeps to itself (dist/nodejs_kernel_backend.js). */
interface Internals extends NodeBackend {
  readonly tensorMap: { get(dataId: object): { readonly dtype: number } };
  getInputTensorIds(tensors: readonly tf.TensorInfo[]): number[];
  createOutputTensor(metadata: TensorMetadata): tf.Tensor;
}

/**
 * Kernels that say in which shape or order numbers are read. tfjs-node makes a tensor of that shape or order and
 * runs an operation each time, also where nothing changes; they are a third of what a model with attention runs.
 */
export function registerShapeKernels(): void {
  for (const [name, kernel] of Object.entries({
    Reshape: reshape,
    ExpandDims: expandDims,
    Transpose: transpose,
  }))
    replaceKernel(REGISTERED_NAME, name, () => kernel);
  replaceKernel(REGISTERED_NAME, "Cast", (own) => (args) => {
    const { x } = args.inputs as { x: tf.TensorInfo };
    const { dtype } = args.attrs as unknown as { dtype: tf.DataType };
    return x.dtype === dtype ? unchanged(args.backend, x) : own(args);
  });
}

const reshape: KernelFunction = ({ inputs, attrs, backend }) => {
  const { x } = inputs as { x: tf.TensorInfo };
  const { shape } = attrs as unknown as { shape: number[] };
  return reshaped(backend, x, tf.util.inferFromImplicitShape(shape, tf.util.sizeFromShape(x.shape)));
};

const expandDims: KernelFunction = ({ inputs, attrs, backend }) => {
  const { input } = inputs as { input: tf.TensorInfo };
  const { dim } = attrs as unknown as { dim: number };
  const shape = [...input.shape];
  shape.splice(dim < 0 ? dim + shape.length + 1 : dim, 0, 1);
  return reshaped(backend, input, shape);
};

const transpose: KernelFunction = ({ inputs, attrs, backend }) => {
  const { x } = inputs as { x: tf.TensorInfo };
  const { perm } = attrs as unknown as { perm: number[] };
  const moved = perm.filter((axis) => x.shape[axis] !== 1);
  // Axes of one place can be put anywhere without moving a number.
  if (moved.every((axis, i) => i === 0 || axis > moved[i - 1]!)) {
    return reshaped(
      backend,
      x,
      perm.map((axis) => x.shape[axis]!),
    );
  }
  return run(backend, "Transpose", "Tperm", x, perm);
};

function reshaped(backend: unknown, x: tf.TensorInfo, shape: readonly number[]): tf.TensorInfo {
  return tf.util.arraysEqual(x.shape, shape as number[])
    ? unchanged(backend, x)
    : run(backend, "Reshape", "Tshape", x, shape);
}

/** The same numbers under another handle, as tfjs-node's Identity gives them. */
function unchanged(backend: unknown, { dataId, shape, dtype }: tf.TensorInfo): tf.TensorInfo {
  (backend as NodeBackend).incRef(dataId);
  return { dataId, shape, dtype };
}

function run(
  backend: unknown,
  name: string,
  typeOfIntegers: string,
  x: tf.TensorInfo,
  integers: readonly number[],
): tf.TensorInfo {
  const own = backend as Internals;
  const { binding } = own;
  const [id] = own.getInputTensorIds([x]) as [number];
  const attributes: OpAttribute[] = [
    { name: "T", type: binding.TF_ATTR_TYPE, value: own.tensorMap.get(x.dataId).dtype },
    { name: typeOfIntegers, type: binding.TF_ATTR_TYPE, value: binding.TF_INT32 },
  ];
  return own.createOutputTensor(
    binding.executeOp(name, attributes, [id, integersOf(binding, integers)], 1)[0]!,
  );
}

/** Handles of shapes and orders met before. A binding that records what it does makes its own. */
const handles = new WeakMap<TensorFlowBinding, Map<string, number>>();
/** A model has a few dozen; a loop over all lengths must not fill memory. */
const MOST_HANDLES = 2000;

function integersOf(binding: TensorFlowBinding, integers: readonly number[]): number {
  const known = handles.get(binding) ?? new Map<string, number>();
  handles.set(binding, known);
  const key = integers.join();
  const handle = known.get(key);
  if (handle !== undefined) return handle;
  if (known.size === MOST_HANDLES) {
    for (const id of known.values()) binding.deleteTensor(id);
    known.clear();
  }
  const id = binding.createTensor([integers.length], binding.TF_INT32, Int32Array.from(integers));
  known.set(key, id);
  return id;
}
