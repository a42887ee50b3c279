import type { ByteSource } from "../byte-source.js";
import { FormatError, type FormatFinding, type ModelFile } from "../model-file.js";
import { looksLikeNpz, openNpz } from "../npz.js";
import { openFiles } from "../open-files.js";
import { SalvagedZip } from "./salvage-zip.js";
import { Subfolder } from "./subfolder.js";
import { ZipFolder } from "./zip-folder.js";

/**
 * Opens a zip archive that holds a model: Keras's own, or the zip of a folder with one in it.
 * @throws FormatError F01 (damaged), F06 (no model inside), F18 (refused)
 */
export async function openZip(path: string, source: ByteSource): Promise<ModelFile> {
  const zip = await openOrSalvage(path, source);
  const close = () => source.close();
  if (looksLikeNpz(zip.names())) return openNpz(zip, source.size, close);
  for (const prefix of folders(zip.names())) {
    const model = openFiles(new Subfolder(zip, prefix), source.size, close);
    if (model) return { ...model, path, findings: [...damage(zip), ...nested(prefix), ...model.findings] };
  }
  throw noModel(path, zip.names());
}

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

/** F01 of an archive that was opened nevertheless. */
function damage(zip: ZipFolder | SalvagedZip): FormatFinding[] {
  if (zip instanceof ZipFolder) return [];
  const cut = zip.cut().map((name) => JSON.stringify(name));
  return [
    {
      code: "F01",
      title: "Truncated zip archive",
      where: zip.path,
      detail: `the archive has lost its end; ${zip.names().length} members were found${cut.length ? `, of ${cut.join(", ")} only the beginning` : ""}`,
      advice: "Get the file again from where it was made; what is whole can be used meanwhile.",
    },
  ];
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
      detail: `the archive is the zip of a folder; the model in ${JSON.stringify(prefix)} was opened`,
      advice: "Keras itself needs the files at the top of the archive.",
    },
  ];
}

function noModel(path: string, names: readonly string[]): FormatError {
  const shown = names.slice(0, 8).map((name) => JSON.stringify(name.slice(0, 60)));
  return new FormatError({
    code: "F06",
    title: "No model in this zip archive",
    where: path,
    detail: `it holds ${names.length} files: ${shown.join(", ")}${names.length > 8 ? ", ..." : ""}`,
    advice: "A .keras archive has config.json and model.weights.h5; unpack this one and open what you need.",
  });
}
