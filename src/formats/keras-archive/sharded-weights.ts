import nodePath from "node:path";
import type { ByteSource } from "../byte-source.js";
import { outsideVariables, unlisted } from "../changed-names.js";
import type { Hdf5File } from "../hdf5/file.js";
import { damageFindings, openHdf5 } from "../hdf5/open-hdf5.js";
import { layersOfH5 } from "../keras-hdf5/open-keras-hdf5.js";
import {
  FormatError,
  type FormatFinding,
  type JsonValue,
  type ModelFile,
  type StoredLayer,
  type StoredWeight,
} from "../model-file.js";
import { openPart } from "../open-part.js";
import type { Folder } from "../saved-model/folder.js";
import { layerWeights, optimizerVariables } from "./layer-weights.js";
import { everyVariable, mergeTrees, type WeightsNode, weightsTree } from "./weights-tree.js";

/** Weights of one tree, in one file or several. */
export interface OpenedWeights {
  /** Null when no file could be opened. */
  readonly tree: WeightsNode | null;
  /** What a file in the layout of a `.h5` file holds, which has no tree. */
  readonly layers: readonly StoredLayer[];
  readonly optimizerWeights: readonly StoredWeight[];
  readonly size: number;
  readonly findings: readonly FormatFinding[];
  takeChanged(yes: boolean): void;
  close(): void;
}

/** Opens the HDF5 files that hold a tree's parts. */
export function openWeightFiles(folder: Folder, names: readonly string[]): OpenedWeights {
  const sources: ByteSource[] = [];
  const findings: FormatFinding[] = [];
  const files: Hdf5File[] = [];
  const flat: ModelFile[] = [];
  const trees = names.flatMap((name) => {
    const source = openPart(folder, name, names.length, (foreign) => findings.push(foreign));
    if (source === null) return [];
    sources.push(source);
    const file = openOrSay(name, source, findings);
    if (file === null) return [];
    files.push(file);
    const layers = layersOfH5(name, file);
    if (layers) {
      flat.push(layers);
      findings.push(inLayoutOfH5(name), ...layers.findings.filter(({ code }) => code !== "F09"));
      return [];
    }
    const tree = weightsTree(file.root, (finding) => findings.push(finding));
    findings.push(...unlisted(outsideVariables(file.root)));
    findings.push(...damageFindings(file, [...everyVariable(tree)]));
    return [tree];
  });
  return {
    tree: trees.length > 0 ? mergeTrees(trees) : null,
    layers: flat.flatMap(({ layers }) => layers),
    optimizerWeights: flat.flatMap(({ optimizerWeights }) => optimizerWeights),
    size: sources.reduce((sum, source) => sum + source.size, 0),
    findings,
    takeChanged: (yes) => files.forEach((file) => file.takeChanged(yes)),
    close: () => sources.forEach((source) => source.close()),
  };
}

function inLayoutOfH5(where: string): FormatFinding {
  return {
    code: "F06",
    title: "The weights lie in the archive as in a .h5 file",
    where,
    detail: "they were read by the names of the layers",
    advice: "Keras itself finds none there; saving the model writes them as Keras does.",
  };
}

/** Weights of which nothing can be reached leave the rest of the model (F03); what is refused is refused (F18). */
function openOrSay(name: string, source: ByteSource, findings: FormatFinding[]): Hdf5File | null {
  try {
    return openHdf5(name, source);
  } catch (error) {
    if (!(error instanceof FormatError) || error.finding.code !== "F03") throw error;
    findings.push({ ...error.finding, where: `${name}, ${error.finding.where}` });
    return null;
  }
}

/** Whether JSON is the list of parts that `save_weights(max_shard_size=...)` writes. */
export function looksLikeShardList(json: { [key: string]: JsonValue }): boolean {
  return typeof json["weight_map"] === "object" && json["weight_map"] !== null;
}

/**
 * The parts there are, by their computed names (`model_00000.weights.h5`, `saving_lib.ShardedH5IOStore`); what the
 * list says is only compared, never opened.
 * @param base `model` of `model.weights.json`
 */
export function shardNames(
  base: string,
  list: JsonValue,
  names: readonly string[],
): { readonly there: readonly string[]; readonly findings: readonly FormatFinding[] } {
  const there = names.filter(
    (name) => name.startsWith(`${base}_`) && /^\d{5}\.weights\.h5$/.test(name.slice(base.length + 1)),
  );
  const map = typeof list === "object" && list !== null && !Array.isArray(list) ? list["weight_map"] : null;
  const listed =
    typeof map === "object" && map !== null ? new Set(Object.values(map).flat()) : new Set<JsonValue>();
  const missing = [...listed].filter((name) => typeof name === "string" && !there.includes(name)).sort();
  return { there: there.sort(), findings: missing.map((name) => missingShard(base, String(name))) };
}

/** Opens weights that lie in several files, by their list (`model.weights.json`). */
export function openShardedWeights(path: string, json: JsonValue, folder: Folder): ModelFile {
  const base = nodePath.basename(path).replace(/(\.weights)?\.json$/i, "");
  const { there, findings } = shardNames(base, json, folder.names());
  const { tree, ...opened } = openWeightFiles(folder, there);
  const isWhole = findings.length + opened.findings.length === 0;
  return {
    path,
    format: "hdf5-weights",
    size: opened.size,
    kerasVersion: null,
    backend: null,
    config: null,
    trainingConfig: null,
    layers: tree ? layerWeights(null, tree) : opened.layers,
    optimizerWeights: tree ? optimizerVariables(tree) : opened.optimizerWeights,
    findings: [...findings, ...opened.findings, weightsOnly(path)],
    ...(tree ? { layersFor: (config: JsonValue) => layerWeights(config, tree, isWhole) } : {}),
    takeChanged: opened.takeChanged,
    close: opened.close,
  };
}

function weightsOnly(path: string): FormatFinding {
  return {
    code: "F09",
    title: "Weights only, no model configuration",
    where: path,
    detail: "these files hold weights and no architecture",
    advice: "Give the architecture: a JSON file from model.to_json(), another model file, or code.",
  };
}

function missingShard(base: string, name: string): FormatFinding {
  return {
    code: "F07",
    title: "A part of the weights is missing",
    where: `${base}.weights.json`,
    detail: `the list of parts names ${JSON.stringify(name.slice(0, 80))}, which is not beside it`,
    advice: "Put the missing part beside the others; the tensors that are there can be used meanwhile.",
  };
}
