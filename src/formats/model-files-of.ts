import { Subfolder } from "./archive/subfolder.js";
import { architecturesIn } from "./architecture.js";
import type { Folder } from "./saved-model/folder.js";

/**
 * The files in a folder that are models of their own: what `model.to_json()` wrote belongs to the weights beside it.
 * Arrays of NumPy count where only an architecture lies beside them, and their name says that they are weights.
 * @param found the names that are models by what they end with
 */
export async function modelFilesOf(folder: Folder, found: readonly string[]): Promise<string[]> {
  // With values of its own a model.json is TensorFlow.js's, and a model.
  const shards = new Set(
    folder
      .names()
      .filter((name) => name.endsWith(".bin"))
      .map(placeOf),
  );
  const places = new Set(
    found
      .filter(isJson)
      .map(placeOf)
      .filter((place) => !shards.has(place)),
  );
  const files = [...found, ...folder.names().filter((name) => isArrays(name) && places.has(placeOf(name)))];
  const weights = files.filter((name) => !isJson(name));
  const architectures = new Set<string>();
  for (const place of new Set(weights.map(placeOf).filter((at) => places.has(at)))) {
    const known = await architecturesIn(new Subfolder(folder, place));
    for (const { path } of known) architectures.add(place + path);
  }
  const own = files.filter((name) => !architectures.has(name));
  const models = own.filter((name) => !isArrays(name));
  return models.length > 0 ? models : own;
}

const isJson = (name: string): boolean => /\.json$/i.test(name);

const isArrays = (name: string): boolean => /(weights?|params?|model)[^/]*\.npz$/i.test(name);

/** `a/` of `a/b.h5`. */
const placeOf = (name: string): string => name.slice(0, name.lastIndexOf("/") + 1);
