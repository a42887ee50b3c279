import type { ByteSource } from "./byte-source.js";
import { elementsFrom } from "./elements.js";
import { JsonError, parseJson } from "./json.js";
import {
  FormatError,
  type FormatFinding,
  type JsonValue,
  type ModelFile,
  type StoredWeight,
  type WeightDtype,
} from "./model-file.js";
import { groupByLastPart } from "./group-by-name.js";
import { ownMemory, type TakeMemory } from "./take-memory.js";

type NumberDtype = Exclude<WeightDtype, "string">;

const DTYPES = new Map<string, { readonly dtype: NumberDtype; readonly bytes: number }>([
  ["F64", { dtype: "float64", bytes: 8 }],
  ["F32", { dtype: "float32", bytes: 4 }],
  ["F16", { dtype: "float16", bytes: 2 }],
  ["BF16", { dtype: "bfloat16", bytes: 2 }],
  ["I64", { dtype: "int64", bytes: 8 }],
  ["I32", { dtype: "int32", bytes: 4 }],
  ["I16", { dtype: "int16", bytes: 2 }],
  ["I8", { dtype: "int8", bytes: 1 }],
  ["U64", { dtype: "uint64", bytes: 8 }],
  ["U32", { dtype: "uint32", bytes: 4 }],
  ["U16", { dtype: "uint16", bytes: 2 }],
  ["U8", { dtype: "uint8", bytes: 1 }],
  ["F8_E4M3", { dtype: "float8_e4m3fn", bytes: 1 }],
  ["F8_E5M2", { dtype: "float8_e5m2", bytes: 1 }],
  ["C64", { dtype: "complex64", bytes: 8 }],
  ["BOOL", { dtype: "bool", bytes: 1 }],
]);

/** Types of less than a byte, and scales alone: parts of quantised weights, which make no tensor by themselves. */
const OTHER_TYPES: ReadonlySet<string> = new Set(["F4", "F6_E2M3", "F6_E3M2", "F8_E8M0"]);

/** The format's own limit for its header. */
const LARGEST_HEADER = 100_000_000;

const MOST_TENSORS = 100_000;

/** Eight bytes of length, then JSON that begins with a brace. */
export function looksLikeSafetensors(head: Uint8Array, size: number): boolean {
  if (head.byteLength < 9 || head[8] !== 0x7b) return false;
  const length = headerLength(head);
  return length >= 2 && length <= Math.max(size, LARGEST_HEADER);
}

function headerLength(head: Uint8Array): number {
  return Number(new DataView(head.buffer, head.byteOffset, 8).getBigUint64(0, true));
}

/**
 * Opens a safetensors file: tensors by name, no architecture (format: huggingface/safetensors README).
 * @throws FormatError F03 when the header is cut or no JSON, F18 when a tensor's place cannot be right
 */
export function openSafetensors(path: string, source: ByteSource): ModelFile {
  const { header, start } = readHeader(path, source);
  const entries = Object.entries(header).filter(([name]) => name !== "__metadata__");
  if (entries.length > MOST_TENSORS)
    throw refused(path, `it lists ${entries.length} tensors, more than any model has`);
  const others = entries.filter(([, entry]) => OTHER_TYPES.has(typeOf(entry)));
  const weights = entries
    .filter(([, entry]) => !OTHER_TYPES.has(typeOf(entry)))
    .map(([name, entry]) => readEntry(name, entry, source, start));
  weights.sort((a, b) => a.byteOffset! - b.byteOffset!);
  for (const [i, { name, byteOffset }] of weights.entries()) {
    const before = weights[i - 1];
    if (before && byteOffset! < before.byteOffset! + before.byteLength)
      throw refused(name, `its place overlaps that of ${JSON.stringify(before.name)}`);
  }
  const lost = weights.filter(({ whole }) => !whole);
  return {
    path,
    format: "safetensors",
    size: source.size,
    kerasVersion: null,
    backend: null,
    config: null,
    trainingConfig: null,
    layers: groupByLastPart(weights),
    optimizerWeights: [],
    findings: [
      ...(others.length > 0 ? [leftOut(others)] : []),
      ...(lost.length ? [truncated(weights.length, lost)] : []),
      weightsOnly(weights.length),
    ],
    close: () => source.close(),
  };
}

function readHeader(
  path: string,
  source: ByteSource,
): { header: { [key: string]: JsonValue }; start: number } {
  const head = new Uint8Array(8);
  source.readSync(0, head);
  const length = headerLength(head);
  if (8 + length > source.size)
    throw broken(path, `its header should have ${length} bytes, the file has ${source.size}`);
  const bytes = new Uint8Array(length);
  source.readSync(8, bytes);
  try {
    const header = parseJson(new TextDecoder().decode(bytes));
    if (typeof header === "object" && header !== null && !Array.isArray(header))
      return { header, start: 8 + length };
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    throw broken(path, `its header is no JSON: ${error.message}`);
  }
  throw broken(path, "its header lists no tensors");
}

function readEntry(name: string, entry: JsonValue, source: ByteSource, start: number): StoredWeight {
  const fields = typeof entry === "object" && entry !== null && !Array.isArray(entry) ? entry : {};
  const { dtype, shape, data_offsets: offsets } = fields;
  const type = typeof dtype === "string" ? DTYPES.get(dtype) : undefined;
  if (!type) throw refused(name, `its type ${JSON.stringify(dtype ?? null)} is not read`);
  if (!isSizes(shape) || !isSizes(offsets) || offsets.length !== 2)
    throw refused(name, "it has no proper shape or place");
  const [from, to] = offsets as [number, number];
  const byteLength = shape.reduce((product, size) => product * size, type.bytes);
  if (to - from !== byteLength || !Number.isSafeInteger(byteLength)) {
    throw refused(
      name,
      `its shape [${shape.join(", ")}] needs ${byteLength} bytes, its place has ${to - from}`,
    );
  }
  const byteOffset = start + from;
  const whole = byteLength === 0 || byteOffset + byteLength <= source.size;
  const read = async (take: TakeMemory = ownMemory) => {
    if (!whole) throw broken(name, `its bytes are beyond the end of the file (${source.size} bytes)`);
    const bytes = take(byteLength);
    if (byteLength > 0) await source.read(byteOffset, bytes);
    return elementsFrom(bytes, type.dtype);
  };
  return { name, path: name, shape, dtype: type.dtype, byteLength, byteOffset, whole, read };
}

function typeOf(entry: JsonValue): string {
  const dtype =
    typeof entry === "object" && entry !== null && !Array.isArray(entry) ? entry["dtype"] : undefined;
  return typeof dtype === "string" ? dtype : "";
}

function leftOut(entries: readonly (readonly [string, JsonValue])[]): FormatFinding {
  const types = [...new Set(entries.map(([, entry]) => typeOf(entry)))].join(", ");
  const names = entries.slice(0, 10).map(([name]) => name);
  return {
    code: "F18",
    title: "Tensors of types that are not read",
    where: "the whole file",
    detail: `elements of type ${types} have: ${names.join(", ")}${entries.length > 10 ? `, and ${entries.length - 10} more` : ""}`,
    advice: "They are left out; the other tensors can be read.",
  };
}

function isSizes(value: JsonValue | undefined): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && (size as number) >= 0);
}

function truncated(count: number, lost: readonly StoredWeight[]): FormatFinding {
  const names = lost
    .slice(0, 10)
    .map(({ name }) => name)
    .join(", ");
  return {
    code: "F03",
    title: "Truncated file",
    where: "the end of the file",
    detail: `${count - lost.length} of ${count} tensors are whole; lost: ${names}${lost.length > 10 ? `, and ${lost.length - 10} more` : ""}`,
    advice: "Get the file again from where it was made; what is whole can be used meanwhile.",
  };
}

function weightsOnly(count: number): FormatFinding {
  return {
    code: "F09",
    title: "Weights only, no model configuration",
    where: "the whole file",
    detail: `the file holds ${count} tensors by name and no architecture`,
    advice: "Give the architecture: a JSON file from model.to_json(), another model file, or code.",
  };
}

function broken(where: string, detail: string): FormatError {
  return new FormatError({
    code: "F03",
    title: "Truncated or damaged safetensors file",
    where,
    detail,
    advice: "Get the file again from where it was made.",
  });
}

function refused(name: string, detail: string): FormatError {
  return new FormatError({
    code: "F18",
    title: "Refused tensor",
    where: name,
    detail,
    advice: "Get the file again from where it was made.",
  });
}
