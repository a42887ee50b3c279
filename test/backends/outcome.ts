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

/**
 * Why an outcome differs from the one it should be; null when they agree.
 * @param tolerance relative above 1, absolute below
 */
export function difference(got: Outcome, wanted: Outcome, tolerance = 1e-3): string | null {
  if (got.status === "error" || wanted.status === "error") return null;
  if (got.tensors.length !== wanted.tensors.length) {
    return `${got.tensors.length} tensors instead of ${wanted.tensors.length}`;
  }
  return (
    got.tensors.map((tensor, i) => tensorDifference(tensor, wanted.tensors[i]!, tolerance)).find(Boolean) ??
    null
  );
}

function tensorDifference(got: TensorValues, wanted: TensorValues, tolerance: number): string | null {
  if (`${got.shape}` !== `${wanted.shape}`) return `shape [${got.shape}] instead of [${wanted.shape}]`;
  if (got.dtype !== wanted.dtype) return `${got.dtype} instead of ${wanted.dtype}`;
  if (got.values.length !== wanted.values.length)
    return `${got.values.length} values instead of ${wanted.values.length}`;
  const at = got.values.findIndex((value, i) => !near(value, wanted.values[i]!, tolerance));
  return at < 0 ? null : `value ${at} is ${got.values[at]} instead of ${wanted.values[at]}`;
}

function near(a: number | string, b: number | string, tolerance: number): boolean {
  if (typeof a === "string" || typeof b === "string") return a === b;
  return Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(b));
}
