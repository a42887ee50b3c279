import * as tf from "@tensorflow/tfjs";
import { type Config, flag, number, numberOrNull, text } from "../config-values.js";
import { moments, moved } from "./adam.js";
import { f32, likeVariable, power, type Rule, type StepContext } from "./rule.js";

/** Learning rate with the linear warm-up and decay that RectifiedAdam and AdaBelief have. */
function warmedUp(config: Config, { t, learningRate }: StepContext): number {
  const total = number(config, "total_steps", 0);
  if (total <= 0) return learningRate;
  const warmup = total * number(config, "warmup_proportion", 0.1);
  if (t <= warmup) return learningRate * (t / warmup);
  const steps = Math.max(total - warmup, 1);
  const slope = (number(config, "min_lr", 0) - learningRate) / steps;
  return learningRate + slope * Math.min(t - warmup, steps);
}

/** The factor that rectifies the variance of a short history; null while it is too short. */
function rectification(config: Config, beta2: number, t: number): number | null {
  const longest = 2 / f32(1 - beta2) - 1;
  const raised = power(beta2, t);
  const length = longest - (2 * t * raised) / f32(1 - raised);
  if (length < number(config, "sma_threshold", 5)) return null;
  const of = (n: number) => (n - 4) * (n - 2);
  return Math.sqrt((of(length) * longest) / (of(longest) * length));
}

/** Rectified Adam, and AdaBelief, which measures how far gradients are from what was expected. */
export function rectifiedAdam(config: Config, belief: boolean): Rule {
  const rates = moments(config, belief ? 1e-14 : 1e-7);
  const amsgrad = flag(config, "amsgrad");
  const rectify = !belief || flag(config, "rectify", true);
  const names = ["momentum", "velocity", ...(amsgrad ? ["velocity_hat"] : [])];
  return {
    slots: likeVariable(...names),
    groups: names.map((name) => [name]),
    update(update) {
      const { gradient, variable, slots, step } = update;
      const { momentum, velocity: plain } = moved(update, rates);
      const velocity = belief ? surprise(gradient, momentum, slots["velocity"]!, rates) : plain;
      const hat = amsgrad ? tf.maximum(slots["velocity_hat"]!, velocity) : velocity;
      const m = tf.div(momentum, f32(1 - power(rates.beta1, step.t)));
      const v = tf.sqrt(tf.div(hat, f32(1 - power(rates.beta2, step.t))));
      const factor = rectify ? rectification(config, rates.beta2, step.t) : 1;
      const base = factor === null ? m : tf.div(tf.mul(m, factor), tf.add(v, rates.epsilon));
      const move = tf.add(base, tf.mul(variable, number(config, "weight_decay", 0)));
      return {
        variable: tf.sub(variable, tf.mul(move, warmedUp(config, step))),
        slots: { momentum, velocity, ...(amsgrad ? { velocity_hat: hat } : {}) },
      };
    },
  };
}

function surprise(
  gradient: tf.Tensor,
  momentum: tf.Tensor,
  velocity: tf.Tensor,
  { beta2, epsilon }: { beta2: number; epsilon: number },
): tf.Tensor {
  const mixed = tf.add(
    tf.mul(velocity, beta2),
    tf.mul(tf.square(tf.sub(gradient, momentum)), f32(1 - beta2)),
  );
  return tf.add(mixed, epsilon);
}

/** One second moment for each variable. */
export function novoGrad(config: Config): Rule {
  const { beta1, beta2, epsilon } = moments(config);
  const amsgrad = flag(config, "amsgrad");
  const averaging = flag(config, "grad_averaging");
  const decay = number(config, "weight_decay", 0);
  return {
    slots: (shape) => [
      { name: "momentum", shape },
      { name: "velocity", shape: [] },
      ...(amsgrad ? [{ name: "velocity_hat", shape }] : []),
    ],
    groups: [["momentum"], ["velocity"], ...(amsgrad ? [["velocity_hat"]] : [])],
    update({ gradient, variable, slots, step: { t, learningRate } }) {
      const square = tf.sum(tf.square(gradient));
      const mixed = tf.add(tf.mul(slots["velocity"]!, beta2), tf.mul(square, f32(1 - beta2)));
      const velocity = t === 1 ? square : mixed;
      const hat = amsgrad ? tf.maximum(slots["velocity_hat"]!, velocity) : velocity;
      let g = tf.div(gradient, tf.add(tf.sqrt(hat), epsilon));
      if (decay > 0) g = tf.add(g, tf.mul(variable, decay));
      if (averaging && t > 1) g = tf.mul(g, f32(1 - beta1));
      const momentum = tf.sub(tf.mul(slots["momentum"]!, beta1), tf.mul(g, learningRate));
      return {
        variable: tf.add(variable, momentum),
        slots: { momentum, velocity, ...(amsgrad ? { velocity_hat: hat } : {}) },
      };
    },
  };
}

/** Adam whose second moment grows by a bounded amount. */
export function yogi(config: Config): Rule {
  const beta1 = number(config, "beta1", 0.9);
  const beta2 = number(config, "beta2", 0.999);
  const epsilon = number(config, "epsilon", 0.001);
  const l1 = number(config, "l1_regularization_strength", number(config, "l1_t", 0));
  const l2 = number(config, "l2_regularization_strength", number(config, "l2_t", 0));
  const initial = numberOrNull(config, "initial_accumulator_value") ?? 1e-6;
  const soft = text(config, "activation", "sign") === "tanh";
  return {
    slots: (shape) => [
      { name: "velocity", shape, initial },
      ...(beta1 > 0 ? [{ name: "momentum", shape }] : []),
    ],
    update({ gradient, variable, slots, step: { t, learningRate } }) {
      const square = tf.square(gradient);
      const difference = tf.sub(square, slots["velocity"]!);
      const sign = soft ? tf.tanh(tf.mul(difference, 10)) : tf.sign(difference);
      const velocity = tf.add(slots["velocity"]!, tf.mul(tf.mul(sign, square), f32(1 - beta2)));
      const momentum =
        beta1 > 0 ? tf.add(tf.mul(slots["momentum"]!, beta1), tf.mul(gradient, 1 - beta1)) : gradient;
      const rate = (learningRate * Math.sqrt(f32(1 - power(beta2, t)))) / f32(1 - power(beta1, t));
      const each = tf.div(rate, tf.add(tf.sqrt(velocity), epsilon));
      const moved = tf.sub(variable, tf.mul(each, momentum));
      const spread = tf.add(tf.mul(each, l2), 1);
      const next = l1 > 0 ? softened(moved, tf.mul(each, l1), spread) : tf.div(moved, spread);
      return { variable: next, slots: { velocity, ...(beta1 > 0 ? { momentum } : {}) } };
    },
  };
}

/** Soft threshold. */
function softened(x: tf.Tensor, threshold: tf.Tensor, spread: tf.Tensor): tf.Tensor {
  return tf.div(tf.mul(tf.sign(x), tf.maximum(tf.sub(tf.abs(x), threshold), 0)), spread);
}
