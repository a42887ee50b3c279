import type { JsonValue } from "../formats/model-file.js";
import type { LayerSpec } from "./graph.js";
import { isObject, plain, stringAt, type JsonObject } from "./json.js";
import { readModel, type Reading } from "./read-graph.js";
import { snakeCase } from "../names/snake-case.js";

/** Arguments under which Keras saves whole layers, one or a list. */
const INNER_ARGUMENTS = ["layer", "backward_layer", "cell", "cells", "layers"];

/** Classes whose config is a graph of its own. */
const MODEL_CLASSES = new Set(["Sequential", "Functional", "Model"]);

/**
 * One saved layer `{class_name, config, name?, module?, registered_name?, build_config?}` as a spec.
 * @param scope path of the model or wrapper it stands in, empty for the root
 * @param place its number there, for layers saved without a name
 */
export function readLayer(saved: JsonObject, scope: string, place: number, reading: Reading): LayerSpec {
  const { className: written, module: inName } = withoutModule(stringAt(saved, "class_name") ?? "");
  const className = unwritten(written);
  const config = isObject(saved["config"]) ? (plain(saved["config"]) as JsonObject) : {};
  const name = stringAt(saved, "name") ?? stringAt(config, "name") ?? `${snakeCase(className)}_${place}`;
  const path = scope === "" ? name : `${scope}/${name}`;
  const model = isModel(className, saved["config"]) ? readModel(saved as JsonValue, path, reading) : null;
  const registeredName = stringAt(saved, "registered_name");
  if (className === "") {
    reading.findings.push({
      code: "A24",
      layer: path,
      argument: "class_name",
      found: "a layer without a class name",
      why: "the class says what the layer computes",
      advice: "The config was edited or damaged: restore the layer's class_name.",
      blocking: true,
    });
  }
  return {
    className,
    name,
    path,
    // Before Keras 3 there were no operations that bear a layer's name; what is registered is not Keras's.
    module:
      stringAt(saved, "module") ??
      inName ??
      (reading.origin.major < 3 && registeredName === null ? "keras.layers" : null),
    registeredName,
    config,
    buildConfig: isObject(saved["build_config"]) ? (plain(saved["build_config"]) as JsonObject) : null,
    model,
    inner: model ? {} : readInner(saved["config"], path, reading),
  };
}

/** Keras's packages, with the modules below them, before a name: `keras.src.layers.core.dense.Dense`. */
const MODULE_OF_KERAS =
  /^((?:tf\.|tensorflow\.(?:python\.)?|tensorflow_core\.python\.)?(?:tf_|_tf_)?keras(?:_core)?(?:\.[a-z_]\w*)*)\.([A-Z]\w*)$/;

/** A class of Keras's own that was saved with its module in front, as programs that edit configs write it. */
export function withoutModule(className: string): { className: string; module: string | null } {
  const [, module, name] = MODULE_OF_KERAS.exec(className) ?? [];
  return name === undefined ? { className, module: null } : { className: name, module: module! };
}

/** A Lambda whose function was written out in Python, when it was saved here, still has its bytecode. */
function unwritten(className: string): string {
  return /^loadlab>Lambda_[0-9a-f]{8}$/.test(className) ? "Lambda" : className;
}

/** A subclass of Model that was saved as a functional model is one too (taxonomy A12). */
function isModel(className: string, config: JsonValue | undefined): boolean {
  if (Array.isArray(config)) return className === "Sequential";
  if (!isObject(config) || !Array.isArray(config["layers"])) return false;
  return MODEL_CLASSES.has(className) || "input_layers" in config;
}

function readInner(
  config: JsonValue | undefined,
  path: string,
  reading: Reading,
): Readonly<Record<string, readonly LayerSpec[]>> {
  const inner: Record<string, LayerSpec[]> = {};
  if (!isObject(config)) return inner;
  for (const argument of INNER_ARGUMENTS) {
    const value = config[argument];
    const saved = (Array.isArray(value) ? value : [value]).filter(isSavedLayer);
    if (saved.length > 0) inner[argument] = saved.map((item, i) => readLayer(item, path, i, reading));
  }
  return inner;
}

function isSavedLayer(value: JsonValue | undefined): value is { [key: string]: JsonValue } {
  return isObject(value) && typeof value["class_name"] === "string" && "config" in value;
}
