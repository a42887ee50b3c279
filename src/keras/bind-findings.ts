import * as tf from "@tensorflow/tfjs";
import { CHECKSUMS_DIFFER } from "../formats/checksums-differ.js";
import {
  FormatError,
  type FormatFinding,
  type StoredLayer,
  type StoredWeight,
} from "../formats/model-file.js";
import type { KerasFinding } from "./finding.js";
import type { LayerSpec } from "./graph.js";

const list = (names: readonly string[]): string =>
  // A damaged file has groups without a name.
  names.includes("")
    ? list(names.map((name) => name || "one without a name"))
    : names.length > 6
      ? `${names.slice(0, 6).join(", ")}, ... (${names.length})`
      : names.join(", ");

const shapes = (items: readonly { readonly shape: readonly (number | null)[] }[]): string =>
  list(items.map(({ shape }) => `[${shape.join(", ")}]`));

/** W01: the file has other layers with weights than the model. */
export function differentLayers(specs: readonly LayerSpec[], sources: readonly StoredLayer[]): KerasFinding {
  const inFile = new Set(sources.map((layer) => layer.name));
  const inModel = new Set(specs.map((spec) => spec.name));
  const extra = sources.filter((layer) => !inModel.has(layer.name)).map((layer) => layer.name);
  const missing = specs.filter((spec) => !inFile.has(spec.name)).map((spec) => spec.name);
  const parts = [
    missing.length > 0 ? `only the model has ${list(missing)}` : "",
    extra.length > 0 ? `only the file has ${list(extra)}` : "",
  ].filter((part) => part !== "");
  return {
    code: "W01",
    layer: null,
    found: `layers with weights: ${specs.length} in the model, ${sources.length} in the file${parts.map((part) => `; ${part}`).join("")}`,
    why: "the architecture and the weights are of different models or versions",
    advice: "",
    blocking: true,
  };
}

/** W02: a layer has another number of tensors in the file. */
export function differentWeights(
  spec: LayerSpec,
  variables: readonly tf.LayerVariable[],
  weights: readonly StoredWeight[],
): KerasFinding {
  return {
    code: "W02",
    layer: spec.path,
    found: `the layer has ${variables.length === 1 ? "one weight" : `${variables.length} weights`} ${shapes(variables)}, the file ${weights.length}: ${shapes(weights)}`,
    why: "an argument such as use_bias, scale or reset_after says otherwise than the stored weights",
    advice: "",
    blocking: true,
  };
}

/** W03: a stored tensor has another shape than its variable. */
export function differentShape(
  spec: LayerSpec,
  variable: tf.LayerVariable,
  weight: StoredWeight,
): KerasFinding {
  return {
    code: "W03",
    layer: spec.path,
    found: `${weight.name} is stored as [${weight.shape.join(", ")}], the layer takes [${variable.shape.join(", ")}]`,
    why: "the config and the weights come from different models, or from one with another layout",
    advice: "",
    blocking: true,
  };
}

/** W05: the file names a tensor and does not hold it. */
export function lostWeight(spec: LayerSpec, name: string): KerasFinding {
  return {
    code: "W05",
    layer: spec.path,
    found: `${name} is named in the file but not there`,
    why: "the dataset is missing, or lies beyond the end of a truncated file",
    advice: "The tensor keeps its starting value, zeros; get the whole file for the real one.",
    blocking: true,
  };
}

/** A tensor that is there and cannot be read. */
export function unreadable(spec: LayerSpec, weight: StoredWeight, error: unknown): KerasFinding {
  if (error instanceof FormatError && error.finding.title === CHECKSUMS_DIFFER)
    return changed(spec, error.finding);
  return {
    code: "W05",
    title: "A stored weight cannot be read",
    layer: spec.path,
    found: `${weight.name} at ${weight.path} cannot be read: ${(error as Error).message}`,
    why: "its bytes are damaged or missing",
    advice: "The tensor keeps its starting value, zeros; get the whole file for the real one.",
    blocking: true,
  };
}

/** A tensor that could be read as it stands, if that is wanted. */
function changed(spec: LayerSpec, { code, title, detail, advice }: FormatFinding): KerasFinding {
  const why = "a download, a disk or an edit spoiled them";
  return { code, title, layer: spec.path, found: detail, why, advice, blocking: true };
}
