import * as tf from "@tensorflow/tfjs";
import { dense, knownLayer, type KnownCall, type KnownLayer } from "./known-layer.js";

/** `K.epsilon()` */
const EPSILON = 1e-7;

/** Attention over the steps of a recurrent layer, by the classes that many public projects copy. */
export const ATTENTION_CLASSES: readonly KnownLayer[] = [
  knownLayer({
    className: "AttentionWithContext",
    title: "The mean of a sequence, weighted by how near each step is to a learned context",
    source: "keras-utilities, kutilities/layers.py",
    masked: true,
    compute: ([x], call) => {
      const [kernel, ...rest] = call.weights;
      const context = rest.at(-1)!;
      const hidden = tf.tanh(dense(x!, kernel!, rest.length > 1 ? rest[0] : undefined));
      const scores = tf.sum(tf.mul(hidden, context), -1);
      return weighted(x!, shares(tf.exp(scores), call));
    },
  }),
  knownLayer({
    className: "AttentionWeightedAverage",
    title: "The mean of a sequence, weighted by a learned direction",
    source: "DeepMoji, deepmoji/attlayer.py",
    masked: true,
    compute: ([x], call) => {
      const scores = tf.squeeze(dense(x!, call.weights[0]!), [-1]);
      const share = shares(tf.exp(tf.sub(scores, tf.max(scores, -1, true))), call);
      const mean = weighted(x!, share);
      return call.args.flag("return_attention", false) ? [mean, share] : mean;
    },
  }),
  knownLayer({
    className: "AttentionLayer",
    title: "For each step of the decoder, the mean of the encoder's steps (Bahdanau), and the shares",
    source: "attention_keras, src/layers/attention.py",
    compute: ([encoder, decoder], { weights }) => {
      const [ofEncoder, ofDecoder, direction] = weights;
      const [keys, queries] = [dense(encoder!, ofEncoder!), dense(decoder!, ofDecoder!)];
      const both = tf.tanh(tf.add(tf.expandDims(queries, 2), tf.expandDims(keys, 1)));
      const share = tf.softmax(tf.squeeze(dense(both, direction!), [-1]));
      return [tf.matMul(share, encoder!), share];
    },
  }),
  knownLayer({
    className: "Attention",
    title: "The mean of a sequence, weighted by a learned direction with an offset for each step",
    source: "a text classification notebook of Kaggle",
    toldBy: "step_dim",
    masked: true,
    compute: ([x], call) => {
      const [direction, offset] = call.weights;
      const scores = tf.sum(tf.mul(x!, direction!), -1);
      const bent = tf.tanh(offset ? tf.add(scores, offset) : scores);
      return weighted(x!, shares(tf.exp(bent), call));
    },
  }),
  knownLayer({
    className: "attention",
    title: "The mean of a sequence, weighted by a learned direction with an offset for each step",
    source: "Machine Learning Mastery, adding a custom attention layer to a recurrent neural network",
    compute: ([x], { weights }) => {
      const scores = tf.squeeze(tf.tanh(tf.add(dense(x!, weights[0]!), weights[1]!)), [-1]);
      return weighted(x!, tf.softmax(scores));
    },
  }),
];

/** Without the steps that the mask leaves out, to a sum of 1: [batch, steps]. */
function shares(exponents: tf.Tensor, { named }: Pick<KnownCall, "named">): tf.Tensor {
  // A class that is called Attention gets the masks of its inputs as a list.
  const [mask] = [named["mask"]].flat();
  const kept = mask instanceof tf.Tensor ? tf.mul(exponents, tf.cast(mask, "float32")) : exponents;
  return tf.div(kept, tf.add(tf.sum(kept, 1, true), EPSILON));
}

function weighted(x: tf.Tensor, share: tf.Tensor): tf.Tensor {
  return tf.sum(tf.mul(x, tf.expandDims(share, -1)), 1);
}
