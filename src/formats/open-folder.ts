import fs from "node:fs";
import nodePath from "node:path";
import { FormatError, type FormatFinding, type ModelFile } from "./model-file.js";
import { modelFilesOf } from "./model-files-of.js";
import { openFiles } from "./open-files.js";
import { statOf, unreadable } from "./not-a-model.js";
import { asSavedModel, transformersClassIn } from "./transformers-config.js";
import { DiskFolder } from "./saved-model/folder.js";
import { looksLikeSavedModel, openSavedModel } from "./saved-model/open-saved-model.js";

/** What a folder turned out to be: a model, or the one file in it that is meant. */
export type FolderContent = ModelFile | { readonly file: string; readonly finding: FormatFinding };

/**
 * Opens a folder as a model: a SavedModel, an unpacked `.keras`, a checkpoint, a folder around one of them, or one
 * with a single model file in it (as downloads from Hugging Face or Kaggle lie on disk). Of versions in numbered
 * folders the highest is taken, as TensorFlow Serving does.
 * @throws FormatError F12 when it holds none, or more than one
 */
export async function openFolder(path: string): Promise<FolderContent> {
  const names = namesIn(path);
  const around = savedModelAround(path);
  if (around !== null) return around;
  const below = new DiskFolder(path).names();
  const model = openFiles(new DiskFolder(path), folderSize(path, below), () => undefined);
  if (model) return model;
  const models = savedModels(below).map((name) => nodePath.join(path, name));
  const files = await modelFilesOf(new DiskFolder(path), below.filter(isModelFile));
  const chosen = chooseFile(files, models.length > 0);
  if (chosen !== null) return { file: nodePath.join(path, chosen), finding: oneFile(path, chosen) };
  if (models.length === 1) return elsewhere(models[0]!, path, "");
  const newest = newestVersion(models);
  if (newest !== null) return elsewhere(newest, path, `, the highest of ${models.length} versions`);
  if (below.some(isOfOrbax)) throw orbax(path);
  if (files.length > 0 && models.length === 0 && files.every(isH5Part))
    throw partsOfTransformers(path, files);
  const all = [...models, ...files.map((name) => nodePath.join(path, name))];
  throw noModel(path, names, all);
}

/** @throws FormatError F04 where the folder may not be read */
function namesIn(folder: string): string[] {
  try {
    return fs.readdirSync(folder);
  } catch (cause) {
    throw unreadable(folder, cause as NodeJS.ErrnoException);
  }
}

/**
 * The SavedModel that a path leads into: its `variables` or `assets`, or what lies in `variables`, alone has no
 * architecture. Null for paths to anything else.
 */
export function savedModelAround(path: string): ModelFile | null {
  const full = nodePath.resolve(path);
  const parts = ["variables", "assets", "assets.extra"];
  const isPart = parts.includes(nodePath.basename(full)) && statOf(full)?.isDirectory();
  const folder = isPart ? full : nodePath.dirname(full);
  const isVariables = /^variables(\.index|\.data-\d{5}-of-\d{5})?$/.test(nodePath.basename(full));
  if (!isPart && !(isVariables && nodePath.basename(folder) === "variables")) return null;
  const parent = nodePath.dirname(folder);
  return looksLikeSavedModel(namesIn(parent)) ? elsewhere(parent, path, "") : null;
}

function isModelFile(name: string): boolean {
  return /\.(keras|h5|hdf5|safetensors|safetensors\.index\.json|weights\.json)$|(^|\/)model\.json$/i.test(
    name,
  );
}

function savedModels(names: readonly string[]): string[] {
  const folders = names.map((name) => [nodePath.dirname(name), nodePath.basename(name)] as const);
  return [...new Set(folders.filter(([, name]) => looksLikeSavedModel([name])).map(([folder]) => folder))];
}

/**
 * The one model file that is meant; null for none or several. Transformers writes its `tf_model.h5` without an
 * architecture, so a SavedModel beside it is more; and weights in several parts go by their list.
 */
function chooseFile(names: readonly string[], savedModelBelow: boolean): string | null {
  const lists = names.filter((name) => /\.(safetensors\.index|weights)\.json$/.test(name));
  const files = lists.length > 0 ? names.filter((name) => !isPart(name)) : names;
  const top = files.filter((name) => !name.includes("/"));
  const [only = null, ...more] = top.length > 0 ? top : savedModelBelow ? [] : files;
  const weightsAlone = only === "tf_model.h5" && savedModelBelow;
  return more.length > 0 || weightsAlone ? null : only;
}

const isPart = (name: string): boolean => /(-\d{5}-of-\d{5}\.safetensors|_\d{5}\.weights\.h5)$/.test(name);

/** `save_pretrained` of Transformers cuts large weights in parts, which Keras does not. */
const isH5Part = (name: string): boolean => /-\d{5}-of-\d{5}\.h5$/.test(name);

function partsOfTransformers(path: string, parts: readonly string[]): FormatError {
  return new FormatError({
    code: "F09",
    title: "The weights of a Transformers model, in several files",
    where: path,
    detail: `${parts
      .map((name) => JSON.stringify(name))
      .slice(0, 3)
      .join(
        ", ",
      )}${parts.length > 3 ? ", ..." : ""} are its weights, without an architecture: its code is in the transformers package`,
    advice: asSavedModel(transformersClassIn(path) ?? "TFAutoModel"),
  });
}

/** Folders that stand side by side and are named by numbers; null for any others. */
function newestVersion(models: readonly string[]): string | null {
  const parents = new Set(models.map((model) => nodePath.dirname(model)));
  const numbered = models.every((model) => /^\d+$/.test(nodePath.basename(model)));
  if (models.length === 0 || parents.size !== 1 || !numbered) return null;
  return models.reduce((a, b) => (Number(nodePath.basename(b)) > Number(nodePath.basename(a)) ? b : a));
}

/** What Orbax, JAX's library for checkpoints, lays out. */
function isOfOrbax(name: string): boolean {
  return /(^|\/)(_CHECKPOINT_METADATA|manifest\.ocdbt)$|\.orbax-checkpoint|(^|\/)ocdbt\.process_/.test(name);
}

function orbax(path: string): FormatError {
  return new FormatError({
    code: "F12",
    title: "An Orbax checkpoint",
    where: path,
    detail:
      "the folder is a checkpoint of Orbax (keras.callbacks.OrbaxCheckpoint, JAX), whose store is not read here",
    advice: "In Python, load it into the model and save it anew: model.save_weights('model.weights.h5').",
  });
}

/** F12, mended: the SavedModel is a level up or down. */
function elsewhere(folder: string, given: string, which: string): ModelFile {
  const model = openSavedModel(folder);
  const finding = {
    code: "F12",
    title: "The SavedModel is in another folder",
    where: given,
    detail: `there is no saved_model.pb in it; the model in ${JSON.stringify(folder)}${which} was opened`,
    advice: "Keras and TensorFlow need the folder that saved_model.pb is in.",
  };
  return { ...model, findings: [finding, ...model.findings] };
}

function oneFile(path: string, name: string): FormatFinding {
  return {
    code: "F12",
    title: "A folder with one model file",
    where: path,
    detail: `the path is a folder; ${JSON.stringify(name)} in it was opened`,
    advice: "Give the path of the file.",
  };
}

function noModel(path: string, names: readonly string[], models: readonly string[]): FormatError {
  const parts = names.filter((name) => ["variables", "keras_metadata.pb", "fingerprint.pb"].includes(name));
  const list = (all: readonly string[]) =>
    all
      .slice(0, 5)
      .map((name) => JSON.stringify(name))
      .join(", ");
  if (models.length > 0) {
    const detail = `the folder holds ${models.length} models`;
    return finding(path, detail, `Give one of them: ${list(models)}.`, models);
  }
  if (parts.length > 0) {
    const detail = `it holds parts of a SavedModel (${list(parts)}), but not saved_model.pb`;
    return finding(path, detail, "Copy saved_model.pb from where the model was made into this folder.");
  }
  const content = names.length ? `it holds ${list(names)}${names.length > 5 ? ", ..." : ""}` : "it is empty";
  return finding(
    path,
    content,
    "Give the path of a model file, or of a folder with saved_model.pb or config.json.",
  );
}

function finding(
  where: string,
  detail: string,
  advice: string,
  choices: readonly string[] = [],
): FormatError {
  const title = choices.length > 1 ? "Several models in this folder" : "No model in this folder";
  return new FormatError({ code: "F12", title, where, detail, advice, choices });
}

function folderSize(path: string, names: readonly string[]): number {
  const sizes = names.map((name) => statOf(nodePath.join(path, name))?.size ?? 0);
  return sizes.reduce((sum, size) => sum + size, 0);
}
