import * as tf from "@tensorflow/tfjs";

export interface Difference {
  readonly shape: readonly number[];
  /** Largest absolute difference; infinite where the shapes differ, NaN where one side is not a number. */
  readonly largest: number;
  readonly mean: number;
  /** Largest absolute value of the second side, to judge the difference by. */
  readonly scale: number;
  /** Index of the largest difference. */
  readonly at: readonly number[];
}

/** How far two tensors are apart, element by element. */
export function difference(a: tf.Tensor, b: tf.Tensor): Difference {
  if (!tf.util.arraysEqual(a.shape, b.shape)) {
    return { shape: a.shape, largest: Infinity, mean: Infinity, scale: NaN, at: [] };
  }
  const [left, right] = [a.dataSync(), b.dataSync()];
  let [largest, sum, scale, index] = [0, 0, 0, 0];
  for (let i = 0; i < left.length; i++) {
    const distance = Math.abs(left[i]! - right[i]!);
    if (Number.isNaN(distance))
      return { shape: a.shape, largest: NaN, mean: NaN, scale, at: position(i, a.shape) };
    if (distance > largest) [largest, index] = [distance, i];
    sum += distance;
    scale = Math.max(scale, Math.abs(right[i]!));
  }
  return {
    shape: a.shape,
    largest,
    mean: sum / Math.max(1, left.length),
    scale,
    at: position(index, a.shape),
  };
}

function position(index: number, shape: readonly number[]): number[] {
  let rest = index;
  return shape.reduceRight<number[]>((at, size) => {
    const here = rest % size;
    rest = Math.floor(rest / size);
    return [here, ...at];
  }, []);
}
