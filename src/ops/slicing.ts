import * as tf from "@tensorflow/tfjs";
import type { CallValue } from "../layers/computed-layer.js";

/** One part of a Python index: a number, a slice, a new axis, or a list of numbers. */
type Part =
  | { readonly kind: "index"; readonly at: number }
  | {
      readonly kind: "slice";
      readonly start: number | null;
      readonly stop: number | null;
      readonly step: number;
    }
  | { readonly kind: "new" }
  | { readonly kind: "gather"; readonly indices: tf.Tensor };

/**
 * `x[key]` as Python has it: numbers, slices with steps of either sign, `...`, `None`, and one list or tensor of
 * indices. Slices are saved as `{"class_name": "__slice__"}` by Keras 3, as `{start, stop, step}` by Keras 2.
 */
export function index(x: tf.Tensor, key: CallValue | undefined): tf.Tensor {
  const parts = (Array.isArray(key) ? (key as CallValue[]) : [key]).map(partOf);
  const open = parts.indexOf("ellipsis");
  const named = parts.filter((part): part is Part => part !== "ellipsis");
  const used = named.filter((part) => part.kind !== "new").length;
  const whole = Array.from({ length: x.rank - used }, (): Part => ({
    kind: "slice",
    start: null,
    stop: null,
    step: 1,
  }));
  const before = open < 0 ? named : named.slice(0, open);
  const after = open < 0 ? [] : named.slice(open);
  return take(x, [...before, ...whole, ...after]);
}

function take(x: tf.Tensor, parts: readonly Part[]): tf.Tensor {
  let result = x;
  let axis = 0;
  for (const part of parts) {
    const length = result.shape[axis] ?? 1;
    switch (part.kind) {
      case "new":
        result = tf.expandDims(result, axis++);
        break;
      case "index": {
        const at = part.at < 0 ? part.at + length : part.at;
        result = tf.squeeze(cut(result, axis, at, 1), [axis]);
        break;
      }
      case "gather":
        result = tf.gather(result, part.indices, axis);
        axis += part.indices.rank;
        break;
      case "slice":
        result = slice(result, axis++, part.start, part.stop, part.step);
    }
  }
  return result;
}

function slice(
  x: tf.Tensor,
  axis: number,
  start: number | null,
  stop: number | null,
  step: number,
): tf.Tensor {
  const length = x.shape[axis]!;
  const place = (value: number) => (value < 0 ? value + length : value);
  const [low, high] = step > 0 ? [0, length] : [-1, length - 1];
  const clamp = (value: number) => Math.min(Math.max(value, low), high);
  const from = start === null ? (step > 0 ? 0 : length - 1) : clamp(place(start));
  const to = stop === null ? (step > 0 ? length : -1) : clamp(place(stop));
  const count = Math.max(0, Math.ceil((to - from) / step));
  if (step === 1) return count === length ? x : cut(x, axis, from, count);
  return tf.gather(
    x,
    tf.tensor1d(
      Array.from({ length: count }, (_, i) => from + i * step),
      "int32",
    ),
    axis,
  );
}

function cut(x: tf.Tensor, axis: number, from: number, count: number): tf.Tensor {
  return tf.slice(
    x,
    x.shape.map((_, i) => (i === axis ? from : 0)),
    x.shape.map((n, i) => (i === axis ? count : n)),
  );
}

function partOf(value: CallValue | undefined): Part | "ellipsis" {
  if (value === null || value === undefined) return { kind: "new" };
  if (typeof value === "number") return { kind: "index", at: value };
  if (value === "..." || value === "Ellipsis") return "ellipsis";
  if (value instanceof tf.Tensor) {
    return { kind: "gather", indices: value.dtype === "int32" ? value : tf.cast(value, "int32") };
  }
  if (Array.isArray(value))
    return { kind: "gather", indices: tf.tensor(value as number[], undefined, "int32") };
  const object = value as { readonly [key: string]: CallValue };
  const className = object["class_name"];
  if (className === "__ellipsis__") return "ellipsis";
  const fields = (className === "__slice__" ? object["config"] : object) as {
    readonly [key: string]: CallValue;
  };
  const bound = (name: string) => {
    const given = fields[name];
    if (given instanceof tf.Tensor) return given.dataSync()[0]!;
    return typeof given === "number" ? given : null;
  };
  return { kind: "slice", start: bound("start"), stop: bound("stop"), step: bound("step") ?? 1 };
}
