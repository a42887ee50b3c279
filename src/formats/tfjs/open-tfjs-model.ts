import { type ByteSource, JoinedSource, MemorySource } from "../byte-source.js";
import type { GraphFile } from "../graph-contents.js";
import type { FormatFinding, JsonValue, ModelFile, StoredLayer, StoredWeight } from "../model-file.js";
import type { Folder } from "../saved-model/folder.js";
import { groupByLastPart } from "../group-by-name.js";
import { tfjsGraphContents } from "./graph-topology.js";
import { groupByLayer } from "./group-by-layer.js";
import { groupWeights, type ManifestGroup, readManifest } from "./weights-manifest.js";

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
  const topology = asObject(json["modelTopology"]);
  const config = configOf(topology);
  const findings: FormatFinding[] = [];
  const groups = readManifest(json["weightsManifest"] ?? []);
  const sources = groups.map((group) => openGroup(group, folder, findings));
  const weights = groups.flatMap((group, i) => groupWeights(group, sources[i]!));
  findings.push(...cutFindings(weights));
  const file: ModelFile = {
    path,
    format: config === null ? "tfjs-graph" : "tfjs-layers",
    size: sources.reduce((sum, source) => sum + source.size, size),
    kerasVersion: asString(topology["keras_version"]),
    backend: asString(topology["backend"]),
    config,
    trainingConfig: json["trainingConfig"] ?? topology["training_config"] ?? null,
    ...arrange(config, weights),
    findings,
    close: () => sources.forEach((source) => source.close()),
  };
  return config === null && "node" in topology
    ? { ...file, contents: tfjsGraphContents(json, weights) }
    : file;
}

/** The Keras config of a layers model: inside `model_config`, or the topology itself. Null for a graph. */
function configOf(topology: { [key: string]: JsonValue }): JsonValue {
  const inner = topology["model_config"];
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

/** The files of a group as one. */
function openGroup(group: ManifestGroup, folder: Folder, findings: FormatFinding[]): ByteSource {
  const parts: ByteSource[] = [];
  for (const name of group.paths) {
    const source = folder.open(name);
    if (source === null) {
      // What follows a missing part cannot be placed, so it counts as cut off here.
      findings.push(missingPart(name));
      break;
    }
    parts.push(source);
  }
  return parts.length === 1
    ? parts[0]!
    : parts.length === 0
      ? new MemorySource(new Uint8Array())
      : new JoinedSource(parts);
}

function missingPart(name: string): FormatFinding {
  return {
    code: "F07",
    title: "A part of the weights is missing",
    where: "weightsManifest",
    detail: `model.json names ${JSON.stringify(name.slice(0, 120))}, which is not beside it`,
    advice: "Put the missing file beside model.json; the tensors before it can be used meanwhile.",
  };
}

function cutFindings(weights: readonly StoredWeight[]): FormatFinding[] {
  const lost = weights.filter(({ whole }) => !whole).map(({ name }) => name);
  if (lost.length === 0) return [];
  return [
    {
      code: "F03",
      title: "Weight files are too short",
      where: "weightsManifest",
      detail: `${weights.length - lost.length} of ${weights.length} tensors are whole; lost: ${lost.slice(0, 10).join(", ")}${lost.length > 10 ? `, and ${lost.length - 10} more` : ""}`,
      advice: "Get the weight files again from where the model was made.",
    },
  ];
}

function asObject(value: JsonValue | undefined): { [key: string]: JsonValue } {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? value
    : (Object.create(null) as { [key: string]: JsonValue });
}

function asString(value: JsonValue | undefined): string | null {
  return typeof value === "string" ? value : null;
}
