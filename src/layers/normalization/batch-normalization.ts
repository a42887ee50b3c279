import * as tf from "@tensorflow/tfjs";
import type { Arguments } from "../arguments/arguments.js";
import { epsilonOf } from "./epsilon.js";
import { fromZero, lengthAt, sizesAt } from "./axes.js";
import { renormalization, type Renormed, type RenormState } from "./batch-renorm.js";
import { ComputedLayer, type Running, type Shape, type WeightSpec } from "../computed-layer.js";
import { isOfFirstOrder } from "../first-order.js";
import { normalizeBatch, type BatchStatistics } from "./normalize-batch.js";

/** `keras.backend.epsilon()`. */
const KERAS_EPSILON = 1e-7;

interface Settings {
  readonly axes: readonly number[];
  readonly epsilon: number;
  readonly momentum: number;
  readonly center: boolean;
  readonly scale: boolean;
  /** Batch renormalization, where the layer is trained with it. */
  readonly renorm: ReturnType<typeof renormalization> | null;
  /** Whether the stored variance is that of a sample, by the axes kept and the rank of the input. */
  readonly sampled: (kept: readonly number[], rank: number) => boolean;
}

/** The weights of one call, by what they are. */
interface State {
  readonly gamma: tf.Tensor | null;
  readonly beta: tf.Tensor | null;
  readonly mean: tf.Tensor;
  readonly variance: tf.Tensor;
  /** moving_mean, moving_variance, and those of `renorm`. */
  readonly moving: readonly tf.LayerVariable[];
}

/**
 * (x - mean) / sqrt(variance + epsilon) x gamma + beta, by averages of training or, in training, by the batch's own.
 * @param bessel whether the stored variance of images is that of a sample, as the fused kernel of Keras 2 has it
 */
export function batchNormalization(name: string, args: Arguments, bessel: boolean): ComputedLayer {
  const settings = readSettings(args, bessel);
  const layer: ComputedLayer = new ComputedLayer(
    "BatchNormalization",
    { name },
    {
      weights: ([x]) => weightsOf(x!, settings),
      outputShape: ([x]) => x!,
      compute: ([x], running) => {
        const state = stateOf(running, settings);
        // A frozen one goes by what it knows, also while the model is trained.
        if (running.training && layer.trainable) return train(x!, running.named["mask"], state, settings);
        const channelsLast = isChannelsLast(x!, settings.axes);
        if (!running.training && channelsLast) return normalizeChannels(x!, state, settings.epsilon);
        return normalize(x!, state, state, settings, null);
      },
    },
  );
  return layer;
}

function readSettings(args: Arguments, bessel: boolean): Settings {
  const axes = args.numbers("axis", [-1]);
  if (axes.length === 0) throw args.wrong("axis", "an axis, or a list of them");
  const renorm = renormalization(args);
  const renorms = args.flag("renorm", false);
  // tf_keras batch_normalization.py `_fused_can_be_used`
  const fused = !renorms && args.flag("fused", true) && typeof args.raw("virtual_batch_size") !== "number";
  return {
    axes,
    epsilon: epsilonOf(args, 1e-3),
    momentum: args.number("momentum", 0.99),
    center: args.flag("center", true),
    scale: args.flag("scale", true),
    renorm: renorms ? renorm : null,
    sampled: ([axis, ...more], rank) =>
      bessel && fused && more.length === 0 && (rank === 4 || rank === 5) && (axis === 1 || axis === rank - 1),
  };
}

function weightsOf(x: Shape, { axes, center, scale, renorm }: Settings): WeightSpec[] {
  const over = fromZero(axes, x.length);
  // tf_keras batch_normalization.py: over several axes, weights have the rank of the input.
  const shape = over.length === 1 ? [lengthAt(x, over[0]!)] : sizesAt(x, over);
  const list: WeightSpec[] = [];
  if (scale) list.push({ name: "gamma", shape, initializer: "ones" });
  if (center) list.push({ name: "beta", shape });
  list.push({ name: "moving_mean", shape, trainable: false });
  list.push({ name: "moving_variance", shape, trainable: false, initializer: "ones" });
  // tf_keras normalization/batch_normalization.py: three more, unused when the model predicts.
  for (const extra of renorm ? ["moving_stddev", "renorm_mean", "renorm_stddev"] : []) {
    list.push({ name: extra, shape, trainable: false });
  }
  return list;
}

function stateOf({ weights, variables }: Running, { center, scale }: Settings): State {
  const first = (scale ? 1 : 0) + (center ? 1 : 0);
  return {
    gamma: scale ? weights[0]! : null,
    beta: center ? weights[scale ? 1 : 0]! : null,
    mean: weights[first]!,
    variance: weights[first + 1]!,
    moving: variables.slice(first),
  };
}

function isChannelsLast(x: tf.Tensor, axes: readonly number[]): boolean {
  return axes.length === 1 && fromZero(axes, x.rank)[0] === x.rank - 1;
}

/** By the batch's own statistics, which move the averages. */
function train(x: tf.Tensor, given: unknown, state: State, settings: Settings): tf.Tensor {
  const { axes, epsilon, renorm, sampled } = settings;
  const kept = fromZero(axes, x.rank);
  const mask = given instanceof tf.Tensor && !sampled(kept, x.rank) ? given : null;
  if (isChannelsLast(x, axes) && !mask && !renorm && x.size > 0 && isOfFirstOrder()) {
    const one = (value: number) => tf.fill([x.shape.at(-1)!], value);
    const batch = normalizeBatch(x, state.gamma ?? one(1), state.beta ?? one(0), epsilon);
    remember(x, batch, state, settings);
    tf.dispose([batch.mean, batch.variance]);
    return batch.y;
  }
  const others = x.shape.map((_, i) => i).filter((i) => !kept.includes(i));
  const batch = mask
    ? maskedMoments(x, mask, others, kept.length > 1)
    : tf.moments(x, others, kept.length > 1);
  return normalize(x, state, batch, settings, remember(x, batch, state, settings));
}

/** @returns how a batch is corrected that is renormalized */
function remember(x: tf.Tensor, batch: BatchStatistics, state: State, settings: Settings): Renormed | null {
  const { momentum, renorm, sampled, axes } = settings;
  const [mean, variance, ...more] = state.moving as [
    tf.LayerVariable,
    tf.LayerVariable,
    ...tf.LayerVariable[],
  ];
  average(mean, batch.mean, momentum);
  if (renorm) {
    const made = renorm(batch, more as unknown as RenormState);
    variance.write(made.variance);
    return made;
  }
  const samples = x.size / batch.variance.size;
  const kept = sampled(fromZero(axes, x.rank), x.rank)
    ? tf.mul(batch.variance, samples / Math.max(1, samples - 1))
    : batch.variance;
  average(variance, kept, momentum);
  return null;
}

function normalize(
  x: tf.Tensor,
  { gamma, beta }: State,
  { mean, variance }: BatchStatistics,
  { axes, epsilon }: Settings,
  renormed: Renormed | null,
): tf.Tensor {
  const kept = fromZero(axes, x.rank);
  const shape = x.shape.map((n, i) => (kept.includes(i) ? n : 1));
  const unit = tf.rsqrt(tf.add(variance, epsilon));
  const own = renormed ? tf.mul(unit, renormed.r) : unit;
  const factor = gamma ? tf.mul(gamma, own) : own;
  const scaled = tf.mul(tf.sub(x, tf.reshape(mean, shape)), tf.reshape(factor, shape));
  const moved = renormed && (gamma ? tf.mul(renormed.d, gamma) : renormed.d);
  const shifted = moved ? tf.add(scaled, tf.reshape(moved, shape)) : scaled;
  return beta ? tf.add(shifted, tf.reshape(beta, shape)) : shifted;
}

/**
 * By the kernel that back ends have for it, which goes over `x` once. It wants four axes, and its gradient all terms.
 */
function normalizeChannels(x: tf.Tensor, state: State, epsilon: number): tf.Tensor {
  const { mean, variance, beta, gamma } = state;
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
function maskedMoments(x: tf.Tensor, mask: tf.Tensor, axes: number[], keepDims: boolean): BatchStatistics {
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
