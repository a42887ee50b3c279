import * as tf from "@tensorflow/tfjs";
import { constantTensor } from "../arguments/constant-tensors.js";
import { arrange, type CallSignature, type Running, type Shape } from "../computed-layer.js";
import { trialShape } from "../trial-shape.js";

/**
 * The output shape of a call, with its named tensors but no mask: it may be null. What needs one is tried again with a
 * mask that keeps all.
 */
export function trialCall(
  signature: CallSignature | null,
  shapes: readonly Shape[],
  run: (inputs: readonly tf.Tensor[], named: Running["named"]) => tf.Tensor | tf.Tensor[],
): Shape | Shape[] {
  const tried = (withMask: boolean) =>
    trialShape(shapes, (tensors) => {
      const { positional, named } = arrange(signature, tensors, constantTensor);
      const { mask, ...others } = named;
      if (withMask) return run(positional, { ...others, mask: tf.ones(positional[0]!.shape.slice(0, 2)) });
      return run(positional, mask instanceof tf.Tensor ? others : named);
    });
  try {
    return tried(false);
  } catch (error) {
    try {
      return tried(true);
    } catch {
      throw error;
    }
  }
}
