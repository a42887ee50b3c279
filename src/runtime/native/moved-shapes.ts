import * as tf from "@tensorflow/tfjs";
import type { OpAttribute, TensorFlowBinding } from "./load-binding.js";
import type { NodeBackend } from "./node-backend.js";

/** What tfjs-node keeps of the data of tensors (dist/nodejs_kernel_backend.js). */
interface Stored {
  shape: number[];
  readonly dtype: number;
  /** Negative until TensorFlow has the values. */
  readonly id: number;
  readonly refCount: number;
  /** TensorFlow's tensors of the same data in other shapes. */
  shaped?: Map<string, number>;
}

interface Private {
  readonly binding: TensorFlowBinding;
  readonly tensorMap: { get(dataId: object): Stored | undefined };
  getInputTensorIds(tensors: readonly tf.TensorInfo[]): number[];
  disposeData(dataId: object, force?: boolean): boolean;
}

/**
 * Gives TensorFlow each tensor in its own shape. On other back ends a reshaped tensor shares its data with its origin;
 * when they come here, the data has one shape for both, and TensorFlow computed with that.
 */
export function keepShapesOfMoved(prototype: NodeBackend): void {
  const own = prototype as unknown as Private;
  const { getInputTensorIds, disposeData } = own;
  own.getInputTensorIds = function (this: Private, tensors) {
    const others = tensors.map((tensor) => isOfOtherShape(this, tensor));
    const ids = getInputTensorIds.call(this, tensors);
    return ids.map((id, i) => (others[i] ? inItsShape(this, tensors[i]!, id) : id));
  };
  own.disposeData = function (this: Private, dataId, force) {
    const shaped = this.tensorMap.get(dataId)?.shaped;
    const gone = disposeData.call(this, dataId, force);
    if (gone) for (const id of shaped?.values() ?? []) this.binding.deleteTensor(id);
    return gone;
  };
}

function isOfOtherShape(backend: Private, { dataId, shape }: tf.TensorInfo): boolean {
  // A number of 64 bits, by which tfjs-node gives axes, has no data.
  const stored = dataId ? backend.tensorMap.get(dataId) : undefined;
  if (!stored || tf.util.arraysEqual(stored.shape, shape)) return false;
  if (stored.id >= 0 || stored.refCount > 1) return true;
  // Its origin is gone.
  stored.shape = shape;
  return false;
}

function inItsShape({ binding, tensorMap }: Private, { dataId, shape }: tf.TensorInfo, id: number): number {
  const stored = tensorMap.get(dataId)!;
  const shaped = (stored.shaped ??= new Map());
  const key = String(shape);
  if (!shaped.has(key)) shaped.set(key, reshape(binding, id, stored.dtype, shape));
  return shaped.get(key)!;
}

/** The data is TensorFlow's own, and shared. */
function reshape(binding: TensorFlowBinding, id: number, dtype: number, shape: readonly number[]): number {
  const lengths = binding.createTensor([shape.length], binding.TF_INT32, Int32Array.from(shape));
  const attributes = [
    { name: "T", type: binding.TF_ATTR_TYPE, value: dtype },
    { name: "Tshape", type: binding.TF_ATTR_TYPE, value: binding.TF_INT32 },
  ] as OpAttribute[];
  try {
    return binding.executeOp("Reshape", attributes, [id, lengths], 1)[0]!.id;
  } finally {
    binding.deleteTensor(lengths);
  }
}
