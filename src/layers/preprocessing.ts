import * as tf from "@tensorflow/tfjs";
import { Arguments } from "./arguments.js";
import { ComputedLayer, type Shape } from "./computed-layer.js";
import { asChannelsLast, channelsFirst, shapeAsChannelsLast } from "./layout.js";
import type { LayerDefinition } from "./registry.js";
import { resize } from "./resize.js";

/** keras/layers/preprocessing, what needs no vocabulary. */
export const PREPROCESSING: readonly LayerDefinition[] = [
  {
    className: "Rescaling",
    majors: [2, 3],
    arguments: ["scale", "offset"],
    create(spec) {
      const args = new Arguments(spec);
      const scale = args.numbers("scale", [1]);
      const offset = args.numbers("offset", [0]);
      const operand = (list: number[]) => (list.length === 1 ? tf.scalar(list[0]!) : tf.tensor1d(list));
      return new ComputedLayer("Rescaling", spec, {
        outputShape: ([x]) => x!,
        compute: ([x]) => tf.add(tf.mul(tf.cast(x!, "float32"), operand(scale)), operand(offset)),
      });
    },
  },
  {
    className: "Resizing",
    majors: [2, 3],
    arguments: [
      "height",
      "width",
      "interpolation",
      "crop_to_aspect_ratio",
      "pad_to_aspect_ratio",
      "data_format",
    ],
    inert: ["fill_mode", "fill_value", "antialias"],
    create(spec) {
      const args = new Arguments(spec);
      const size = [args.integer("height", undefined, 1), args.integer("width", undefined, 1)] as [
        number,
        number,
      ];
      const method = args.text("interpolation", "bilinear");
      const first = channelsFirst(args);
      const crop = args.flag("crop_to_aspect_ratio", false);
      return new ComputedLayer("Resizing", spec, {
        outputShape: ([x]): Shape =>
          shapeAsChannelsLast(x!, first, (shape) => [...shape.slice(0, -3), ...size, shape.at(-1)!]),
        compute: ([x]) =>
          asChannelsLast(tf.cast(x!, "float32"), first, (input) =>
            resize(crop ? cropToRatio(input, size) : (input as tf.Tensor4D), size, method),
          ),
      });
    },
  },
  {
    className: "CategoryEncoding",
    majors: [2, 3],
    arguments: ["num_tokens", "output_mode", "sparse"],
    callArguments: ["inputs", "count_weights"],
    create(spec) {
      const args = new Arguments(spec);
      const tokens = args.integer("num_tokens", undefined, 1);
      const mode = args.choice("output_mode", ["multi_hot", "one_hot", "count"], "multi_hot");
      return new ComputedLayer("CategoryEncoding", spec, {
        outputShape: ([x]) => encodedShape(x!, mode, tokens),
        compute: ([x, counts]) => encode(x!, counts, mode, tokens),
      });
    },
  },
];

function encodedShape(shape: Shape, mode: string, tokens: number): Shape {
  if (mode === "one_hot") return [...(shape.at(-1) === 1 ? shape.slice(0, -1) : shape), tokens];
  return shape.length === 1 ? [tokens] : [...shape.slice(0, -1), tokens];
}

/** category_encoding.py: one row of 0 and 1 a token, or one a sample with all of its tokens. */
function encode(x: tf.Tensor, counts: tf.Tensor | undefined, mode: string, tokens: number): tf.Tensor {
  const indices = tf.cast(x, "int32");
  const columns = tf.range(0, tokens, 1, "int32");
  const rows = tf.cast(tf.equal(tf.expandDims(indices, -1), columns), "float32");
  if (mode === "one_hot") return x.shape.at(-1) === 1 ? tf.squeeze(rows, [x.rank - 1]) : rows;
  if (x.rank === 0) return rows;
  const axis = rows.rank - 2;
  if (mode === "multi_hot") return tf.max(rows, axis);
  const weighted = counts ? tf.mul(rows, tf.expandDims(tf.cast(counts, "float32"), -1)) : rows;
  return tf.sum(weighted, axis);
}

/** The largest centred part with the target's aspect ratio (keras/utils/image_utils.py `smart_resize`). */
function cropToRatio(x: tf.Tensor, [height, width]: readonly [number, number]): tf.Tensor4D {
  const [batch, rows, columns, channels] = x.shape as [number, number, number, number];
  const tall = Math.min(rows, Math.floor((columns * height) / width));
  const wide = Math.min(columns, Math.floor((rows * width) / height));
  const top = Math.floor((rows - tall) / 2);
  const left = Math.floor((columns - wide) / 2);
  return tf.slice(x as tf.Tensor4D, [0, top, left, 0], [batch, tall, wide, channels]);
}
