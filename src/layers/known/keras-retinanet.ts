import * as tf from "@tensorflow/tfjs";
import type { Arguments } from "../arguments/arguments.js";
import { knownLayer, type KnownLayer } from "./known-layer.js";

const SOURCE = "keras-retinanet 1.0, keras_retinanet/layers/_misc.py";

/** The layers of keras-retinanet between the feature maps and the boxes; boxes are x1, y1, x2, y2 in pixels. */
export const KERAS_RETINANET: readonly KnownLayer[] = [
  knownLayer({
    className: "UpsampleLike",
    title: "Its first input, enlarged to the height and width of the second",
    source: SOURCE,
    compute: ([source, target]) =>
      tf.image.resizeNearestNeighbor(source as tf.Tensor4D, [target!.shape[1]!, target!.shape[2]!]),
  }),
  knownLayer({
    className: "Anchors",
    title: "The anchor boxes of a feature map",
    source: `${SOURCE}, utils/anchors.py`,
    compute: ([x], { args }) => {
      const [batch, rows, columns] = x!.shape as [number, number, number];
      return tf.tile(tf.expandDims(shifted(anchorsOf(args), rows, columns, args.number("stride")), 0), [
        batch,
        1,
        1,
      ]);
    },
  }),
  knownLayer({
    className: "RegressBoxes",
    title: "Anchor boxes, moved by what the model predicts",
    source: SOURCE,
    compute: ([boxes, moves], { args }) => {
      const [x1, y1, x2, y2] = tf.split(boxes!, 4, -1);
      const size = tf.concat([tf.sub(x2!, x1!), tf.sub(y2!, y1!)], -1);
      const scale = args.numbers("std", [0.2, 0.2, 0.2, 0.2]);
      const offset = args.numbers("mean", [0, 0, 0, 0]);
      return tf.add(boxes!, tf.mul(tf.add(tf.mul(moves!, scale), offset), tf.concat([size, size], -1)));
    },
  }),
  knownLayer({
    className: "ClipBoxes",
    title: "Boxes, cut at the border of the image",
    source: SOURCE,
    compute: ([image, boxes]) => {
      const [, height, width] = image!.shape as [number, number, number];
      const most = [width - 1, height - 1, width - 1, height - 1];
      return tf.minimum(tf.maximum(boxes!, 0), most);
    },
  }),
];

/** Around 0: one for each scale of each ratio (height to width). */
function anchorsOf(args: Arguments): [number, number, number, number][] {
  const size = args.number("size");
  const scales = args.numbers("scales", [1, 2 ** (1 / 3), 2 ** (2 / 3)]);
  return args.numbers("ratios", [0.5, 1, 2]).flatMap((ratio) =>
    scales.map((scale): [number, number, number, number] => {
      const width = (size * scale) / Math.sqrt(ratio);
      const height = width * ratio;
      return [-width / 2, -height / 2, width / 2, height / 2];
    }),
  );
}

/** The anchors at each place of the map, row by row: [places * anchors, 4]. */
function shifted(
  anchors: [number, number, number, number][],
  rows: number,
  columns: number,
  stride: number,
): tf.Tensor {
  const values: number[] = [];
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const [x, y] = [(column + 0.5) * stride, (row + 0.5) * stride];
      for (const [x1, y1, x2, y2] of anchors) values.push(x1 + x, y1 + y, x2 + x, y2 + y);
    }
  }
  return tf.tensor(values, [rows * columns * anchors.length, 4]);
}
