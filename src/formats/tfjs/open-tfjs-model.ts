import type { GraphFile } from "../graph-contents.js";
import type { FormatFinding, JsonValue, ModelFile, StoredLayer, StoredWeight } from "../model-file.js";
import type { Folder } from "../saved-model/folder.js";
import { parseStrictJson } from "../strict-json.js";
import { groupByLastPart } from "../group-by-name.js";
import { tfjsGraphContents } from "./graph-topology.js";
import { groupByLayer } from "./group-by-layer.js";
import { asObject } from "./json.js";
import { renamedParts } from "./renamed-parts.js";
import { openWeightFiles } from "./weight-files.js";
import { weightFileFindings } from "./weight-file-findings.js";
import { groupWeights, readManifest } from "./weights-manifest.js";

/** Whether JSON is a tfjs model's `model.json`. */
export function looksLikeTfjsModel(json: { [key: string]: JsonValue }): boolean {
  return "modelTopology" in json || "weightsManifest" in json;
}

/**
 * Opens a tfjs model: its `model.json`, parsed, and the weight files in the same folder.
 * Format: tfjs-core `io/types.ts` (ModelJSON); layers and graph models, quantised or not.
 * @throws FormatError F14 for a manifest that is none, F18 for paths that lead out of the folder
 */
export function openTfjsModel(
  path: string,
  json: { [key: string]: JsonValue },
  folder: Folder,
  size: number,
): ModelFile | GraphFile {
  const topology = asObject(parsed(json["modelTopology"]));
  const config = configOf(topology);
  const groups = readManifest(json["weightsManifest"] ?? [], new Set(folder.names()));
  const files = groups.reduce((sum, { paths }) => sum + paths.length, 0);
  const foreign = new Map<string, FormatFinding>();
  const say = (finding: FormatFinding) => void foreign.set(finding.where, finding);
  const names = groups.map((group) => renamedParts(group, folder) ?? group.paths);
  const opened = groups.map((group, i) =>
    openWeightFiles({ ...group, paths: names[i]! }, folder, files, say),
  );
  const weights = groups.flatMap((group, i) => groupWeights(group, opened[i]!));
  const sources = opened.map(({ source }) => source);
  const bytes = opened.reduce((sum, group) => sum + group.bytes, 0);
  const file: ModelFile = {
    path,
    format: config === null ? "tfjs-graph" : "tfjs-layers",
    size: size + bytes,
    kerasVersion: asString(topology["keras_version"]),
    backend: asString(topology["backend"]),
    config,
    trainingConfig: json["trainingConfig"] ?? topology["training_config"] ?? null,
    ...arrange(config, weights),
    findings: weightFileFindings(groups, names, opened, weights, foreign),
    close: () => sources.forEach((source) => source.close()),
  };
  return config === null && "node" in topology
    ? { ...file, contents: tfjsGraphContents(json, weights) }
    : file;
}

/** JSON that was written as a text once more, as HDF5 files hold their config. */
function parsed(value: JsonValue | undefined): JsonValue | undefined {
  return typeof value === "string" ? (parseStrictJson(value) ?? value) : value;
}

/** The Keras config of a layers model: inside `model_config`, or the topology itself. Null for a graph. */
function configOf(topology: { [key: string]: JsonValue }): JsonValue {
  const inner = parsed(topology["model_config"]);
  if (inner !== undefined && inner !== null) return inner;
  return "class_name" in topology ? topology : null;
}

function arrange(
  config: JsonValue,
  weights: readonly StoredWeight[],
): { layers: readonly StoredLayer[]; optimizerWeights: readonly StoredWeight[] } {
  const layers = config === null ? groupByLastPart(weights) : groupByLayer(config, weights);
  return { layers, optimizerWeights: [] };
}

function asString(value: JsonValue | undefined): string | null {
  return typeof value === "string" ? value : null;
}
