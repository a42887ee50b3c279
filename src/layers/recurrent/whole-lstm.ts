import * as tf from "@tensorflow/tfjs";
import type { Step } from "./recurrent-cells.js";

/** Runs a whole LSTM over time at once, with gradients. */
export interface LstmDevice {
  /** Whether the back end in use is its own. */
  serves(): boolean;
  /**
   * @param x [time, batch, inputs]
   * @param h [batch, units], as c: the states before the first step
   * @param w [inputs + units, 4 x units], gates in the order i, f, c, o, as Keras has them
   * @param b [4 x units]
   * @returns the states after each step, [time, batch, units] each
   */
  run(x: tf.Tensor, h: tf.Tensor, c: tf.Tensor, w: tf.Tensor, b: tf.Tensor): { h: tf.Tensor; c: tf.Tensor };
}

/**
 * All steps of a recurrence from its inputs as they are; null where that cannot be.
 * @param x [batch, time, inputs]
 */
export type WholeLoop = (
  x: tf.Tensor,
  states: readonly tf.Tensor[],
  weights: readonly tf.Tensor[],
  backwards: boolean,
  sequences: boolean,
) => Step | null;

let device: LstmDevice | null = null;

/** Told by a back end that has such a kernel. */
export function runLstmOn(given: LstmDevice): void {
  device = given;
}

/** For the activations that the kernel has: those of Keras's defaults. */
export function wholeLstm(activation: string, gate: string): { whole?: WholeLoop } {
  return activation === "tanh" && gate === "sigmoid" ? { whole } : {};
}

const whole: WholeLoop = (x, [h, c], [kernel, recurrent, bias], backwards, sequences) => {
  if (!device?.serves() || x.rank !== 3 || x.size === 0) return null;
  const time = x.shape[1]!;
  const w = tf.concat([kernel!, recurrent!], 0);
  const b = bias ?? tf.zeros([w.shape[1]!]);
  const steps = tf.transpose(x, [1, 0, 2]);
  const states = device.run(backwards ? tf.reverse(steps, 0) : steps, h!, c!, w, b);
  const last = (all: tf.Tensor) => tf.squeeze(tf.slice(all, time - 1, 1), [0]);
  const final = [last(states.h), last(states.c)];
  return { output: sequences ? tf.transpose(states.h, [1, 0, 2]) : final[0]!, states: final };
};
