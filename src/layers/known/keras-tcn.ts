import * as tf from "@tensorflow/tfjs";
import { activationOf } from "../activations.js";
import { convolve, type Window } from "../convolution/convolve.js";
import { knownLayer, normalized, WeightQueue, type KnownCall, type KnownLayer } from "./known-layer.js";

/** keras-tcn 3.5 (tcn/tcn.py): Bai et al., arXiv 1803.01271. [batch, time, features] to [batch, (time,) filters]. */
export const TCN: KnownLayer = knownLayer({
  className: "TCN",
  title: "Temporal convolutional network",
  source: "keras-tcn 3.5, tcn/tcn.py",
  compute: ([x], call) => {
    const { args } = call;
    const norm = args.flag("use_batch_norm", false)
      ? "batch"
      : args.flag("use_layer_norm", false)
        ? "layer"
        : null;
    const dilations = args.numbers("dilations", [1, 2, 4, 8, 16, 32]);
    const activation = activationOf(args.raw("activation") ?? "relu", call.origin);
    const padding = args.choice("padding", ["causal", "same"], "causal");
    const stacks = args.integer("nb_stacks", 1, 1);
    // The moving averages of all blocks come behind all that trains.
    const averages = norm === "batch" ? 4 * stacks * dilations.length : 0;
    const trained = call.weights.length - averages;
    const weights: BlockWeights = {
      trained: new WeightQueue(call.weights.slice(0, trained), call.name),
      averages: new WeightQueue(call.weights.slice(trained), call.name),
    };
    let y = args.flag("go_backwards", false) ? tf.reverse(x!, 1) : x!;
    const skips: tf.Tensor[] = [];
    for (let stack = 0; stack < stacks; stack++) {
      for (const dilation of dilations) {
        const through = residualBlock(y, call, weights, activation, norm, {
          strides: [1],
          dilations: [dilation],
          padding,
        });
        skips.push(through.inner);
        y = activation.apply(tf.add(through.matched, through.inner));
      }
    }
    if (args.flag("use_skip_connections", true)) y = tf.addN(skips);
    if (args.flag("return_sequences", false)) return y;
    const [batch, time, filters] = y.shape as [number, number, number];
    const at = padding === "same" ? Math.floor(time / 2) : time - 1;
    return tf.reshape(tf.slice(y, [0, at, 0], [batch, 1, filters]), [batch, filters]);
  },
});

interface BlockWeights {
  readonly trained: WeightQueue;
  readonly averages: WeightQueue;
}

function residualBlock(
  x: tf.Tensor,
  call: KnownCall,
  { trained, averages }: BlockWeights,
  activation: { apply(x: tf.Tensor): tf.Tensor },
  norm: "batch" | "layer" | null,
  window: Window,
): { inner: tf.Tensor; matched: tf.Tensor } {
  // Newer files have a block's normalisations before its convolutions, those of TensorFlow 2.8 each behind its own.
  const before = norm !== null && trained.peek().rank === 1;
  const pair = () => [trained.take(), trained.take()] as const;
  const norms = before ? [pair(), pair()] : [];
  let y = x;
  for (let layer = 0; layer < 2; layer++) {
    y = tf.add(convolve(y, trained.take(), window), trained.take());
    const [gamma, beta] = norm === null ? [] : (norms[layer] ?? pair());
    if (norm === "layer") y = normalized(y, gamma!, beta!, 1e-3);
    if (norm === "batch") y = normalizedByBatch(y, gamma!, beta!, [averages.take(), averages.take()], call);
    y = dropped(activation.apply(y), call);
  }
  const single: Window = { strides: [1], dilations: [1], padding: "same" };
  const matched =
    y.shape.at(-1) === x.shape.at(-1) ? x : tf.add(convolve(x, trained.take(), single), trained.take());
  return { inner: activation.apply(y), matched };
}

/** Batch normalisation with Keras's defaults. */
function normalizedByBatch(
  x: tf.Tensor,
  gamma: tf.Tensor,
  beta: tf.Tensor,
  [movingMean, movingVariance]: readonly [tf.Tensor, tf.Tensor],
  { training, average }: KnownCall,
): tf.Tensor {
  const [mean, variance] = training ? momentsOf(x) : [movingMean, movingVariance];
  if (training) {
    average(movingMean, mean, 0.99);
    average(movingVariance, variance, 0.99);
  }
  return tf.add(tf.mul(tf.mul(tf.sub(x, mean), tf.rsqrt(tf.add(variance, 1e-3))), gamma), beta);
}

function momentsOf(x: tf.Tensor): [tf.Tensor, tf.Tensor] {
  const { mean, variance } = tf.moments(x, [0, 1]);
  return [mean, variance];
}

/** Drops whole filters of a sample (SpatialDropout1D). */
function dropped(x: tf.Tensor, { args, training }: KnownCall): tf.Tensor {
  const rate = args.number("dropout_rate", 0);
  if (!training || rate === 0) return x;
  const [batch, , filters] = x.shape as [number, number, number];
  return tf.mul(x, tf.dropout(tf.ones([batch, 1, filters]), rate));
}
