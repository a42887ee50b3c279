import fs from "node:fs";
import nodePath from "node:path";
import { openFiles } from "./open-files.js";
import { openFolder, savedModelAround } from "./open-folder.js";
import { architectureAlone, openJson } from "./open-json.js";
import {
  type Architecture,
  architectureIn,
  looksLikeYamlArchitecture,
  readArchitecture,
  withArchitecture,
  withArchitectureBeside,
} from "./architecture.js";
import { type ByteSource, FileSource, MemorySource, peek, SliceSource } from "./byte-source.js";
import { latestCheckpoint, openCheckpoint } from "./checkpoint/open-checkpoint.js";
import { openFrozenGraph } from "./frozen-graph.js";
import { type OpenContent, openGzip, openTar, openZip } from "./archive/open-archive.js";
import { type ZipExtent, zipExtent } from "./archive/zip-extent.js";
import { openKerasHdf5 } from "./keras-hdf5/open-keras-hdf5.js";
import { FormatError, type ModelFile } from "./model-file.js";
import {
  fileOnTheWay,
  statOf,
  missing,
  noFile,
  noModelAmong,
  notAModel,
  tooManyArchives,
  unreadable,
} from "./not-a-model.js";
import { DiskFolder, type Folder, MemoryFolder } from "./saved-model/folder.js";
import { openSafetensors } from "./safetensors.js";
import { looksLikeSavedModel, openSavedModel } from "./saved-model/open-saved-model.js";
import { HEAD, sniff } from "./sniff.js";
import { withoutCarriageReturns } from "./hdf5/replaced-line-feeds.js";
import { signatureWithin } from "./hdf5/superblock.js";

/**
 * Opens a model file: reads its structure and configuration, no weights. What the file is, its content decides;
 * the extension is not looked at. A weights-only file gets the architecture that lies beside it, where exactly one
 * fits. The caller closes the result.
 *
 * @param path a file on disk, a folder (SavedModel, unpacked .keras) or a checkpoint's prefix
 * @throws FormatError when it is not a model file: F04 (nothing there), F02 (something else, said which), F03
 *   (truncated before anything useful), F18 (refused for safety)
 */
export async function openModelFile(path: string, options: OpenOptions = {}): Promise<ModelFile> {
  const model = await openFile(path);
  if (options.architecture === undefined) return withArchitectureBeside(model);
  return withArchitecture(model, await architectureOf(options.architecture), "given with it");
}

/**
 * The architecture that a file gives: what `model.to_json()` or `model.to_yaml()` wrote, or a whole model's own
 * (`.keras`, `.h5`, a SavedModel's folder, TensorFlow.js's `model.json`).
 * @throws FormatError as `readArchitecture` and `openModelFile` do; F02 where a model's file has none
 */
export async function architectureOf(path: string): Promise<Architecture> {
  if (statOf(path) === undefined || isText(path)) return readArchitecture(path);
  const { config, kerasVersion, backend, close } = await openFile(path);
  close();
  if (config !== null) return { path, config, kerasVersion, backend };
  throw new FormatError({
    code: "F02",
    title: "No architecture in this file",
    where: path,
    detail: "it holds weights or a graph, but no configuration of layers",
    advice: "Give a whole model that model.save() wrote, or the file that model.to_json() wrote.",
  });
}

function isText(path: string): boolean {
  if (statOf(path)?.isFile() !== true) return false;
  const source = openSource(path);
  try {
    return /^(json|text|empty)$/.test(sniff(source));
  } finally {
    source.close();
  }
}

export interface OpenOptions {
  /** For a weights-only file: a JSON or YAML file with its architecture, or a whole file of the same model. */
  readonly architecture?: string;
}

async function openFile(path: string): Promise<ModelFile> {
  if (statOf(path)?.isDirectory()) return openFolderOrFile(path);
  const several = openFromSeveralFiles(path);
  if (several !== null) return several;
  const archive = statOf(path) ? null : fileOnTheWay(path);
  const source = openSource(archive ?? path);
  try {
    if (archive !== null) return await openMember(archive, source, path);
    return await openContent(path, source, new DiskFolder(nodePath.dirname(path)));
  } catch (error) {
    source.close();
    throw error;
  }
}

/** `models.zip/best/model.h5`: one of the models in a zip archive. */
async function openMember(archive: string, source: ByteSource, path: string): Promise<ModelFile> {
  if (sniff(source) !== "zip") throw missing(path);
  const member = path.slice(archive.length + 1).replaceAll("\\", "/");
  const openInner: OpenContent = (...inner) => openContent(...inner, 1);
  return openZip(archive, source, openInner, member);
}

async function openFolderOrFile(path: string): Promise<ModelFile> {
  const content = await openFolder(path);
  if (!("file" in content)) return content;
  const model = await openFile(content.file);
  return { ...model, findings: [content.finding, ...model.findings] };
}

/** A path into a SavedModel, or a checkpoint's prefix, means the whole. Null for single files. */
function openFromSeveralFiles(path: string): ModelFile | null {
  const stat = statOf(path);
  const around = savedModelAround(path);
  if (around !== null) return around;
  if (stat === undefined) return fs.existsSync(`${path}.index`) ? openCheckpoint(path) : null;
  if (isPartOfCheckpoint(path)) return openCheckpoint(path);
  if (isFileOfSavedModel(path)) return openSavedModel(nodePath.dirname(path));
  return null;
}

/** Of what lies beside `saved_model.pb`, each means the whole. */
function isFileOfSavedModel(path: string): boolean {
  const name = nodePath.basename(path);
  if (looksLikeSavedModel([name])) return true;
  const beside = nodePath.join(nodePath.dirname(path), "saved_model.pb");
  return ["keras_metadata.pb", "fingerprint.pb"].includes(name) && fs.existsSync(beside);
}

/** `.data` files have no mark of their own, and a `.meta` means the checkpoint that it goes with. */
function isPartOfCheckpoint(path: string): boolean {
  const prefix = /^(.*)\.(meta|data-\d{5}-of-\d{5})$/.exec(path)?.[1];
  if (prefix !== undefined) return fs.existsSync(prefix) || fs.existsSync(`${prefix}.index`);
  return (
    nodePath.basename(path) === "checkpoint" &&
    latestCheckpoint(new DiskFolder(nodePath.dirname(path))) !== null
  );
}

function openSource(path: string): ByteSource {
  const stat = statOf(path);
  if (!stat) throw missing(path);
  if (!stat.isFile()) throw noFile(path);
  try {
    return FileSource.open(path);
  } catch (cause) {
    throw unreadable(path, cause as NodeJS.ErrnoException);
  }
}

/**
 * Opens a model that is already in memory: one file, or the files of a folder by their paths in it.
 * @param name stands for the path in messages and in the result
 * @throws FormatError as `openModelFile`
 */
export async function openModelBytes(
  content: Uint8Array | ReadonlyMap<string, Uint8Array>,
  name = "model",
): Promise<ModelFile> {
  if (content instanceof Uint8Array) {
    return openContent(name, new MemorySource(content), new MemoryFolder(name, new Map()));
  }
  const size = [...content.values()].reduce((sum, bytes) => sum + bytes.byteLength, 0);
  const model = openFiles(new MemoryFolder(name, content), size, () => undefined);
  if (model) return model;
  throw noModelAmong(name, [...content.keys()]);
}

/** Archives inside archives: a `.keras` in the zip of a download, in a `.tar.gz`. */
const ARCHIVES = 3;

/** @param folder the files beside it */
async function openContent(path: string, source: ByteSource, folder: Folder, level = 0): Promise<ModelFile> {
  const kind = sniff(source);
  if (level > ARCHIVES) throw tooManyArchives(path);
  const openInner: OpenContent = (...inner) => openContent(...inner, level + 1);
  if (kind === "hdf5") return misnamed(path, await openKerasHdf5(path, source));
  if (kind === "zip" || kind === "unknown") {
    const extent = zipExtent(source);
    if (extent !== null && (kind === "unknown" || extent.start + extent.size < source.size))
      return openZipWithin(path, source, extent, openInner);
  }
  if (kind === "zip") return openZip(path, source, openInner);
  if (kind === "gzip") return openGzip(path, source, openInner);
  if (kind === "tar") return openTar(path, source, openInner);
  if (kind === "safetensors") return openSafetensors(path, source);
  if (kind === "json") {
    const model = openJson(path, source, folder);
    if (model) return closing(model, source);
  }
  if (kind === "text" && (/\.ya?ml$/i.test(path) || looksLikeYamlArchitecture(peek(source, 0, HEAD))))
    return closing(architectureAlone(await architectureIn(path, source), source.size, folder), source);
  if (kind === "checkpoint-index") {
    source.close();
    return openCheckpoint({ folder, prefix: nodePath.basename(path).replace(/\.index$/, "") });
  }
  if (kind === "unknown" || kind === "protobuf") {
    const hidden = await openHiddenHdf5(path, source);
    if (hidden) return hidden;
  }
  if (kind === "protobuf" || (path.endsWith(".pbtxt") && kind !== "empty"))
    return openFrozenGraph(path, source);
  throw notAModel(path, kind, peek(source, 0, HEAD));
}

/** An HDF5 file behind other bytes, as of the answer's head that `curl -i` saves too, or one that was copied as text. */
async function openHiddenHdf5(path: string, source: ByteSource): Promise<ModelFile | null> {
  const head = peek(source, 0, FAR);
  const found = signatureWithin(head);
  // Behind 0xc2 its first byte is UTF-8: the rest is text too, and no HDF5.
  const start = found !== null && head[found - 1] === 0xc2 ? null : found;
  const copied = start === null ? await withoutCarriageReturns(source) : null;
  const inner = start === null ? copied : new SliceSource(source, start, source.size - start);
  if (!inner) return null;
  const model = await openKerasHdf5(path, inner);
  const finding = {
    code: "F01",
    title: copied ? "HDF5 file copied as text" : "Bytes before the HDF5 file",
    where: path,
    detail: copied
      ? "a carriage return was put before each line feed; they are taken out again, which gives back every byte"
      : `the file begins at byte ${start}; what stands before it is no part of it and is passed over`,
    advice: "",
  };
  const close = () => {
    model.close();
    source.close();
  };
  return { ...model, size: source.size, findings: [finding, ...model.findings], close };
}

/** Bytes in which an HDF5 file may begin. */
const FAR = 64 * 1024;

/** An archive with bytes before or behind it, which are no part of it. */
async function openZipWithin(
  path: string,
  source: ByteSource,
  { start, size }: ZipExtent,
  openInner: OpenContent,
): Promise<ModelFile> {
  const model = await openZip(path, new SliceSource(source, start, size), openInner);
  const around = [
    start > 0 ? `${start} bytes before it` : "",
    start + size < source.size ? `${source.size - start - size} bytes behind it` : "",
  ].filter((text) => text !== "");
  const finding = {
    code: "F01",
    title: "Bytes around the zip archive",
    where: path,
    detail: `the archive is whole; ${around.join(" and ")} are no part of it and are passed over`,
    advice: "",
  };
  const close = () => {
    model.close();
    source.close();
  };
  return { ...model, size: source.size, findings: [finding, ...model.findings], close };
}

/** For readers that have read all of the source. */
function closing(model: ModelFile, source: ByteSource): ModelFile {
  source.close();
  return model;
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
