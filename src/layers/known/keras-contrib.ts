import * as tf from "@tensorflow/tfjs";
import { activationOf } from "../activations.js";
import { viterbi, withBoundaries } from "../addons/crf.js";
import { dense, knownLayer, WeightQueue, type KnownLayer } from "./known-layer.js";
import { oneHot } from "../../ops/one-hot.js";

/** Layers of keras-contrib 2.0 (keras_contrib/layers). */
export const KERAS_CONTRIB: readonly KnownLayer[] = [
  knownLayer({
    className: "InstanceNormalization",
    title: "Normalisation of each example by itself",
    source: "keras-contrib 2.0, keras_contrib/layers/normalization/instancenormalization.py",
    compute: ([x], { weights, args, name }) => {
      const axis = args.has("axis") ? args.integer("axis") : null;
      const at = axis === null ? null : axis < 0 ? axis + x!.rank : axis;
      const over = x!.shape.map((_, i) => i).filter((i) => i !== 0 && i !== at);
      const { mean, variance } = tf.moments(x!, over, true);
      const queue = new WeightQueue(weights, name);
      const shape = x!.shape.map((n, i) => (i === at ? n : 1));
      // The deviation itself is raised, not the variance under the root.
      let y = tf.div(tf.sub(x!, mean), tf.add(tf.sqrt(variance), args.number("epsilon", 1e-3)));
      if (args.flag("scale", true)) y = tf.mul(y, tf.reshape(queue.take(), shape));
      if (args.flag("center", true)) y = tf.add(y, tf.reshape(queue.take(), shape));
      return y;
    },
  }),
  knownLayer({
    className: "CRF",
    title: "Linear-chain conditional random field, decoded",
    source: "keras-contrib 2.0, keras_contrib/layers/crf.py",
    masked: true,
    compute: ([x], { weights, args, origin, named, name }) => {
      if (args.raw("learn_mode") === "marginal" || args.raw("test_mode") === "marginal") {
        throw args.wrong("test_mode", '"viterbi": marginal probabilities are not computed here');
      }
      const queue = new WeightQueue(weights, name);
      const kernel = queue.take();
      const chain = queue.take();
      const bias = args.flag("use_bias", true) ? queue.take() : undefined;
      const activation = activationOf(args.raw("activation") ?? "linear", origin);
      const mask = named["mask"] instanceof tf.Tensor ? tf.cast(named["mask"], "float32") : null;
      let energy = activation.apply(dense(x!, kernel, bias));
      if (args.flag("use_boundary", true)) {
        energy = withBoundaries(energy, mask, queue.take(), queue.take());
      }
      const [batch, time, units] = energy.shape as [number, number, number];
      const lengths = mask ? tf.cast(tf.sum(mask, 1), "int32") : tf.fill([batch], time, "int32");
      // It looks for the least energy where others look for the highest score.
      const tags = viterbi(tf.neg(energy), tf.neg(chain), lengths);
      return oneHot(tags, units);
    },
  }),
];
