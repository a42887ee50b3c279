import * as tf from "@tensorflow/tfjs";
import type { JsonValue } from "../formats/model-file.js";
import { settingFunction } from "../layers/custom/setting-functions.js";
import { type Config, number, numbers, readSerialized, type Serialized } from "./config-values.js";

/** What a variable is made to be after each step. */
export type Constraint = (x: tf.Tensor) => tf.Tensor;

/** A constraint from its saved form (keras/constraints/constraints.py); null when there is none or it is unknown. */
export function readConstraint(value: JsonValue | undefined): Constraint | null {
  const saved = readSerialized(value);
  if (!saved) return null;
  const { config } = saved;
  const own = settingFunction("constraint", saved.savedName, saved.name);
  if (own) return (x) => own(x, config);
  switch (saved.name.toLowerCase().replaceAll("_", "")) {
    case "nonneg":
      return (x) => tf.relu(x);
    case "maxnorm":
      return scaled(config, 0, number(config, "max_value", number(config, "m", 2)), 1);
    case "minmaxnorm":
      return scaled(
        config,
        number(config, "min_value", 0),
        number(config, "max_value", 1),
        number(config, "rate", 1),
      );
    case "unitnorm":
      return (x) => tf.div(x, tf.add(length(x, config), 1e-7));
    default:
      return null;
  }
}

/** Whether a saved constraint is known here. */
export function knowsConstraint({ savedName, name }: Serialized): boolean {
  return settingFunction("constraint", savedName, name) !== null || CONSTRAINTS.test(name);
}

const CONSTRAINTS = /^(non_?neg|max_?norm|min_?max_?norm|unit_?norm)$/i;

function length(x: tf.Tensor, config: Config): tf.Tensor {
  return tf.sqrt(tf.sum(tf.square(x), numbers(config, "axis") ?? [0], true));
}

function scaled(config: Config, least: number, most: number, rate: number): Constraint {
  return (x) => {
    const norm = length(x, config);
    const wanted = tf.add(tf.mul(tf.clipByValue(norm, least, most), rate), tf.mul(norm, 1 - rate));
    return tf.mul(x, tf.div(wanted, tf.add(norm, 1e-7)));
  };
}
