import * as tf from "@tensorflow/tfjs";
import type { LayerSpec } from "../../keras/graph.js";
import { activationOf } from "../activations.js";
import { Arguments } from "./arguments.js";
import { epsilonOf } from "../normalization/epsilon.js";
import { ComputedLayer } from "../computed-layer.js";
import { MERGING } from "../merging.js";
import type { LayerDefinition } from "../registry.js";

/** What each mode of Keras 1's Merge is called since Keras 2 (keras 1.2.2, engine/topology.py). */
const MERGE_MODES: ReadonlyMap<string, string> = new Map([
  ["sum", "Add"],
  ["mul", "Multiply"],
  ["concat", "Concatenate"],
  ["ave", "Average"],
  ["max", "Maximum"],
  ["dot", "Dot"],
]);

/** Keras 1's Merge as the layer that does the same since Keras 2; null for any other, and for a mode that has none. */
export function todaysMerge({
  className,
  config,
}: LayerSpec): Pick<LayerSpec, "className" | "config"> | null {
  const mode = config["mode"] ?? "sum";
  const today = className === "Merge" && typeof mode === "string" ? MERGE_MODES.get(mode) : undefined;
  if (today === undefined) return null;
  const axes = config["dot_axes"] ?? -1;
  return {
    className: today,
    config: {
      ...(today === "Concatenate" ? { axis: config["concat_axis"] ?? -1 } : {}),
      ...(today === "Dot" ? { axes: Array.isArray(axes) ? axes.flat() : axes } : {}),
    },
  };
}

/** Layers of Keras 1 that Keras 2 dropped or renamed beyond an alias (keras 1.2.2, layers/core.py). */
export const KERAS_ONE: readonly LayerDefinition[] = [
  {
    className: "Merge",
    majors: [1],
    arguments: ["mode", "concat_axis", "dot_axes"],
    inert: [
      "mode_type",
      "arguments",
      "output_shape",
      "output_shape_type",
      "output_mask",
      "output_mask_type",
      "layers",
    ],
    create(spec, context) {
      const args = new Arguments(spec);
      const mode = args.choice("mode", [...MERGE_MODES.keys(), "cos"], "sum");
      if (mode === "cos") return cosine(spec, args);
      const today = todaysMerge(spec)!;
      const definition = MERGING.find((row) => row.className === today.className)!;
      return definition.create({ ...spec, config: today.config }, context);
    },
  },
  {
    className: "MaxoutDense",
    majors: [1],
    arguments: ["units", "nb_feature", "use_bias"],
    inert: ["input_dim"],
    create(spec) {
      const args = new Arguments(spec);
      const units = args.integer("units", undefined, 1);
      const features = args.integer("nb_feature", 4, 1);
      const bias = args.flag("use_bias", true);
      return new ComputedLayer("MaxoutDense", spec, {
        weights: ([x]) => [
          { name: "W", shape: [features, x!.at(-1) ?? 0, units], initializer: "glorotUniform" },
          ...(bias ? [{ name: "b", shape: [features, units] }] : []),
        ],
        outputShape: ([x]) => [x![0]!, units],
        compute: ([x], { weights }) => {
          const [batch, size] = x!.shape as [number, number];
          const kernel = tf.reshape(tf.transpose(weights[0]!, [1, 0, 2]), [
            size,
            features * units,
          ]) as tf.Tensor2D;
          const all = tf.reshape(tf.matMul(x as tf.Tensor2D, kernel), [batch, features, units]);
          return tf.max(bias ? tf.add(all, weights[1]!) : all, 1);
        },
      });
    },
  },
  {
    className: "Highway",
    majors: [1],
    arguments: ["activation", "use_bias"],
    inert: ["input_dim", "transform_bias"],
    create(spec, { origin }) {
      const args = new Arguments(spec);
      const activation = activationOf(args.raw("activation"), origin);
      const bias = args.flag("use_bias", true);
      return new ComputedLayer("Highway", spec, {
        weights: ([x]) => {
          const size = x!.at(-1) ?? 0;
          return [
            { name: "W", shape: [size, size], initializer: "glorotUniform" },
            { name: "W_carry", shape: [size, size], initializer: "glorotUniform" },
            ...(bias
              ? [
                  { name: "b", shape: [size] },
                  { name: "b_carry", shape: [size] },
                ]
              : []),
          ];
        },
        outputShape: ([x]) => x!,
        compute: ([x], { weights }) => {
          const product = (index: number) => {
            const y = tf.matMul(x as tf.Tensor2D, weights[index] as tf.Tensor2D);
            return bias ? tf.add(y, weights[index + 2]!) : y;
          };
          const gate = tf.sigmoid(product(1));
          return tf.add(tf.mul(gate, activation.apply(product(0))), tf.mul(tf.sub(1, gate), x!));
        },
      });
    },
  },
  {
    className: "TimeDistributedDense",
    majors: [1],
    arguments: ["units", "activation", "use_bias"],
    inert: ["input_dim", "input_length"],
    create(spec, { origin }) {
      const args = new Arguments(spec);
      const layer = tf.layers.dense({
        name: spec.name,
        units: args.integer("units", undefined, 1),
        useBias: args.flag("use_bias", true),
      });
      return Object.assign(layer, { activation: activationOf(args.raw("activation"), origin) });
    },
  },
  {
    className: "ParametricSoftplus",
    majors: [1],
    arguments: ["shared_axes"],
    inert: ["alpha_init", "beta_init", "weights"],
    create(spec) {
      return new ComputedLayer("ParametricSoftplus", spec, {
        weights: ([x]) => ["alphas", "betas"].map((name) => ({ name, shape: x!.slice(1) as number[] })),
        outputShape: ([x]) => x!,
        compute: ([x], { weights }) => tf.mul(tf.softplus(tf.mul(weights[1]!, x!)), weights[0]!),
      });
    },
  },
];

/** How near two vectors point, [batch, 1, 1]: Keras 1 puts an axis more than its `Dot` after it. */
function cosine(spec: LayerSpec, args: Arguments): ComputedLayer {
  return new ComputedLayer("Merge", spec, {
    outputShape: ([a, b]) => {
      if (a!.length !== 2 || b!.length !== 2)
        throw args.wrong("mode", "another one, where the inputs are no vectors");
      return [a![0]!, 1, 1];
    },
    compute: ([a, b]) => {
      const product = (x: tf.Tensor, y: tf.Tensor) => tf.sum(tf.mul(x, y), 1, true);
      const lengths = tf.sqrt(tf.mul(product(a!, a!), product(b!, b!)));
      return tf.expandDims(tf.div(product(a!, b!), tf.maximum(lengths, 1e-7)), 1);
    },
  });
}

/**
 * BatchNormalization of Keras 1 that keeps no averages (layers/normalization.py): in mode 1 each row of features by
 * itself, in mode 2 each feature over the batch, also when the model predicts. What it stores as averages is unused.
 */
export function normalizationByMode(spec: LayerSpec, args: Arguments, mode: number): ComputedLayer {
  const axis = mode === 1 ? -1 : args.integer("axis", -1);
  const epsilon = epsilonOf(args, 1e-3);
  return new ComputedLayer("BatchNormalization", spec, {
    weights: ([x]) => {
      const shape = [x!.at(axis) ?? 0];
      return [
        { name: "gamma", shape, initializer: "ones" },
        { name: "beta", shape },
        { name: "running_mean", shape, trainable: false },
        { name: "running_std", shape, trainable: false, initializer: "ones" },
      ];
    },
    outputShape: ([x]) => x!,
    compute: ([x], { weights }) => {
      const at = axis < 0 ? axis + x!.rank : axis;
      const over = mode === 1 ? [x!.rank - 1] : x!.shape.map((_, i) => i).filter((i) => i !== at);
      const { mean, variance } = tf.moments(x!, over, true);
      const centred = tf.sub(x!, mean);
      const spread = tf.sqrt(tf.add(variance, epsilon));
      // Mode 1 adds epsilon to the root as well.
      const normal = tf.div(centred, mode === 1 ? tf.add(spread, epsilon) : spread);
      const along = x!.shape.map((n, i) => (i === at ? n : 1));
      return tf.add(tf.mul(normal, tf.reshape(weights[0]!, along)), tf.reshape(weights[1]!, along));
    },
  });
}
