import * as tf from "@tensorflow/tfjs";

/** Attributes of the kernel StridedSlice. */
export interface StridedSlice {
  readonly begin: number[];
  readonly end: number[];
  readonly strides: number[];
  readonly beginMask: number;
  readonly endMask: number;
  readonly ellipsisMask: number;
  readonly newAxisMask: number;
  readonly shrinkAxisMask: number;
}

/** Where a slice begins and ends along each axis of a tensor of this shape, with masks and negative places resolved. */
export function plainSlice(shape: number[], a: StridedSlice): ReturnType<typeof tf.slice_util.sliceInfo> {
  return tf.slice_util.sliceInfo(
    shape,
    a.begin,
    a.end,
    a.strides,
    a.beginMask,
    a.endMask,
    a.ellipsisMask,
    a.newAxisMask,
    a.shrinkAxisMask,
  );
}
