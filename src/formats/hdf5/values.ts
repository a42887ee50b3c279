import type { WeightArray, WeightDtype } from "../model-file.js";
import type { Datatype, StringPadding } from "./datatype.js";
import { Damage } from "./failures.js";
import { text } from "./metadata.js";

/** NumPy's name for a stored type; null for one that no tensor has. */
export function dtypeOf(type: Datatype): WeightDtype | null {
  switch (type.kind) {
    case "float":
      if (type.size === 2) return type.exponentBits === 8 ? "bfloat16" : "float16";
      return type.size === 4 ? "float32" : type.size === 8 ? "float64" : null;
    case "integer":
      return [1, 2, 4, 8].includes(type.size)
        ? (`${type.signed ? "int" : "uint"}${type.size * 8}` as WeightDtype)
        : null;
    case "enum":
      return isBoolean(type) ? "bool" : dtypeOf(type.base);
    case "string":
    case "vlen-string":
      return "string";
    default:
      return null;
  }
}

/** h5py stores booleans as an enum of one byte. */
function isBoolean(type: Datatype & { kind: "enum" }): boolean {
  return type.size === 1 && type.names.join() === "FALSE,TRUE";
}

type Numbers = Exclude<WeightArray, string[]>;

/** An empty array for `count` values of a dtype, to be filled with the file's bytes. */
export function allocate(dtype: WeightDtype, count: number): Numbers {
  switch (dtype) {
    case "float32":
      return new Float32Array(count);
    case "float64":
      return new Float64Array(count);
    case "float16":
    case "bfloat16":
    case "uint16":
      return new Uint16Array(count);
    case "int8":
      return new Int8Array(count);
    case "int16":
      return new Int16Array(count);
    case "int32":
      return new Int32Array(count);
    case "int64":
      return new BigInt64Array(count);
    case "uint32":
      return new Uint32Array(count);
    case "uint64":
      return new BigUint64Array(count);
    default:
      return new Uint8Array(count);
  }
}

/** What a filled array means: halves become Float32Array, the rest stays as it is. */
export function finish(dtype: WeightDtype, raw: Numbers): Numbers {
  if (dtype === "float16") return halvesToFloats(raw as Uint16Array);
  if (dtype === "bfloat16") return bfloatsToFloats(raw as Uint16Array);
  return raw;
}

/** Numbers from bytes that need not be aligned. Null when the type is no number. */
export function decodeNumbers(bytes: Uint8Array, type: Datatype, byte: number): Numbers | null {
  const dtype = dtypeOf(type);
  if (dtype === null || dtype === "string") return null;
  if (bytes.byteLength % type.size !== 0) throw new Damage(byte, "a value is cut off");
  const raw = allocate(dtype, bytes.byteLength / type.size);
  const target = bytesOf(raw);
  target.set(bytes);
  if (isBigEndian(type)) swapBytes(target, type.size);
  return finish(dtype, raw);
}

export function bytesOf(array: Numbers): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}

export function isBigEndian(type: Datatype): boolean {
  if (type.kind === "enum") return isBigEndian(type.base);
  return (type.kind === "integer" || type.kind === "float") && type.bigEndian && type.size > 1;
}

export function swapBytes(bytes: Uint8Array, size: number): void {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (size === 2) buffer.swap16();
  else if (size === 4) buffer.swap32();
  else if (size === 8) buffer.swap64();
}

export function trimString(bytes: Uint8Array, padding: StringPadding): string {
  const value = text(bytes);
  return padding === "space-padded" ? value.replace(/ +$/, "") : value;
}

export function bfloatsToFloats(raw: Uint16Array): Float32Array {
  const floats = new Float32Array(raw.length);
  const words = new Uint32Array(floats.buffer);
  for (let i = 0; i < raw.length; i++) words[i] = raw[i]! << 16;
  return floats;
}

/** IEEE 754 binary16: sign, 5 bits of exponent, 10 of fraction. */
export function halvesToFloats(raw: Uint16Array): Float32Array {
  const floats = new Float32Array(raw.length);
  for (let i = 0; i < raw.length; i++) floats[i] = halfToFloat(raw[i]!);
  return floats;
}

function halfToFloat(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 31;
  const fraction = half & 1023;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}
