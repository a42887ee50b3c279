import * as tf from "@tensorflow/tfjs";
import type { Kernel, KernelResult, KernelTable, OpCall } from "../kernel.js";
import { moveElements } from "./text-shapes.js";

type Combine = "put" | "add" | "sub" | "max" | "min";

/** Writing slices at places (tensorflow/core/ops/array_ops.cc); places are read to the host. */
export const scatter: KernelTable = {
  ScatterNd: { host: [0, 2], run: (call) => scatterNd(call) },
  TensorScatterUpdate: into("put"),
  TensorScatterAdd: into("add"),
  TensorScatterSub: into("sub"),
  TensorScatterMax: into("max"),
  TensorScatterMin: into("min"),
  TensorStridedSliceUpdate: { host: [1, 2, 3], run: stridedUpdate },
};

function scatterNd(call: OpCall): KernelResult {
  const shape = call.checkedShape(call.numbers(2));
  const { places, width } = placesOf(call, 0, shape);
  const updates = call.tensor(1);
  const values = updates.dataSync();
  const out = new Float64Array(shape.reduce((n, dim) => n * dim, 1));
  places.forEach((place, row) => {
    for (let c = 0; c < width; c++) out[place * width + c]! += values[row * width + c]!;
  });
  return tensorOf(out, shape, updates.dtype);
}

function into(combine: Combine): Kernel {
  return { host: [1], run: (call) => scatterInto(call, combine) };
}

function scatterInto(call: OpCall, combine: Combine): KernelResult {
  const shape = [...call.shapeOf(0)];
  const { places, width } = placesOf(call, 1, shape);
  if (combine === "put") {
    const source = Int32Array.from({ length: shape.reduce((n, dim) => n * dim, 1) }, (_, i) => i);
    const start = source.length;
    places.forEach((place, row) => {
      for (let c = 0; c < width; c++) source[place * width + c] = start + row * width + c;
    });
    return moveElements(call, (input) => {
      const pool = tf.concat([tf.reshape(input(0), [-1]), tf.reshape(input(2), [-1])]);
      return tf.reshape(tf.gather(pool, tf.tensor1d(source, "int32")), shape);
    });
  }
  const x = call.tensor(0);
  const out = Float64Array.from(x.dataSync());
  const values = call.tensor(2).dataSync();
  places.forEach((place, row) => {
    for (let c = 0; c < width; c++) {
      const at = place * width + c;
      out[at] = combined(combine, out[at]!, values[row * width + c]!);
    }
  });
  return tensorOf(out, shape, x.dtype);
}

function combined(combine: Combine, old: number, value: number): number {
  if (combine === "add") return old + value;
  if (combine === "sub") return old - value;
  return combine === "max" ? Math.max(old, value) : Math.min(old, value);
}

function tensorOf(values: Float64Array, shape: readonly number[], dtype: tf.DataType): tf.Tensor {
  return tf.tensor(
    dtype === "float32" ? Float32Array.from(values) : Int32Array.from(values),
    [...shape],
    dtype,
  );
}

/** Index rows as the numbers of slices of `width` elements. */
function placesOf(
  call: OpCall,
  input: number,
  shape: readonly number[],
): { places: number[]; width: number } {
  const depth = call.shapeOf(input).at(-1) ?? 1;
  const width = shape.slice(depth).reduce((n, dim) => n * dim, 1);
  const flat = call.numbers(input);
  const places = Array.from({ length: depth === 0 ? 0 : flat.length / depth }, (_, row) => {
    let place = 0;
    for (let d = 0; d < depth; d++) {
      const index = flat[row * depth + d]!;
      if (index < 0 || index >= shape[d]!) {
        throw call.error("G11", `index ${index} is outside a dimension of ${shape[d]!}`);
      }
      place = place * shape[d]! + index;
    }
    return place;
  });
  return { places, width };
}

/** `x[begin:end:strides] = value`, by numbering the elements and finding which the slice covers. */
function stridedUpdate(call: OpCall): KernelResult {
  const shape = [...call.shapeOf(0)];
  const [begin, end, strides] = [call.numbers(1), call.numbers(2), call.numbers(3)];
  const { attributes } = call;
  if (attributes.int("ellipsis_mask") || attributes.int("new_axis_mask")) {
    throw call.error(
      "O07",
      "an ellipsis or new axis is not supported here",
      "Register a function for the op.",
    );
  }
  const size = shape.reduce((n, dim) => n * dim, 1);
  const covered = begin.reduce<number[][]>(
    (rows, first, d) => {
      const has = (mask: string): boolean => (attributes.int(mask) & (1 << d)) !== 0;
      const dim = shape[d]!;
      const from = has("begin_mask") ? 0 : first < 0 ? first + dim : first;
      const to = has("shrink_axis_mask")
        ? from + 1
        : has("end_mask")
          ? dim
          : end[d]! < 0
            ? end[d]! + dim
            : Math.min(end[d]!, dim);
      const step = has("shrink_axis_mask") ? 1 : strides[d]!;
      const indices: number[] = [];
      for (let i = from; step > 0 ? i < to : i > to; i += step) indices.push(i);
      return rows.flatMap((row) => indices.map((i) => [...row, i]));
    },
    [[]],
  );
  const width = shape.slice(begin.length).reduce((n, dim) => n * dim, 1);
  const source = Int32Array.from({ length: size }, (_, i) => i);
  covered.forEach((row, r) => {
    const place = row.reduce((at, index, d) => at * shape[d]! + index, 0);
    for (let c = 0; c < width; c++) source[place * width + c] = size + r * width + c;
  });
  return moveElements(call, (input) => {
    const filled = tf.broadcastTo(tf.reshape(input(4), [-1]), [covered.length * width]);
    const pool = tf.concat([tf.reshape(input(0), [-1]), filled]);
    return tf.reshape(tf.gather(pool, tf.tensor1d(source, "int32")), shape);
  });
}
