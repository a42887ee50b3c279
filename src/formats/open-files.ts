import { latestCheckpoint, openCheckpoint } from "./checkpoint/open-checkpoint.js";
import { looksLikeKerasArchive, openKerasArchive } from "./keras-archive/open-keras-archive.js";
import type { ModelFile } from "./model-file.js";
import type { Folder } from "./saved-model/folder.js";
import { looksLikeSavedModel, openSavedModel } from "./saved-model/open-saved-model.js";

/**
 * Opens the model that several files make together: a SavedModel, the members of a `.keras`, a checkpoint.
 * Only what lies at the top of the folder counts.
 * @param size bytes of the whole
 * @param close given back what holds the folder open
 * @returns null when the folder is none of them
 */
export function openFiles(folder: Folder, size: number, close: () => void): ModelFile | null {
  const names = folder.names();
  if (looksLikeSavedModel(names)) return also(openSavedModel(folder), close);
  if (looksLikeKerasArchive(names)) return openKerasArchive(folder, size, close);
  const indexes = names.filter((name) => /^[^/]+\.index$/.test(name));
  const prefix = indexes.length === 1 ? indexes[0]!.slice(0, -".index".length) : latestCheckpoint(folder);
  return prefix === null ? null : also(openCheckpoint({ folder, prefix }), close);
}

function also(model: ModelFile, close: () => void): ModelFile {
  return {
    ...model,
    close: () => {
      model.close();
      close();
    },
  };
}
