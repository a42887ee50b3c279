import * as tf from "@tensorflow/tfjs";
import { type Config, flag, number } from "../config-values.js";
import type { Rule, StepContext } from "./rule.js";

/** A rule that keeps a second copy of each variable beside the inner one's slots. */
function withCopy(
  inner: Rule,
  name: string,
  combine: (
    copy: tf.Tensor,
    variable: tf.Tensor,
    step: StepContext,
  ) => { copy?: tf.Tensor; variable?: tf.Tensor },
): Rule {
  return {
    ...inner,
    slots: (shape, path) => [{ name, shape, initial: "variable" }, ...inner.slots(shape, path)],
    groups: [[name], ...(inner.groups ?? [inner.slots([], "").map((slot) => slot.name)])],
    update(update) {
      const moved = inner.update(update);
      const { copy, variable } = combine(update.slots[name]!, moved.variable, update.step);
      return {
        variable: variable ?? moved.variable,
        slots: { ...moved.slots, ...(copy ? { [name]: copy } : {}) },
      };
    },
  };
}

/** Every `sync_period` steps the variable goes a part of the way back to where it was (Addons' Lookahead). */
export function lookahead(inner: Rule, config: Config): Rule {
  const period = number(config, "sync_period", 6);
  const size = number(config, "slow_step_size", 0.5);
  return withCopy(inner, "slow", (slow, variable, { t }) => {
    if (t % period !== 0) return {};
    const back = tf.add(slow, tf.mul(tf.sub(variable, slow), size));
    return { copy: back, variable: back };
  });
}

/** The mean of the variable's values every `average_period` steps (Addons' SWA). */
export function stochasticAverage(inner: Rule, config: Config): Rule {
  const start = number(config, "start_averaging", 0);
  const period = number(config, "average_period", 10);
  return withCopy(inner, "average", (average, variable, { t }) => {
    const done = t - 1;
    const snapshots = Math.max(0, Math.floor((done - start) / period));
    if (done < start || done !== start + snapshots * period) return {};
    const sum = tf.add(tf.mul(average, snapshots), variable);
    return { copy: tf.div(sum, snapshots + 1) };
  });
}

/** The exponential average of the variable's values (Addons' MovingAverage). */
export function movingAverage(inner: Rule, config: Config): Rule {
  const most = number(config, "average_decay", 0.99);
  const start = number(config, "start_step", 0);
  return withCopy(inner, "average", (average, variable, { t }) => {
    const done = t - 1;
    const since = done - start;
    const dynamic = flag(config, "dynamic_decay") ? Math.min(most, (1 + since) / (10 + since)) : most;
    const decay = since < 0 ? 0 : dynamic;
    return { copy: tf.sub(average, tf.mul(tf.sub(average, variable), 1 - decay)) };
  });
}
