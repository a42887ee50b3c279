import * as tf from "@tensorflow/tfjs";
import { activationOf } from "../activations.js";
import { addLoss } from "../custom/added-losses.js";
import { dense, knownLayer, WeightQueue, type KnownCall, type KnownLayer } from "./known-layer.js";

/** What masked scores are lowered by before the softmax. */
const FAR = 1e4;

/** keras-self-attention 0.51 (keras_self_attention/*.py), on [batch, time, features]. */
export const SELF_ATTENTION: readonly KnownLayer[] = [
  knownLayer({
    className: "SeqSelfAttention",
    title: "Self attention over a sequence",
    source: "keras-self-attention 0.51, keras_self_attention/seq_self_attention.py",
    masked: true,
    compute: ([x], call) => {
      const { args, origin, named } = call;
      const additive =
        args.choice("attention_type", ["additive", "multiplicative"], "additive") === "additive";
      const raw = additive ? additiveScores(x!, call) : multiplicativeScores(x!, call);
      let scores = activationOf(args.raw("attention_activation") ?? null, origin).apply(raw);
      scores = tf.sub(scores, tf.mul(FAR, outsideWindow(x!.shape[1]!, call)));
      const mask = named["mask"];
      if (mask instanceof tf.Tensor) {
        const absent = tf.sub(1, tf.expandDims(tf.cast(mask, "float32"), -1));
        scores = tf.sub(scores, tf.mul(FAR, tf.mul(absent, tf.transpose(absent, [0, 2, 1]))));
      }
      const shares = tf.softmax(scores);
      const mixed = tf.matMul(shares, x!);
      const penalty = args.number("attention_regularizer_weight", 0);
      if (penalty > 0) addLoss(tf.mul(penalty, overlap(shares)));
      return args.flag("return_attention", false) ? [mixed, shares] : mixed;
    },
  }),
  knownLayer({
    className: "SeqWeightedAttention",
    title: "Weighted mean over a sequence",
    source: "keras-self-attention 0.51, keras_self_attention/seq_weighted_attention.py",
    masked: true,
    compute: ([x], { weights, args, named }) => {
      let scores = tf.squeeze(dense(x!, weights[0]!, weights[1]), [2]);
      const mask = named["mask"];
      if (mask instanceof tf.Tensor) {
        scores = tf.sub(scores, tf.mul(FAR, tf.sub(1, tf.cast(mask, "float32"))));
      }
      const raised = tf.exp(tf.sub(scores, tf.max(scores, -1, true)));
      const shares = tf.div(raised, tf.add(tf.sum(raised, 1, true), 1e-7));
      const mixed = tf.sum(tf.mul(x!, tf.expandDims(shares, -1)), 1);
      return args.flag("return_attention", false) ? [mixed, shares] : mixed;
    },
  }),
  knownLayer({
    className: "ScaledDotProductAttention",
    title: "Scaled dot-product attention",
    source: "keras-self-attention 0.51, keras_self_attention/scaled_dot_attention.py",
    masked: true,
    compute: ([query, key = query, value = key], { args, named }) => {
      const shares = attentionShares(query!, key!, keyMask(named), args.flag("history_only", false));
      const mixed = tf.matMul(shares, value!);
      return args.flag("return_attention", false) ? [mixed, shares] : mixed;
    },
  }),
];

/** The mask of the key: each tensor of the call has its own, or all have one. */
export function keyMask(named: KnownCall["named"]): tf.Tensor | null {
  const mask = Array.isArray(named["mask"]) ? (named["mask"] as unknown[])[1] : named["mask"];
  return mask instanceof tf.Tensor ? mask : null;
}

/**
 * What each step of the query takes of each step of the key: [..., rows, columns] of [..., rows, features] and
 * [..., columns, features].
 * @param mask [batch, columns], 0 where a step of the key does not count
 */
export function attentionShares(
  query: tf.Tensor,
  key: tf.Tensor,
  mask: tf.Tensor | null,
  historyOnly: boolean,
): tf.Tensor {
  let scores = tf.div(tf.matMul(query, key, false, true), Math.sqrt(query.shape.at(-1)!));
  if (historyOnly) {
    const [rows, columns] = [query.shape.at(-2)!, key.shape.at(-2)!];
    const later = tf.greater(tf.range(0, columns), tf.reshape(tf.range(0, rows), [rows, 1]));
    scores = tf.sub(scores, tf.mul(FAR, tf.cast(later, "float32")));
  }
  if (mask) {
    const [batch, columns] = mask.shape as [number, number];
    const absent = tf.sub(1, tf.cast(mask, "float32"));
    const spread = tf.reshape(absent, [batch, ...Array<number>(scores.rank - 2).fill(1), columns]);
    scores = tf.sub(scores, tf.mul(FAR, spread));
  }
  return tf.softmax(scores);
}

/** How far steps attend to the same: the sum of squares of A A' - 1, by sample (seq_self_attention.py). */
function overlap(shares: tf.Tensor): tf.Tensor {
  const [batch, time] = shares.shape as [number, number];
  const apart = tf.sub(tf.matMul(shares, shares, false, true), tf.eye(time));
  return tf.div(tf.sum(tf.square(apart)), batch);
}

function additiveScores(x: tf.Tensor, { weights, args, name }: KnownCall): tf.Tensor {
  const queue = new WeightQueue(weights, name);
  const ofQuery = queue.take();
  const ofKey = queue.take();
  const bias = args.flag("use_additive_bias", true) ? queue.take() : null;
  const out = queue.take();
  const outBias = args.flag("use_attention_bias", true) ? queue.take() : undefined;
  const sum = tf.add(tf.expandDims(dense(x, ofQuery), 2), tf.expandDims(dense(x, ofKey), 1));
  return tf.squeeze(dense(tf.tanh(bias ? tf.add(sum, bias) : sum), out, outBias), [3]);
}

function multiplicativeScores(x: tf.Tensor, { weights, args }: KnownCall): tf.Tensor {
  const scores = tf.matMul(dense(x, weights[0]!), x, false, true);
  return args.flag("use_attention_bias", true) ? tf.add(scores, weights[1]!) : scores;
}

/** 1 for each pair of steps that are too far apart, 0 for the others; [time, time]. */
function outsideWindow(time: number, { args }: KnownCall): tf.Tensor {
  const history = args.flag("history_only", false);
  if (!args.has("attention_width") && !history) return tf.scalar(0);
  const width = args.integer("attention_width", 1_000_000_000, 1);
  const before = history ? width - 1 : Math.floor(width / 2);
  const outside = Array.from({ length: time * time }, (_, i) => {
    const lower = Math.floor(i / time) - before;
    const index = i % time;
    return index < lower || index >= lower + width ? 1 : 0;
  });
  return tf.tensor(outside, [time, time], "float32");
}
