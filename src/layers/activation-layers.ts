import * as tf from "@tensorflow/tfjs";
import { elu, relu, softmax } from "./activations.js";
import { Arguments } from "./arguments/arguments.js";
import { ComputedLayer } from "./computed-layer.js";
import type { LayerDefinition } from "./registry.js";

/** keras/layers/activations, and those of Keras 2 (tf_keras/layers/activation). */
export const ACTIVATION_LAYERS: readonly LayerDefinition[] = [
  {
    className: "ReLU",
    majors: [2, 3],
    arguments: ["max_value", "negative_slope", "threshold"],
    create(spec) {
      const args = new Arguments(spec);
      const settings = {
        negative_slope: args.number("negative_slope", 0),
        threshold: args.number("threshold", 0),
        max_value: args.has("max_value") ? args.number("max_value") : null,
      };
      return pointwise("ReLU", spec.name, (x) => relu(x, settings));
    },
  },
  {
    className: "LeakyReLU",
    majors: [1, 2, 3],
    arguments: ["negative_slope", "alpha"],
    create(spec) {
      const args = new Arguments(spec);
      const slope = args.number("negative_slope", args.number("alpha", 0.3));
      return pointwise("LeakyReLU", spec.name, (x) => tf.leakyRelu(x, slope));
    },
  },
  {
    className: "ELU",
    majors: [1, 2, 3],
    arguments: ["alpha"],
    create(spec) {
      const alpha = new Arguments(spec).number("alpha", 1);
      return pointwise("ELU", spec.name, (x) => elu(x, alpha));
    },
  },
  {
    className: "ThresholdedReLU",
    majors: [1, 2],
    arguments: ["theta"],
    create(spec) {
      const theta = new Arguments(spec).number("theta", 1);
      return pointwise("ThresholdedReLU", spec.name, (x) =>
        tf.mul(x, tf.cast(tf.greater(x, theta), "float32")),
      );
    },
  },
  {
    className: "PReLU",
    majors: [1, 2, 3],
    arguments: ["shared_axes"],
    inert: ["init", "weights"],
    create(spec) {
      const args = new Arguments(spec);
      const shared = args.has("shared_axes") ? args.numbers("shared_axes") : [];
      return new ComputedLayer("PReLU", spec, {
        weights: ([x]) => {
          const rank = x!.length - 1;
          // Counted as Keras's list of lengths is: -1 is the axis before the last.
          const places = shared.map((axis) => (axis < 1 ? axis - 1 + rank : axis - 1));
          if (!places.every((at) => Number.isInteger(at) && at >= 0 && at < rank))
            throw args.wrong("shared_axes", `axes from 1 to ${rank}`);
          return [
            { name: "alpha", shape: x!.slice(1).map((size, i) => (places.includes(i) ? 1 : (size ?? 1))) },
          ];
        },
        outputShape: ([x]) => x!,
        compute: ([x], { weights }) => tf.sub(tf.relu(x!), tf.mul(weights[0]!, tf.relu(tf.neg(x!)))),
      });
    },
  },
  {
    className: "Softmax",
    majors: [2, 3],
    arguments: ["axis"],
    namedArguments: ["mask"],
    create(spec, { origin }) {
      const args = new Arguments(spec);
      const saved = args.numbers("axis", [-1]);
      if (saved.length === 0) throw args.wrong("axis", "an integer, or a list of them");
      const all = args.raw("axis") === null;
      return new ComputedLayer("Softmax", spec, {
        outputShape: ([x]) => x!,
        compute: ([x], { named }) => {
          const axes = all ? x!.shape.map((_, i) => i) : saved;
          const over = (z: tf.Tensor) => (axes.length === 1 ? softmax(z, axes[0]!) : softmaxOver(z, axes));
          const mask = named["mask"];
          if (!(mask instanceof tf.Tensor)) return over(x!);
          if (origin.major < 3) return over(tf.add(x!, tf.mul(tf.sub(1, tf.cast(mask, "float32")), -1e9)));
          // Keras 3 makes what is masked zero, even where a whole axis is.
          const kept = tf.greater(tf.cast(mask, "float32"), 0.5);
          const result = over(tf.where(kept, x!, tf.fill(x!.shape, -1e9)));
          return tf.where(kept, result, tf.zerosLike(result));
        },
      });
    },
  },
];

function softmaxOver(x: tf.Tensor, axes: readonly number[]): tf.Tensor {
  const exponents = tf.exp(tf.sub(x, tf.max(x, [...axes], true)));
  return tf.div(exponents, tf.sum(exponents, [...axes], true));
}

function pointwise(className: string, name: string, apply: (x: tf.Tensor) => tf.Tensor): ComputedLayer {
  return new ComputedLayer(className, { name }, { outputShape: ([x]) => x!, compute: ([x]) => apply(x!) });
}
