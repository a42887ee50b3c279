import * as tf from "@tensorflow/tfjs";
import { release, type GraphValue } from "./value.js";

/** Something that can run a whole call better than op by op. */
export interface WholeRunner {
  /**
   * @param owner the same object for the same call
   * @param weights one object for each variable's value; another when it has changed
   * @returns null where it does not serve
   */
  run(
    owner: object,
    inputs: readonly tf.Tensor[],
    compute: (inputs: readonly tf.Tensor[]) => tf.Tensor[],
    weights: () => readonly object[],
  ): tf.Tensor[] | null;
}

let runner: WholeRunner | null = null;

/** Lets calls of graphs on tensors go through a runner, where it takes them. */
export function runGraphsThrough(taken: WholeRunner): void {
  runner = taken;
}

/**
 * Runs a call whose arguments are all tensors through the runner.
 * @param args owned by the call; freed when the runner has taken it
 * @returns null when the caller is to run it
 */
export function runWhole(
  owner: object,
  args: readonly GraphValue[],
  compute: (args: readonly GraphValue[]) => GraphValue[],
  weights: () => readonly object[],
): GraphValue[] | null {
  if (!runner || mixed.has(owner)) return null;
  if (args.length === 0 || !args.every((arg) => arg instanceof tf.Tensor && arg.rank > 0)) return null;
  const ownCopies = (inputs: readonly tf.Tensor[]) =>
    asTensors(compute(inputs.map((input) => tf.clone(input))));
  try {
    const results = runner.run(owner, args as tf.Tensor[], ownCopies, weights);
    if (results) args.forEach(release);
    return results;
  } catch (error) {
    if (error instanceof NotTensors) {
      mixed.add(owner);
      return null;
    }
    args.forEach(release);
    throw error;
  }
}

/** Calls whose results are not all tensors. */
const mixed = new WeakSet<object>();

class NotTensors extends Error {}

function asTensors(values: readonly GraphValue[]): tf.Tensor[] {
  if (values.every((value) => value instanceof tf.Tensor)) return [...values] as tf.Tensor[];
  values.forEach(release);
  throw new NotTensors();
}
