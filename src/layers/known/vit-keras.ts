import * as tf from "@tensorflow/tfjs";
import { activationOf } from "../activations.js";
import { attentionShares } from "./keras-self-attention.js";
import { joinedHeads, splitHeads } from "./keras-multi-head.js";
import { dense, knownLayer, normalized, WeightQueue, type KnownLayer } from "./known-layer.js";

const SOURCE = "vit-keras 0.1.2, vit_keras/layers.py";

/** The layers of which vit-keras builds its models, on [batch, patches, features]. */
export const VIT_KERAS: readonly KnownLayer[] = [
  knownLayer({
    className: "ClassToken",
    title: "A learned token before the patches",
    source: SOURCE,
    compute: ([x], { weights }) => tf.concat([tf.tile(weights[0]!, [x!.shape[0]!, 1, 1]), x!], 1),
  }),
  knownLayer({
    className: "AddPositionEmbs",
    title: "Learned positions, added",
    source: SOURCE,
    compute: ([x], { weights }) => tf.add(x!, weights[0]!),
  }),
  knownLayer({
    className: "TransformerBlock",
    title: "Attention and two dense layers of a vision transformer, each behind a normalisation",
    source: SOURCE,
    toldBy: "mlp_dim",
    compute: ([x], { weights, args, name, origin, training }) => {
      const queue = new WeightQueue(weights, name);
      const pair = () => [queue.take(), queue.take()] as const;
      const [query, key, value, out, wide, narrow] = Array.from({ length: 6 }, pair);
      const [before, between] = [pair(), pair()];
      const rate = args.number("dropout", 0);
      const drop = (y: tf.Tensor) => (training && rate > 0 ? tf.dropout(y, rate) : y);
      const heads = args.integer("num_heads", undefined, 1);
      const y = normalized(x!, ...before, 1e-6);
      const [q, k, v] = [query!, key!, value!].map((layer) => splitHeads(dense(y, ...layer), heads));
      const shares = attentionShares(q!, k!, null, false);
      const middle = tf.add(drop(dense(joinedHeads(tf.matMul(shares, v!)), ...out!)), x!);
      const inner = activationOf("gelu", origin).apply(dense(normalized(middle, ...between, 1e-6), ...wide!));
      return [tf.add(middle, drop(dense(drop(inner), ...narrow!))), shares];
    },
  }),
];
