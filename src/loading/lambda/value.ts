import * as tf from "@tensorflow/tfjs";
import { OwnError } from "../../own-error.js";

/** What a translated expression computes with: tensors, and the numbers and lists around them. */
export type Value = tf.Tensor | number | boolean | string | null | undefined | readonly Value[];

/** What a part of an expression is, as far as can be told without running it. */
export type Kind = "tensor" | "tensors" | "number" | "list" | "other";

/** A part of an expression in TypeScript: its text, and the same computation to run. */
export interface Term {
  readonly kind: Kind;
  readonly text: string;
  /** The value where it does not depend on the inputs. */
  readonly constant?: Value;
  /** The parts of a list, where they are known one by one. */
  readonly items?: readonly Term[];
  /** What a tensor's numbers may be, where its text is a name that does not tell. */
  readonly numbers?: Numbers;
  run(inputs: Inputs): Value;
}

export type Numbers = "float" | "whole" | "complex";

/** What a tensor's numbers may be: types are known when it runs; the text goes by what makes such numbers. */
export function numbersOf({ kind, text, numbers }: Term): Numbers {
  if (kind !== "tensor") return "float";
  if (numbers) return numbers;
  if (/"complex64"|"tf\.(dtypes\.)?complex"|"tf\.signal\.(i?r?fft|stft)/.test(text) && !OF_COMPLEX.test(text))
    return "complex";
  return /"int32"|\barg(Max|Min)\b/.test(text) ? "whole" : "float";
}

/** Functions that make floats of complex numbers. */
const OF_COMPLEX = /^(layer\.operation\("tf\.(math\.)?|tf\.)(abs|real|imag|angle)\b/;

/** Values of the function's arguments, by name. */
export type Inputs = ReadonlyMap<string, Value>;

/** An expression that has no translation, said by the part that has none. */
export class NotTranslated extends OwnError {
  override readonly name = "NotTranslated";
}

export function constantTerm(value: Value): Term {
  const kind = Array.isArray(value) ? "list" : typeof value === "number" ? "number" : "other";
  const items = Array.isArray(value) ? { items: (value as readonly Value[]).map(constantTerm) } : {};
  return { kind, text: literal(value), constant: value, run: () => value, ...items };
}

function literal(value: Value): string {
  if (value === undefined) return "undefined";
  if (value === Infinity || value === -Infinity || Number.isNaN(value)) return String(value);
  if (Array.isArray(value)) return `[${(value as readonly Value[]).map(literal).join(", ")}]`;
  return JSON.stringify(value);
}

export function asTensor(value: Value): tf.Tensor {
  if (value instanceof tf.Tensor) return value;
  if (typeof value === "number" || typeof value === "boolean") return tf.scalar(Number(value));
  if (Array.isArray(value)) {
    const parts = value as readonly Value[];
    return parts.some((part) => part instanceof tf.Tensor)
      ? tf.stack(parts.map(asTensor))
      : tf.tensor(parts as unknown as number[]);
  }
  throw new NotTranslated(`a tensor was expected, not ${literal(value)}`);
}

/** A list of numbers, or a tensor of them, as shapes are. */
export function asNumbers(value: Value): number[] {
  if (value instanceof tf.Tensor && value.rank === 1) return [...value.dataSync()];
  if (!Array.isArray(value)) throw new NotTranslated("a list of numbers was expected");
  return (value as readonly Value[]).map(asNumber);
}

/** A shape: a list of lengths, or the only one, `np.zeros(4)`. */
export function asShape(value: Value): number[] {
  return typeof value === "number" ? [value] : asNumbers(value);
}

export function shapeText(shape: Term | undefined): string {
  return shape?.kind === "number" ? `[${shape.text}]` : shape!.text;
}

export function asNumber(value: Value): number {
  if (typeof value === "number") return value;
  if (typeof value === "boolean") return Number(value);
  if (value instanceof tf.Tensor && value.size === 1) return value.dataSync()[0]!;
  throw new NotTranslated("a number was expected");
}

/** `[[0, 0], [1, 1]]`, also as a tensor. */
export function asPairs(value: Value): [number, number][] {
  const list = value instanceof tf.Tensor ? (value.arraySync() as readonly Value[]) : value;
  if (!Array.isArray(list)) throw new NotTranslated("a list of pairs was expected");
  return (list as readonly Value[]).map((pair) => asNumbers(pair) as [number, number]);
}

/** An axis, several, or all. */
export function asAxis(value: Value): number | number[] | undefined {
  if (value === null || value === undefined) return undefined;
  return Array.isArray(value) ? asNumbers(value) : asNumber(value);
}
