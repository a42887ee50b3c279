import type { FormatFinding, JsonValue } from "../model-file.js";
import { type Folder, MemoryFolder } from "../saved-model/folder.js";
import { parseStrictJson } from "../strict-json.js";
import type { JsonObject } from "./json.js";

const KEY = /^tensorflowjs_models\/(.+)\/(info|model_topology|weight_specs|weight_data|model_metadata)$/;
const WEIGHTS = "weight_data";

/** Whether JSON is what a browser keeps under `localStorage://NAME`: the result of `JSON.stringify(localStorage)`. */
export function looksLikeLocalStorage(json: JsonObject): boolean {
  return Object.keys(json).some((key) => KEY.test(key));
}

/**
 * The first model of a localStorage as its `model.json` and the one file of its weights.
 * Format: tfjs-core `io/local_storage.ts`.
 */
export function fromLocalStorage(path: string, json: JsonObject) {
  const names = [...new Set(Object.keys(json).flatMap((key) => KEY.exec(key)?.[1] ?? []))];
  const name = names[0]!;
  const textOf = (part: string): string => {
    const text = json[`tensorflowjs_models/${name}/${part}`];
    return typeof text === "string" ? text : "";
  };
  const valueOf = (part: string): JsonValue => parseStrictJson(textOf(part)) ?? null;
  const model: JsonObject = {
    modelTopology: valueOf("model_topology"),
    weightsManifest: [{ paths: [WEIGHTS], weights: valueOf("weight_specs") ?? [] }],
  };
  const weights = Buffer.from(textOf(WEIGHTS), "base64");
  const folder: Folder = new MemoryFolder(path, new Map([[WEIGHTS, weights]]));
  return { model, folder, finding: names.length > 1 ? severalModels(path, names) : null };
}

function severalModels(path: string, names: readonly string[]): FormatFinding {
  const shown = names.slice(0, 10).map((name) => JSON.stringify(name.slice(0, 60)));
  return {
    code: "F12",
    title: "A localStorage with several models",
    where: path,
    detail: `it holds ${names.length} models, ${shown.join(", ")}${names.length > 10 ? ", ..." : ""}; the first was opened`,
    advice: "To open another, leave the keys of the others out of the file.",
  };
}
