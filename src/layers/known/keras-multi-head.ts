import * as tf from "@tensorflow/tfjs";
import { activationOfBert } from "./keras-bert.js";
import { attentionShares, keyMask } from "./keras-self-attention.js";
import { dense, knownLayer, WeightQueue, type KnownLayer } from "./known-layer.js";

/**
 * keras-multi-head's class, of which keras-bert and keras-transformer are built: Keras has another of the same name,
 * whose arguments tell them apart. [batch, time, features], or query, key and value.
 */
export const MULTI_HEAD_ATTENTION: KnownLayer = knownLayer({
  className: "MultiHeadAttention",
  title: "Multi-head attention with head_num heads",
  source: "keras-multi-head 0.29, keras_multi_head/multi_head_attention.py",
  toldBy: "head_num",
  masked: true,
  compute: ([query, key = query, value = key], call) => {
    const { weights, args, named, name } = call;
    const heads = args.integer("head_num", undefined, 1);
    const bias = args.flag("use_bias", true);
    const activation = activationOfBert(call, null);
    const queue = new WeightQueue(weights, name);
    const layer = (x: tf.Tensor) => activation.apply(dense(x, queue.take(), bias ? queue.take() : undefined));
    const [q, k, v] = [query!, key!, value!].map((x) => splitHeads(layer(x), heads)) as [
      tf.Tensor,
      tf.Tensor,
      tf.Tensor,
    ];
    const shares = attentionShares(q, k, keyMask(named), args.flag("history_only", false));
    return layer(joinedHeads(tf.matMul(shares, v)));
  },
});

/** [batch, time, features] to [batch, heads, time, features / heads]. */
export function splitHeads(x: tf.Tensor, heads: number): tf.Tensor {
  const [batch, time, features] = x.shape as [number, number, number];
  return tf.transpose(tf.reshape(x, [batch, time, heads, features / heads]), [0, 2, 1, 3]);
}

/** The same back. */
export function joinedHeads(x: tf.Tensor): tf.Tensor {
  const [batch, heads, time, features] = x.shape as [number, number, number, number];
  return tf.reshape(tf.transpose(x, [0, 2, 1, 3]), [batch, time, heads * features]);
}
