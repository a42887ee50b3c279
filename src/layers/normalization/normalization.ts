import * as tf from "@tensorflow/tfjs";
import { Arguments } from "../arguments/arguments.js";
import { epsilonOf } from "./epsilon.js";
import { fromZero, lengthAt } from "./axes.js";
import { batchNormalization } from "./batch-normalization.js";
import { ComputedLayer, type Shape, type WeightSpec } from "../computed-layer.js";
import { normalizationByMode } from "../arguments/keras-one.js";
import type { KerasOrigin, LayerDefinition } from "../registry.js";

/** keras/layers/normalization, and Normalization of keras/layers/preprocessing. */
export const NORMALIZATION: readonly LayerDefinition[] = [
  {
    className: "BatchNormalization",
    aliases: ["BatchNormalizationV1", "BatchNormalizationV2", "SyncBatchNormalization"],
    majors: [1, 2, 3],
    arguments: ["axis", "momentum", "epsilon", "center", "scale", "renorm", "synchronized", "mode"].concat([
      "renorm_clipping",
      "renorm_momentum",
    ]),
    inert: ["fused", "virtual_batch_size", "gamma", "beta"],
    namedArguments: ["mask", "training"],
    create: (spec, { origin }) => {
      const args = new Arguments(spec);
      const mode = args.integer("mode", 0, 0, 2);
      return mode === 0
        ? batchNormalization(spec.name, args, origin.major < 3)
        : normalizationByMode(spec, args, mode);
    },
  },
  {
    className: "LayerNormalization",
    majors: [2, 3],
    arguments: ["axis", "epsilon", "center", "scale", "rms_scaling"],
    create: (spec, { origin }) => layerNormalization(spec.name, new Arguments(spec), origin),
  },
  {
    className: "Normalization",
    majors: [2, 3],
    arguments: ["axis", "mean", "variance", "invert"],
    create: (spec) => normalization(spec.name, new Arguments(spec)),
  },
];

function layerNormalization(name: string, args: Arguments, origin: KerasOrigin): ComputedLayer {
  const axes = args.numbers("axis", [-1]);
  const epsilon = epsilonOf(args, 1e-3, origin.major === 3);
  const center = args.flag("center", true);
  const scale = args.flag("scale", true);
  const rms = args.flag("rms_scaling", false);
  // Keras 3 sorts the axes as they are given, Keras 2 not at all; both lay the weights out in that order.
  const ordered = origin.major === 3 ? [...axes].sort((a, b) => a - b) : axes;
  const at = (rank: number) => fromZero(ordered, rank);
  return new ComputedLayer(
    "LayerNormalization",
    { name },
    {
      weights: ([x]) => {
        const shape = at(x!.length).map((axis) => lengthAt(x!, axis));
        const list: WeightSpec[] = [];
        if (scale || rms) list.push({ name: "gamma", shape, initializer: "ones" });
        if (center && !rms) list.push({ name: "beta", shape });
        return list;
      },
      outputShape: ([x]) => x!,
      compute: ([x], { weights }) => {
        const over = at(x!.rank);
        const lastAlone = over.length === 1 && over[0] === x!.rank - 1;
        const shape = x!.shape.map((n, i) => (over.includes(i) ? n : 1));
        const along = (weight: tf.Tensor) => (lastAlone ? weight : tf.reshape(weight, shape));
        const centered = tf.sub(x!, tf.mean(x!, over, true));
        const factor = tf.rsqrt(tf.add(tf.mean(tf.square(centered), over, true), epsilon));
        // layer_normalization.py: the root mean square takes the place of the deviation, nothing is subtracted.
        if (rms) return tf.mul(tf.mul(x!, factor), along(weights[0]!));
        const scaled = tf.mul(centered, scale ? tf.mul(factor, along(weights[0]!)) : factor);
        return center ? tf.add(scaled, along(weights[scale ? 1 : 0]!)) : scaled;
      },
    },
  );
}

/** One mean and one variance, or one for each place along the axes. */
function checkGiven(
  given: { readonly [name in "mean" | "variance"]: readonly number[] },
  shape: Shape,
  axes: readonly number[],
  args: Arguments,
): void {
  const sizes = axes.map((axis) => shape[axis] ?? null);
  if (sizes.includes(null)) return;
  const count = sizes.reduce<number>((product, n) => product * n!, 1);
  for (const name of ["mean", "variance"] as const) {
    const { length } = given[name];
    if (length === 1 || length === count) continue;
    throw args.wrong(name, count === 1 ? "one number" : `one number, or ${count} along the axis`);
  }
}

/** (x - mean) / max(sqrt(variance), epsilon), by values of the config or learnt by `adapt` and stored. */
function normalization(name: string, args: Arguments): ComputedLayer {
  const invert = args.flag("invert", false);
  const given =
    args.has("mean") && args.has("variance")
      ? { mean: args.numbers("mean"), variance: args.numbers("variance") }
      : null;
  const axisArgument = args.raw("axis");
  const axes = axisArgument === null ? [] : args.numbers("axis", [-1]);
  const at = (rank: number) => fromZero(axes, rank);
  const broadcast = (x: tf.Tensor, value: tf.Tensor) =>
    tf.reshape(value, value.size === 1 ? [] : x.shape.map((n, i) => (at(x.rank).includes(i) ? n : 1)));
  return new ComputedLayer(
    "Normalization",
    { name },
    {
      weights: ([x]) => {
        if (given) checkGiven(given, x!, at(x!.length), args);
        if (given) return [];
        const shape = at(x!.length).map((axis) => lengthAt(x!, axis));
        return [
          { name: "mean", shape, trainable: false },
          { name: "variance", shape, trainable: false, initializer: "ones" },
          { name: "count", shape: [], trainable: false, dtype: "int32" },
        ];
      },
      outputShape: ([x]) => x!,
      compute: ([x], { weights }) => {
        const input = tf.cast(x!, "float32");
        const mean = broadcast(input, given ? tf.tensor1d(given.mean) : weights[0]!);
        const variance = broadcast(input, given ? tf.tensor1d(given.variance) : weights[1]!);
        const deviation = tf.maximum(tf.sqrt(variance), 1e-7);
        return invert ? tf.add(mean, tf.mul(input, deviation)) : tf.div(tf.sub(input, mean), deviation);
      },
    },
  );
}
