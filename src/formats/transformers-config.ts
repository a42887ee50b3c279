import fs from "node:fs";
import nodePath from "node:path";
import { JsonError, parseJsonBytes } from "./json.js";
import type { JsonValue } from "./model-file.js";

const LARGEST = 2 ** 20;

/**
 * TensorFlow's class for the model of a folder that `save_pretrained` of Transformers wrote, as its `config.json` names
 * it (`TFBertForSequenceClassification`); null for any other folder.
 */
export function transformersClassIn(folder: string): string | null {
  const config = configIn(nodePath.join(folder, "config.json"));
  if (typeof config !== "object" || config === null || Array.isArray(config)) return null;
  const { architectures, model_type: type } = config;
  const [name] = Array.isArray(architectures) ? architectures : [];
  if (typeof name !== "string" || typeof type !== "string" || !/^\w+$/.test(name)) return null;
  return name.startsWith("TF") ? name : `TF${name}`;
}

function configIn(path: string): JsonValue {
  try {
    return fs.statSync(path).size > LARGEST ? null : parseJsonBytes(fs.readFileSync(path));
  } catch (error) {
    if (error instanceof JsonError || (error as NodeJS.ErrnoException).code !== undefined) return null;
    throw error;
  }
}

/** How a Transformers model becomes a file that holds its computation. */
export function asSavedModel(className: string): string {
  return `In Python with transformers 4 (version 5 has no TensorFlow), \`${className}.from_pretrained(FOLDER).save("saved", save_format="tf")\` writes a SavedModel, which holds the computation: \`%load_model saved\` runs it.`;
}
