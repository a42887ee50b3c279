import * as tf from "@tensorflow/tfjs";
import { aroundAxis } from "../rank-above-four.js";
import { plainSlice, type StridedSlice } from "../strided-slice.js";

/** Each gradient goes back to where its number was taken, zeros between them. */
export const stridedSliceGradient: tf.GradConfig = {
  kernelName: "StridedSlice",
  inputsToSave: ["x"],
  gradFunc: (dy, [x], attrs) => ({
    x: () => {
      // Where nothing is taken, the lengths that follow from begin and end may be below 0.
      if ((dy as tf.Tensor).size === 0) return tf.zerosLike(x!);
      const a = attrs as unknown as StridedSlice;
      const { begin, end, strides } = plainSlice(x!.shape, a);
      return x!.shape.reduce(
        (gradient, size, axis) => putBack(gradient, axis, size, begin[axis]!, strides[axis]!),
        tf.reshape(dy as tf.Tensor, tf.slice_util.computeOutShape(begin, end, strides)),
      );
    },
  }),
};

function putBack(gradient: tf.Tensor, axis: number, size: number, begin: number, stride: number): tf.Tensor {
  const taken = gradient.shape[axis]!;
  const shape = gradient.shape.map((length, i) => (i === axis ? size : length));
  const step = Math.abs(stride);
  const part = aroundAxis(gradient, gradient.shape, axis);
  const forward = stride < 0 ? tf.reverse(part, 1) : part;
  const [outer, , inner] = part.shape;
  const apart = tf.pad(tf.reshape(forward, [outer, taken, 1, inner]), [
    [0, 0],
    [0, 0],
    [0, step - 1],
    [0, 0],
  ]);
  const span = (taken - 1) * step + 1;
  const first = stride < 0 ? begin - (taken - 1) * step : begin;
  const dense = tf.slice(tf.reshape(apart, [outer, taken * step, inner]), [0, 0, 0], [outer, span, inner]);
  return tf.reshape(
    tf.pad(dense, [
      [0, 0],
      [first, size - first - span],
      [0, 0],
    ]),
    shape,
  );
}
