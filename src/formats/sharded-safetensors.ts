import nodePath from "node:path";
import { groupByLastPart } from "./group-by-name.js";
import type { FormatFinding, JsonValue, ModelFile } from "./model-file.js";
import { openSafetensors } from "./safetensors.js";
import { openPart } from "./open-part.js";
import type { Folder } from "./saved-model/folder.js";

type JsonObject = { [key: string]: JsonValue };

/** Whether JSON is the list beside weights in several safetensors files (Hugging Face, `model.safetensors.index.json`). */
export function looksLikeSafetensorsList(json: JsonObject): boolean {
  return partsIn(json).some((part) => typeof part === "string" && part.endsWith(".safetensors"));
}

function partsIn(json: JsonObject): JsonValue[] {
  const map = json["weight_map"];
  const listed = typeof map === "object" && map !== null && !Array.isArray(map) ? Object.values(map) : [];
  return [...new Set(listed)];
}

/**
 * Opens weights that lie in several safetensors files, by their list. The files are those beside it whose names follow
 * the pattern (`model-00001-of-00003.safetensors`); what the list names is only compared, never opened.
 */
export function openShardedSafetensors(path: string, json: JsonObject, folder: Folder): ModelFile {
  const base = nodePath.basename(path).replace(/\.safetensors\.index\.json$/i, "");
  const pattern = (name: string) =>
    name.startsWith(`${base}-`) && /^\d{5}-of-\d{5}\.safetensors$/.test(name.slice(base.length + 1));
  const there = folder.names().filter(pattern).sort();
  const foreign: FormatFinding[] = [];
  const parts = there.flatMap((name) => {
    const source = openPart(folder, name, there.length, (finding) => foreign.push(finding));
    return source === null ? [] : [openSafetensors(name, source)];
  });
  const weights = parts.flatMap(({ layers }) => layers.flatMap((layer) => layer.weights));
  const missing = partsIn(json).filter((name) => typeof name === "string" && !there.includes(name));
  const findings = parts.flatMap((part) => part.findings.filter(({ code }) => code !== "F09"));
  return {
    path,
    format: "safetensors",
    size: parts.reduce((sum, { size }) => sum + size, 0),
    kerasVersion: null,
    backend: null,
    config: null,
    trainingConfig: null,
    layers: groupByLastPart(weights),
    optimizerWeights: [],
    findings: [
      ...missing.map((name) => missingPart(path, String(name))),
      ...foreign,
      ...findings,
      weightsOnly(path),
    ],
    close: () => parts.forEach((part) => part.close()),
  };
}

function missingPart(path: string, name: string): FormatFinding {
  return {
    code: "F07",
    title: "A part of the weights is missing",
    where: path,
    detail: `the list of parts names ${JSON.stringify(name.slice(0, 80))}, which is not beside it`,
    advice: "Put the missing part beside the others; the tensors that are there can be used meanwhile.",
  };
}

function weightsOnly(path: string): FormatFinding {
  return {
    code: "F09",
    title: "Weights only, no model configuration",
    where: path,
    detail: "these files hold tensors by name and no architecture",
    advice: "Give the architecture: a JSON file from model.to_json(), another model file, or code.",
  };
}
