import fs from "node:fs";
import path from "node:path";
import { editDistance } from "../names/nearest-names.js";

const MODEL_NAME =
  /\.(keras|h5|hdf5|hdf|pb|pbtxt|npz|safetensors|index|tflite|onnx)$|^(model|saved_model|model_config|architecture)\.(json|ya?ml)$/i;
const FOLDERS = 400;
const SHOWN = 5;

/**
 * Model files near a path that does not exist, the likeliest first: below the path's nearest existing folder and
 * below the working folder, two levels down. Names only are looked at.
 */
export function modelsNearby(wanted: string): string[] {
  const found = new Set<string>();
  const folders = [nearestFolder(path.dirname(path.resolve(wanted))), process.cwd()];
  let left = FOLDERS;
  for (const folder of new Set(folders)) {
    for (const file of list(folder, 2, () => left-- > 0)) found.add(file);
  }
  const name = path.basename(wanted).toLowerCase();
  const scored = [...found].map((file) => ({
    file,
    score: editDistance(name, path.basename(file).toLowerCase()),
  }));
  scored.sort((a, b) => a.score - b.score || a.file.localeCompare(b.file));
  return scored.slice(0, SHOWN).map(({ file }) => display(file));
}

function nearestFolder(folder: string): string {
  while (!fs.existsSync(folder) && folder !== path.dirname(folder)) folder = path.dirname(folder);
  return folder;
}

function* list(folder: string, levels: number, more: () => boolean): Generator<string> {
  if (!more()) return;
  const inner: string[] = [];
  for (const entry of entries(folder)) {
    const full = path.join(folder, entry.name);
    if (entry.isFile() && MODEL_NAME.test(entry.name)) yield full;
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
