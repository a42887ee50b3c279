import * as tf from "@tensorflow/tfjs";
import type { LayerSpec } from "../../keras/graph.js";
import { Arguments } from "../arguments/arguments.js";
import { ComputedLayer } from "../computed-layer.js";
import { DictLayer } from "../preprocessing/dict-layer.js";
import { asChannelsLast, channelsFirst, shapeAsChannelsLast } from "../layout.js";
import { cropToRatio } from "./aspect-ratio.js";
import type { LayerDefinition } from "../registry.js";
import { resize } from "./resize.js";

/** keras/layers/preprocessing/image_preprocessing without chance. */
export const IMAGE_PREPROCESSING: readonly LayerDefinition[] = [
  {
    className: "CenterCrop",
    majors: [2, 3],
    arguments: ["height", "width", "data_format"],
    create: cropped,
  },
  {
    className: "MaxNumBoundingBoxes",
    majors: [3],
    arguments: ["max_number", "fill_value"],
    inert: ["data_format", "factor", "bounding_box_format"],
    create: boundedBoxes,
  },
];

/** The middle of the image where it is large enough, else the largest part of the right ratio, resized. */
function cropped(spec: LayerSpec): ComputedLayer {
  const args = new Arguments(spec);
  const size = [args.integer("height", undefined, 1), args.integer("width", undefined, 1)] as [
    number,
    number,
  ];
  const first = channelsFirst(args);
  return new ComputedLayer(spec.className, spec, {
    outputShape: ([x]) =>
      shapeAsChannelsLast(x!, first, (shape) => [...shape.slice(0, -3), ...size, shape.at(-1)!]),
    compute: ([x]) =>
      asChannelsLast(tf.cast(x!, "float32"), first, (input) => {
        const [batch, rows, columns, channels] = input.shape as [number, number, number, number];
        const [top, left] = [rows - size[0], columns - size[1]];
        if (top < 0 || left < 0) {
          return resize(cropToRatio(input as tf.Tensor4D, size), size, "bilinear");
        }
        const from = [0, Math.floor(top / 2), Math.floor(left / 2), 0];
        return tf.slice(input, from, [batch, ...size, channels]);
      }),
  });
}

/** Boxes and labels of each image cut, or filled up, to one number (max_num_bounding_box.py). */
function boundedBoxes(spec: LayerSpec): ComputedLayer {
  const args = new Arguments(spec);
  const most = args.integer("max_number", undefined, 1);
  const fill = args.number("fill_value", -1);
  const isBox = (name: string) => name.startsWith("bounding_boxes.");
  return new DictLayer(spec, {
    leaf: (name, tensor) => (isBox(name) ? filledUp(tensor, most, fill) : tf.clone(tensor)),
    shape: (name, shape) => (isBox(name) ? [shape[0]!, most, ...shape.slice(2)] : shape),
  });
}

function filledUp(x: tf.Tensor, most: number, fill: number): tf.Tensor {
  const count = Math.min(x.shape[1]!, most);
  const cut = tf.slice(
    x,
    x.shape.map(() => 0),
    x.shape.map((n, i) => (i === 1 ? count : n)),
  );
  return tf.pad(
    cut,
    x.shape.map((_, i) => (i === 1 ? [0, most - count] : [0, 0])),
    fill,
  );
}
