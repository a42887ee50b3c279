import fs from "node:fs";
import path from "node:path";
import { editDistance } from "../names/nearest-names.js";

const MODEL_NAME =
  /\.(keras|h5|hdf5|hdf|pb|pbtxt|npz|safetensors|index|tflite|onnx)$|^(model|saved_model|model_config|architecture)\.(json|ya?ml)$/i;
/** Parts of a SavedModel that are no model without the rest. */
const NO_MODELS = new Set(["fingerprint.pb", "keras_metadata.pb"]);
const FOLDERS = 400;
const SHOWN = 5;

/**
 * Model files near a path at which there is none, the likeliest first: names that are alike, then what lies below the
 * path where it is a folder, or its nearest existing folder, then below the working folder, each two levels down. Names
 * only are looked at.
 */
export function modelsNearby(wanted: string): string[] {
  const name = path.basename(wanted).toLowerCase();
  const alike = name.length / 3;
  const found = new Map<string, { file: string; distance: number; place: number }>();
  let left = FOLDERS;
  for (const [place, folder] of [nearestFolder(path.resolve(wanted)), process.cwd()].entries()) {
    for (const file of list(folder, 2, () => left-- > 0)) {
      const distance = editDistance(name, path.basename(file).toLowerCase());
      if (!found.has(file)) found.set(file, { file, distance, place: distance <= alike ? -1 : place });
    }
  }
  return [...found.values()]
    .sort((a, b) => a.place - b.place || a.distance - b.distance || a.file.localeCompare(b.file))
    .slice(0, SHOWN)
    .map(({ file }) => display(file));
}

/**
 * The SavedModel in the folder of a model file whose name is like the file's (`net.h5`, `net_saved/`) or says nothing
 * else (`saved_model/`); null for none.
 */
export function savedModelBeside(model: string): string | null {
  const folder = path.dirname(path.resolve(model));
  const stem = plain(path.basename(model).replace(/(\.weights)?\.\w+$/, ""));
  const isAlike = (name: string) =>
    SAYS_NOTHING.test(name) || (stem !== "" && (plain(name).includes(stem) || stem.includes(plain(name))));
  const found = entries(folder)
    .filter((entry) => entry.isDirectory() && isAlike(entry.name))
    .filter(({ name }) => fs.existsSync(path.join(folder, name, "saved_model.pb")))
    .sort((a, b) => editDistance(stem, plain(a.name)) - editDistance(stem, plain(b.name)));
  return found[0] ? display(path.join(folder, found[0].name)) : null;
}

const SAYS_NOTHING = /^(tf_?)?((saved|exported)_?(model)?|export|model)$/i;

function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, "");
}

function nearestFolder(wanted: string): string {
  const isFolder = (at: string) => fs.existsSync(at) && fs.statSync(at).isDirectory();
  let folder = wanted;
  while (!isFolder(folder) && folder !== path.dirname(folder)) folder = path.dirname(folder);
  return folder;
}

function* list(folder: string, levels: number, more: () => boolean): Generator<string> {
  if (!more()) return;
  const inner: string[] = [];
  for (const entry of entries(folder)) {
    const full = path.join(folder, entry.name);
    if (entry.isFile() && MODEL_NAME.test(entry.name) && !NO_MODELS.has(entry.name)) yield full;
    else if (entry.isDirectory() && levels > 0 && !/^(\.|node_modules$)/.test(entry.name)) inner.push(full);
  }
  for (const next of inner) yield* list(next, levels - 1, more);
}

function entries(folder: string): fs.Dirent[] {
  try {
    return fs.readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

/** Relative where that is shorter. */
function display(file: string): string {
  const relative = path.relative(process.cwd(), file);
  return relative.startsWith("..") ? file : relative;
}
