import { isLoss } from "../changed-names.js";
import { NO_CONFIG } from "../architecture.js";
import { parseConfig } from "../cut-config.js";
import { JsonError, notQuiteJson, parseJsonBytes } from "../json.js";
import type { FormatFinding, JsonValue, ModelFile } from "../model-file.js";
import { type Folder, readWhole } from "../saved-model/folder.js";
import { withAssets } from "./assets.js";
import { featureSpaceAsModel } from "./feature-space.js";
import { layerWeights, optimizerVariables } from "./layer-weights.js";
import { type OpenedWeights, openWeightFiles, shardNames } from "./sharded-weights.js";
import { everyVariable, type WeightsNode } from "./weights-tree.js";
import { inOtherForm, wholeConfig } from "../whole-config.js";

const METADATA = "metadata.json";
const CONFIG = "config.json";
const WEIGHTS = "model.weights.h5";
const NPZ = "model.weights.npz";
const SHARDS = "model.weights.json";

/** Whether files are a Keras model's, by their names. A `config.json` alone can be anyone's on disk. */
export function looksLikeKerasArchive(names: readonly string[]): boolean {
  if (names.includes(WEIGHTS) || names.includes(SHARDS)) return true;
  if (!names.includes(CONFIG)) return false;
  return names.includes(METADATA) || names.includes(NPZ) || names.length === 1 || names.some(isNamedWeights);
}

/** `weights.h5`, `my.weights.h5`: other libraries call theirs otherwise, beside a config.json that is no Keras model's. */
function isNamedWeights(name: string): boolean {
  return /^([^/]+\.)?weights\.(h5|hdf5)$/i.test(name);
}

/** The one HDF5 file at the top, whose name Keras does not know; null where there is none, or a choice. */
function renamedWeights(names: readonly string[]): string | null {
  const found = names.filter((name) => /^[^/]+\.(h5|hdf5)$/i.test(name));
  return found.length === 1 ? found[0]! : null;
}

/**
 * Opens a `.keras` model: the members of the archive, or the same files unpacked in a folder (Keras 3.9 and later).
 * Format: Keras `saving_lib.py`.
 * @param size bytes of the whole, for the summary
 */
export function openKerasArchive(folder: Folder, size: number, close: () => void): ModelFile {
  return new KerasArchiveReader(folder, size, close).read();
}

class KerasArchiveReader {
  private readonly findings: FormatFinding[] = [];
  private readonly opened: OpenedWeights[] = [];

  constructor(
    private readonly folder: Folder,
    private readonly size: number,
    private readonly closeFolder: () => void,
  ) {}

  read(): ModelFile {
    const config = featureSpaceAsModel(this.unwrapped(this.json(CONFIG)));
    const metadata = this.json(METADATA);
    const tree = withAssets(this.weights(), this.folder, this.findings);
    if (config === null && !this.findings.some(({ title }) => title === `${CONFIG} is not JSON`))
      this.findings.push(noConfig(tree));
    return {
      path: this.folder.path,
      format: "keras-archive",
      size: this.size,
      kerasVersion: stringAt(metadata, "keras_version"),
      backend: null,
      config,
      trainingConfig: valueAt(config, "compile_config"),
      layers: tree ? layerWeights(config, tree, this.isWhole()) : this.opened.flatMap(({ layers }) => layers),
      optimizerWeights: tree
        ? optimizerVariables(tree)
        : this.opened.flatMap(({ optimizerWeights }) => optimizerWeights),
      findings: this.findings,
      ...(tree && config === null
        ? { layersFor: (given: JsonValue) => layerWeights(given, tree, this.isWhole()) }
        : {}),
      takeChanged: (yes) => {
        for (const weights of this.opened) weights.takeChanged(yes);
      },
      close: () => {
        for (const weights of this.opened) weights.close();
        this.closeFolder();
      },
    };
  }

  /** Whether nothing of the weights is lost, so that what a layer lacks is stored somewhere else. */
  private isWhole(): boolean {
    return !this.findings.some((finding) => isLoss(finding) || /^F(01|07|15)$/.test(finding.code));
  }

  private json(name: string): JsonValue {
    const source = this.folder.open(name);
    if (source === null) return null;
    try {
      const notes: string[] = [];
      const value = parseJsonBytes(readWhole(source), (note) => notes.push(note), parseConfig);
      this.findings.push(...notQuiteJson(name, notes));
      return value;
    } catch (error) {
      if (!(error instanceof JsonError)) throw error;
      this.findings.push({
        code: "F08",
        title: `${name} is not JSON`,
        where: `${name}, line ${error.line}, column ${error.column}`,
        detail: error.detail,
        advice: "The weights can still be used with an architecture from elsewhere.",
      });
      return null;
    } finally {
      source.close();
    }
  }

  /** A config that stands in `model_config`, as .h5 files and TensorFlow.js have it. */
  private unwrapped(config: JsonValue): JsonValue {
    const whole = wholeConfig(config);
    if (!whole?.form) return config;
    this.findings.push(inOtherForm(CONFIG, whole.form));
    return whole.config;
  }

  private weights(): WeightsNode | null {
    const names = this.folder.names();
    if (names.includes(WEIGHTS)) return this.tree([WEIGHTS]);
    if (names.includes(SHARDS)) {
      const { there, findings } = shardNames("model", this.json(SHARDS), names);
      this.findings.push(...findings);
      return this.tree(there);
    }
    const renamed = renamedWeights(names);
    if (renamed !== null) {
      this.findings.push(underAnotherName(renamed));
      return this.tree([renamed]);
    }
    this.findings.push(names.includes(NPZ) ? picklesRefused() : noWeights());
    return null;
  }

  private tree(names: readonly string[]): WeightsNode | null {
    const opened = openWeightFiles(this.folder, names);
    this.opened.push(opened);
    this.findings.push(...opened.findings);
    return opened.tree;
  }
}

function valueAt(value: JsonValue, key: string): JsonValue {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value[key] ?? null) : null;
}

function stringAt(value: JsonValue, key: string): string | null {
  const found = valueAt(value, key);
  return typeof found === "string" ? found : null;
}

function noConfig(tree: WeightsNode | null): FormatFinding {
  const count = tree ? [...everyVariable(tree)].length : 0;
  return {
    code: "F06",
    title: NO_CONFIG,
    where: CONFIG,
    detail: `the archive holds no architecture${count ? `, only ${count} tensors` : ""}`,
    advice: "Give the architecture: a JSON file from model.to_json(), another model file, or code.",
  };
}

function noWeights(): FormatFinding {
  return {
    code: "F07",
    title: "No weights in the archive",
    where: WEIGHTS,
    detail: `neither ${WEIGHTS} nor ${SHARDS} is in it`,
    advice: "Give a weights file of this model, or go on with initial values.",
  };
}

function underAnotherName(name: string): FormatFinding {
  return {
    code: "F06",
    title: "The weights have another name in the archive",
    where: name,
    detail: `the weights were read from ${JSON.stringify(name)}, the only HDF5 file in it`,
    advice: `Keras itself looks for ${WEIGHTS}.`,
  };
}

function picklesRefused(): FormatFinding {
  return {
    code: "F18",
    title: "Weights stored as pickles",
    where: NPZ,
    detail: "Keras writes this kind of archive as pickled Python objects, which run code when they are read",
    advice: 'Save the model again with weights_format="h5", or give a weights file of this model.',
  };
}
