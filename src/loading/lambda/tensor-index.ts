import * as tf from "@tensorflow/tfjs";
import { asNumber, type Inputs, type Term } from "./value.js";

/** One part of `x[a, b:c, ..., None]`. */
export type IndexPart =
  | { readonly kind: "one"; readonly at: Term }
  | {
      readonly kind: "slice";
      readonly start: Term | null;
      readonly stop: Term | null;
      readonly step: Term | null;
    }
  | { readonly kind: "new" }
  | { readonly kind: "rest" };

/** NumPy's basic indexing by `tf.stridedSlice`, whose masks say which bounds are left open. */
export function indexText(of: string, parts: readonly IndexPart[]): string {
  const bounds = parts.map(boundTexts);
  const column = (i: 0 | 1 | 2) => `[${bounds.map((row) => row[i]).join(", ")}]`;
  return `tf.stridedSlice(${of}, ${column(0)}, ${column(1)}, ${column(2)}, ${masks(parts).join(", ")})`;
}

export function runIndex(tensor: tf.Tensor, parts: readonly IndexPart[], inputs: Inputs): tf.Tensor {
  const number = (term: Term | null, otherwise: number) => (term ? asNumber(term.run(inputs)) : otherwise);
  const rows = parts.map((part): [number, number, number] => {
    if (part.kind === "one") return [number(part.at, 0), number(part.at, 0) + 1, 1];
    if (part.kind === "slice") return [number(part.start, 0), number(part.stop, 0), number(part.step, 1)];
    return [0, 0, 1];
  });
  const [begin, end, strides] = [0, 1, 2].map((i) => rows.map((row) => row[i]!)) as [
    number[],
    number[],
    number[],
  ];
  return tf.stridedSlice(tensor, begin, end, strides, ...masks(parts));
}

function boundTexts(part: IndexPart): [string, string, string] {
  if (part.kind === "one") {
    const { constant, text } = part.at;
    return [text, typeof constant === "number" ? String(constant + 1) : `${text} + 1`, "1"];
  }
  if (part.kind === "slice") return [part.start?.text ?? "0", part.stop?.text ?? "0", part.step?.text ?? "1"];
  return ["0", "0", "1"];
}

/** Begin, end, ellipsis, new axis and shrink masks: bit i for part i. */
function masks(parts: readonly IndexPart[]): [number, number, number, number, number] {
  const mask = (is: (part: IndexPart) => boolean) =>
    parts.reduce((bits, part, i) => (is(part) ? bits | (1 << i) : bits), 0);
  return [
    mask((part) => part.kind === "slice" && part.start === null),
    // The end of x[-1] is 0, which would be the beginning: left open, it is the end.
    mask(
      (part) =>
        (part.kind === "slice" && part.stop === null) || (part.kind === "one" && part.at.constant === -1),
    ),
    mask((part) => part.kind === "rest"),
    mask((part) => part.kind === "new"),
    mask((part) => part.kind === "one"),
  ];
}
