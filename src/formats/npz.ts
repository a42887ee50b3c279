import type { ByteSource } from "./byte-source.js";
import { elementsFrom } from "./elements.js";
import { groupByLastPart } from "./group-by-name.js";
import {
  FormatError,
  type FormatFinding,
  type ModelFile,
  type StoredLayer,
  type StoredWeight,
  type WeightDtype,
} from "./model-file.js";
import type { Folder } from "./saved-model/folder.js";

/** Whether an archive's members are NumPy arrays and nothing else. */
export function looksLikeNpz(names: readonly string[]): boolean {
  return names.length > 0 && names.every((name) => name.endsWith(".npy"));
}

/**
 * Opens an `.npz` archive: the arrays of `numpy.savez`, no architecture. Arrays of Python objects are pickles, which
 * are never read.
 * @throws FormatError F18 for an array of objects or one whose header cannot be right
 */
export function openNpz(folder: Folder, size: number, close: () => void): ModelFile {
  const names = [...folder.names()].sort(BY_NUMBER.compare);
  const weights = names.map((name) => openArray(folder, name));
  return {
    path: folder.path,
    format: "npz",
    size,
    kerasVersion: null,
    backend: null,
    config: null,
    trainingConfig: null,
    layers: asLayers(weights),
    optimizerWeights: [],
    findings: [weightsOnly(weights.length)],
    close,
  };
}

/** `arr_2` before `arr_10`. */
const BY_NUMBER = new Intl.Collator("en", { numeric: true });

/** `numpy.savez(*model.get_weights())` names arrays by number: those are one list. */
function asLayers(weights: readonly StoredWeight[]): StoredLayer[] {
  const numbered = weights.every(({ name }) => /^arr_\d+$/.test(name));
  return numbered ? [{ name: "weights", weights, missing: [] }] : groupByLastPart(weights);
}

interface ArrayHeader {
  readonly dtype: Exclude<WeightDtype, "string">;
  readonly elementSize: number;
  readonly bigEndian: boolean;
  readonly fortran: boolean;
  readonly shape: readonly number[];
  /** Where the values begin. */
  readonly start: number;
}

function openArray(folder: Folder, member: string): StoredWeight {
  const name = member.slice(0, -".npy".length);
  const source = folder.open(member)!;
  const header = readArrayHeader(name, source);
  const { shape, dtype, elementSize, start } = header;
  const byteLength = shape.reduce((product, count) => product * count, elementSize);
  if (start + byteLength !== source.size) {
    throw refused(
      name,
      `its shape [${shape.join(", ")}] needs ${byteLength} bytes, it has ${source.size - start}`,
    );
  }
  source.close();
  const read = async () => {
    const bytes = new Uint8Array(byteLength);
    const again = folder.open(member)!;
    await again.read(start, bytes);
    again.close();
    return elementsFrom(inRowOrder(bytes, header), dtype);
  };
  return { name, path: member, shape, dtype, byteLength, whole: true, read };
}

const MAGIC = "\u0093NUMPY";
const LARGEST_HEADER = 2 ** 20;

/** NumPy's array format: magic, version, length, and a Python dict of three known keys (`numpy/lib/format.py`). */
function readArrayHeader(name: string, source: ByteSource): ArrayHeader {
  const prefix = new Uint8Array(Math.min(12, source.size));
  source.readSync(0, prefix);
  const view = new DataView(prefix.buffer);
  if (prefix.byteLength < 12 || Buffer.from(prefix.subarray(0, 6)).toString("latin1") !== MAGIC) {
    throw refused(name, "it is no NumPy array");
  }
  const wide = prefix[6]! >= 2;
  const length = wide ? view.getUint32(8, true) : view.getUint16(8, true);
  const start = (wide ? 12 : 10) + length;
  if (length > LARGEST_HEADER || start > source.size)
    throw refused(name, `its header of ${length} bytes is not in it`);
  const bytes = new Uint8Array(length);
  source.readSync(wide ? 12 : 10, bytes);
  return { ...parseHeader(name, Buffer.from(bytes).toString("latin1")), start };
}

function parseHeader(name: string, text: string): Omit<ArrayHeader, "start"> {
  const descr = /'descr':\s*'([^']*)'/.exec(text)?.[1];
  const order = /'fortran_order':\s*(True|False)/.exec(text)?.[1];
  const shape = /'shape':\s*\(([\d,\sL]*)\)/.exec(text)?.[1];
  if (descr === undefined || order === undefined || shape === undefined)
    throw refused(name, "its header is not NumPy's");
  const sizes = shape
    .split(",")
    .map((part) => part.replace("L", "").trim())
    .filter((part) => part !== "")
    .map(Number);
  if (sizes.length > 32 || !sizes.every(Number.isSafeInteger))
    throw refused(name, `its shape (${shape}) cannot be`);
  return { ...parseType(name, descr), fortran: order === "True", shape: sizes };
}

const KINDS: Readonly<Record<string, string>> = { f: "float", i: "int", u: "uint" };

function parseType(name: string, descr: string): Pick<ArrayHeader, "dtype" | "elementSize" | "bigEndian"> {
  const [, order, kind, digits] = /^([<>|=])([a-zA-Z])(\d*)$/.exec(descr) ?? [];
  if (kind === "O")
    throw refused(name, "it is an array of Python objects (a pickle), which runs code when it is read");
  if (kind === "b" && digits === "1") return { dtype: "bool", elementSize: 1, bigEndian: false };
  const bits = Number(digits) * 8;
  const known =
    kind !== undefined && kind in KINDS && [8, 16, 32, 64].includes(bits) && !(kind === "f" && bits === 8);
  if (!known) throw refused(name, `its type ${JSON.stringify(descr)} is no number`);
  const dtype = `${KINDS[kind]}${bits}` as ArrayHeader["dtype"];
  return { dtype, elementSize: bits / 8, bigEndian: order === ">" && bits > 8 };
}

/** Little-endian, the last axis fastest. */
function inRowOrder(bytes: Uint8Array, header: ArrayHeader): Uint8Array {
  const { elementSize: size, shape } = header;
  if (header.bigEndian) {
    const buffer = Buffer.from(bytes.buffer);
    if (size === 2) buffer.swap16();
    else if (size === 4) buffer.swap32();
    else buffer.swap64();
  }
  if (!header.fortran || shape.length < 2) return bytes;
  const out = new Uint8Array(bytes.byteLength);
  const index = new Array<number>(shape.length).fill(0);
  for (let at = 0; at < bytes.byteLength; at += size) {
    let place = 0;
    for (let axis = shape.length - 1; axis >= 0; axis--) place = place * shape[axis]! + index[axis]!;
    for (let k = 0; k < size; k++) out[at + k] = bytes[place * size + k]!;
    for (let axis = shape.length - 1; axis >= 0 && ++index[axis]! === shape[axis]; axis--) index[axis] = 0;
  }
  return out;
}

function weightsOnly(count: number): FormatFinding {
  return {
    code: "F09",
    title: "Weights only, no model configuration",
    where: "the whole file",
    detail: `the archive holds ${count} arrays and no architecture`,
    advice: "Give the architecture: a JSON file from model.to_json(), another model file, or code.",
  };
}

function refused(name: string, detail: string): FormatError {
  return new FormatError({
    code: "F18",
    title: "Refused array",
    where: `${name}.npy`,
    detail,
    advice: "Save plain arrays: numpy.savez(path, *model.get_weights()).",
  });
}
