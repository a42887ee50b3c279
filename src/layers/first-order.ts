import * as tf from "@tensorflow/tfjs";

/**
 * Whether at most one gradient is being taken. A gradient in one formula is none of the steps that a gradient of a
 * gradient goes through.
 */
export function isOfFirstOrder(): boolean {
  const { state } = tf.engine() as unknown as { state: { gradientDepth: number } };
  return state.gradientDepth < 2;
}
