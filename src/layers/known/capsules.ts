import * as tf from "@tensorflow/tfjs";
import { oneHot } from "../../ops/one-hot.js";
import { knownLayer, type KnownLayer } from "./known-layer.js";

const SOURCE = "CapsNet-Keras, capsulelayers.py";
/** `K.epsilon()` */
const EPSILON = 1e-7;

/** The layers of a capsule network, on [batch, capsules, dimensions]. */
export const CAPSULES: readonly KnownLayer[] = [
  knownLayer({
    className: "Length",
    title: "The length of each capsule",
    source: SOURCE,
    compute: ([x]) => tf.sqrt(tf.add(tf.sum(tf.square(x!), -1), EPSILON)),
  }),
  knownLayer({
    className: "Mask",
    title: "The longest capsule, or those that a second input chooses; the others are 0",
    source: SOURCE,
    compute: ([x, chosen]) => {
      const capsules = x!.shape[1]!;
      const mask = chosen ?? oneHot(tf.argMax(tf.sum(tf.square(x!), -1), 1), capsules);
      const masked = tf.mul(x!, tf.expandDims(mask, -1));
      return tf.reshape(masked, [x!.shape[0]!, capsules * x!.shape[2]!]);
    },
  }),
  knownLayer({
    className: "CapsuleLayer",
    title: "Capsules, routed by agreement",
    source: SOURCE,
    compute: ([x], { weights, args }) => routed(votes(x!, weights[0]!), args.integer("routings", 3, 1)),
  }),
];

/** What each capsule below says of each above: [batch, above, below, dimensions]. */
function votes(x: tf.Tensor, kernel: tf.Tensor): tf.Tensor {
  return tf.einsum("bid,jikd->bjik", x, kernel);
}

function routed(said: tf.Tensor, rounds: number): tf.Tensor {
  const [batch, above, below] = said.shape as [number, number, number];
  let agreement: tf.Tensor = tf.zeros([batch, above, below]);
  for (let round = 1; ; round++) {
    const shares = tf.transpose(tf.softmax(tf.transpose(agreement, [0, 2, 1])), [0, 2, 1]);
    const capsules = squashed(tf.einsum("bji,bjik->bjk", shares, said));
    if (round === rounds) return capsules;
    agreement = tf.add(agreement, tf.einsum("bjk,bjik->bji", capsules, said));
  }
}

/** As long as s² / (1 + s²) where it was of length s. */
function squashed(x: tf.Tensor): tf.Tensor {
  const square = tf.sum(tf.square(x), -1, true);
  return tf.mul(tf.div(tf.div(square, tf.add(square, 1)), tf.sqrt(tf.add(square, EPSILON))), x);
}
