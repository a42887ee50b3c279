import { elementFormat, scalarText } from "./numpy-elements.js";

/** Arrays of more elements are summarised. */
const THRESHOLD = 1000;
/** Elements at each end of an axis that a summary shows. */
const EDGE = 3;
const LINE_WIDTH = 75;
const SUMMARY = "...";

/**
 * An array as NumPy's `print` writes it (numpy/_core/arrayprint.py of 2.4, default options): brackets by axis, aligned
 * columns, the shortest digits that tell a float32 apart, `...` for the middle of arrays of more than 1000 elements.
 * @param values in C order; complex64 as pairs (real, imaginary), as TensorFlow.js gives them.
 * @param dtype of TensorFlow.js: float32, int32, bool, string or complex64.
 */
export function numpyText(values: ArrayLike<unknown>, shape: readonly number[], dtype: string): string {
  if (shape.length === 0) return scalarText(values, dtype);
  const size = shape.reduce((product, length) => product * length, 1);
  if (size === 0) return "[]";
  const edge = size > THRESHOLD ? EDGE : Infinity;
  const format = elementFormat(values, shownOffsets(shape, edge), dtype);
  return axisText({ shape, edge, format }, 0, 0, " ");
}

interface Layout {
  readonly shape: readonly number[];
  readonly edge: number;
  /** Text of the element at an offset. */
  readonly format: (offset: number) => string;
}

/** Text of what lies below one index of each axis before `axis`; lines after the first begin with `indent`. */
function axisText(layout: Layout, axis: number, offset: number, indent: string): string {
  const { shape, edge, format } = layout;
  if (axis === shape.length) return format(offset);
  const stride = strideOf(shape, axis);
  const items = shownItems(shape[axis]!, edge).map((index) =>
    index === null ? SUMMARY : axisText(layout, axis + 1, offset + index * stride, `${indent} `),
  );
  const axesLeft = shape.length - axis;
  // Each axis takes one more bracket off the line.
  const text =
    axesLeft === 1
      ? wrap(items, LINE_WIDTH - shape.length, indent)
      : items.join("\n".repeat(axesLeft - 1) + indent);
  return `[${text}]`;
}

/** Words side by side, broken before `width`. */
function wrap(words: readonly string[], width: number, indent: string): string {
  const lines: string[] = [];
  let line = indent;
  for (const word of words) {
    if (line.length > indent.length && line.length + word.length > width) {
      lines.push(line.trimEnd());
      line = indent;
    }
    line += `${word} `;
  }
  return [...lines, line.slice(0, -1)].join("\n").slice(indent.length);
}

/** Indices along one axis; null where the middle is left out. */
function shownItems(length: number, edge: number): (number | null)[] {
  if (length <= 2 * edge) return Array.from({ length }, (_, index) => index);
  const ends = Array.from({ length: edge }, (_, index) => index);
  return [...ends, null, ...ends.map((index) => length - edge + index)];
}

function shownOffsets(shape: readonly number[], edge: number): number[] {
  let offsets = [0];
  for (const [axis, length] of shape.entries()) {
    const shown = shownItems(length, edge).filter((index) => index !== null);
    const stride = strideOf(shape, axis);
    offsets = offsets.flatMap((offset) => shown.map((index) => offset + index * stride));
  }
  return offsets;
}

function strideOf(shape: readonly number[], axis: number): number {
  return shape.slice(axis + 1).reduce((product, length) => product * length, 1);
}
