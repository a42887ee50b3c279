import * as tf from "@tensorflow/tfjs";
import type { TensorFlowBinding } from "./load-binding.js";
import type { NodeBackend } from "./node-backend.js";

/** DT_COMPLEX64 of tensorflow/c/tf_datatype.h. */
const COMPLEX64 = 8;

interface Moves {
  readonly binding: TensorFlowBinding;
  readonly tensorMap: { set(dataId: object, entry: object): void };
  move(dataId: object, values: unknown, shape: number[], dtype: tf.DataType, refCount: number): void;
}

/** Complex tensors of other back ends come as pairs of numbers, from which the binding makes no tensor: TensorFlow joins them. */
export function joinComplexMoves(prototype: NodeBackend): void {
  const own = prototype as unknown as Moves;
  const { move } = own;
  own.move = function (this: Moves, dataId, values, shape, dtype, refCount) {
    if (dtype !== "complex64" || !(values instanceof Float32Array)) {
      move.call(this, dataId, values, shape, dtype, refCount);
      return;
    }
    const { binding } = this;
    const { real, imag } = tf.backend_util.splitRealAndImagArrays(values);
    const ids = [real, imag].map((part) => binding.createTensor(shape, binding.TF_FLOAT, part));
    const types = [
      { name: "T", type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
      { name: "Tout", type: binding.TF_ATTR_TYPE, value: COMPLEX64 },
    ];
    const id = binding.executeOp("Complex", types, ids, 1)[0]!.id;
    for (const each of ids) binding.deleteTensor(each);
    this.tensorMap.set(dataId, { shape, dtype: COMPLEX64, id, values: null, refCount });
  };
}
