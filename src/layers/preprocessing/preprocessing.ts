import * as tf from "@tensorflow/tfjs";
import { Arguments } from "../arguments/arguments.js";
import { encode, encodedShape } from "./categories.js";
import { ComputedLayer, type Shape } from "../computed-layer.js";
import { identity } from "../identity.js";
import { MERGING } from "../merging.js";
import { cropToRatio, padToRatio } from "../images/aspect-ratio.js";
import { asChannelsLast, channelsFirst, shapeAsChannelsLast } from "../layout.js";
import type { LayerDefinition } from "../registry.js";
import { resize } from "../images/resize.js";

/** keras/layers/preprocessing, what needs no vocabulary. */
export const PREPROCESSING: readonly LayerDefinition[] = [
  // The parts of a FeatureSpace that are no public layers.
  { className: "TFDIdentity", majors: [3], arguments: [], create: (spec) => identity(spec) },
  {
    className: "TFDConcat",
    majors: [3],
    arguments: ["axis"],
    create: (spec, context) => MERGING.find((row) => row.className === "Concatenate")!.create(spec, context),
  },
  {
    className: "Rescaling",
    majors: [2, 3],
    arguments: ["scale", "offset"],
    create(spec) {
      const args = new Arguments(spec);
      const scale = args.numbers("scale");
      const offset = args.numbers("offset", [0]);
      const operand = (list: number[]) => (list.length === 1 ? tf.scalar(list[0]!) : tf.tensor1d(list));
      return new ComputedLayer("Rescaling", spec, {
        outputShape: ([x]) => {
          const last = x!.at(-1) ?? null;
          for (const [argument, { length }] of Object.entries({ scale, offset })) {
            if (length !== 1 && last !== null && last !== 1 && length !== last)
              throw args.wrong(argument, `a number, or ${last} of them`);
          }
          return x!;
        },
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
      "fill_value",
      "data_format",
      "antialias",
    ],
    inert: ["fill_mode"],
    create(spec) {
      const args = new Arguments(spec);
      const size = [args.integer("height", undefined, 1), args.integer("width", undefined, 1)] as [
        number,
        number,
      ];
      const method = args.text("interpolation", "bilinear");
      const first = channelsFirst(args);
      const crop = args.flag("crop_to_aspect_ratio", false);
      const pad = args.flag("pad_to_aspect_ratio", false);
      const fill = args.number("fill_value", 0);
      const antialias = args.flag("antialias", false);
      return new ComputedLayer("Resizing", spec, {
        outputShape: ([x]): Shape =>
          shapeAsChannelsLast(x!, first, (shape) => [...shape.slice(0, -3), ...size, shape.at(-1)!]),
        compute: ([x]) =>
          asChannelsLast(tf.cast(x!, "float32"), first, (input) => {
            const image = input as tf.Tensor4D;
            const framed = pad ? padToRatio(image, size, fill) : crop ? cropToRatio(image, size) : image;
            return resize(framed, size, method, antialias);
          }),
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
      const saved = args.choice("output_mode", ["multi_hot", "one_hot", "count", "binary"], "multi_hot");
      const mode = saved === "binary" ? "multi_hot" : saved;
      return new ComputedLayer("CategoryEncoding", spec, {
        outputShape: ([x]) => encodedShape(x!, mode, tokens),
        compute: ([x, counts]) => encode(x!, mode, tokens, counts),
      });
    },
  },
];
