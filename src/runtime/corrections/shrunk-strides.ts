import * as tf from "@tensorflow/tfjs";
import { ownResult, type KernelFunction } from "./kernel.js";
import { plainSlice, type StridedSlice } from "./strided-slice.js";

/**
 * `x[:, 1, ::-1]`: where an axis is dropped and another has a stride, the back ends count the axes that are left as
 * if they were those of `x`, and read other elements. Sliced with every axis kept, the shape comes after.
 */
export function sliceBeforeShrinking(own: KernelFunction): KernelFunction {
  return (args) => {
    const { x } = args.inputs as { x: tf.Tensor };
    const a = args.attrs as unknown as StridedSlice;
    const plain = plainSlice(x.shape, a);
    // Going backwards to the first element ends before it, which no number but a mask can say.
    const open = plain.end.reduce((bits, end, axis) => (end < 0 ? bits | (1 << axis) : bits), 0);
    const { begin, end, strides, finalShape } = plain;
    // `x[4:-2]` of five: the back ends count less than nothing, or one.
    if (finalShape.includes(0)) return tf.tensor([], finalShape, x.dtype);
    if (a.shrinkAxisMask === 0 || a.strides.every((stride) => stride === 1)) return own(args);
    const masks = { beginMask: 0, endMask: open, ellipsisMask: 0, newAxisMask: 0, shrinkAxisMask: 0 };
    return tf.tidy(() =>
      tf.reshape(ownResult(own, { ...args, attrs: { begin, end, strides, ...masks } }), finalShape),
    );
  };
}
