import nodePath from "node:path";
import { asArchitecture, type Architecture, notParsed } from "./architecture.js";
import type { ByteSource } from "./byte-source.js";
import { parseConfig } from "./cut-config.js";
import { JsonError, notQuiteJson, type OnNote, parseJsonBytes } from "./json.js";
import { looksLikeShardList, openShardedWeights } from "./keras-archive/sharded-weights.js";
import { FormatError, type JsonValue, type ModelFile } from "./model-file.js";
import { type Folder, readWhole } from "./saved-model/folder.js";
import { looksLikeSafetensorsList, openShardedSafetensors } from "./sharded-safetensors.js";
import { fromLocalStorage, looksLikeLocalStorage } from "./tfjs/local-storage.js";
import { looksLikeTfjsModel, openTfjsModel } from "./tfjs/open-tfjs-model.js";

const LARGEST = 256 * 2 ** 20;

/**
 * Opens what JSON can be, with the files beside it: a tfjs model, a browser's store of such, the list of Keras's weights in several files, or an architecture alone.
 * @returns null for JSON of any other kind
 * @throws FormatError F08 with line and column for what is no JSON
 */
export function openJson(path: string, source: ByteSource, folder: Folder): ModelFile | null {
  if (source.size > LARGEST) return null;
  const notes: string[] = [];
  const json = parse(path, source, (note) => notes.push(note));
  const model = asModel(path, json, source, folder);
  return model && { ...model, findings: [...notQuiteJson(path, notes), ...model.findings] };
}

function asModel(path: string, json: JsonValue, source: ByteSource, folder: Folder): ModelFile | null {
  if (typeof json !== "object" || json === null || Array.isArray(json)) return null;
  if (looksLikeTfjsModel(json)) return openTfjsModel(path, json, folder, source.size);
  if (looksLikeLocalStorage(json)) {
    const { model, folder: kept, finding } = fromLocalStorage(path, json);
    const file = openTfjsModel(path, model, kept, source.size);
    return finding === null ? file : { ...file, findings: [finding, ...file.findings] };
  }
  if (looksLikeSafetensorsList(json)) return openShardedSafetensors(path, json, folder);
  if (looksLikeShardList(json)) return openShardedWeights(path, json, folder);
  const architecture = asArchitecture(path, json);
  return architecture && architectureAlone(architecture, source.size, folder);
}

function parse(path: string, source: ByteSource, onNote: OnNote): JsonValue {
  try {
    return parseJsonBytes(readWhole(source), onNote, parseConfig);
  } catch (error) {
    if (error instanceof JsonError) throw new FormatError(notParsed(path, error), { cause: error });
    throw error;
  }
}

/** A model with an architecture and no weights (F07), and the weights files beside it. */
export function architectureAlone(
  { path, config, kerasVersion, backend }: Architecture,
  size: number,
  folder: Folder,
): ModelFile {
  const beside = folder
    .names()
    .filter((name) => /^[^/]+\.(keras|h5|hdf5|safetensors|npz|index)$/i.test(name));
  const choices = beside.map((name) => nodePath.join(nodePath.dirname(path), name));
  const names = beside.slice(0, 5).map((name) => JSON.stringify(name));
  return {
    path,
    format: "keras-config",
    size,
    kerasVersion,
    backend,
    config,
    trainingConfig: null,
    layers: [],
    optimizerWeights: [],
    findings: [
      {
        code: "F07",
        title: "An architecture without weights",
        where: path,
        detail: "the file holds what model.to_json() or model.to_yaml() writes",
        advice: names.length
          ? `Open the weights file instead (beside it lie ${names.join(", ")}), or go on with initial values.`
          : "Give a weights file of this model, or go on with initial values.",
        choices,
      },
    ],
    close: () => undefined,
  };
}
