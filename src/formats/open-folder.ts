import fs from "node:fs";
import nodePath from "node:path";
import { FormatError, type FormatFinding, type ModelFile } from "./model-file.js";
import { openFiles } from "./open-files.js";
import { DiskFolder } from "./saved-model/folder.js";
import { looksLikeSavedModel, openSavedModel } from "./saved-model/open-saved-model.js";

/** What a folder turned out to be: a model, or the one file in it that is meant. */
export type FolderContent = ModelFile | { readonly file: string; readonly finding: FormatFinding };

/**
 * Opens a folder as a model: a SavedModel, an unpacked `.keras`, a checkpoint, a folder around one of them, or one
 * with a single model file in it (as downloads from Hugging Face or Kaggle lie on disk).
 * @throws FormatError F12 when it holds none, or more than one
 */
export function openFolder(path: string): FolderContent {
  const names = fs.readdirSync(path);
  const folder = new DiskFolder(path);
  const model = openFiles(folder, folderSize(path, folder.names()), () => undefined);
  if (model) return model;
  const parent = nodePath.dirname(nodePath.resolve(path));
  if (isPartOfSavedModel(path) && looksLikeSavedModel(fs.readdirSync(parent))) return elsewhere(parent, path);
  const files = names.filter((name) => /\.(keras|h5|hdf5|safetensors)$/i.test(name) || name === "model.json");
  if (files.length === 1) return { file: nodePath.join(path, files[0]!), finding: oneFile(path, files[0]!) };
  return openBelow(path, names, files);
}

function isPartOfSavedModel(path: string): boolean {
  return ["variables", "assets", "assets.extra"].includes(nodePath.basename(nodePath.resolve(path)));
}

function openBelow(path: string, names: readonly string[], files: readonly string[]): ModelFile {
  const inner = new DiskFolder(path).names().map((name) => nodePath.dirname(name));
  const folders = [...new Set(inner)].filter((name) => name !== ".").map((name) => nodePath.join(path, name));
  const models = folders.filter((folder) => looksLikeSavedModel(fs.readdirSync(folder)));
  if (models.length === 1) return elsewhere(models[0]!, path);
  throw noModel(path, names, models.length > 1 ? models : files.map((name) => nodePath.join(path, name)));
}

/** F12, mended: the SavedModel is a level up or down. */
function elsewhere(folder: string, given: string): ModelFile {
  const model = openSavedModel(folder);
  const finding = {
    code: "F12",
    title: "The SavedModel is in another folder",
    where: given,
    detail: `there is no saved_model.pb in it; the model in ${JSON.stringify(folder)} was opened`,
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
    return finding(
      path,
      `the folder holds ${models.length} models`,
      `Give one of them: ${list(models)}.`,
      models,
    );
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
  return new FormatError({ code: "F12", title: "No model in this folder", where, detail, advice, choices });
}

function folderSize(path: string, names: readonly string[]): number {
  const sizes = names.map(
    (name) => fs.statSync(nodePath.join(path, name), { throwIfNoEntry: false })?.size ?? 0,
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
