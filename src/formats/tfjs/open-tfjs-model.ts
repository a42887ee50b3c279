import { type ByteSource, JoinedSource } from "../byte-source.js";
import type { GraphFile } from "../graph-contents.js";
import type { FormatFinding, JsonValue, ModelFile, StoredLayer, StoredWeight } from "../model-file.js";
import { openPart } from "../open-part.js";
import type { Folder } from "../saved-model/folder.js";
import { parseStrictJson } from "../strict-json.js";
import { groupByLastPart } from "../group-by-name.js";
import { tfjsGraphContents } from "./graph-topology.js";
import { groupByLayer } from "./group-by-layer.js";
import { asObject } from "./json.js";
import { renamedParts } from "./renamed-parts.js";
import {
  type GroupBytes,
  groupSize,
  groupWeights,
  type ManifestGroup,
  readManifest,
} from "./weights-manifest.js";

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
  const findings: FormatFinding[] = [];
  const groups = readManifest(json["weightsManifest"] ?? [], new Set(folder.names()));
  const files = groups.reduce((sum, { paths }) => sum + paths.length, 0);
  const foreign = new Map<string, FormatFinding>();
  const say = (finding: FormatFinding) => void foreign.set(finding.where, finding);
  const names = groups.map((group) => renamedParts(group, folder) ?? group.paths);
  const opened = groups.map((group, i) => openGroup({ ...group, paths: names[i]! }, folder, files, say));
  const weights = groups.flatMap((group, i) => groupWeights(group, opened[i]!));
  const sources = opened.map(({ source }) => source);
  const missing = opened.flatMap((group) => group.missing);
  findings.push(
    ...groups.flatMap(({ paths }, i) => (paths === names[i] ? [] : [underOtherNames(paths, names[i]!)])),
    ...groups.flatMap((group, i) => [...inDisorder(group), ...surplus(group, opened[i]!)]),
    ...(missing.length > 0
      ? missing.map((name) => missingPart(name, weights, foreign.get(name)))
      : cutFindings(weights)),
  );
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

/** The files of a group as one. */
function openGroup(
  group: ManifestGroup,
  folder: Folder,
  files: number,
  say: (foreign: FormatFinding) => void,
): GroupBytes & { missing: string[] } {
  const parts = group.paths.map((name) => openPart(folder, name, files, say));
  const missing = group.paths.filter((_, i) => parts[i] === null);
  const [first] = missing;
  if (first === undefined) return { source: joined(parts), absent: null, missing };
  const at = parts.indexOf(null);
  const before = sizeOf(parts.slice(0, at));
  // The size of one missing part follows from those of the others; what follows several cannot be placed.
  const size = (groupSize(group) ?? NaN) - sizeOf(parts);
  if (missing.length === 1 && size >= 0) {
    parts[at] = new AbsentSource(first, size);
    return { source: joined(parts), absent: { from: before, to: before + size }, missing };
  }
  for (const part of parts.slice(at)) part?.close();
  return { source: joined(parts.slice(0, at)), absent: null, missing };
}

function sizeOf(parts: readonly (ByteSource | null)[]): number {
  return parts.reduce((sum, part) => sum + (part?.size ?? 0), 0);
}

function joined(parts: readonly (ByteSource | null)[]): ByteSource {
  const there = parts.filter((part) => part !== null);
  return there.length === 1 ? there[0]! : new JoinedSource(there);
}

/** The place of a file that is not there. Nobody reads it: tensors that reach into it are not whole. */
class AbsentSource implements ByteSource {
  constructor(
    private readonly name: string,
    readonly size: number,
  ) {}

  readSync(): never {
    throw new RangeError(`${this.name} is not there`);
  }

  async read(): Promise<never> {
    return this.readSync();
  }

  close(): void {
    // There is nothing to close.
  }
}

function missingPart(
  name: string,
  weights: readonly StoredWeight[],
  foreign: FormatFinding | undefined,
): FormatFinding {
  if (foreign) return { ...foreign, detail: `${foreign.detail}; ${lossOf(weights)}` };
  return {
    code: "F07",
    title: "A part of the weights is missing",
    where: "weightsManifest",
    detail: `model.json names ${JSON.stringify(name.slice(0, 120))}, which is not beside it; ${lossOf(weights)}`,
    advice: "Put the missing file beside model.json; the tensors that are whole can be used meanwhile.",
  };
}

function underOtherNames(wanted: readonly string[], found: readonly string[]): FormatFinding {
  const changed = wanted.flatMap((name, i) => (name === found[i] ? [] : [[name, found[i]!]]));
  const shown = changed.slice(0, 3).map((pair) => pair.map((name) => JSON.stringify(name)).join(" is "));
  return {
    code: "F12",
    title: "Weight files under other names",
    where: "weightsManifest",
    detail: `the names in model.json are not there; ${shown.join(", ")}${changed.length > 3 ? ", ..." : ""}, and together they have the size that it says`,
    advice: "Other programs need the names that model.json gives.",
  };
}

/** The files are read one after the other as they are listed, whatever number is in their names. */
function inDisorder({ paths }: ManifestGroup): FormatFinding[] {
  const numbers = paths.map((path) => Number(/shard-?(\d+)of\d+/i.exec(path)?.[1] ?? NaN));
  const at = numbers.findIndex((number, i) => i > 0 && number < numbers[i - 1]!);
  if (at < 0) return [];
  const [before, after] = [paths[at - 1]!, paths[at]!].map((name) => JSON.stringify(name.slice(0, 120)));
  return [
    {
      code: "F12",
      title: "Weight files in another order",
      where: "weightsManifest",
      detail: `model.json lists ${before} before ${after}; they were read in that order`,
      advice: "If predictions are wrong, list the files by their numbers in weightsManifest.",
    },
  ];
}

/** Bytes that no tensor takes: a tensor before them may be of another type or shape than model.json says. */
function surplus(group: ManifestGroup, { source, absent }: GroupBytes): FormatFinding[] {
  const needed = groupSize(group);
  if (needed === null || absent !== null || source.size <= needed) return [];
  return [
    {
      code: "F12",
      title: "Weight files are longer than their tensors",
      where: "weightsManifest",
      detail: `the tensors of model.json take ${needed} bytes, its files have ${source.size}; the last ${source.size - needed} were not read`,
      advice:
        "If predictions are wrong, a dtype or shape in weightsManifest is not that of the data, and all that follows it is displaced: convert the model again.",
    },
  ];
}

function lossOf(weights: readonly StoredWeight[]): string {
  const lost = weights.filter(({ whole }) => !whole).map(({ name }) => name);
  const shown = `${lost.slice(0, 10).join(", ")}${lost.length > 10 ? `, and ${lost.length - 10} more` : ""}`;
  return `${weights.length - lost.length} of ${weights.length} tensors are whole${lost.length > 0 ? `; lost: ${shown}` : ""}`;
}

function cutFindings(weights: readonly StoredWeight[]): FormatFinding[] {
  if (weights.every(({ whole }) => whole)) return [];
  return [
    {
      code: "F03",
      title: "Weight files are too short",
      where: "weightsManifest",
      detail: lossOf(weights),
      advice: "Get the weight files again from where the model was made.",
    },
  ];
}

function asString(value: JsonValue | undefined): string | null {
  return typeof value === "string" ? value : null;
}
