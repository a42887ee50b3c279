import * as tf from "@tensorflow/tfjs";
import type { KernelTable, OpCall } from "../kernel.js";

/** Frames drawn into pictures, one pixel wide (draw_bounding_box_op.cc). */
export const drawBoxes: KernelTable = {
  DrawBoundingBoxes: { host: "all", work: pixelsDrawn, run: draw },
  DrawBoundingBoxesV2: { host: "all", work: pixelsDrawn, run: draw },
};

/** At most, when every box is as large as its picture. */
function pixelsDrawn(call: OpCall): number {
  const [, height = 0, width = 0, depth = 0] = call.shapeOf(0);
  const [pictures = 0, each = 0] = call.shapeOf(1);
  return pictures * each * 2 * (height + width) * depth;
}

/** Taken in turn where the graph gives none. */
const COLORS = [
  [1, 1, 0, 1],
  [0, 0, 1, 1],
  [1, 0, 0, 1],
  [0, 1, 0, 1],
  [0.5, 0, 0.5, 1],
  [0.5, 0.5, 0, 1],
  [0.5, 0, 0, 1],
  [0, 0, 0.5, 1],
  [0, 1, 1, 1],
  [1, 0, 1, 1],
];

function draw(call: OpCall): tf.Tensor {
  const [batch = 0, height = 0, width = 0, depth = 0] = call.shapeOf(0);
  const pixels = Float32Array.from(call.numbers(0));
  const boxes = call.numbers(1);
  const [pictures = 0, each = 0, sides = 0] = call.shapeOf(1);
  if (pictures !== batch || sides !== 4)
    throw call.error("G11", `${batch} pictures take boxes of shape [${batch}, any number, 4]`);
  const colors = colorsOf(call, depth);
  for (let picture = 0; picture < batch; picture++) {
    const paint = (row: number, column: number, color: readonly number[]): void =>
      pixels.set(color.slice(0, depth), ((picture * height + row) * width + column) * depth);
    for (let box = 0; box < each; box++) {
      const at = (picture * each + box) * 4;
      const corners = boxes
        .slice(at, at + 4)
        .map((part, i) => Math.trunc(part * ((i % 2 ? width : height) - 1)));
      frame(corners, height, width, (row, column) => paint(row, column, colors[box % colors.length]!));
    }
  }
  return tf.tensor(pixels, [batch, height, width, depth]);
}

function colorsOf(call: OpCall, depth: number): number[][] {
  const given = call.count > 2 ? call.numbers(2) : [];
  const [count = 0, parts = 0] = call.count > 2 ? call.shapeOf(2) : [];
  if (given.length === 0) return COLORS.map((color) => (depth === 1 ? [1] : color));
  if (parts < depth) throw call.error("G11", `colors of ${parts} parts for pictures of ${depth} channels`);
  return Array.from({ length: count }, (_, i) => given.slice(i * parts, (i + 1) * parts));
}

/** Sides that lie outside the picture are left out, and boxes that do as a whole. */
function frame(
  [top, left, bottom, right]: readonly number[],
  height: number,
  width: number,
  paint: (row: number, column: number) => void,
): void {
  const [first, last] = [Math.max(top!, 0), Math.min(bottom!, height - 1)];
  const [begin, end] = [Math.max(left!, 0), Math.min(right!, width - 1)];
  if (top! > bottom! || left! > right! || first > last || begin > end) return;
  for (const row of [top!, bottom!])
    if (row === Math.min(Math.max(row, 0), height - 1))
      for (let column = begin; column <= end; column++) paint(row, column);
  for (const column of [left!, right!])
    if (column === Math.min(Math.max(column, 0), width - 1))
      for (let row = first; row <= last; row++) paint(row, column);
}
