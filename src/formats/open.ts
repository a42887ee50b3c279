import fs from "node:fs";
import nodePath from "node:path";
import { type ByteSource, FileSource, peek } from "./byte-source.js";
import { openCheckpoint } from "./checkpoint/open-checkpoint.js";
import { openFrozenGraph } from "./frozen-graph.js";
import { openZip } from "./archive/open-zip.js";
import { looksLikeKerasArchive, openKerasArchive } from "./keras-archive/open-keras-archive.js";
import { openKerasHdf5 } from "./keras-hdf5.js";
import { FormatError, type ModelFile } from "./model-file.js";
import { modelsNearby } from "./nearby.js";
import { DiskFolder } from "./saved-model/folder.js";
import { looksLikeSavedModel, openSavedModel } from "./saved-model/open-saved-model.js";
import { type FileKind, KIND_NAMES, showBytes, sniff } from "./sniff.js";

/**
 * Opens a model file: reads its structure and configuration, no weights. What the file is, its content decides;
 * the extension is not looked at. The caller closes the result.
 *
 * @param path a file on disk
 * @throws FormatError when it is not a model file: F04 (nothing there), F02 (something else, said which), F03
 *   (truncated before anything useful), F18 (refused for safety)
 */
export async function openModelFile(path: string): Promise<ModelFile> {
  const several = openFromSeveralFiles(path);
  if (several !== null) return several;
  const source = openSource(path);
  try {
    return await openSourceAsModel(path, source);
  } catch (error) {
    source.close();
    throw error;
  }
}

/** SavedModel folders and checkpoint prefixes; a path into one of them means the whole. Null for single files. */
function openFromSeveralFiles(path: string): ModelFile | null {
  const stat = fs.statSync(path, { throwIfNoEntry: false });
  if (stat?.isDirectory()) return openFolder(path);
  if (stat === undefined) return fs.existsSync(`${path}.index`) ? openCheckpoint(path) : null;
  if (looksLikeSavedModel([nodePath.basename(path)])) return openSavedModel(nodePath.dirname(path));
  return null;
}

function openFolder(path: string): ModelFile | null {
  const names = fs.readdirSync(path);
  if (looksLikeSavedModel(names)) return openSavedModel(path);
  const folder = new DiskFolder(path);
  return looksLikeKerasArchive(names)
    ? openKerasArchive(folder, folderSize(path, folder.names()), () => undefined)
    : null;
}

function folderSize(path: string, names: readonly string[]): number {
  return names.reduce((sum, name) => sum + fs.statSync(nodePath.join(path, name)).size, 0);
}

function openSource(path: string): ByteSource {
  const stat = fs.statSync(path, { throwIfNoEntry: false });
  if (!stat) throw missing(path);
  if (stat.isDirectory()) throw folder(path);
  if (!stat.isFile()) {
    throw new FormatError({
      code: "F02",
      title: "Not a model file",
      where: path,
      detail: "this is a device, a pipe or a socket",
      advice: "Give the path of a file.",
    });
  }
  try {
    return FileSource.open(path);
  } catch (cause) {
    throw unreadable(path, cause as NodeJS.ErrnoException);
  }
}

async function openSourceAsModel(path: string, source: ByteSource): Promise<ModelFile> {
  const kind = sniff(source);
  if (kind === "hdf5") return misnamed(path, openKerasHdf5(path, source));
  if (kind === "zip") return openZip(path, source);
  if (kind === "checkpoint-index") return reopen(source, () => openCheckpoint(path));
  if (kind === "protobuf" || path.endsWith(".pbtxt")) return reopen(source, () => openFrozenGraph(path));
  throw notAModel(path, kind, peek(source, 0, SHOWN_BYTES));
}

/** For readers that open the file's parts themselves. */
function reopen(source: ByteSource, open: () => ModelFile): ModelFile {
  source.close();
  return open();
}

/** Keras says "File not found" of such a file; here its content decides, and the name is only remarked on. */
function misnamed(path: string, model: ModelFile): ModelFile {
  if (!path.toLowerCase().endsWith(".keras")) return model;
  const finding = {
    code: "F01",
    title: "HDF5 file named .keras",
    where: path,
    detail: "the name says zip archive, the content is HDF5; it was read as what it is",
    advice: "Keras itself needs the name to end in .h5.",
  };
  return { ...model, findings: [...model.findings, finding] };
}

const SHOWN_BYTES = 48;

function missing(path: string): FormatError {
  const nearby = modelsNearby(path);
  return new FormatError({
    code: "F04",
    title: "No such file",
    where: path,
    detail: `there is nothing at ${JSON.stringify(path)} (seen from ${JSON.stringify(process.cwd())})`,
    advice: nearby.length
      ? `Model files nearby: ${nearby.map((file) => JSON.stringify(file)).join(", ")}.`
      : "There are no model files nearby. Check the path and the notebook's folder.",
  });
}

function folder(path: string): FormatError {
  const nearby = modelsNearby(`${path}/model`);
  return new FormatError({
    code: "F02",
    title: "A folder that holds no model",
    where: path,
    detail: "this is a folder",
    advice: nearby.length
      ? `Give one of the files: ${nearby.map((file) => JSON.stringify(file)).join(", ")}.`
      : "Give the path of a model file.",
  });
}

function unreadable(path: string, cause: NodeJS.ErrnoException): FormatError {
  const finding = {
    code: "F04",
    title: "File cannot be read",
    where: path,
    detail: `the system says ${cause.code ?? cause.message}`,
    advice: "Check who may read the file.",
  };
  return new FormatError(finding, { cause });
}

/** What to do next with each kind that is no model file. */
const ADVICE: Readonly<Record<FileKind, string>> = {
  hdf5: "",
  zip: "If it is a zip of a model's folder, unpack it and open what is inside.",
  "git-lfs-pointer":
    'In the clone of the repository run "git lfs install" and "git lfs pull", or download the file from its page.',
  html: "A download page was saved in place of the file. Use the page's download button or its raw link.",
  json: "It may be the architecture alone; the weights are in another file.",
  pickle: "A pickle runs code when it is opened, so it is never opened. Ask for a .keras or .h5 file.",
  protobuf: "If it belongs to a SavedModel, give the folder it is in.",
  "checkpoint-index": "This is a part of a checkpoint; it goes with the .data file beside it.",
  gzip: "Unpack it first (gunzip, or tar -xzf) and open what is inside.",
  numpy: "It is one array, not a model.",
  text: "Check that this is the file you mean.",
  empty: "A download or copy failed. Get the file again.",
  unknown: "Check that this is the file you mean; it may be damaged from its first byte on.",
};

function notAModel(path: string, kind: FileKind, head: Uint8Array): FormatError {
  const shown = head.byteLength ? `; it begins with "${showBytes(head)}"` : "";
  return new FormatError({
    code: "F02",
    title: "Not a model file",
    where: path,
    detail: `the file is ${KIND_NAMES[kind]}${shown}`,
    advice: ADVICE[kind],
  });
}
