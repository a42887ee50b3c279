import * as tf from "@tensorflow/tfjs";
import { plural } from "../notation.js";

export const tensor = ofEqualLengths(tf.tensor);
export const tensor1d = ofEqualLengths(tf.tensor1d);
export const tensor2d = ofEqualLengths(tf.tensor2d);
export const tensor3d = ofEqualLengths(tf.tensor3d);
export const tensor4d = ofEqualLengths(tf.tensor4d);
export const tensor5d = ofEqualLengths(tf.tensor5d);
export const tensor6d = ofEqualLengths(tf.tensor6d);

type Make = (values: never, shape?: never, dtype?: tf.DataType) => tf.Tensor;

/**
 * TensorFlow.js takes the shape from the first inner arrays and the numbers as they come: `[[1, 2], [3], [4, 5, 6]]` would
 * be three pairs. Its own check (TENSORLIKE_CHECK_SHAPE_CONSISTENCY) takes ten times as long as making the tensor.
 * @throws {RangeError} that names the first inner array of another length
 */
function ofEqualLengths<T extends Make>(make: T): T {
  const checked: Make = (values, ...rest) => {
    const dtype = rest.find((one) => typeof one === "string");
    if (Array.isArray(values)) requireEqualLengths(values, lengths(values, dtype === "string"));
    return make(values, ...rest);
  };
  return Object.defineProperty(checked, "name", { value: make.name }) as T;
}

type List = readonly unknown[];

/** Of the first inner arrays. A typed array among texts is one text. */
function lengths(values: List, ofTexts: boolean): number[] {
  const found: number[] = [];
  let first: unknown = values;
  while (Array.isArray(first) || (ArrayBuffer.isView(first) && !ofTexts)) {
    found.push((first as unknown as List).length);
    first = (first as unknown as List)[0];
  }
  return found;
}

function requireEqualLengths(values: List, [length, ...inner]: readonly number[], at: List = []): void {
  if (values.length !== length)
    refuse(at, `has ${plural(values.length, "value")}, and the first such array ${length}`);
  if (ArrayBuffer.isView(values)) return;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (typeof value !== "object" ? inner.length === 0 : !isList(value)) continue;
    if (!isList(value)) refuse([...at, i], "is a single value, and the first in its place an array");
    if (inner.length > 0) requireEqualLengths(value, inner, [...at, i]);
    else if (Array.isArray(value))
      refuse([...at, i], "is an array, and the first in its place a single value");
  }
}

function isList(value: unknown): value is List {
  return Array.isArray(value) || ArrayBuffer.isView(value);
}

function refuse(at: List, why: string): never {
  const place = at.map((i) => `[${String(i)}]`).join("");
  throw new RangeError(
    `The arrays that a tensor is made of are not equally long: values${place} ${why}. Give all the same length, ` +
      "or pad the shorter ones.",
  );
}
