import * as tf from "@tensorflow/tfjs";
import type { Shape } from "./computed-layer.js";

/** Two values for each unknown length: an output length that changes with them is unknown too. */
const TRIALS = [2, 3] as const;

/**
 * The output shape of a computation that does not say it: the computation runs twice on zeros, with two lengths in
 * place of each unknown one.
 */
export function trialShape(
  shapes: readonly Shape[],
  compute: (inputs: tf.Tensor[]) => tf.Tensor | tf.Tensor[],
): Shape | Shape[] {
  const [first, second] = twice(shapes, compute);
  const list = first!.map((shape, i) => shape.map((n, k) => (n === second![i]?.[k] ? n : null)));
  return list.length === 1 ? list[0]! : list;
}

/** Where a graph fixes the batch, other lengths fail; then all unknown ones are 1, and none counts as unknown. */
function twice(
  shapes: readonly Shape[],
  compute: (inputs: tf.Tensor[]) => tf.Tensor | tf.Tensor[],
): number[][][] {
  try {
    return TRIALS.map((length) => run(shapes, length, compute));
  } catch (error) {
    try {
      return [1, 1].map((length) => run(shapes, length, compute));
    } catch {
      throw error;
    }
  }
}

function run(
  shapes: readonly Shape[],
  length: number,
  compute: (inputs: tf.Tensor[]) => tf.Tensor | tf.Tensor[],
): number[][] {
  return tf.tidy(() => {
    const outputs = compute(shapes.map((shape) => tf.zeros(shape.map((n) => n ?? length))));
    return (Array.isArray(outputs) ? outputs : [outputs]).map((output) => output.shape);
  });
}
