import type * as tf from "@tensorflow/tfjs";
import type { JsonValue } from "../formats/model-file.js";
import type { LayerSpec, ModelGraph } from "../keras/graph.js";
import { isObject } from "../keras/json.js";
import { eachLayer } from "../keras/read-graph.js";
import { isOfUser } from "../layers/custom/custom.js";
import { readSerialized, type Serialized } from "./config-values.js";
import { knowsConstraint } from "./constraints.js";
import { byVariable, knowsRegularizer } from "./regularizers.js";

/** A regularizer or constraint of the file that training does without. */
export interface UnusedSetting {
  readonly kind: "regularizer" | "constraint";
  /** As saved: `L2`, `package>MyPenalty`. */
  readonly name: string;
  /** The argument: `kernel_regularizer`. */
  readonly argument: string;
  /** Path of the layer. */
  readonly layer: string;
  /** False where it is known, and the weight that it belongs to is not. */
  readonly unknown: boolean;
}

/** What training leaves out of the layers' settings: those that nobody knows, and those whose weight cannot be told. */
export function unusedSettings(
  graph: ModelGraph,
  layers: ReadonlyMap<string, tf.layers.Layer>,
): UnusedSetting[] {
  return [...eachLayer(graph)].flatMap((spec) => {
    if (spec.model) return [];
    const layer = layers.get(spec.path);
    const used = layer && isOfUser(layer) ? settingsUsed(spec, layer) : null;
    const all = [...settingsIn(spec.config), ...(used ? underOtherKeys(spec.config) : [])];
    return all.flatMap(({ kind, argument, value, saved }) => {
      const unknown = !(kind === "regularizer" ? knowsRegularizer(saved) : knowsConstraint(saved));
      const unmatched = used !== null && argument !== "activity_regularizer" && !used.has(value);
      if (!unknown && (!unmatched || isNothing(saved))) return [];
      return [{ kind, name: saved.savedName, argument, layer: spec.path, unknown }];
    });
  });
}

function settingsUsed(spec: LayerSpec, layer: tf.layers.Layer): ReadonlySet<JsonValue> {
  const found = (["_regularizer", "_constraint"] as const).flatMap((suffix) =>
    byVariable(spec, layer, suffix),
  );
  return new Set(found.map(([, value]) => value));
}

/** A penalty of zero. */
function isNothing({ config, isClass }: Serialized): boolean {
  return isClass && Object.keys(config).length > 0 && Object.values(config).every((value) => value === 0);
}

interface Setting {
  readonly kind: "regularizer" | "constraint";
  readonly argument: string;
  readonly value: JsonValue;
  readonly saved: Serialized;
}

/** Regularizers and constraints of Keras's that a class of the user's keeps under a name of its own: `reg`. */
function underOtherKeys(config: LayerSpec["config"]): Setting[] {
  return Object.entries(config).flatMap(([argument, value]): Setting[] => {
    if (SETTING.test(argument)) return [];
    const saved = readSerialized(value);
    if (!saved?.isClass) return [];
    if (knowsRegularizer(saved)) return [{ kind: "regularizer", argument, value, saved }];
    return knowsConstraint(saved) ? [{ kind: "constraint", argument, value, saved }] : [];
  });
}

const SETTING = /_(regularizer|constraint)$/;

/** At any depth: a wrapper's config has its layer's. */
function settingsIn(value: JsonValue): Setting[] {
  if (Array.isArray(value)) return value.flatMap(settingsIn);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([argument, item]) => {
    const kind = SETTING.exec(argument)?.[1] as Setting["kind"] | undefined;
    const saved = kind === undefined ? null : readSerialized(item);
    return kind !== undefined && saved ? [{ kind, argument, value: item, saved }] : settingsIn(item);
  });
}
