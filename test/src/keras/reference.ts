import * as tf from "@tensorflow/tfjs";
import { readFileSync } from "node:fs";

export interface StoredTensor {
  readonly dtype: "float32" | "int32" | "bool" | "string";
  readonly shape: number[];
  /** Null stands for NaN. */
  readonly values: number[] | string[];
}

/** Keras's own inputs and outputs of a model, as test/fixtures/reference.py writes them. */
export interface Reference {
  readonly inputs: readonly StoredTensor[];
  readonly outputs: readonly StoredTensor[];
}

export function readReference(path: string): Reference {
  return JSON.parse(readFileSync(path, "utf8")) as Reference;
}

export function asTensor({ dtype, shape, values }: StoredTensor): tf.Tensor {
  const filled = (values as (number | null)[]).map((value) => value ?? NaN);
  return tf.tensor(dtype === "string" ? (values as string[]) : filled, shape, dtype);
}

/** Largest |a - b| / max(1, |b|), Infinity where the shapes differ or a value is no number. */
export async function difference(actual: tf.Tensor, expected: StoredTensor): Promise<number> {
  if (!tf.util.arraysEqual(actual.shape, expected.shape)) return Infinity;
  const got = await actual.data();
  if (expected.dtype === "string") {
    const same = expected.values.every((value, i) => (got as unknown as string[])[i] === value);
    return same ? 0 : Infinity;
  }
  return (expected.values as (number | null)[]).reduce<number>((worst, value, i) => {
    if (value === null) return Number.isNaN(got[i]) ? worst : Infinity;
    const off = Math.abs(got[i]! - value) / Math.max(1, Math.abs(value));
    return Math.max(worst, Number.isNaN(off) ? Infinity : off);
  }, 0);
}

/** The difference over all outputs of a model on the reference's inputs. */
export async function predictionError(
  model: tf.LayersModel,
  reference: Reference,
  training = false,
): Promise<number> {
  const inputs = reference.inputs.map(asTensor);
  const given = inputs.length === 1 ? inputs[0]! : inputs;
  const outputs = training
    ? (model.apply(given, { training }) as tf.Tensor | tf.Tensor[])
    : model.predict(given);
  const list = Array.isArray(outputs) ? outputs : [outputs];
  let worst = 0;
  for (const [i, expected] of reference.outputs.entries()) {
    worst = Math.max(worst, await difference(list[i]!, expected));
  }
  return worst;
}
