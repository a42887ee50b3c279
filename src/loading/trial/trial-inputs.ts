import * as tf from "@tensorflow/tfjs";

/** Input elements of a trial run with one example. */
export const MOST_TRIAL_ELEMENTS = 1 << 20;
/** A free dimension of the trial input, where the model leaves it open. */
const FREE = 16;

/** The shape of one example. */
export function trialLengths(shape: readonly (number | null)[]): number[] {
  return shape.map((size, axis) => size ?? (axis === 0 ? 1 : FREE));
}

export function trialElements(model: tf.LayersModel): number {
  return model.inputs.reduce((sum, { shape }) => sum + trialLengths(shape).reduce((a, b) => a * b, 1), 0);
}

/** One example that tells more than zeros: numbers around 0, indices 0 and 1 in turns, a text. */
export function trialExample({ shape, dtype }: tf.SymbolicTensor): tf.Tensor {
  const lengths = trialLengths(shape);
  if (dtype === "string") return trialText(lengths, "a b");
  if (dtype === "float32") return tf.randomNormal(lengths, 0, 1, "float32", 1);
  const size = lengths.reduce((a, b) => a * b, 1);
  return tf.tensor(
    Array.from({ length: size }, (_, i) => (i + 1) % 2),
    lengths,
    dtype,
  );
}

/** One text in every place: wasm has no tf.fill for text. */
export function trialText(shape: readonly number[], text: string): tf.Tensor {
  const size = shape.reduce((a, b) => a * b, 1);
  return tf.tensor(new Array<string>(size).fill(text), [...shape], "string");
}
