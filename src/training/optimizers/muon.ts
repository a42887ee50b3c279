import * as tf from "@tensorflow/tfjs";
import { type Config, flag, number, numberOrNull } from "../config-values.js";
import { adamStep, moments, moved } from "./adam.js";
import type { Rule } from "./rule.js";

/** Whether Muon leaves a variable to Adam: all but matrices, embeddings, and what the config excludes. */
export function usesAdam(config: Config, shape: readonly number[], path: string): boolean {
  if (shape.length !== 2) return true;
  if (flag(config, "exclude_embeddings", true) && path.toLowerCase().includes("embedding")) return true;
  const excluded = config["exclude_layers"];
  // Keras takes these as regular expressions; a file's text is never run as one here.
  return Array.isArray(excluded) && excluded.some((word) => typeof word === "string" && path.includes(word));
}

/** Momentum made orthogonal for matrices, Adam for the rest (keras/optimizers/muon.py). */
export function muon(config: Config): Rule {
  const rates = moments(config);
  const momentum = number(config, "momentum", 0.95);
  const rmsRate = numberOrNull(config, "rms_rate");
  const nesterov = flag(config, "nesterov", true);
  const byAdam = (update: { slots: object }) => "velocity" in update.slots;
  return {
    slots: (shape, path) => [
      { name: "momentum", shape },
      ...(usesAdam(config, shape, path) ? [{ name: "velocity", shape }] : []),
    ],
    update(update) {
      const { gradient, variable, slots, step } = update;
      if (byAdam(update)) {
        const averages = moved(update, rates);
        const rate = step.learningRate * number(config, "adam_lr_ratio", 1);
        const next = adamStep(update, rates, averages.momentum, averages.velocity, rate);
        return { variable: next, slots: averages };
      }
      const m = tf.add(tf.mul(slots["momentum"]!, momentum), gradient);
      const direction = nesterov ? tf.add(gradient, tf.mul(m, momentum)) : m;
      const move = tf.mul(orthogonal(direction as tf.Tensor2D, config), step.learningRate);
      const adjust = rmsRate === null ? 1 : Math.sqrt(Math.max(...variable.shape)) * rmsRate;
      return { variable: tf.sub(variable, tf.mul(move, adjust)), slots: { momentum: m } };
    },
  };
}

/** The nearest orthogonal matrix, nearly, by Newton and Schulz's iteration. */
function orthogonal(matrix: tf.Tensor2D, config: Config): tf.Tensor2D {
  const a = number(config, "muon_a", 3.4445);
  const b = number(config, "muon_b", -4.775);
  const c = number(config, "muon_c", 2.0315);
  const tall = matrix.shape[0] > matrix.shape[1];
  const wide = tall ? tf.transpose(matrix) : matrix;
  let x = tf.div(wide, tf.add(tf.norm(wide), 1e-7)) as tf.Tensor2D;
  for (let i = 0; i < number(config, "ns_steps", 5); i++) {
    const square = tf.matMul(x, x, false, true);
    const both = tf.add(tf.mul(square, b), tf.matMul(tf.mul(square, c) as tf.Tensor2D, square));
    x = tf.add(tf.mul(x, a), tf.matMul(both as tf.Tensor2D, x));
  }
  return tall ? tf.transpose(x) : x;
}
