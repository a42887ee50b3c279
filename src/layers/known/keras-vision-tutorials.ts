import * as tf from "@tensorflow/tfjs";
import type { Arguments } from "../arguments/arguments.js";
import { dense, knownLayer, otherWeights, type KnownLayer } from "./known-layer.js";

/** The layers that Keras's tutorials on images define. */
export const KERAS_VISION_TUTORIALS: readonly KnownLayer[] = [
  knownLayer({
    className: "Patches",
    title: "An image as a row of square patches",
    source: "keras-io, examples/vision/image_classification_with_vision_transformer.py",
    compute: ([x], { args }) => patches(x!, args.integer("patch_size", undefined, 1)),
  }),
  knownLayer({
    className: "PatchEncoder",
    title: "A dense layer on each patch, and learned positions, added",
    source: "keras-io, examples/vision/image_classification_with_vision_transformer.py",
    compute: ([x], { weights, name }) => {
      const { kernel, bias, positions } = encoderParts(weights, name);
      return tf.add(dense(x!, kernel, bias), positions);
    },
  }),
  knownLayer({
    className: "SequencePooling",
    title: "The mean of a sequence, weighted by a dense layer",
    source: "keras-io, examples/vision/cct.py",
    compute: ([x], { weights }) => {
      const shares = tf.softmax(tf.squeeze(dense(x!, weights[0]!, weights[1]), [-1]));
      return tf.sum(tf.mul(x!, tf.expandDims(shares, -1)), 1);
    },
  }),
  knownLayer({
    className: "StochasticDepth",
    aliases: ["DropPath"],
    title: "Leaves out whole examples in training; changes nothing when the model predicts",
    source: "keras-io, examples/vision/cct.py",
    compute: ([x, ...others], { args, training }) => {
      // KerasCV's class of this name adds two inputs.
      if (others.length > 0) throw args.wrong("inputs", "one tensor: the tutorial's layer takes no list");
      return training ? withoutExamples(x!, dropRate(args)) : tf.clone(x!);
    },
  }),
  knownLayer({
    className: "Sampling",
    title: "A random point of a normal distribution, from its mean and the logarithm of its variance",
    source: "keras-io, examples/generative/vae.py",
    compute: ([mean, logVariance]) =>
      tf.add(mean!, tf.mul(tf.exp(tf.mul(logVariance!, 0.5)), tf.randomNormal(mean!.shape))),
  }),
  knownLayer({
    className: "CTCLayer",
    title: "Hands its second input on; what it adds to the loss in training is left out",
    source: "keras-io, examples/vision/captcha_ocr.py",
    compute: (inputs) => tf.clone(inputs.at(-1)!),
  }),
];

/** [batch, rows * columns, size * size * channels]; pixels beyond the last whole patch are left out. */
function patches(images: tf.Tensor, size: number): tf.Tensor {
  const [batch, height, width, channels] = images.shape as [number, number, number, number];
  const [rows, columns] = [Math.floor(height / size), Math.floor(width / size)];
  const whole = tf.slice(images, [0, 0, 0, 0], [batch, rows * size, columns * size, channels]);
  const cut = tf.reshape(whole, [batch, rows, size, columns, size * channels]);
  return tf.reshape(tf.transpose(cut, [0, 1, 3, 2, 4]), [batch, rows * columns, size * size * channels]);
}

/** A .keras archive has the positions first, a .h5 file last; the bias follows its kernel in both. */
function encoderParts(weights: readonly tf.Tensor[], name: string) {
  const bias = weights.findIndex(({ rank }) => rank === 1);
  const kernel = weights[bias - 1];
  const positions = weights.find((weight, i) => i !== bias && weight !== kernel);
  if (weights.length === 3 && kernel && positions) return { kernel, bias: weights[bias]!, positions };
  throw otherWeights(
    weights,
    name,
    "the tutorial's PatchEncoder has 3: a kernel, a bias, a table of positions",
  );
}

function dropRate(args: Arguments): number {
  return args.number("drop_prob", args.number("drop_path_rate", args.number("rate", 0)));
}

function withoutExamples(x: tf.Tensor, rate: number): tf.Tensor {
  if (rate <= 0) return tf.clone(x);
  const shape = x.shape.map((n, i) => (i === 0 ? n : 1));
  const kept = tf.floor(tf.add(tf.randomUniform(shape), 1 - rate));
  return tf.mul(tf.div(x, 1 - rate), kept);
}
