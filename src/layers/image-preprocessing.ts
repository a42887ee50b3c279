import * as tf from "@tensorflow/tfjs";
import type { LayerSpec } from "../keras/graph.js";
import { Arguments } from "./arguments.js";
import { ComputedLayer } from "./computed-layer.js";
import { identity } from "./identity.js";
import { asChannelsLast, channelsFirst, shapeAsChannelsLast } from "./layout.js";
import { cropToRatio } from "./preprocessing.js";
import type { LayerDefinition } from "./registry.js";
import { resize } from "./resize.js";

/** keras/layers/preprocessing/image_preprocessing that change images at random while training, and then only. */
const ONLY_IN_TRAINING = [
  "AugMix",
  "CutMix",
  "MixUp",
  "RandAugment",
  "RandomBrightness",
  "RandomColorDegeneration",
  "RandomColorJitter",
  "RandomContrast",
  "RandomElasticTransform",
  "RandomErasing",
  "RandomFlip",
  "RandomGaussianBlur",
  "RandomGrayscale",
  "RandomHeight",
  "RandomHue",
  "RandomInvert",
  "RandomPerspective",
  "RandomPosterization",
  "RandomRotation",
  "RandomSaturation",
  "RandomSharpness",
  "RandomShear",
  "RandomTranslation",
  "RandomWidth",
  "RandomZoom",
];

export const IMAGE_PREPROCESSING: readonly LayerDefinition[] = [
  ...ONLY_IN_TRAINING.map((className): LayerDefinition => ({
    className,
    majors: [2, 3],
    arguments: ["*"],
    create: (spec) => identity(spec),
  })),
  {
    className: "CenterCrop",
    majors: [2, 3],
    arguments: ["height", "width", "data_format"],
    create: (spec) => cropped(spec, true),
  },
  {
    className: "RandomCrop",
    majors: [2, 3],
    arguments: ["height", "width", "data_format", "seed"],
    // Keras 3 leaves images alone unless it trains; Keras 2 resizes them to the size.
    create: (spec, { origin }) => (origin.major === 3 ? identity(spec) : cropped(spec, false)),
  },
];

/** The middle of the image where it is large enough, else the largest part of the right ratio, resized. */
function cropped(spec: LayerSpec, middle: boolean): ComputedLayer {
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
        if (!middle || top < 0 || left < 0) {
          return resize(cropToRatio(input as tf.Tensor4D, size), size, "bilinear");
        }
        const from = [0, Math.floor(top / 2), Math.floor(left / 2), 0];
        return tf.slice(input, from, [batch, ...size, channels]);
      }),
  });
}
