import * as tf from "@tensorflow/tfjs";
import { isOfFirstOrder } from "../first-order.js";
import { normalizeBatch } from "./normalize-batch.js";

/** A layer of `tf.layers.batchNormalization` (tfjs-layers, layers/normalization.ts). */
interface HandBuilt {
  readonly axis: number;
  readonly epsilon: number;
  readonly momentum: number;
  /** Undefined by `scale: false`, as `beta` by `center: false`. */
  readonly gamma?: tf.LayerVariable;
  readonly beta?: tf.LayerVariable;
  readonly movingMean: tf.LayerVariable;
  readonly movingVariance: tf.LayerVariable;
}

type Call = (
  this: HandBuilt,
  inputs: tf.Tensor | tf.Tensor[],
  kwargs: { readonly training?: boolean },
) => tf.Tensor;

let replaced = false;

/**
 * Trains `tf.layers.batchNormalization` of models that a user builds as that of loaded ones is trained: one step where
 * it took a dozen, and `scale: false` and `center: false`, which failed at "reading 'read'".
 */
export function normalizeHandBuilt(): void {
  if (replaced) return;
  replaced = true;
  const prototype = Object.getPrototypeOf(tf.layers.batchNormalization()) as { call: Call };
  const own = prototype.call;
  prototype.call = function (inputs, kwargs) {
    const x = [inputs].flat()[0]!;
    if (!kwargs.training || x.size === 0 || !isOfFirstOrder()) return own.call(this, inputs, kwargs);
    return tf.tidy(() => train(this, x));
  };
}

function train(layer: HandBuilt, x: tf.Tensor): tf.Tensor {
  const axis = (layer.axis + x.rank) % x.rank;
  // There and back by the same exchange of two axes.
  const order = x.shape.map((_, i) => (i === axis ? x.rank - 1 : i === x.rank - 1 ? axis : i));
  const isLast = axis === x.rank - 1;
  const channelsLast = isLast ? x : tf.transpose(x, order);
  const all = (value: number) => tf.fill([x.shape[axis]!], value);
  const [gamma, beta] = [layer.gamma?.read() ?? all(1), layer.beta?.read() ?? all(0)];
  const { y, mean, variance } = normalizeBatch(channelsLast, gamma, beta, layer.epsilon);
  average(layer.movingMean, mean, layer.momentum);
  average(layer.movingVariance, variance, layer.momentum);
  tf.dispose([mean, variance]);
  return isLast ? y : tf.transpose(y, order);
}

function average(variable: tf.LayerVariable, value: tf.Tensor, momentum: number): void {
  const known = variable.read();
  variable.write(tf.sub(known, tf.mul(tf.sub(known, value), 1 - momentum)));
}
