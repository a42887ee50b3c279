import * as tf from "@tensorflow/tfjs";
import type { Arguments } from "../arguments/arguments.js";
import { knownLayer, type KnownLayer } from "./known-layer.js";

/** Layers of image models: efficientnet 1.1 and ssd_keras 0.9. */
export const VISION: readonly KnownLayer[] = [
  knownLayer({
    className: "FixedDropout",
    title: "Dropout of whole examples; changes nothing when the model predicts",
    source: "efficientnet 1.1, efficientnet/model.py",
    compute: ([x], { args, training }) => {
      const rate = args.number("rate", 0);
      if (!training || rate === 0) return tf.clone(x!);
      const saved = args.raw("noise_shape");
      const shape = x!.shape.map((n, i) => (Array.isArray(saved) && saved[i] === 1 ? 1 : n));
      return tf.mul(x!, tf.dropout(tf.ones(shape), rate));
    },
  }),
  knownLayer({
    className: "L2Normalization",
    title: "Each position to unit length over its channels, times a learned scale",
    source: "ssd_keras 0.9, keras_layers/keras_layer_L2Normalization.py",
    compute: ([x], { weights }) =>
      tf.mul(tf.mul(x!, tf.rsqrt(tf.maximum(tf.sum(tf.square(x!), -1, true), 1e-12))), weights[0]!),
  }),
  knownLayer({
    className: "AnchorBoxes",
    title: "Anchor boxes of a feature map with their variances",
    source: "ssd_keras 0.9, keras_layers/keras_layer_AnchorBoxes.py",
    compute: ([x], { args }) => {
      const [batch, rows, columns] = x!.shape as [number, number, number];
      const boxes = anchors(args, rows, columns);
      return tf.tile(tf.expandDims(boxes, 0), [batch, 1, 1, 1, 1]);
    },
  }),
];

/** [rows, columns, boxes, 8]: four coordinates and four variances. */
function anchors(args: Arguments, rows: number, columns: number): tf.Tensor {
  const height = args.number("img_height");
  const width = args.number("img_width");
  const sizes = boxSizes(args, Math.min(height, width));
  const [stepY, stepX] = pair(args, "this_steps", [height / rows, width / columns]);
  const [offsetY, offsetX] = pair(args, "this_offsets", [0.5, 0.5]);
  const variances = args.numbers("variances", [0.1, 0.1, 0.2, 0.2]);
  const values: number[] = [];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const x = (offsetX + column) * stepX;
      const y = (offsetY + row) * stepY;
      for (const [w, h] of sizes) values.push(...coordinates(args, x, y, w, h, width, height), ...variances);
    }
  }
  return tf.tensor(values, [rows, columns, sizes.length, 8]);
}

/** Width and height of each box of a cell: one for each aspect ratio, and a second one for 1. */
function boxSizes(args: Arguments, size: number): [number, number][] {
  const scale = args.number("this_scale");
  return args.numbers("aspect_ratios", [0.5, 1, 2]).flatMap((ratio): [number, number][] => {
    const root = Math.sqrt(ratio);
    if (ratio !== 1) return [[scale * size * root, (scale * size) / root]];
    const between = Math.sqrt(scale * args.number("next_scale")) * size;
    const plain: [number, number] = [scale * size, scale * size];
    return args.flag("two_boxes_for_ar1", true) ? [plain, [between, between]] : [plain];
  });
}

function pair(args: Arguments, name: string, otherwise: [number, number]): [number, number] {
  if (!args.has(name)) return otherwise;
  const [first, second = first] = args.numbers(name);
  return [first!, second!];
}

function coordinates(
  args: Arguments,
  x: number,
  y: number,
  w: number,
  h: number,
  width: number,
  height: number,
): number[] {
  let [left, top, right, bottom] = [x - w / 2, y - h / 2, x + w / 2, y + h / 2];
  if (args.flag("clip_boxes", false)) {
    const within = (value: number, most: number) => Math.min(Math.max(value, 0), most - 1);
    [left, right] = [within(left, width), within(right, width)];
    [top, bottom] = [within(top, height), within(bottom, height)];
  }
  if (args.flag("normalize_coords", false)) {
    [left, right, top, bottom] = [left / width, right / width, top / height, bottom / height];
  }
  switch (args.choice("coords", ["centroids", "corners", "minmax"], "centroids")) {
    case "corners":
      return [left, top, right, bottom];
    case "minmax":
      return [left, right, top, bottom];
    case "centroids":
      return [(left + right) / 2, (top + bottom) / 2, right - left, bottom - top];
  }
}
