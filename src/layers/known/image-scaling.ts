import * as tf from "@tensorflow/tfjs";
import { knownLayer, type KnownLayer } from "./known-layer.js";

/** Layers of segmentation, super-resolution and image-to-image models that enlarge or pad pictures, channels last. */
export const IMAGE_SCALING: readonly KnownLayer[] = [
  knownLayer({
    className: "PixelShuffler",
    aliases: ["SubPixelUpscaling"],
    title: "Channels laid out as pixels: depth to space",
    source: "faceswap, lib/model/layers.py",
    compute: ([x], { args }) => {
      const scale = args.has("scale_factor") ? args.integer("scale_factor", undefined, 1) : null;
      const [down, across] = scale === null ? args.integers("size", 2, 2) : [scale, scale];
      return channelsAsPixels(x!, down!, across!);
    },
  }),
  knownLayer({
    className: "ReflectionPadding2D",
    title: "A border that mirrors the picture",
    source: "keras-io, examples/generative/cyclegan.py",
    compute: ([x], { args }) => {
      const [width, height] = args.integers("padding", 2, 1, 0) as [number, number];
      return tf.mirrorPad(x!, [[0, 0], [height, height], [width, width], [0, 0]], "reflect"); // prettier-ignore
    },
  }),
  knownLayer({
    className: "BilinearUpsampling",
    title: "Enlarged between its corners",
    source: "keras-deeplab-v3-plus, model.py",
    compute: ([x], { args }) => {
      const [, height, width] = x!.shape as [number, number, number];
      if (args.has("output_size")) return cornered(x!, args.integers("output_size", 2) as Size);
      const [down, across] = args.integers("upsampling", 2, 2) as Size;
      return cornered(x!, [height * down, width * across]);
    },
  }),
  knownLayer({
    className: "Interp",
    title: "Resized between its corners",
    source: "PSPNet-Keras-tensorflow, layers_builder.py",
    compute: ([x], { args }) => cornered(x!, args.integers("new_size", 2) as Size),
  }),
];

type Size = [height: number, width: number];

function cornered(x: tf.Tensor, size: Size): tf.Tensor {
  return tf.image.resizeBilinear(x as tf.Tensor4D, size, true);
}

function channelsAsPixels(x: tf.Tensor, down: number, across: number): tf.Tensor {
  const [batch, height, width, channels] = x.shape as [number, number, number, number];
  const left = Math.floor(channels / (down * across));
  const cut = tf.reshape(x, [batch, height, width, down, across, left]);
  return tf.reshape(tf.transpose(cut, [0, 1, 3, 2, 4, 5]), [batch, height * down, width * across, left]);
}
