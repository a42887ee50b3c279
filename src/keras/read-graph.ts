import type { JsonValue } from "../formats/model-file.js";
import type { KerasOrigin } from "../layers/registry.js";
import type { KerasFinding } from "./finding.js";
import type { LayerSpec, ModelGraph } from "./graph.js";
import { brief, isObject, stringAt } from "./json.js";
import { withoutModule } from "./read-layer.js";
import { readFunctional } from "./read-functional.js";
import { readSequential } from "./read-sequential.js";
import { areWired, readWired } from "./read-wired.js";

export interface ReadGraph {
  /** Null only when the config holds no layers at all; then `findings` says why. */
  readonly graph: ModelGraph | null;
  /** A24, G02, G10 ...: what cannot be read, with the layer it concerns. `checkGraph` says what does not fit. */
  readonly findings: readonly KerasFinding[];
}

/** What every part of the reading shares. */
export interface Reading {
  readonly origin: KerasOrigin;
  readonly findings: KerasFinding[];
}

/** Models nested deeper than this are refused: no real file comes near. */
const DEEPEST_NESTING = 32;

/** Reads a model's saved config (Keras 1, 2 and 3; Sequential, Functional, nested) into one shape. Never throws. */
export function readModelGraph(config: JsonValue, origin: KerasOrigin): ReadGraph {
  const reading: Reading = { origin, findings: [] };
  const graph = readModel(config, "", reading);
  if (graph === null && reading.findings.length === 0) reading.findings.push(noLayers(config));
  return { graph, findings: reading.findings };
}

/**
 * The graph of a saved model object `{class_name, config}`, or null when it lists no layers.
 * @param path the model's own path, empty for the root
 */
export function readModel(saved: JsonValue, path: string, reading: Reading): ModelGraph | null {
  if (path.split("/").length > DEEPEST_NESTING) {
    reading.findings.push({
      code: "G10",
      layer: path,
      found: `models nested more than ${DEEPEST_NESTING} deep`,
      why: "no model that Keras saves is nested like this",
      advice: "Check where the file comes from.",
      blocking: true,
    });
    return null;
  }
  if (Array.isArray(saved)) {
    const layers = { layers: saved };
    return areWired(saved)
      ? readWired(layers, "Functional", path, reading)
      : readSequential(layers, "Sequential", path, reading);
  }
  if (!isObject(saved)) return null;
  const className = withoutModule(stringAt(saved, "class_name") ?? "Sequential").className;
  const config = saved["config"];
  // Keras 1 and 2.0 to 2.2 save a Sequential's config as the bare list of its layers.
  if (Array.isArray(config)) return readSequential({ layers: config }, className, path, reading);
  if (!isObject(config) || !Array.isArray(config["layers"])) return null;
  if ("input_layers" in config || "output_layers" in config)
    return readFunctional(config, className, path, reading);
  const read = className !== "Sequential" && areWired(config["layers"]) ? readWired : readSequential;
  return read(config, className, path, reading);
}

/** Every layer of a graph, of the models nested in it and of its wrappers, in the file's order. */
export function eachLayer(graph: ModelGraph): Generator<LayerSpec> {
  return layersIn(graph.layers);
}

/** A layer, and those that it holds, in the same order. */
export function layerAndParts(spec: LayerSpec): Generator<LayerSpec> {
  return layersIn([spec]);
}

function* layersIn(layers: readonly LayerSpec[]): Generator<LayerSpec> {
  const open = [layers.values()];
  while (open.length > 0) {
    const next = open.at(-1)!.next();
    if (next.done) {
      open.pop();
      continue;
    }
    yield next.value;
    const inside = [...Object.values(next.value.inner).flat(), ...(next.value.model?.layers ?? [])];
    if (inside.length > 0) open.push(inside.values());
  }
}

function noLayers(config: JsonValue): KerasFinding {
  const className = isObject(config) ? stringAt(config, "class_name") : null;
  return {
    code: "C02",
    layer: null,
    found: className
      ? `a model of class ${className} without a list of layers`
      : `a config of ${brief(config)}`,
    why: className
      ? "a subclassed model keeps its structure in Python code, which the file does not hold"
      : "a model config is an object with class_name and config",
    advice: "Register the class with an implementation, or open the SavedModel export of the same model.",
    blocking: true,
  };
}
