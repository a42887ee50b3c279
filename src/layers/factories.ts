import type * as tf from "@tensorflow/tfjs";
import type { JsonValue } from "../formats/model-file.js";
import type { LayerSpec } from "../keras/graph.js";
import { camelCase } from "../names/camel-case.js";
import { nearestNames } from "../names/nearest-names.js";
import { snakeCase } from "../names/snake-case.js";
import { underscored } from "../names/underscored.js";
import { createLayer } from "./create.js";
import { DEFAULTS, FACTORY_CLASSES, type LayerFactories } from "./factory-types.js";
import type { KerasOrigin, LayerContext } from "./registry.js";
import { LayerError } from "../keras/finding.js";
import { brief } from "../keras/json.js";
import { resolveLayer } from "./resolve.js";
import { isSetting, settingNames, type SettingKind } from "./weights/weight-settings.js";

/** The Keras whose behaviour layers made by hand have, where majors differ. */
const ORIGIN: KerasOrigin = { major: 3, version: "3.15.1", backend: "tensorflow" };

/** What each layer was made from: a wrapper makes its inner layer anew by it. */
const SPECS = new WeakMap<tf.layers.Layer, LayerSpec>();
const counts = new Map<string, number>();

/**
 * Keras's layers as functions, `layers.multiHeadAttention({ numHeads: 2, keyDim: 8 })`, for models made by hand:
 * each gives a `tf.layers.Layer` for `tf.sequential` and `tf.model`, with Keras's defaults, gradients, and dropout
 * that works in training alone. Arguments have Keras's names in camel case. Attention layers are called on a list:
 * `layer.apply([query, value])`.
 * @throws TypeError for an argument that the layer does not have
 * @throws LayerError for a value that it does not take, naming the argument and what is allowed
 */
export const layers: LayerFactories = Object.fromEntries(
  Object.entries(FACTORY_CLASSES).map(([name, className]) => [
    name,
    (args: Record<string, unknown> = {}) => make(name, className, args),
  ]),
) as unknown as LayerFactories;

function make(factory: string, className: string, given: Record<string, unknown>): tf.layers.Layer {
  const { name, trainable, inputShape, batchInputShape, ...rest } = given;
  const own = typeof name === "string" ? name : uniqueName(className);
  const spec = specOf(className, own, rest);
  const definition = resolveLayer(spec, new Map());
  if (!definition)
    throw new TypeError(`layers.${factory} cannot be made: no layer ${className} is known here.`);
  refuseUnknown(factory, rest, spec, definition.arguments);
  refuseSettings(factory, rest);
  const layer = createLayer(spec, definition, contextOf(spec));
  layer.name = own;
  if (trainable === false) layer.trainable = false;
  const batch = batchInputShape ?? (Array.isArray(inputShape) ? [null, ...(inputShape as number[])] : null);
  if (Array.isArray(batch)) Object.assign(layer, { batchInputShape: batch });
  layer.dtype ??= "float32";
  SPECS.set(layer, spec);
  return layer;
}

function uniqueName(className: string): string {
  const base = snakeCase(className);
  const count = (counts.get(base) ?? 0) + 1;
  counts.set(base, count);
  return `${base}_${count}`;
}

/** The arguments as a saved config; layers among them as the specs they were made from. */
function specOf(className: string, name: string, args: Record<string, unknown>): LayerSpec {
  const config: Record<string, JsonValue> = { ...DEFAULTS[className] };
  const inner: Record<string, LayerSpec[]> = {};
  for (const [key, value] of Object.entries(args)) {
    if (value === undefined) continue;
    const list = (Array.isArray(value) ? value : [value]) as unknown[];
    const specs = list.map((item) => (isLayer(item) ? SPECS.get(item) : undefined));
    if (list.length > 0 && specs.every((found) => found !== undefined)) {
      inner[underscored(key)] = specs;
      config[underscored(key)] = specs.map((found) => ({ class_name: found.className, config: {} }))[0]!;
    } else if (list.some(isLayer)) {
      throw new TypeError(`${key} must be a layer made by one of these functions.`);
    } else config[underscored(key)] = value as JsonValue;
  }
  return {
    className,
    name,
    path: name,
    module: "keras.layers",
    registeredName: null,
    config,
    buildConfig: null,
    model: null,
    inner,
  };
}

function isLayer(value: unknown): value is tf.layers.Layer {
  return typeof value === "object" && value !== null && SPECS.has(value as tf.layers.Layer);
}

function refuseUnknown(
  factory: string,
  given: Record<string, unknown>,
  spec: LayerSpec,
  known: readonly string[],
): void {
  const allowed = new Set([...known, ...Object.keys(DEFAULTS[spec.className] ?? {})]);
  for (const key of Object.keys(given)) {
    const name = underscored(key);
    if (allowed.has("*") || allowed.has(name) || /_(initializer|regularizer|constraint)$/.test(name))
      continue;
    if (["seed", "unit_forget_bias", "implementation", "use_cudnn"].includes(name)) continue;
    const near = nearestNames(name, allowed).map(camelCase);
    const hint = near.length > 0 ? ` Near it: ${near.join(", ")}.` : "";
    throw new TypeError(`layers.${factory} has no argument ${key}.${hint}`);
  }
}

/** A file may name an initializer that is not known, as its weights are there; one that a user gives must count. */
function refuseSettings(factory: string, given: Record<string, unknown>): void {
  for (const [key, value] of Object.entries(given)) {
    const kind = /(?:^|_)(initializer|regularizer|constraint)$/.exec(underscored(key))?.[1] as
      SettingKind | undefined;
    if (kind === undefined || value === null || value === undefined || isSetting(kind, value)) continue;
    throw new LayerError(
      "A24",
      key,
      `layers.${factory}: ${key} = ${brief(value as JsonValue)}`,
      `no ${kind} is known by it`,
      `Give a name (${settingNames(kind).join(", ")}), { class_name, config }, or one of tf.${kind}s.`,
    );
  }
}

/** A wrapper asks for the layer it was given, and, for the other direction, for one more like it. */
function contextOf(spec: LayerSpec): LayerContext {
  const made = new Map(
    Object.values(spec.inner)
      .flat()
      .map((inner) => [inner, layerOf(inner)] as const),
  );
  return {
    origin: ORIGIN,
    storedShapes: null,
    asset: () => null,
    build: (inner) => made.get(inner) ?? layerOf(inner),
    adjust: () => undefined,
  };
}

function layerOf(spec: LayerSpec): tf.layers.Layer {
  const definition = resolveLayer(spec, new Map());
  if (!definition) throw new TypeError(`No layer ${spec.className} is known here.`);
  const layer = createLayer(spec, definition, contextOf(spec));
  SPECS.set(layer, spec);
  return layer;
}
