import * as tf from "@tensorflow/tfjs";
import { activationOf } from "../activations.js";
import { dense, knownLayer, WeightQueue, type KnownLayer } from "./known-layer.js";

/** Layers of public projects that have one or two of their own. */
export const PUBLIC_PROJECTS: readonly KnownLayer[] = [
  knownLayer({
    className: "Scale",
    title: "A learned factor and offset for each channel",
    source: "DenseNet-Keras, custom_layers.py",
    compute: ([x], { weights, args }) => {
      const axis = args.integer("axis", -1);
      const at = axis < 0 ? axis + x!.rank : axis;
      const shape = x!.shape.map((n, i) => (i === at ? n : 1));
      return tf.add(tf.mul(x!, tf.reshape(weights[0]!, shape)), tf.reshape(weights[1]!, shape));
    },
  }),
  knownLayer({
    className: "PixelNormalization",
    aliases: ["PixelNorm"],
    title: "Each position to a mean square of 1 over its channels",
    source: "the paper of Progressive GANs, 2018",
    compute: ([x]) => tf.div(x!, tf.sqrt(tf.add(tf.mean(tf.square(x!), -1, true), 1e-8))),
  }),
  knownLayer({
    className: "MinibatchStdev",
    aliases: ["MinibatchStdDev"],
    title: "One channel more: how far the examples of the batch differ",
    source: "the paper of Progressive GANs, 2018",
    compute: ([x]) => {
      const spread = tf.sqrt(tf.add(tf.mean(tf.square(tf.sub(x!, tf.mean(x!, 0, true))), 0, true), 1e-8));
      return tf.concat([x!, tf.fill([...x!.shape.slice(0, -1), 1], 1).mul(tf.mean(spread))], -1);
    },
  }),
  knownLayer({
    className: "Time2Vector",
    title: "A linear and a periodic feature of each step",
    source: "the paper of Time2Vec, 2019",
    compute: ([x], { weights }) => {
      const [linear, offset, periodic, phase] = weights;
      // It looks at the first four columns: open, high, low and close.
      const columns = Math.min(4, x!.shape[2]!);
      const mean = tf.mean(tf.slice(x!, [0, 0, 0], [x!.shape[0]!, x!.shape[1]!, columns]), -1);
      const straight = tf.add(tf.mul(linear!, mean), offset!);
      return tf.stack([straight, tf.sin(tf.add(tf.mul(mean, periodic!), phase!))], -1);
    },
  }),
  knownLayer({
    className: "Cross",
    title: "A cross layer of a deep and cross network",
    source: "tensorflow-recommenders 0.7, layers/feature_interaction/dcn.py",
    compute: ([first, given], { weights, args, name, origin }) => {
      const x = given ?? first!;
      const queue = new WeightQueue(weights, name);
      const inner = args.raw("projection_dim") ? dense(x, queue.take()) : x;
      const kernel = queue.take();
      const product = dense(inner, kernel, args.flag("use_bias", true) ? queue.take() : undefined);
      const made = activationOf(args.raw("preactivation") ?? "linear", origin).apply(product);
      const diagonal = args.number("diag_scale", 0);
      const sum = diagonal === 0 ? made : tf.add(made, tf.mul(x, diagonal));
      return tf.add(tf.mul(first!, sum), x);
    },
  }),
];
