import * as tf from "@tensorflow/tfjs";
import { broadcastTo } from "../../ops/broadcast.js";
import type { Kernel, KernelResult, KernelTable, OpCall } from "../kernel.js";
import { WideIntegers } from "../value.js";
import { bigints, fitTo, integersOf, isWideType, wrapped } from "./integers.js";
import { sliceByMasks } from "./slice.js";
import { moveElements } from "./text-shapes.js";

export type Combine = "put" | "add" | "sub" | "mul" | "div" | "max" | "min";

/** What is done with an old element and a new one, by the last part of the op's name. */
export const COMBINATIONS: readonly (readonly [string, Combine])[] = [
  ["Update", "put"],
  ["Add", "add"],
  ["Sub", "sub"],
  ["Mul", "mul"],
  ["Div", "div"],
  ["Max", "max"],
  ["Min", "min"],
];

/** Writing slices at places (tensorflow/core/ops/array_ops.cc); places are read to the host. */
export const scatter: KernelTable = {
  ScatterNd: { host: [0, 1, 2], run: (call) => scatterNd(call) },
  TensorScatterUpdate: into("put"),
  TensorScatterAdd: into("add"),
  TensorScatterSub: into("sub"),
  TensorScatterMax: into("max"),
  TensorScatterMin: into("min"),
  ScatterNdNonAliasingAdd: into("add"),
  TensorStridedSliceUpdate: {
    host: [1, 2, 3],
    run: (call) => moveElements(call, (input) => stridedUpdate(call, input(0), input(4))),
  },
  InplaceUpdate: rows("put"),
  InplaceAdd: rows("add"),
  InplaceSub: rows("sub"),
};

function scatterNd(call: OpCall): KernelResult {
  const shape = call.checkedShape(call.numbers(2));
  const { places, width } = placesOf(call, call.numbers(0), call.shapeOf(0), shape);
  if (isExact(call, 1)) {
    const out = new Array<bigint>(shape.reduce((n, dim) => n * dim, 1)).fill(0n);
    return combineExactly(call, out, bigints(call, 1), { places, width, shape }, "add");
  }
  const updates = call.tensor(1);
  const values = updates.dataSync();
  const out = new Float64Array(shape.reduce((n, dim) => n * dim, 1));
  places.forEach((place, row) => {
    for (let c = 0; c < width; c++) out[place * width + c]! += values[row * width + c]!;
  });
  return wrapped(tensorOf(out, shape, updates.dtype), call.attributes.type("T"));
}

function into(combine: Combine): Kernel {
  return {
    host: (attributes) => (isWideType(attributes.type("T")) ? [0, 1, 2] : [1]),
    run: (call) => {
      if (combine !== "put" && isExact(call, 0, 2)) {
        const shape = call.shapeOf(0);
        const { places, width } = placesOf(call, call.numbers(1), call.shapeOf(1), shape);
        return combineExactly(call, bigints(call, 0), bigints(call, 2), { places, width, shape }, combine);
      }
      return moveElements(call, (input) =>
        scatterInto(input(0), call.numbers(1), call.shapeOf(1), input(2), combine, call),
      );
    },
  };
}

/** Whether elements are added and the like that may not fit into 32 bits. */
function isExact(call: OpCall, ...indices: readonly number[]): boolean {
  return (
    isWideType(call.attributes.type("T")) ||
    indices.some((index) => call.value(index) instanceof WideIntegers)
  );
}

function combineExactly(
  call: OpCall,
  out: bigint[],
  updates: readonly bigint[],
  { places, width, shape }: { places: readonly number[]; width: number; shape: readonly number[] },
  combine: Exclude<Combine, "put">,
): KernelResult {
  const fit = fitTo(call.attributes.type("T"));
  const one = updates.length === 1 && places.length * width !== 1;
  const op = EXACT[combine];
  places.forEach((place, row) => {
    for (let c = 0; c < width; c++) {
      const at = place * width + c;
      out[at] = fit(op(out[at]!, updates[one ? 0 : row * width + c]!));
    }
  });
  return integersOf(out, shape);
}

const EXACT: Readonly<Record<Exclude<Combine, "put">, (old: bigint, value: bigint) => bigint>> = {
  add: (old, value) => old + value,
  sub: (old, value) => old - value,
  mul: (old, value) => old * value,
  div: (old, value) => old / value,
  max: (old, value) => (old > value ? old : value),
  min: (old, value) => (old < value ? old : value),
};

/** The old ops that name rows of the first dimension. */
function rows(combine: Combine): Kernel {
  return {
    host: [1],
    run: (call) =>
      scatterInto(call.tensor(0), call.numbers(1), [...call.shapeOf(1), 1], call.tensor(2), combine, call),
  };
}

/**
 * A tensor with slices put, added, ... at places.
 * @param indices rows of an index tensor whose shape is `indexShape`
 */
export function scatterInto(
  x: tf.Tensor,
  indices: readonly number[],
  indexShape: readonly number[],
  updates: tf.Tensor,
  combine: Combine,
  call: OpCall,
): tf.Tensor {
  const { places, width } = placesOf(call, indices, indexShape, x.shape);
  const one = updates.size === 1 && places.length * width !== 1;
  if (combine === "put") {
    const source = Int32Array.from({ length: x.size }, (_, i) => i);
    places.forEach((place, row) => {
      for (let c = 0; c < width; c++) source[place * width + c] = x.size + (one ? 0 : row * width + c);
    });
    const pool = tf.concat([tf.reshape(x, [-1]), tf.reshape(updates, [-1])]);
    return tf.reshape(tf.gather(pool, tf.tensor1d(source, "int32")), x.shape);
  }
  const out = Float64Array.from(x.dataSync());
  const values = updates.dataSync();
  places.forEach((place, row) => {
    for (let c = 0; c < width; c++) {
      const at = place * width + c;
      out[at] = combined(combine, out[at]!, values[one ? 0 : row * width + c]!);
    }
  });
  const type = call.attributes.type("dtype");
  if (isWideType(type) && out.some((value) => value !== Math.trunc(value) || Math.abs(value) > 0x7fffffff))
    throw call.overflow();
  return wrapped(tensorOf(out, x.shape, x.dtype), type ?? call.attributes.type("T"));
}

function combined(combine: Combine, old: number, value: number): number {
  if (combine === "add") return old + value;
  if (combine === "sub") return old - value;
  if (combine === "mul") return old * value;
  if (combine === "div") return old / value;
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
  flat: readonly number[],
  indexShape: readonly number[],
  shape: readonly number[],
): { places: number[]; width: number } {
  const depth = indexShape.at(-1) ?? 1;
  const width = shape.slice(depth).reduce((n, dim) => n * dim, 1);
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
export function stridedUpdate(call: OpCall, x: tf.Tensor, value: tf.Tensor): tf.Tensor {
  const numbers = tf.tensor(
    Int32Array.from({ length: x.size }, (_, i) => i),
    x.shape,
    "int32",
  );
  const covered = sliceByMasks(call, numbers);
  const filled = tf.reshape(broadcastTo(value, covered.shape), [-1]);
  const source = Int32Array.from({ length: x.size }, (_, i) => i);
  covered.dataSync().forEach((place, i) => (source[place] = x.size + i));
  const pool = tf.concat([tf.reshape(x, [-1]), filled]);
  return tf.reshape(tf.gather(pool, tf.tensor1d(source, "int32")), x.shape);
}
