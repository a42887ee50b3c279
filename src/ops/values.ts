import * as tf from "@tensorflow/tfjs";
import { LayerError } from "../keras/finding.js";
import type { CallValue } from "../layers/computed-layer.js";
import type { Values } from "./operation.js";

/** A tensor as it is; a number, or a nested list of numbers, as a tensor. */
export function tensor(value: CallValue | undefined, dtype?: tf.DataType): tf.Tensor {
  if (value instanceof tf.Tensor) return value;
  if (typeof value === "number") return tf.scalar(value, dtype ?? "float32");
  if (typeof value === "boolean") return tf.scalar(value, dtype ?? "bool");
  if (Array.isArray(value) && value.some((item) => item instanceof tf.Tensor)) {
    return tf.stack((value as CallValue[]).map((item) => tensor(item)));
  }
  if (Array.isArray(value)) return tf.tensor(value as tf.TensorLike, undefined, dtype ?? "float32");
  if (value === undefined)
    throw new Error("an argument is missing: Keras 2 saves the first and the named ones of a call");
  throw new Error(`a tensor was expected where the call has ${JSON.stringify(value)?.slice(0, 60)}`);
}

/** The same in float32: most kernels know no other arithmetic. */
export function float(value: CallValue | undefined): tf.Tensor {
  const x = tensor(value);
  return x.dtype === "float32" ? x : tf.cast(x, "float32");
}

export function int(value: CallValue | undefined): tf.Tensor {
  const x = tensor(value, "int32");
  return x.dtype === "int32" ? x : tf.cast(x, "int32");
}

export function bool(value: CallValue | undefined): tf.Tensor {
  const x = tensor(value);
  return x.dtype === "bool" ? x : tf.notEqual(x, 0);
}

/** The tensors of an argument that takes a list of them. */
export function tensors(value: CallValue | undefined): tf.Tensor[] {
  return Array.isArray(value) ? (value as CallValue[]).map((item) => tensor(item)) : [tensor(value)];
}

export function number(value: CallValue | undefined, otherwise: number): number {
  if (typeof value === "number") return value;
  if (value instanceof tf.Tensor) return value.dataSync()[0]!;
  return otherwise;
}

/** Integers of an argument such as a shape: one number, a list, or a tensor of them. */
export function integers(value: CallValue | undefined): number[] {
  if (typeof value === "number" || typeof value === "boolean") return [Number(value)];
  if (value instanceof tf.Tensor) return Array.from(value.dataSync());
  if (Array.isArray(value)) return (value as CallValue[]).map((item) => number(item, -1));
  if (value === undefined || value === null) return [];
  throw new Error(`integers were expected where the call has ${JSON.stringify(value)?.slice(0, 60)}`);
}

/** An axis counted from 0. */
export function axis(value: CallValue | undefined, rank: number, otherwise: number): number {
  return fromZero(number(value, otherwise), rank);
}

function fromZero(axis: number, rank: number): number {
  if (Number.isInteger(axis) && axis >= -rank && axis < rank) return axis < 0 ? axis + rank : axis;
  throw new LayerError(
    "A24",
    "axis",
    `axis = ${axis} for a tensor of ${rank} axes`,
    rank === 0
      ? "a single number has no axes"
      : `an axis must be an integer between ${-rank} and ${rank - 1}`,
    "Correct axis where the operation is called.",
  );
}

/** The axes of a reduction counted from 0; undefined, or null in the file, stands for all of them. */
export function axes(values: Values, rank: number): number[] | undefined {
  const value = values["axis"] ?? values["axes"];
  if (value === undefined || value === null) return undefined;
  return integers(value).map((at) => fromZero(at, rank));
}

export function keeps(values: Values): boolean {
  return values["keepdims"] === true || values["keep_dims"] === true;
}

/** Names of element types as tfjs has them; what it lacks comes nearest. */
export function dtypeOf(value: CallValue | undefined): tf.DataType {
  const name = typeof value === "string" ? value.replace(/^<dtype: '(\w+)'>$/, "$1") : "float32";
  if (name === "bool" || name === "string") return name;
  return /^u?int/.test(name) ? "int32" : "float32";
}
