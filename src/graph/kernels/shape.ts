import * as tf from "@tensorflow/tfjs";
import { broadcastTo } from "../../ops/broadcast.js";
import type { KernelTable } from "../kernel.js";
import { mover } from "./text-shapes.js";

/** Shapes: asked for, changed, and repeated to one another. tensorflow/core/ops/array_ops.cc. */
export const shape: KernelTable = {
  Shape: { run: (call) => intVector(call.shapeOf(0)) },
  ShapeN: { run: (call) => call.inputs.map((_, i) => intVector(call.shapeOf(i))) },
  Rank: { run: (call) => tf.scalar(call.shapeOf(0).length, "int32") },
  Size: {
    run: (call) =>
      tf.scalar(
        call.shapeOf(0).reduce((n, dim) => n * dim, 1),
        "int32",
      ),
  },
  Reshape: mover([1], (call, x) => tf.reshape(x, withoutGuess(x, call.numbers(1)))),
  ExpandDims: mover([1], (call, x) => tf.expandDims(x, call.number(1))),
  Squeeze: mover([], (call, x) => {
    const axes = [...call.attributes.ints("squeeze_dims"), ...call.attributes.ints("axis")];
    return tf.squeeze(x, axes.length > 0 ? axes : undefined);
  }),
  BroadcastTo: mover([1], (call, x) => broadcastTo(x, call.checkedShape(call.numbers(1)))),
  BroadcastArgs: {
    host: [0, 1],
    run: (call) => intVector(tf.backend_util.assertAndGetBroadcastShape(call.numbers(0), call.numbers(1))),
  },
};

/**
 * The length that -1 stands for beside a length of 0, which TensorFlow.js refuses to tell: in TensorFlow it is that of
 * the tensor with 1 in place of 0, so that a batch of none is flattened as any other (tensorflow/core/kernels/reshape_op.h).
 */
function withoutGuess(x: tf.Tensor, lengths: number[]): number[] {
  if (x.size > 0 || !lengths.includes(0)) return lengths;
  const filled = (shape: readonly number[]) =>
    shape.reduce((size, length) => (length > 0 ? size * length : size), 1);
  return lengths.map((length) => (length === -1 ? Math.floor(filled(x.shape) / filled(lengths)) : length));
}

export function intVector(values: readonly number[]): tf.Tensor {
  return tf.tensor1d([...values], "int32");
}
