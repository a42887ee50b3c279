import * as tf from "@tensorflow/tfjs";
import { LayerError } from "../keras/finding.js";
import { Arguments } from "./arguments.js";
import { ComputedLayer, type Shape, type WeightSpec } from "./computed-layer.js";
import { renormalization, type Renormed, type RenormState } from "./batch-renorm.js";
import { isOfFirstOrder } from "./first-order.js";
import { normalizationByMode } from "./keras-one.js";
import { normalizeBatch, type BatchStatistics } from "./normalize-batch.js";
import type { KerasOrigin, LayerDefinition } from "./registry.js";

/** `keras.backend.epsilon()`. */
const KERAS_EPSILON = 1e-7;

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

/** @param bessel whether the stored variance of images is that of a sample, as the fused kernel of Keras 2 has it */
function batchNormalization(name: string, args: Arguments, bessel: boolean): ComputedLayer {
  const axes = args.numbers("axis", [-1]);
  if (axes.length === 0) throw args.wrong("axis", "an axis, or a list of them");
  const epsilon = args.number("epsilon", 1e-3);
  const momentum = args.number("momentum", 0.99);
  const center = args.flag("center", true);
  const scale = args.flag("scale", true);
  const renorms = args.flag("renorm", false);
  const renorm = renormalization(args);
  // tf_keras batch_normalization.py `_fused_can_be_used`
  const fused = ([axis, ...more]: readonly number[], rank: number): boolean =>
    more.length === 0 &&
    (rank === 4 || rank === 5) &&
    (axis === 1 || axis === rank - 1) &&
    !renorms &&
    args.flag("fused", true) &&
    typeof args.raw("virtual_batch_size") !== "number";
  const layer = new ComputedLayer(
    "BatchNormalization",
    { name },
    {
      weights: ([x]) => {
        const over = fromZero(axes, x!.length);
        // tf_keras batch_normalization.py: over several axes, weights have the rank of the input.
        const shape = over.length === 1 ? [lengthAt(x!, over[0]!)] : sizesAt(x!, over);
        const list: WeightSpec[] = [];
        if (scale) list.push({ name: "gamma", shape, initializer: "ones" });
        if (center) list.push({ name: "beta", shape });
        list.push({ name: "moving_mean", shape, trainable: false });
        list.push({ name: "moving_variance", shape, trainable: false, initializer: "ones" });
        // tf_keras normalization/batch_normalization.py: three more, unused when the model predicts.
        for (const extra of renorms ? ["moving_stddev", "renorm_mean", "renorm_stddev"] : []) {
          list.push({ name: extra, shape, trainable: false });
        }
        return list;
      },
      outputShape: ([x]) => x!,
      compute: ([x], { weights, variables, training, named }) => {
        const kept = fromZero(axes, x!.rank);
        const gamma = scale ? weights[0]! : null;
        const beta = center ? weights[scale ? 1 : 0]! : null;
        const state = (scale ? 1 : 0) + (center ? 1 : 0);
        let mean = weights[state]!;
        let variance = weights[state + 1]!;
        const channelsLast = kept.length === 1 && kept[0] === x!.rank - 1;
        let renormed: Renormed | null = null;
        // A frozen one goes by what it knows, also while the model is trained.
        if (training && layer.trainable) {
          const others = x!.shape.map((_, i) => i).filter((i) => !kept.includes(i));
          const sample = bessel && fused(kept, x!.rank);
          const mask = !sample && named.mask instanceof tf.Tensor ? named.mask : null;
          const remember = (batch: BatchStatistics): Renormed | null => {
            average(variables[state]!, batch.mean, momentum);
            const samples = x!.size / batch.variance.size;
            const sampled = sample
              ? tf.mul(batch.variance, samples / Math.max(1, samples - 1))
              : batch.variance;
            if (!renorms) {
              average(variables[state + 1]!, sampled, momentum);
              return null;
            }
            const own = variables.slice(state + 2, state + 5);
            const made = renorm(batch, own as unknown as RenormState);
            variables[state + 1]!.write(made.variance);
            return made;
          };
          if (channelsLast && !mask && !renorms && x!.size > 0 && isOfFirstOrder()) {
            const one = (value: number) => tf.fill([x!.shape.at(-1)!], value);
            const batch = normalizeBatch(x!, gamma ?? one(1), beta ?? one(0), epsilon);
            remember(batch);
            tf.dispose([batch.mean, batch.variance]);
            return batch.y;
          }
          const batch = mask
            ? maskedMoments(x!, mask, others, kept.length > 1)
            : tf.moments(x!, others, kept.length > 1);
          renormed = remember(batch);
          mean = batch.mean;
          variance = batch.variance;
        }
        if (!training && channelsLast) return normalizeChannels(x!, mean, variance, beta, gamma, epsilon);
        const shape = x!.shape.map((n, i) => (kept.includes(i) ? n : 1));
        const unit = tf.rsqrt(tf.add(variance, epsilon));
        const own = renormed ? tf.mul(unit, renormed.r) : unit;
        const factor = gamma ? tf.mul(gamma, own) : own;
        const scaled = tf.mul(tf.sub(x!, tf.reshape(mean, shape)), tf.reshape(factor, shape));
        const moved = renormed && (gamma ? tf.mul(renormed.d, gamma) : renormed.d);
        const shifted = moved ? tf.add(scaled, tf.reshape(moved, shape)) : scaled;
        return beta ? tf.add(shifted, tf.reshape(beta, shape)) : shifted;
      },
    },
  );
  return layer;
}

/**
 * By the kernel that back ends have for it, which goes over `x` once. It wants four axes, and its gradient all terms.
 */
function normalizeChannels(
  x: tf.Tensor,
  mean: tf.Tensor,
  variance: tf.Tensor,
  beta: tf.Tensor | null,
  gamma: tf.Tensor | null,
  epsilon: number,
): tf.Tensor {
  const normalize = (images: tf.Tensor) =>
    tf.batchNorm(
      images as tf.Tensor4D,
      mean as tf.Tensor1D,
      variance as tf.Tensor1D,
      (beta ?? tf.zerosLike(mean)) as tf.Tensor1D,
      (gamma ?? tf.onesLike(mean)) as tf.Tensor1D,
      epsilon,
    );
  if (x.rank === 4) return normalize(x); // no reshaping then: it would cost an operation of its own
  const channels = x.shape.at(-1)!;
  const images = tf.reshape(x, [1, 1, channels === 0 ? 0 : x.size / channels, channels]);
  return tf.reshape(normalize(images), x.shape);
}

/** Mean and variance of what a mask, of all axes of `x` but the last, leaves. */
function maskedMoments(
  x: tf.Tensor,
  mask: tf.Tensor,
  axes: number[],
  keepDims: boolean,
): { mean: tf.Tensor; variance: tf.Tensor } {
  const counted = tf.broadcastTo(tf.expandDims(tf.cast(mask, "float32"), -1), x.shape);
  const mean = (values: tf.Tensor) =>
    tf.div(tf.sum(tf.mul(values, counted), axes, true), tf.add(tf.sum(counted, axes, true), KERAS_EPSILON));
  const middle = mean(x);
  const variance = mean(tf.squaredDifference(x, middle));
  return keepDims
    ? { mean: middle, variance }
    : { mean: tf.squeeze(middle, axes), variance: tf.squeeze(variance, axes) };
}

function average(variable: tf.LayerVariable, value: tf.Tensor, momentum: number): void {
  variable.write(tf.add(tf.mul(variable.read(), momentum), tf.mul(value, 1 - momentum)));
}

function layerNormalization(name: string, args: Arguments, origin: KerasOrigin): ComputedLayer {
  const axes = args.numbers("axis", [-1]);
  const epsilon = args.number("epsilon", 1e-3);
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
        const shape = x!.shape.map((n, i) => (over.includes(i) ? n : 1));
        const { mean, variance } = tf.moments(x!, over, true);
        if (rms) {
          // layer_normalization.py: the root mean square takes the place of the deviation, nothing is subtracted.
          return tf.mul(tf.mul(x!, tf.rsqrt(tf.add(variance, epsilon))), tf.reshape(weights[0]!, shape));
        }
        const factor = tf.rsqrt(tf.add(variance, epsilon));
        const scaled = tf.mul(
          tf.sub(x!, mean),
          scale ? tf.mul(factor, tf.reshape(weights[0]!, shape)) : factor,
        );
        return center ? tf.add(scaled, tf.reshape(weights[scale ? 1 : 0]!, shape)) : scaled;
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

function fromZero(axes: readonly number[], rank: number): number[] {
  return axes.map((axis) => (axis < 0 ? axis + rank : axis));
}

/** Sizes along the axes, 1 along all others. */
function sizesAt(shape: Shape, axes: readonly number[]): number[] {
  return shape.map((_, i) => (axes.includes(i) ? lengthAt(shape, i) : 1));
}

function lengthAt(shape: Shape, axis: number): number {
  const length = shape.at(axis);
  if (typeof length === "number") return length;
  throw new LayerError(
    length === undefined ? "A24" : "G11",
    "axis",
    `axis ${axis} of an input of shape [${shape.map((n) => n ?? "?").join(", ")}]`,
    length === undefined
      ? "the input has no such axis"
      : "its length must be known before the weights can be made",
    "Correct the axis, or give the model's input a shape.",
  );
}
