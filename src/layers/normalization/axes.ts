import { LayerError } from "../../keras/finding.js";
import type { Shape } from "../computed-layer.js";

/** Axes counted from the first. */
export function fromZero(axes: readonly number[], rank: number): number[] {
  return axes.map((axis) => (axis < 0 ? axis + rank : axis));
}

/** Sizes along the axes, 1 along all others. */
export function sizesAt(shape: Shape, axes: readonly number[]): number[] {
  return shape.map((_, i) => (axes.includes(i) ? lengthAt(shape, i) : 1));
}

export function lengthAt(shape: Shape, axis: number): number {
  const length = shape.at(axis);
  if (typeof length === "number") return length;
  throw new LayerError(
    length === undefined ? "A24" : "G11",
    "axis",
    `axis ${axis} of an input of shape [${shape.map((n) => n ?? "?").join(", ")}]`,
    length === undefined
      ? "the input has no such axis"
      : "its length must be known before the weights can be made",
    "Correct the axis, or give the model's input a shape.",
  );
}
