import * as tf from "@tensorflow/tfjs";
import { type Config, number, text } from "../config-values.js";
import { likeVariable, type Rule } from "./rule.js";

/**
 * Moves towards a corner of the ball of radius `lambda_` (tensorflow_addons/optimizers/conditional_gradient.py).
 * @returns null for the nuclear norm, which asks for singular vectors
 */
export function conditionalGradient(config: Config): Rule | null {
  if (text(config, "ord", "fro") !== "fro") return null;
  const radius = number(config, "lambda_", 0.01);
  const epsilon = number(config, "epsilon", 1e-7);
  return {
    slots: likeVariable("conditional_gradient"),
    update({ gradient, variable, step: { learningRate } }) {
      const length = tf.sqrt(tf.sum(tf.square(gradient)));
      const corner = tf.mul(tf.div(gradient, tf.add(length, epsilon)), (1 - learningRate) * radius);
      return { variable: tf.sub(tf.mul(variable, learningRate), corner) };
    },
  };
}

/** Bets on each coordinate, without a learning rate (tensorflow_addons/optimizers/cocob.py). */
export function cocob(config: Config): Rule {
  const alpha = number(config, "alpha", 100);
  return {
    slots: (shape) => [
      { name: "largest", shape, initial: 1e-8 },
      { name: "gradient_sizes", shape },
      { name: "gradients", shape },
      { name: "moved", shape },
      { name: "reward", shape },
    ],
    update({ gradient, variable, slots }) {
      const largest = tf.maximum(slots["largest"]!, tf.abs(gradient));
      const gradients = tf.add(slots["gradients"]!, gradient);
      const gradient_sizes = tf.add(slots["gradient_sizes"]!, tf.abs(gradient));
      const before = slots["moved"]!;
      const reward = tf.maximum(tf.sub(slots["reward"]!, tf.mul(gradient, before)), 0);
      const most = tf.maximum(tf.add(gradient_sizes, largest), tf.mul(largest, alpha));
      const moved = tf.mul(tf.div(tf.neg(gradients), tf.mul(largest, most)), tf.add(reward, largest));
      return {
        variable: tf.add(tf.sub(variable, before), moved),
        slots: { largest, gradient_sizes, gradients, moved, reward },
      };
    },
  };
}

/** Adagrad with a soft threshold (tensorflow/core/kernels/training_ops.cc, ApplyProximalAdagrad). */
export function proximalAdagrad(config: Config): Rule {
  const l1 = number(config, "l1_regularization_strength", 0);
  const l2 = number(config, "l2_regularization_strength", 0);
  const initial = number(config, "initial_accumulator_value", 0.1);
  return {
    slots: (shape) => [{ name: "accumulator", shape, initial }],
    update({ gradient, variable, slots, step: { learningRate } }) {
      const accumulator = tf.add(slots["accumulator"]!, tf.square(gradient));
      const rate = tf.mul(tf.rsqrt(accumulator), learningRate);
      const moved = tf.sub(variable, tf.mul(gradient, rate));
      const beyond = tf.maximum(tf.sub(tf.abs(moved), tf.mul(rate, l1)), 0);
      const kept = l1 > 0 ? tf.mul(tf.sign(moved), beyond) : moved;
      return { variable: tf.div(kept, tf.add(tf.mul(rate, l2), 1)), slots: { accumulator } };
    },
  };
}
