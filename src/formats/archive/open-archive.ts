import { type ByteSource, MemorySource } from "../byte-source.js";
import { withArchitectureIn } from "../architecture.js";
import { modelFilesOf } from "../model-files-of.js";
import { FormatError, type FormatFinding, type ModelFile } from "../model-file.js";
import { notAModel } from "../not-a-model.js";
import { looksLikeNpz, openNpz } from "../npz.js";
import { openFiles } from "../open-files.js";
import { type Folder, MemoryFolder } from "../saved-model/folder.js";
import { gunzip } from "./gunzip.js";
import { SalvagedZip } from "./salvage-zip.js";
import { Subfolder } from "./subfolder.js";
import { looksLikeTar, TarFolder } from "./tar-folder.js";
import { ZipFolder } from "./zip-folder.js";

/** Opens one file as a model, whatever it is; the files beside it are in the folder. */
export type OpenContent = (path: string, source: ByteSource, folder: Folder) => Promise<ModelFile>;

/**
 * Opens a zip archive that holds a model: Keras's own, the zip of a folder with a model in it, or of one model file.
 * @param member path in the archive of the one that is meant, of several
 * @throws FormatError F01 (damaged), F06 (no model inside), F18 (refused)
 */
export async function openZip(
  path: string,
  source: ByteSource,
  openContent: OpenContent,
  member?: string,
): Promise<ModelFile> {
  const zip = await openOrSalvage(path, source);
  const close = () => source.close();
  if (looksLikeNpz(zip.names())) {
    const cut = zip instanceof SalvagedZip ? zip.cut() : [];
    const model = openNpz(zip, source.size, close, cut);
    return { ...model, findings: [...damage(zip), ...model.findings], verify: () => verify(zip, model) };
  }
  const opening = openInside(zip, source.size, close, openContent, member);
  const model = await orCut(opening, zip instanceof SalvagedZip ? zip.finding() : null);
  return { ...model, path, findings: [...damage(zip), ...model.findings], verify: () => verify(zip, model) };
}

/** Checksums of the archive's members, and of an archive inside it. */
async function verify(zip: ZipFolder | SalvagedZip, model: ModelFile): Promise<FormatFinding[]> {
  const inner = (await model.verify?.()) ?? [];
  return [...(await zip.checksums.verify()), ...inner];
}

/**
 * Opens a gzip file: a tar archive with a model in it, or one model file.
 * @throws FormatError as `openZip`
 */
export async function openGzip(
  path: string,
  source: ByteSource,
  openContent: OpenContent,
): Promise<ModelFile> {
  const { bytes, cut } = gunzip(path, source);
  source.close();
  const model = await orCut(openUnpacked(path, bytes, source.size, openContent), cut);
  return cut === null ? model : { ...model, findings: [cut, ...model.findings] };
}

async function openUnpacked(
  path: string,
  bytes: Uint8Array,
  size: number,
  openContent: OpenContent,
): Promise<ModelFile> {
  const source = new MemorySource(bytes);
  if (looksLikeTar(source)) return { ...(await openTar(path, source, openContent)), size };
  const name = path.replace(/\.gz$/i, "");
  return openContent(name, source, new MemoryFolder(name, new Map()));
}

/**
 * Opens a tar archive, in place.
 * @throws FormatError as `openZip`
 */
export async function openTar(
  path: string,
  source: ByteSource,
  openContent: OpenContent,
): Promise<ModelFile> {
  const folder = TarFolder.open(path, source);
  const cut = folder.cut();
  const model = await orCut(
    openInside(folder, source.size, () => source.close(), openContent),
    cut,
  );
  return { ...model, path, findings: [...(cut ? [cut] : []), ...model.findings] };
}

/** Where nothing can be opened of what is in a cut archive, that it is cut is why. */
async function orCut(opening: Promise<ModelFile>, cut: FormatFinding | null): Promise<ModelFile> {
  if (cut === null) return opening;
  return opening.catch((error: unknown) => {
    if (!(error instanceof FormatError) || error.finding.code === "F18") throw error;
    const { title, detail, choices } = error.finding;
    throw new FormatError({
      ...cut,
      detail: `${cut.detail}; of what is left nothing can be opened (${title}: ${detail})`,
      advice: "Get the file again from where it was made.",
      ...(choices ? { choices } : {}),
    });
  });
}

/** The model of an archive: its files together, at the top or in a folder, or the one model file in it. */
async function openInside(
  archive: Folder,
  size: number,
  close: () => void,
  openContent: OpenContent,
  member?: string,
): Promise<ModelFile> {
  for (const prefix of member === undefined ? folders(archive.names()) : [`${member}/`]) {
    const inside = new Subfolder(archive, prefix);
    const opened = openFiles(inside, size, close);
    const model = opened && (await withArchitectureIn(opened, inside));
    if (model) return { ...model, findings: [...nested(prefix), ...model.findings] };
  }
  const files =
    member === undefined
      ? await modelFilesOf(archive, archive.names().filter(isModelFile))
      : archive.names().filter((name) => name === member);
  if (files.length !== 1) throw noModel(archive.path, archive.names());
  const [name] = files as [string];
  const beside = new Subfolder(archive, name.slice(0, name.lastIndexOf("/") + 1));
  const model = await withArchitectureIn(await openContent(name, archive.open(name)!, beside), beside);
  const closeBoth = () => {
    model.close();
    close();
  };
  return { ...model, close: closeBoth, findings: [nestedFile(name), ...model.findings] };
}

function isModelFile(name: string): boolean {
  return MODEL_FILE.test(name) && !name.startsWith("__MACOSX/");
}

const MODEL_FILE = /\.(keras|h5|hdf5|safetensors|pb)$|(^|\/)model\.json$/i;

async function openOrSalvage(path: string, source: ByteSource): Promise<ZipFolder | SalvagedZip> {
  try {
    return await ZipFolder.open(path, source);
  } catch (error) {
    const salvaged = isDamage(error) ? SalvagedZip.open(path, source) : null;
    if (salvaged === null || salvaged.names().length === 0) throw error;
    return salvaged;
  }
}

function isDamage(error: unknown): boolean {
  return error instanceof FormatError && error.finding.code === "F01";
}

/** What is wrong with an archive that was opened nevertheless. */
function damage(zip: ZipFolder | SalvagedZip): FormatFinding[] {
  return [...(zip instanceof ZipFolder ? [] : [zip.finding()]), ...zip.checksums.tellChanged()];
}

const LEVELS = 3;

/** The archive's folders, outermost first, the archive itself as "". */
function folders(names: readonly string[]): string[] {
  const found = new Set([""]);
  for (const name of names) {
    const parts = name.split("/").slice(0, -1);
    for (let level = 1; level <= Math.min(parts.length, LEVELS); level++) {
      found.add(`${parts.slice(0, level).join("/")}/`);
    }
  }
  return [...found].sort((a, b) => a.split("/").length - b.split("/").length);
}

function nested(prefix: string): FormatFinding[] {
  if (prefix === "") return [];
  return [
    {
      code: "F06",
      title: "The model is in a folder inside the archive",
      where: prefix,
      detail: `the archive holds a folder; the model in ${JSON.stringify(prefix)} was opened`,
      advice: "Keras itself needs the files at the top of the archive.",
    },
  ];
}

function nestedFile(name: string): FormatFinding {
  return {
    code: "F06",
    title: "The model file is inside an archive",
    where: name,
    detail: `${JSON.stringify(name)} in the archive was opened`,
    advice: "Keras itself needs the file unpacked.",
  };
}

function noModel(path: string, names: readonly string[]): FormatError {
  if (names.some((name) => /(^|\/)data\.pkl$/.test(name)))
    return notAModel(path, "pytorch", new Uint8Array());
  const models = names.filter(isModelFile);
  const shown = names.slice(0, 8).map((name) => JSON.stringify(name.slice(0, 60)));
  return new FormatError({
    code: "F06",
    title: models.length > 1 ? "Several models in this archive" : "No model in this archive",
    where: path,
    detail: `it holds ${names.length} files: ${shown.join(", ")}${names.length > 8 ? ", ..." : ""}`,
    advice: "A .keras archive has config.json and model.weights.h5; unpack this one and open what you need.",
    choices: models.map((name) => `${path}/${name}`),
  });
}
