import { type ByteSource, readRange } from "./byte-source.js";
import { elementsFrom, swapBytes } from "./elements.js";
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
import type { TakeMemory } from "./take-memory.js";

/** Whether an archive's members are NumPy arrays, and perhaps a few files that tell of them. */
export function looksLikeNpz(names: readonly string[]): boolean {
  const own = names.filter((name) => !isOfMacOs(name));
  return own.some(isArray) && own.every((name) => isArray(name) || /\.(txt|md|json|csv)$/i.test(name));
}

function isArray(name: string): boolean {
  return name.endsWith(".npy") && !isOfMacOs(name);
}

/** What macOS's archiver adds beside each file. */
function isOfMacOs(name: string): boolean {
  return name.startsWith("__MACOSX/") || /(^|\/)(\._[^/]*|\.DS_Store)$/.test(name);
}

/**
 * Opens an `.npz` archive: the arrays of `numpy.savez`, no architecture. Headers are read, arrays when asked for.
 * Arrays of Python objects are pickles, which are never read.
 * @param cut members of a truncated archive of which only a part is left
 * @throws FormatError F18 for an array of objects or one whose header cannot be right
 */
export function openNpz(
  folder: Folder,
  size: number,
  close: () => void,
  cut: readonly string[] = [],
): ModelFile {
  const names = folder.names().filter(isArray).sort(BY_NUMBER.compare);
  const others: FormatFinding[] = [];
  const weights = names.flatMap((name) => openUnlessOther(folder, name, cut.includes(name), others) ?? []);
  const lost = cut.filter((name) => !weights.some(({ path, whole }) => path === name && whole));
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
    findings: [
      ...others,
      ...(lost.length > 0 ? [truncated(weights, lost)] : []),
      weightsOnly(weights.length),
    ],
    close,
  };
}

/** `arr_2` before `arr_10`. */
const BY_NUMBER = new Intl.Collator("en", { numeric: true });

/** `numpy.savez(*model.get_weights())` names arrays by number, from 0 on: those are one list. */
function asLayers(weights: readonly StoredWeight[]): StoredLayer[] {
  const numbered = weights.every(({ name }) => /^(arr_|weights?_?|w_?)?\d+$/.test(name));
  return numbered ? [{ name: "weights", weights, missing: [], wholeModel: true }] : groupByLastPart(weights);
}

interface ArrayHeader {
  readonly dtype: WeightDtype;
  /** NumPy's letter: `U` for strings of 4 bytes a character, `S` for bytes. */
  readonly kind: string;
  readonly elementSize: number;
  readonly bigEndian: boolean;
  readonly fortran: boolean;
  readonly shape: readonly number[];
  /** Where the values begin. */
  readonly start: number;
}

/** An array that is no tensor, beside others that are, is passed over and told. */
function openUnlessOther(
  folder: Folder,
  member: string,
  cut: boolean,
  others: FormatFinding[],
): StoredWeight | null {
  try {
    return openArray(folder, member, cut);
  } catch (error) {
    const alone = folder.names().filter(isArray).length === 1;
    if (!(error instanceof FormatError) || error.finding.title !== NO_TENSOR || alone) throw error;
    others.push(error.finding);
    return null;
  }
}

/** Null for an array of a truncated archive whose header is cut. */
function openArray(folder: Folder, member: string, cut: boolean): StoredWeight | null {
  const name = member.slice(0, -".npy".length);
  const source = folder.open(member)!;
  const header = headerOrNull(name, source, cut);
  if (header === null) return null;
  const { shape, dtype, elementSize, start } = header;
  const byteLength = shape.reduce((product, count) => product * count, elementSize);
  if (elementSize === 0 && shape.reduce((product, count) => product * count, 1) > LONGEST_EMPTY)
    throw refused(name, `its shape [${shape.join(", ")}] is one of empty texts`);
  const there = source.size - start;
  source.close();
  if (there !== byteLength && !(cut && there < byteLength && Number.isSafeInteger(byteLength)))
    throw refused(name, `its shape [${shape.join(", ")}] needs ${byteLength} bytes, it has ${there}`);
  const whole = there === byteLength;
  const read = async (take?: TakeMemory) => {
    if (!whole) throw lostArray(member, there, byteLength);
    const again = folder.open(member)!;
    const bytes = inRowOrder(await readRange(again, start, byteLength, take), header);
    again.close();
    return dtype === "string" ? strings(bytes, header) : elementsFrom(bytes, dtype);
  };
  return { name, path: member, shape, dtype, byteLength, whole, read };
}

function headerOrNull(name: string, source: ByteSource, cut: boolean): ArrayHeader | null {
  try {
    return readArrayHeader(name, source);
  } catch (error) {
    source.close();
    if (cut && error instanceof FormatError) return null;
    throw error;
  }
}

/** As many empty texts take no byte of a file and much memory. */
const LONGEST_EMPTY = 1_000_000;

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
  if (/'descr':\s*\[/.test(text))
    throw refused(name, "its elements are records of several fields, which no tensor has", NO_TENSOR);
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

const KINDS: Readonly<Record<string, string>> = { f: "float", i: "int", u: "uint", c: "complex" };
const SIZES: Readonly<Record<string, readonly number[]>> = {
  f: [2, 4, 8],
  i: [1, 2, 4, 8],
  u: [1, 2, 4, 8],
  c: [8, 16],
};

function parseType(
  name: string,
  descr: string,
): Pick<ArrayHeader, "dtype" | "kind" | "elementSize" | "bigEndian"> {
  const [, order, kind = "", digits] = /^([<>|=])([a-zA-Z])(\d*)$/.exec(descr) ?? [];
  const size = Number(digits);
  if (kind === "O")
    throw refused(
      name,
      "it is an array of Python objects (a pickle), which runs code when it is read",
      NO_TENSOR,
    );
  const bigEndian = order === ">" && size > 1;
  if (kind === "b" && size === 1) return { dtype: "bool", kind, elementSize: 1, bigEndian: false };
  // NumPy knows no bfloat16, and writes it as 2 bytes without a meaning.
  if (kind === "V" && size === 2) return { dtype: "bfloat16", kind, elementSize: 2, bigEndian: false };
  if (kind === "U" && digits !== "") return { dtype: "string", kind, elementSize: 4 * size, bigEndian };
  if (kind === "S" && digits !== "") return { dtype: "string", kind, elementSize: size, bigEndian: false };
  if (!SIZES[kind]?.includes(size))
    throw refused(name, `its type ${JSON.stringify(descr)} is no number that is read here`, NO_TENSOR);
  return { dtype: `${KINDS[kind]}${size * 8}` as WeightDtype, kind, elementSize: size, bigEndian };
}

/** Text of a fixed length, filled up with zeros. */
function strings(bytes: Uint8Array, { kind, elementSize, shape }: ArrayHeader): string[] {
  const count = shape.reduce((product, size) => product * size, 1);
  return Array.from({ length: count }, (_, i) => {
    const element = bytes.subarray(i * elementSize, (i + 1) * elementSize);
    const text = kind === "U" ? fromUtf32(element) : UTF8.decode(element);
    return text.replace(/\0+$/, "");
  });
}

function fromUtf32(bytes: Uint8Array): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const points = Array.from({ length: bytes.byteLength >> 2 }, (_, i) => view.getUint32(4 * i, true));
  return String.fromCodePoint(...points.map((point) => (point <= 0x10ffff ? point : 0xfffd)));
}

const UTF8 = new TextDecoder("utf-8", { ignoreBOM: true });

/** Little-endian, the last axis fastest. */
function inRowOrder(bytes: Uint8Array, header: ArrayHeader): Uint8Array {
  const { elementSize: size, shape, kind } = header;
  if (header.bigEndian) swapBytes(bytes, kind === "U" ? 4 : kind === "c" ? size / 2 : size);
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

function truncated(weights: readonly StoredWeight[], lost: readonly string[]): FormatFinding {
  const whole = weights.filter((weight) => weight.whole).length;
  const names = lost.map((name) => name.slice(0, -".npy".length)).join(", ");
  return {
    code: "F03",
    title: "Truncated file",
    where: "the end of the file",
    detail: `${whole} of at least ${whole + lost.length} arrays are whole; lost: ${names}, and whatever came after it`,
    advice: "Get the file again from where it was made; what is whole can be used meanwhile.",
  };
}

function lostArray(member: string, there: number, needed: number): FormatError {
  return new FormatError({
    code: "F03",
    title: "Tensor cannot be read",
    where: member,
    detail: `${there} of its ${needed} bytes are in the file`,
    advice: "For this array, get the file again from where it was made.",
  });
}

/** Title of an array that is told and passed over. */
const NO_TENSOR = "Array that is no tensor";

function refused(name: string, detail: string, title = "Refused array"): FormatError {
  return new FormatError({
    code: "F18",
    title,
    where: `${name}.npy`,
    detail,
    advice: "Save plain arrays: numpy.savez(path, *model.get_weights()).",
  });
}
