import type * as tf from "@tensorflow/tfjs";
import type { Attributes } from "./attributes.js";
import type { Kernel } from "./kernel.js";

/**
 * A user's function for an op that loadlab does not know.
 * @param inputs in the order of the op's definition
 * @param call the op's name in the graph, and its attributes
 */
export type CustomOp = (
  inputs: readonly tf.Tensor[],
  call: { readonly name: string; readonly attributes: Attributes },
) => tf.Tensor | tf.Tensor[];

const registered = new Map<string, Kernel>();

/** Registers a function for an op, for all graphs from now on; null takes it back. */
export function registerGraphOp(name: string, run: CustomOp | null): void {
  if (run === null) {
    registered.delete(name);
    return;
  }
  registered.set(name, {
    volatile: true,
    run: (call) => run(call.tensors(), { name: call.step.name, attributes: call.attributes }),
  });
}

export function customKernel(op: string): Kernel | null {
  return registered.get(op) ?? null;
}
