import type { ByteSource } from "../byte-source.js";
import { elementsFrom, halfToFloat } from "../elements.js";
import { ownMemory, type TakeMemory } from "../take-memory.js";
import {
  FormatError,
  type JsonValue,
  type StoredWeight,
  type WeightArray,
  type WeightDtype,
} from "../model-file.js";

/** How a tensor's numbers were made smaller (tfjs `WeightsManifestEntry.quantization`). */
type Quantization =
  | { readonly dtype: "float16" }
  | {
      readonly dtype: "uint8" | "uint16";
      readonly scale: number;
      readonly min: number;
      readonly round: boolean;
    };

/** One tensor of the manifest (tfjs-core `io/types.ts`). */
export interface ManifestEntry {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: WeightDtype;
  readonly quantization: Quantization | null;
}

/** One group: files that are read as one, and the tensors that lie in them one after the other. */
export interface ManifestGroup {
  readonly paths: readonly string[];
  readonly entries: readonly ManifestEntry[];
}

const DTYPES = new Map<string, WeightDtype>([
  ["float32", "float32"],
  ["float16", "float16"],
  ["int32", "int32"],
  ["uint8", "uint8"],
  ["bool", "bool"],
  ["complex64", "complex64"],
  ["string", "string"],
]);

/**
 * Reads a `weightsManifest` as JSON gives it.
 * @param beside files of the model's folder: one that an address in the manifest ends in is taken, never the address
 * @throws FormatError F14 for what is no manifest, F18 for paths that lead out of the model's folder
 */
export function readManifest(value: JsonValue, beside: ReadonlySet<string> = new Set()): ManifestGroup[] {
  if (!Array.isArray(value)) throw noManifest("it is no list of groups");
  return value.map((group) => {
    const { paths, weights } = fields(group);
    if (!Array.isArray(paths) || !Array.isArray(weights))
      throw noManifest("a group has no paths or no weights");
    const local = paths.map((path) => lastPartBeside(path, beside));
    const names = new Set(local).size === paths.length ? local : paths;
    return { paths: names.map(checkPath), entries: weights.map(readEntry) };
  });
}

/** `https://example.com/m/group1-shard1of1.bin`, downloaded together with its `model.json`. */
function lastPartBeside(path: JsonValue, beside: ReadonlySet<string>): JsonValue {
  const [, name] = typeof path === "string" ? (/^https?:\/\/[^?#]*\/([^/?#]+)/.exec(path) ?? []) : [];
  return name !== undefined && beside.has(name) ? name : path;
}

/** Files beside `model.json` or below it; never another place, never an address. */
function checkPath(path: JsonValue): string {
  if (typeof path !== "string" || path === "") throw noManifest("a path is no text");
  const out = /^[/\\]|^[a-zA-Z][a-zA-Z0-9+.-]*:|\\|\0/.test(path) || path.split("/").includes("..");
  if (!out) return path;
  throw new FormatError({
    code: "F18",
    title: "Refused weights path",
    where: "weightsManifest",
    detail: `the manifest names ${JSON.stringify(path.slice(0, 120))}, which is not inside the model's folder`,
    advice: "Put the weight files beside model.json and name them without a folder.",
  });
}

function readEntry(value: JsonValue): ManifestEntry {
  const { name, shape, dtype, quantization } = fields(value);
  const type = typeof dtype === "string" ? DTYPES.get(dtype) : undefined;
  if (typeof name !== "string") throw noManifest("a tensor has no name");
  if (type === undefined) throw noManifest(`${JSON.stringify(name)} is of type ${JSON.stringify(dtype)}`);
  if (!Array.isArray(shape) || !shape.every(isSize))
    throw noManifest(`${JSON.stringify(name)} has no proper shape`);
  return {
    name,
    shape,
    dtype: type,
    quantization: quantization ? readQuantization(name, fields(quantization), type) : null,
  };
}

function readQuantization(
  name: string,
  value: { [key: string]: JsonValue },
  type: WeightDtype,
): Quantization {
  const { dtype, scale, min } = value;
  if (dtype === "float16") return { dtype };
  if ((dtype === "uint8" || dtype === "uint16") && typeof scale === "number" && typeof min === "number") {
    return { dtype, scale, min, round: type === "int32" };
  }
  throw noManifest(`${JSON.stringify(name)} is quantised in a way that is not known`);
}

const isSize = (value: JsonValue): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

function fields(value: JsonValue): { [key: string]: JsonValue } {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? value
    : (Object.create(null) as { [key: string]: JsonValue });
}

function noManifest(detail: string): FormatError {
  return new FormatError({
    code: "F14",
    title: "Not a tfjs model",
    where: "weightsManifest",
    detail,
    advice: "Convert the model again with tensorflowjs_converter.",
  });
}

/** Bytes of a group that are not there, and in which file (`in "a.bin", which is cut off`). */
export interface Gap {
  readonly from: number;
  readonly to: number;
  readonly what: string;
}

/** The files of a group as one, and the parts of them that are not there. */
export interface GroupBytes {
  readonly source: ByteSource;
  readonly gaps: readonly Gap[];
}

/** Bytes of all tensors of a group; null where strings make that depend on the bytes. */
export function groupSize({ entries }: ManifestGroup): number | null {
  if (entries.some(({ dtype }) => dtype === "string")) return null;
  return entries.reduce((sum, entry) => sum + storedBytes(entry), 0);
}

/** The tensors of a group in its bytes. String tensors are as long as their values, so those are walked. */
export function groupWeights(group: ManifestGroup, bytes: GroupBytes): StoredWeight[] {
  let offset = 0;
  return group.entries.map((entry) => {
    const start = offset;
    const length = entry.dtype === "string" ? stringBytes(entry, bytes.source, start) : storedBytes(entry);
    offset += length;
    return weight(entry, bytes, start, length);
  });
}

function count({ shape }: ManifestEntry): number {
  const elements = shape.reduce((product, size) => product * size, 1);
  return Number.isSafeInteger(elements) ? elements : Number.MAX_SAFE_INTEGER;
}

const BYTES: Readonly<Record<string, number>> = {
  float32: 4,
  complex64: 8,
  int32: 4,
  float16: 2,
  uint16: 2,
  uint8: 1,
  bool: 1,
};

function storedBytes(entry: ManifestEntry): number {
  return count(entry) * BYTES[entry.quantization?.dtype ?? entry.dtype]!;
}

/** Each string is 4 bytes of length, then its bytes (tfjs-core `decodeWeights`). */
function stringBytes(entry: ManifestEntry, source: ByteSource, start: number): number {
  const head = new Uint8Array(4);
  let at = start;
  for (let i = 0; i < count(entry) && at + 4 <= source.size; i++) {
    source.readSync(at, head);
    at += 4 + new DataView(head.buffer).getUint32(0, true);
  }
  return at - start;
}

function weight(
  entry: ManifestEntry,
  { source, gaps }: GroupBytes,
  start: number,
  length: number,
): StoredWeight {
  const end = start + length;
  const gap = length > 0 ? gaps.find(({ from, to }) => start < to && end > from) : undefined;
  const whole = length === 0 || (end <= source.size && !gap);
  const { name, shape } = entry;
  const dtype = entry.dtype === "float16" ? "float32" : entry.dtype;
  return {
    name,
    path: name,
    shape,
    dtype,
    byteLength: length,
    whole,
    read: async (take) => {
      if (!whole) throw lost(entry, gap?.what ?? `beyond the end of the weight files (${source.size} bytes)`);
      return readValues(entry, source, start, length, take);
    },
  };
}

async function readValues(
  entry: ManifestEntry,
  source: ByteSource,
  start: number,
  length: number,
  take: TakeMemory = ownMemory,
): Promise<WeightArray> {
  const kept = entry.dtype !== "string" && !entry.quantization;
  const bytes = (kept ? take : ownMemory)(length);
  if (length > 0) await source.read(start, bytes);
  if (entry.dtype === "string") return strings(bytes, count(entry));
  return entry.quantization ? dequantise(bytes, entry.quantization) : elementsFrom(bytes, entry.dtype);
}

function dequantise(bytes: Uint8Array, quantization: Quantization): WeightArray {
  if (quantization.dtype === "float16") return halfToFloat(new Uint16Array(bytes.buffer));
  const { dtype, scale, min, round } = quantization;
  const steps = dtype === "uint8" ? bytes : new Uint16Array(bytes.buffer);
  if (round) return Int32Array.from(steps, (step) => Math.round(step * scale + min));
  return Float32Array.from(steps, (step) => step * scale + min);
}

function strings(bytes: Uint8Array, expected: number): string[] {
  const view = new DataView(bytes.buffer);
  const values: string[] = [];
  for (let at = 0; values.length < expected && at + 4 <= bytes.byteLength;) {
    const length = view.getUint32(at, true);
    values.push(new TextDecoder().decode(bytes.subarray(at + 4, at + 4 + length)));
    at += 4 + length;
  }
  return values;
}

function lost(entry: ManifestEntry, where: string): FormatError {
  return new FormatError({
    code: "F03",
    title: "Tensor cannot be read",
    where: entry.name,
    detail: `its bytes are ${where}`,
    advice: "Get the weight files again from where the model was made.",
  });
}
