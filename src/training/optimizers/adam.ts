import * as tf from "@tensorflow/tfjs";
import { type Config, flag, number } from "../config-values.js";
import { f32, likeVariable, power, type Rule, type StepContext, type Update } from "./rule.js";
import type { Excludes } from "./excluded.js";

/** Decay rates and epsilon, under the names that all members of the family save them by. */
export interface Moments {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

export function moments(config: Config, epsilon = 1e-7): Moments {
  return {
    beta1: number(config, "beta_1", number(config, "adam_beta_1", 0.9)),
    beta2: number(config, "beta_2", number(config, "adam_beta_2", 0.999)),
    epsilon: number(config, "epsilon", epsilon),
  };
}

/** The moving averages of gradients and of their squares after this step. */
export function moved({ gradient, squares, slots }: Update, { beta1, beta2 }: Moments) {
  const towards = (old: tf.Tensor, value: tf.Tensor, beta: number) =>
    tf.add(old, tf.mul(tf.sub(value, old), f32(1 - beta)));
  return {
    momentum: towards(slots["momentum"]!, gradient, beta1),
    velocity: towards(slots["velocity"]!, squares, beta2),
  };
}

/** Adam, with its AMSGrad variant; weight decay is the optimizer's. */
export function adam(config: Config): Rule {
  const rates = moments(config);
  const amsgrad = flag(config, "amsgrad");
  return {
    slots: likeVariable("momentum", "velocity", ...(amsgrad ? ["velocity_hat"] : [])),
    groups: [["momentum", "velocity"], ...(amsgrad ? [["velocity_hat"]] : [])],
    update(update) {
      const { momentum, velocity } = moved(update, rates);
      const hat = amsgrad ? tf.maximum(update.slots["velocity_hat"]!, velocity) : velocity;
      return {
        variable: adamStep(update, rates, momentum, hat, update.step.learningRate),
        slots: { momentum, velocity, ...(amsgrad ? { velocity_hat: hat } : {}) },
      };
    },
  };
}

/** The variable after Adam's step with given averages. */
export function adamStep(
  { variable, step: { t } }: Update,
  { beta1, beta2, epsilon }: Moments,
  momentum: tf.Tensor,
  velocity: tf.Tensor,
  learningRate: number,
): tf.Tensor {
  const alpha = (learningRate * Math.sqrt(f32(1 - power(beta2, t)))) / f32(1 - power(beta1, t));
  return tf.sub(variable, tf.div(tf.mul(momentum, alpha), tf.add(tf.sqrt(velocity), epsilon)));
}

export function adamax(config: Config): Rule {
  const { beta1, beta2, epsilon } = moments(config);
  return {
    slots: likeVariable("momentum", "norm"),
    update({ gradient, sizes, variable, slots, step: { t, learningRate } }) {
      const old = slots["momentum"]!;
      const momentum = tf.add(old, tf.mul(tf.sub(gradient, old), 1 - beta1));
      const norm = tf.maximum(tf.mul(slots["norm"]!, beta2), sizes);
      const rate = learningRate / f32(1 - power(beta1, t));
      const move = tf.div(tf.mul(momentum, rate), tf.add(norm, epsilon));
      return { variable: tf.sub(variable, move), slots: { momentum, norm } };
    },
  };
}

/**
 * Adam with Nesterov momentum.
 * @param scheduleDecay how fast the momentum warms up; `schedule_decay` of Keras before 2.11, else 1
 */
export function nadam(config: Config, scheduleDecay = 1): Rule {
  const rates = moments(config);
  const warm = (t: number) => rates.beta1 * (1 - 0.5 * power(0.96, scheduleDecay * t));
  return {
    slots: likeVariable("momentum", "velocity"),
    scalars: { u_product: 1 },
    advance({ t, scalars }) {
      scalars["u_product"] = f32(scalars["u_product"]! * warm(t));
    },
    update(update) {
      const { gradient, variable, step } = update;
      const { t, learningRate, scalars } = step;
      const { momentum, velocity } = moved(update, rates);
      const product = scalars["u_product"]!;
      const next = warm(t + 1);
      const ahead = tf.add(
        tf.mul(momentum, next / (1 - product * next)),
        tf.mul(gradient, (1 - warm(t)) / (1 - product)),
      );
      const hat = tf.div(velocity, f32(1 - power(rates.beta2, t)));
      const move = tf.div(tf.mul(ahead, learningRate), tf.add(tf.sqrt(hat), rates.epsilon));
      return { variable: tf.sub(variable, move), slots: { momentum, velocity } };
    },
  };
}

/**
 * Layer-wise adaptive moments.
 * @param decay part of the variable that joins the update (Addons' LAMB)
 */
const none: Excludes = () => false;

export function lamb(
  config: Config,
  decay = 0,
  undecayed: Excludes = none,
  unadapted: Excludes = none,
): Rule {
  const rates = moments(config);
  return {
    slots: likeVariable("momentum", "velocity"),
    update(update) {
      const { variable, path, step } = update;
      const { momentum, velocity } = moved(update, rates);
      const m = tf.div(momentum, f32(1 - power(rates.beta1, step.t)));
      const v = tf.div(velocity, f32(1 - power(rates.beta2, step.t)));
      const plain = tf.div(m, tf.add(tf.sqrt(v), rates.epsilon));
      const move = decay === 0 || undecayed(path) ? plain : tf.add(plain, tf.mul(variable, decay));
      const length = tf.norm(variable);
      const moveLength = tf.norm(move);
      const both = tf.logicalAnd(tf.greater(length, 0), tf.greater(moveLength, 0));
      const ratio = tf.where(both, tf.divNoNan(length, moveLength), tf.onesLike(length));
      const trust = unadapted(path) ? tf.onesLike(length) : ratio;
      const scaled = tf.mul(tf.mul(move, trust), step.learningRate);
      return { variable: tf.sub(variable, scaled), slots: { momentum, velocity } };
    },
  };
}

/**
 * Nadam as Keras 2 since 2.11 computes it: the product of momenta takes on a factor with every variable, not with
 * every step, but for one variable in each of the first steps (the counter in tf_keras/optimizers/nadam.py is a
 * constant of the traced function).
 */
export function nadamByVariable(config: Config): Rule {
  const rule = nadam(config);
  let index = 0;
  const next = (step: StepContext) => {
    if (index++ !== step.t) rule.advance!(step);
  };
  return {
    ...rule,
    advance: () => void (index = 0),
    update(update) {
      next(update.step);
      return rule.update(update);
    },
    resume(steps, variables, scalars) {
      for (let t = 1; t <= steps; t++) {
        index = 0;
        for (let i = 0; i < variables; i++) next({ t, learningRate: 0, scalars });
      }
    },
  };
}

/** Schedule-free AdamW: the variable stands between the base iterate, kept in `momentum`, and its average. */
export function scheduleFree(config: Config): Rule {
  const rates = moments(config, 1e-8);
  const warmup = number(config, "warmup_steps", 0);
  const { beta1, beta2, epsilon } = rates;
  return {
    slots: (shape) => [
      { name: "momentum", shape, initial: "variable" },
      { name: "velocity", shape },
    ],
    update({ gradient, squares, variable, slots, step: { t, learningRate } }) {
      const rate = learningRate * (warmup > 0 ? Math.min(t / warmup, 1) : 1);
      const base = slots["momentum"]!;
      const old = slots["velocity"]!;
      const velocity = tf.add(old, tf.mul(tf.sub(squares, old), f32(1 - beta2)));
      const spread = tf.add(tf.sqrt(tf.div(velocity, f32(1 - power(beta2, t)))), epsilon);
      const momentum = tf.sub(base, tf.div(tf.mul(gradient, rate), spread));
      // Keras on TensorFlow reads the base iterate after it has moved, where the method has it before.
      const average = tf.div(tf.sub(variable, tf.mul(momentum, 1 - beta1)), beta1);
      const next = tf.add(tf.mul(average, 1 - 1 / t), tf.mul(momentum, 1 / t));
      const between = tf.add(tf.mul(momentum, 1 - beta1), tf.mul(next, beta1));
      return { variable: between, slots: { momentum, velocity } };
    },
  };
}
