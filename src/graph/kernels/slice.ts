import * as tf from "@tensorflow/tfjs";
import { broadcastTo } from "../../ops/broadcast.js";
import type { KernelResult, KernelTable, OpCall } from "../kernel.js";
import { moveElements } from "./text-shapes.js";

/** Parts of a tensor by their places. tensorflow/core/ops/array_ops.cc. */
export const slices: KernelTable = {
  Unpack: {
    run: (call) => moveElements(call, (input) => tf.unstack(input(0), call.attributes.int("axis"))),
  },
  Split: {
    host: [0],
    run: (call) =>
      moveElements(call, (input) => tf.split(input(1), call.attributes.int("num_split"), call.number(0))),
  },
  SplitV: { host: [1, 2], run: splitV },
  Slice: { host: [1, 2], run: slice },
  StridedSlice: { host: [1, 2, 3], run: stridedSlice },
  Gather: { run: (call) => gather(call, 0, 0) },
  GatherV2: { host: [2], run: (call) => gather(call, call.number(2), call.attributes.int("batch_dims")) },
  GatherNd: { run: (call) => moveElements(call, (input) => gatherNd(input(0), call.tensor(1))) },
};

function splitV(call: OpCall): KernelResult {
  return moveElements(call, (input) => {
    const x = input(0);
    const axis = (call.number(2) + x.rank) % x.rank;
    const sizes = call.numbers(1);
    const known = sizes.reduce((sum, size) => sum + Math.max(0, size), 0);
    return tf.split(
      x,
      sizes.map((size) => (size < 0 ? x.shape[axis]! - known : size)),
      axis,
    );
  });
}

function slice(call: OpCall): KernelResult {
  return moveElements(call, (input) => {
    const x = input(0);
    const begin = call.numbers(1);
    const size = call.numbers(2).map((length, d) => (length < 0 ? x.shape[d]! - begin[d]! : length));
    return x.rank === 0 ? tf.clone(x) : tf.slice(x, begin, size);
  });
}

function stridedSlice(call: OpCall): KernelResult {
  return moveElements(call, (input) => sliceByMasks(call, input(0)));
}

/** Resolves the masks of a StridedSlice (array_ops `strided_slice`), so that every back end sees plain bounds. */
export function sliceByMasks(call: OpCall, x: tf.Tensor): tf.Tensor {
  const { attributes } = call;
  const [begin, end, strides] = [call.numbers(1), call.numbers(2), call.numbers(3)];
  const has = (mask: string, bit: number): boolean => (attributes.int(mask) & (1 << bit)) !== 0;
  const newAxes = begin.filter((_, i) => has("new_axis_mask", i) && !has("ellipsis_mask", i)).length;
  const hasEllipsis = begin.some((_, i) => has("ellipsis_mask", i));
  const covered = begin.length - newAxes - (hasEllipsis ? 1 : 0);
  const from: number[] = [];
  const size: number[] = [];
  const step: number[] = [];
  const shape: number[] = [];
  let d = 0;
  const whole = (count: number): void => {
    for (let n = 0; n < count; n++, d++) {
      from.push(0);
      size.push(x.shape[d]!);
      step.push(1);
      shape.push(x.shape[d]!);
    }
  };
  for (const [i, first] of begin.entries()) {
    if (has("ellipsis_mask", i)) whole(x.rank - covered);
    else if (has("new_axis_mask", i)) shape.push(1);
    else {
      const dim = x.shape[d++]!;
      if (has("shrink_axis_mask", i)) {
        const at = first < 0 ? first + dim : first;
        if (at < 0 || at >= dim) throw call.error("G11", `index ${first} is outside a dimension of ${dim}`);
        from.push(at);
        size.push(1);
        step.push(1);
        continue;
      }
      const stride = strides[i]!;
      const start = bound(first, dim, stride, has("begin_mask", i), true);
      const stop = bound(end[i]!, dim, stride, has("end_mask", i), false);
      const length = Math.max(0, Math.ceil((stop - start) / stride));
      from.push(start);
      size.push(length);
      step.push(stride);
      shape.push(length);
    }
  }
  whole(x.rank - d);
  return tf.reshape(takeStrided(x, from, size, step), shape);
}

function bound(value: number, dim: number, stride: number, masked: boolean, isStart: boolean): number {
  const [low, high] = stride > 0 ? [0, dim] : [-1, dim - 1];
  if (masked) return stride > 0 === isStart ? low : high;
  const positive = value < 0 ? value + dim : value;
  return Math.min(Math.max(positive, low), high);
}

function takeStrided(x: tf.Tensor, from: number[], size: number[], step: number[]): tf.Tensor {
  if (x.rank === 0) return tf.clone(x);
  if (step.every((stride) => stride === 1)) return tf.slice(x, from, size);
  let result = x;
  step.forEach((stride, d) => {
    const indices = Int32Array.from({ length: size[d]! }, (_, i) => from[d]! + i * stride);
    if (stride === 1 && size[d] === x.shape[d]) return;
    result = tf.gather(result, tf.tensor1d(indices, "int32"), d);
  });
  return result === x ? tf.clone(x) : result;
}

function gather(call: OpCall, axis: number, batchDims: number): KernelResult {
  const indices = call.tensor(1);
  return moveElements(call, (input) => {
    const x = input(0);
    const rank = x.rank;
    const dim = (axis + rank) % rank;
    if (x.shape[dim] === 0 && indices.size > 0) throw call.error("G11", "it gathers from an empty dimension");
    return tf.gather(x, tf.cast(indices, "int32"), dim, batchDims < 0 ? batchDims + indices.rank : batchDims);
  });
}

export function gatherNd(x: tf.Tensor, indices: tf.Tensor): tf.Tensor {
  const depth = indices.shape.at(-1)!;
  // Without an index there is one copy of the whole for each row.
  if (depth === 0) return broadcastTo(x, [...indices.shape.slice(0, -1), ...x.shape]);
  return tf.gatherND(x, tf.cast(indices, "int32"));
}
