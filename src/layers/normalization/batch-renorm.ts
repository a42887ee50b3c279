import * as tf from "@tensorflow/tfjs";
import { isObject } from "../../keras/json.js";
import { stopGradient } from "../../ops/stop-gradient.js";
import type { Arguments } from "../arguments/arguments.js";

/** A layer's `moving_stddev`, `renorm_mean` and `renorm_stddev`. */
export type RenormState = readonly [tf.LayerVariable, tf.LayerVariable, tf.LayerVariable];

export interface Renormed {
  /** The batch's normalized values are multiplied by this and moved by `d`; neither is trained. */
  readonly r: tf.Tensor;
  readonly d: tf.Tensor;
  /** What `moving_variance` becomes. */
  readonly variance: tf.Tensor;
}

/**
 * Batch renormalization (Ioffe, arXiv 1702.03275) as Keras does a step of it
 * (layers/normalization/batch_normalization.py, `_renorm_correction_and_moments`): how far the batch is from the
 * averages so far, within `renorm_clipping`; then the averages move.
 */
export function renormalization(args: Arguments): (batch: Moments, state: RenormState) => Renormed {
  const settings: Settings = {
    ...clipping(args),
    epsilon: args.number("epsilon", 1e-3),
    momentum: args.number("momentum", 0.99),
    slow: args.number("renorm_momentum", 0.99),
  };
  return (batch, state) => renormed(settings, batch, state);
}

interface Moments {
  readonly mean: tf.Tensor;
  readonly variance: tf.Tensor;
}

interface Settings {
  readonly rmin: number;
  readonly rmax: number;
  readonly dmax: number;
  readonly epsilon: number;
  readonly momentum: number;
  /** Momentum of the averages that corrections go by. */
  readonly slow: number;
}

function renormed(
  { rmin, rmax, dmax, epsilon, momentum, slow }: Settings,
  batch: Moments,
  [movingStddev, renormMean, renormStddev]: RenormState,
): Renormed {
  const stddev = tf.sqrt(tf.add(batch.variance, epsilon));
  const spread = tf.maximum(renormStddev.read(), Math.sqrt(epsilon));
  const r = tf.clipByValue(tf.div(stddev, spread), rmin, rmax);
  const d = tf.clipByValue(tf.div(tf.sub(batch.mean, renormMean.read()), spread), -dmax, dmax);
  move(renormMean, batch.mean, slow);
  move(renormStddev, stddev, slow);
  move(movingStddev, stddev, momentum);
  const variance = tf.relu(tf.sub(tf.square(movingStddev.read()), epsilon));
  return { r: stopGradient(r), d: stopGradient(d), variance };
}

function move(variable: tf.LayerVariable, value: tf.Tensor, momentum: number): void {
  variable.write(tf.add(tf.mul(variable.read(), momentum), tf.mul(value, 1 - momentum)));
}

/** Bounds that are not given do not bind. */
function clipping(args: Arguments): Pick<Settings, "rmin" | "rmax" | "dmax"> {
  const saved = args.raw("renorm_clipping") ?? {};
  if (!isObject(saved)) throw args.wrong("renorm_clipping", "an object with rmin, rmax and dmax");
  const bound = (name: string, otherwise: number): number => {
    const value = saved[name] ?? otherwise;
    if (typeof value !== "number") throw args.wrong("renorm_clipping", `a number for ${name}`);
    return value;
  };
  return { rmin: bound("rmin", -Infinity), rmax: bound("rmax", Infinity), dmax: bound("dmax", Infinity) };
}
