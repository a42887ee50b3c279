import * as tf from "@tensorflow/tfjs";
import { type Config, flag, number } from "../config-values.js";
import { likeVariable, type Rule } from "./rule.js";

/**
 * Gradient descent with momentum.
 * @param always Keras 2 since 2.11 keeps momenta even where `momentum` is 0
 */
export function sgd(config: Config, always = false): Rule {
  const momentum = number(config, "momentum", 0);
  const nesterov = flag(config, "nesterov");
  const withSlot = always || momentum !== 0;
  return {
    slots: withSlot ? likeVariable("momentum") : () => [],
    update({ gradient, variable, slots, step }) {
      const down = tf.mul(gradient, step.learningRate);
      if (!withSlot) return { variable: tf.sub(variable, down) };
      const m = tf.sub(tf.mul(slots["momentum"]!, momentum), down);
      const move = nesterov ? tf.sub(tf.mul(m, momentum), down) : m;
      return { variable: tf.add(variable, move), slots: { momentum: m } };
    },
  };
}

export function lion(config: Config): Rule {
  const [beta1, beta2] = [number(config, "beta_1", 0.9), number(config, "beta_2", 0.99)];
  return {
    slots: likeVariable("momentum"),
    update({ gradient, variable, slots, step }) {
      const mix = (beta: number) => tf.add(tf.mul(slots["momentum"]!, beta), tf.mul(gradient, 1 - beta));
      const move = tf.mul(tf.sign(mix(beta1)), step.learningRate);
      return { variable: tf.sub(variable, move), slots: { momentum: mix(beta2) } };
    },
  };
}
