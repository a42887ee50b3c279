import * as tf from "@tensorflow/tfjs";
import type { Case, Outcome, TensorValues } from "./case.js";

/** Runs a case on the current back end, and reads its result as a user would, asynchronously. */
export async function outcomeOf({ compute }: Case): Promise<Outcome> {
  tf.engine().startScope();
  try {
    const results = [await compute()].flat();
    const tensors: TensorValues[] = [];
    for (const result of results) tensors.push(await valuesOf(result));
    return { status: "values", tensors };
  } catch (error) {
    return { status: "error", message: String((error as Error).message || error).split("\n")[0]! };
  } finally {
    tf.engine().endScope();
  }
}

async function valuesOf(tensor: tf.Tensor): Promise<TensorValues> {
  const { shape, dtype } = tensor;
  const values = Array.from((await tensor.data()) as ArrayLike<number>, (value) =>
    Number.isFinite(value) ? Number(value) : String(value),
  );
  return { shape, dtype, values };
}

/** Why two outcomes differ; null when they agree to 1e-3 of the value or of 1. */
export function difference(got: TensorValues, wanted: TensorValues): string | null {
  if (`${got.shape}` !== `${wanted.shape}`) return `shape [${got.shape}] instead of [${wanted.shape}]`;
  if (got.dtype !== wanted.dtype) return `${got.dtype} instead of ${wanted.dtype}`;
  if (got.values.length !== wanted.values.length)
    return `${got.values.length} values instead of ${wanted.values.length}`;
  const at = got.values.findIndex((value, i) => !near(value, wanted.values[i]!));
  return at < 0 ? null : `value ${at} is ${got.values[at]} instead of ${wanted.values[at]}`;
}

function near(a: number | string, b: number | string): boolean {
  if (typeof a === "string" || typeof b === "string") return a === b;
  return Math.abs(a - b) <= 1e-3 * Math.max(1, Math.abs(b));
}
