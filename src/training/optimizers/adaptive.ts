import * as tf from "@tensorflow/tfjs";
import { type Config, flag, number } from "../config-values.js";
import { likeVariable, power, type Rule, type Slot } from "./rule.js";
import type { Generation } from "./table.js";

/**
 * @param outside Keras before 2.11 adds epsilon to the root where it has no momentum, not under it
 */
export function rmsprop(config: Config, outside = false): Rule {
  const rho = number(config, "rho", 0.9);
  const momentum = number(config, "momentum", 0);
  const epsilon = number(config, "epsilon", 1e-7);
  const centered = flag(config, "centered");
  const names = [
    "velocity",
    ...(momentum > 0 ? ["momentum"] : []),
    ...(centered ? ["average_gradient"] : []),
  ];
  return {
    slots: likeVariable(...names),
    groups: names.map((name) => [name]),
    update({ gradient, squares, variable, slots, step }) {
      const mix = (old: tf.Tensor, value: tf.Tensor) => tf.add(tf.mul(old, rho), tf.mul(value, 1 - rho));
      const velocity = mix(slots["velocity"]!, squares);
      const average = centered ? mix(slots["average_gradient"]!, gradient) : null;
      const variance = average ? tf.sub(velocity, tf.square(average)) : velocity;
      const root =
        outside && momentum === 0 ? tf.add(tf.sqrt(variance), epsilon) : tf.sqrt(tf.add(variance, epsilon));
      const plain = tf.div(tf.mul(gradient, step.learningRate), root);
      const move = momentum > 0 ? tf.add(tf.mul(slots["momentum"]!, momentum), plain) : plain;
      return {
        variable: tf.sub(variable, move),
        slots: {
          velocity,
          ...(momentum > 0 ? { momentum: move } : {}),
          ...(average ? { average_gradient: average } : {}),
        },
      };
    },
  };
}

/** @param outside Keras before 2.11 adds epsilon to the root, not under it */
export function adagrad(config: Config, outside = false): Rule {
  const epsilon = number(config, "epsilon", 1e-7);
  const initial = number(config, "initial_accumulator_value", 0.1);
  return {
    slots: (shape) => [{ name: "accumulator", shape, initial }],
    update({ gradient, squares, variable, slots, step }) {
      const accumulator = tf.add(slots["accumulator"]!, squares);
      const root = outside ? tf.add(tf.sqrt(accumulator), epsilon) : tf.sqrt(tf.add(accumulator, epsilon));
      const move = tf.div(tf.mul(gradient, step.learningRate), root);
      return { variable: tf.sub(variable, move), slots: { accumulator } };
    },
  };
}

export function adadelta(config: Config): Rule {
  const rho = number(config, "rho", 0.95);
  const epsilon = number(config, "epsilon", 1e-7);
  const mix = (old: tf.Tensor, value: tf.Tensor) => tf.add(tf.mul(old, rho), tf.mul(value, 1 - rho));
  const root = (x: tf.Tensor) => tf.sqrt(tf.add(x, epsilon));
  return {
    slots: likeVariable("accumulated_grad", "accumulated_delta_var"),
    update({ gradient, squares, variable, slots, step }) {
      const gradients = mix(slots["accumulated_grad"]!, squares);
      const deltas = slots["accumulated_delta_var"]!;
      const ratio = tf.div(root(deltas), root(gradients));
      return {
        variable: tf.sub(variable, tf.mul(tf.mul(ratio, gradient), step.learningRate)),
        slots: {
          accumulated_grad: gradients,
          accumulated_delta_var: mix(deltas, tf.mul(tf.square(ratio), squares)),
        },
      };
    },
  };
}

/** Follow the regularized leader. */
export function ftrl(config: Config): Rule {
  const exponent = -number(config, "learning_rate_power", -0.5);
  const initial = number(config, "initial_accumulator_value", 0.1);
  const l1 = number(config, "l1_regularization_strength", 0);
  const l2 = number(config, "l2_regularization_strength", 0);
  const shrinkage = number(config, "l2_shrinkage_regularization_strength", 0);
  const beta = number(config, "beta", 0);
  return {
    slots: (shape) => [
      { name: "accumulator", shape, initial },
      { name: "linear", shape },
    ],
    update({ gradient, squares, variable, slots, step: { learningRate } }) {
      const old = slots["accumulator"]!;
      const accumulator = tf.add(old, squares);
      const raised = tf.pow(accumulator, exponent);
      const shrunk = tf.add(gradient, tf.mul(variable, 2 * shrinkage));
      const sigma = tf.div(tf.sub(raised, tf.pow(old, exponent)), learningRate);
      const linear = tf.add(slots["linear"]!, tf.sub(shrunk, tf.mul(sigma, variable)));
      const quadratic = tf.add(tf.div(raised, learningRate), 2 * (l2 + beta / (2 * learningRate)));
      const next = tf.div(tf.sub(tf.clipByValue(linear, -l1, l1), linear), quadratic);
      return { variable: next, slots: { accumulator, linear } };
    },
  };
}

/** Second moments by row and column where there are two dimensions or more. */
export function adafactor(config: Config, generation: Generation, scheduled: boolean): Rule {
  const decay = number(config, "beta_2_decay", -0.8);
  const [epsilon1, epsilon2] = [number(config, "epsilon_1", 1e-30), number(config, "epsilon_2", 0.001)];
  const threshold = number(config, "clip_threshold", 1);
  const relative = flag(config, "relative_step", true) && !scheduled;
  const rms = (x: tf.Tensor) => tf.sqrt(tf.mean(tf.square(x)));
  return {
    slots: (shape) => factors(shape, generation),
    update({ gradient, squares: plain, variable, slots, step: { t, learningRate } }) {
      const rate = relative ? Math.min(learningRate, 1 / Math.sqrt(t)) : learningRate;
      const rho = Math.min(rate, 1 / Math.sqrt(t));
      const beta = 1 - power(t, decay);
      const squares = tf.add(plain, epsilon1);
      const mix = (old: tf.Tensor, value: tf.Tensor) => tf.add(tf.mul(old, beta), tf.mul(value, 1 - beta));
      const next: Record<string, tf.Tensor> = {};
      if (variable.rank >= 2) {
        const r = (next["row"] = mix(slots["row"]!, tf.mean(squares, -1)));
        const c = (next["column"] = mix(slots["column"]!, tf.mean(squares, -2)));
        const row = tf.expandDims(tf.div(r, tf.mean(r, -1, true)), -1);
        next["velocity"] = tf.mul(row, tf.expandDims(c, -2));
      } else next["velocity"] = mix(slots["velocity"]!, squares);
      const u = tf.div(gradient, tf.sqrt(next["velocity"]));
      const length = tf.sqrt(tf.mean(tf.div(plain, next["velocity"])));
      const clipped = tf.div(u, tf.maximum(tf.div(length, threshold), 1));
      const alpha = tf.mul(tf.maximum(rms(variable), epsilon2), rho);
      return { variable: tf.sub(variable, tf.mul(alpha, clipped)), slots: next };
    },
  };
}

/** Where a vector has no rows and columns, Keras 3 keeps a number for each, Keras 2 none that it stores. */
function factors(shape: readonly number[], generation: Generation): Slot[] {
  if (shape.length < 2 && generation !== "keras3") return [{ name: "velocity", shape }];
  const [row, column] =
    shape.length < 2 ? [[], []] : [shape.slice(0, -1), [...shape.slice(0, -2), shape.at(-1)!]];
  return [
    { name: "row", shape: row },
    { name: "column", shape: column },
    { name: "velocity", shape },
  ];
}
