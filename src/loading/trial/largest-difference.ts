import type * as tf from "@tensorflow/tfjs";

/** Of all numbers, relative to the largest of their output; infinite where shapes differ. Text is left out. */
export async function largestDifference(
  own: readonly tf.Tensor[],
  wanted: readonly tf.Tensor[],
): Promise<number> {
  let most = 0;
  for (const [i, output] of own.entries()) {
    const other = wanted[i]!;
    if (output.dtype === "string" || other.dtype === "string") continue;
    if (output.shape.join() !== other.shape.join()) return Infinity;
    const [given, expected] = [await output.data(), await other.data()];
    let [scale, apart] = [1e-6, 0];
    expected.forEach((value, k) => {
      if (!Number.isFinite(value)) return;
      scale = Math.max(scale, Math.abs(value));
      const difference = Math.abs(value - given[k]!);
      apart = Number.isFinite(difference) ? Math.max(apart, difference) : Infinity;
    });
    most = Math.max(most, apart / scale);
  }
  return most;
}
