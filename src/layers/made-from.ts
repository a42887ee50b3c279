import type { JsonValue } from "../formats/model-file.js";
import { isObject } from "../keras/json.js";
import { camelCase } from "../names/camel-case.js";
import type * as tf from "@tensorflow/tfjs";
import type { LayerSpec } from "../keras/graph.js";
import type { KerasOrigin } from "./registry.js";

const specs = new WeakMap<tf.layers.Layer, { readonly spec: LayerSpec; readonly origin: KerasOrigin }>();

/** Keeps with a layer what it was made from, and the Keras whose config that is. */
export function keepMadeFrom(layer: tf.layers.Layer, spec: LayerSpec, origin: KerasOrigin): void {
  specs.set(layer, { spec, origin });
}

/** What a layer was made from; undefined for layers of TensorFlow.js's own. */
export function madeFrom(layer: tf.layers.Layer): LayerSpec | undefined {
  return specs.get(layer)?.spec;
}

/** The Keras that a layer's config is of. */
export function originOf(layer: tf.layers.Layer): KerasOrigin | undefined {
  return specs.get(layer)?.origin;
}

/** A saved config as TensorFlow.js spells it; what is data, such as the names of features, stays as it is. */
export function configOfTfjs(config: Readonly<Record<string, JsonValue>>): tf.serialization.ConfigDict {
  return Object.fromEntries(
    Object.entries(config)
      .filter(([key]) => key !== "module" && key !== "registered_name")
      .map(([key, value]) => [camelCase(key), valueOfTfjs(value)]),
  );
}

function valueOfTfjs(value: JsonValue): tf.serialization.ConfigDictValue {
  if (Array.isArray(value)) return value.map(valueOfTfjs) as tf.serialization.ConfigDictValue;
  if (!isObject(value) || typeof value["class_name"] !== "string")
    return value as tf.serialization.ConfigDictValue;
  const { class_name: className, config } = value;
  return {
    className,
    config: isObject(config) ? configOfTfjs(config) : (config ?? null),
  } as tf.serialization.ConfigDict;
}
