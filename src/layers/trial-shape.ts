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
  compute: Compute,
  make: Make = (shape) => tf.zeros(shape),
  lengths: readonly number[] = [1],
): Shape | Shape[] {
  const [first, second] = twice(shapes, compute, make, lengths);
  const list = first!.map((shape, i) => shape.map((n, k) => (n === second![i]?.[k] ? n : null)));
  return list.length === 1 ? list[0]! : list;
}

/** @param length what stands in place of each unknown one */
type Compute = (inputs: tf.Tensor[], length: number) => tf.Tensor | tf.Tensor[];
type Make = (shape: number[], input: number, length: number) => tf.Tensor;

/** Lengths for an operation, which may have been saved with constants that fix one. */
export const FIXED_LENGTHS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 16, 32, 64];

/** Where a graph fixes the batch, other lengths fail; then the first that does not counts, and none is unknown. */
function twice(
  shapes: readonly Shape[],
  compute: Compute,
  make: Make,
  lengths: readonly number[],
): number[][][] {
  try {
    return TRIALS.map((length) => run(shapes, length, compute, make));
  } catch (error) {
    // A single number may be the unknown length itself (`tf.reshape(x, [tf.shape(x)[0], -1])`).
    if (shapes.some((shape) => shape.length === 0)) {
      try {
        const lengthItself: Make = (shape, input, length) =>
          shape.length === 0 ? tf.scalar(length) : make(shape, input, length);
        return TRIALS.map((length) => run(shapes, length, compute, lengthItself));
      } catch {
        // The lengths below may do.
      }
    }
    for (const length of lengths) {
      try {
        const result = run(shapes, length, compute, make);
        return [result, result];
      } catch {
        // The next length may do.
      }
    }
    throw error;
  }
}

function run(shapes: readonly Shape[], length: number, compute: Compute, make: Make): number[][] {
  return tf.tidy(() => {
    const made = shapes.map((shape, i) =>
      make(
        shape.map((n) => n ?? length),
        i,
        length,
      ),
    );
    const outputs = compute(made, length);
    return (Array.isArray(outputs) ? outputs : [outputs]).map((output) => output.shape);
  });
}
