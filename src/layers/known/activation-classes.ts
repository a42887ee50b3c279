import * as tf from "@tensorflow/tfjs";
import { knownLayer, type KnownLayer } from "./known-layer.js";

/** Activations that public projects write as layers. */
export const ACTIVATION_CLASSES: readonly KnownLayer[] = [
  knownLayer({
    className: "Mish",
    title: "x · tanh(softplus(x))",
    source: "the paper of Misra, 2019",
    compute: ([x]) => tf.mul(x!, tf.tanh(tf.softplus(x!))),
  }),
  knownLayer({
    className: "Swish",
    title: "x · sigmoid(βx), β learned where it is trainable",
    source: "keras-contrib 2.0, keras_contrib/layers/advanced_activations/swish.py",
    compute: ([x], { weights, args }) =>
      tf.mul(x!, tf.sigmoid(tf.mul(x!, weights[0] ?? args.number("beta", 1)))),
  }),
  knownLayer({
    className: "HardSwish",
    aliases: ["HSwish", "Hswish", "hswish"],
    title: "x · relu6(x + 3) / 6",
    source: "the paper of MobileNetV3, 2019",
    compute: ([x]) => tf.mul(x!, gate(x!)),
  }),
  knownLayer({
    className: "HardSigmoid",
    aliases: ["HSigmoid", "Hsigmoid", "hsigmoid"],
    title: "relu6(x + 3) / 6",
    source: "the paper of MobileNetV3, 2019",
    compute: ([x]) => gate(x!),
  }),
  knownLayer({
    className: "ReLU6",
    title: "min(max(x, 0), 6)",
    source: "tf.nn.relu6",
    compute: ([x]) => tf.relu6(x!),
  }),
  knownLayer({
    className: "Snake",
    title: "x + (1 - cos(2ax)) / 2a",
    source: "keras-unet-collection 0.1, keras_unet_collection/activations.py",
    compute: ([x], { weights, args }) => {
      const twice = tf.mul(weights[0] ?? args.number("freq", 0.5), 2);
      return tf.add(x!, tf.div(tf.sub(1, tf.cos(tf.mul(twice, x!))), twice));
    },
  }),
];

function gate(x: tf.Tensor): tf.Tensor {
  return tf.div(tf.relu6(tf.add(x, 3)), 6);
}
