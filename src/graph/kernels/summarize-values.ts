import { DataType } from "../../formats/proto/tensorflow_pb.js";
import type { OpCall } from "../kernel.js";
import { StringTensor, WideIntegers } from "../value.js";
import { roundTripText } from "./printf.js";

/**
 * A tensor as `tf.strings.format` writes it (`Tensor::SummarizeValue`, tensorflow/core/framework/tensor.cc): rows below
 * each other, and of a long axis the first and the last `most` only; all of them where `most` is below 0.
 */
export function summarizeValues(call: OpCall, index: number, most: number): string {
  const texts = elementTexts(call, index);
  const shape = call.shapeOf(index);
  if (shape.length === 0) return texts[0] ?? "";
  return texts.length === 0 ? "[]" : rows(texts, shape, 0, 0, most < 0 ? Infinity : most);
}

function rows(
  texts: readonly string[],
  shape: readonly number[],
  axis: number,
  from: number,
  most: number,
): string {
  const length = shape[axis]!;
  const inner = shape.slice(axis + 1).reduce((n, dim) => n * dim, 1);
  const places = Array.from({ length }, (_, i) => i).filter((i) => i < most || i >= length - most);
  const last = axis === shape.length - 1;
  const parts = places.map((i) =>
    last ? texts[from + i]! : rows(texts, shape, axis + 1, from + i * inner, most),
  );
  if (length > 2 * most) parts.splice(most, 0, "...");
  const gap = last ? " " : "\n".repeat(shape.length - 1 - axis) + " ".repeat(axis + 1);
  return `[${parts.join(gap)}]`;
}

function elementTexts(call: OpCall, index: number): string[] {
  const value = call.value(index);
  if (value instanceof StringTensor) return value.text().map((text) => `"${escaped(text)}"`);
  if (value instanceof WideIntegers) return value.values.map(String);
  const numbers = call.numbers(index);
  if (call.tensor(index).dtype !== "float32") return numbers.map(String);
  const double = call.attributes.types("T")[index] === DataType.DT_DOUBLE;
  return numbers.map((number) => roundTripText(number, double));
}

const ESCAPES: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

function escaped(text: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what is escaped
  return text.replace(/[\\"'\x00-\x1f\x7f]/g, (c) => {
    const octal = c.charCodeAt(0).toString(8).padStart(3, "0");
    return ESCAPES[c] ?? (c < " " || c === "\x7f" ? `\\${octal}` : `\\${c}`);
  });
}
