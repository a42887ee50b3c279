import type { WeightArray, WeightDtype } from "./model-file.js";

const BYTES: Readonly<Record<WeightDtype, number>> = {
  float32: 4,
  float64: 8,
  float16: 2,
  bfloat16: 2,
  float8_e4m3fn: 1,
  float8_e5m2: 1,
  complex64: 8,
  complex128: 16,
  int8: 1,
  int16: 2,
  int32: 4,
  int64: 8,
  uint8: 1,
  uint16: 2,
  uint32: 4,
  uint64: 8,
  bool: 1,
  string: 0,
};

/** Bytes of one element; 0 for strings, whose elements differ in length. */
export function elementBytes(dtype: WeightDtype): number {
  return BYTES[dtype];
}

/**
 * Raw little-endian elements as a typed array. Floats of 8 and 16 bits become Float32Array, bool Uint8Array, and
 * complex numbers twice as many floats: real and imaginary parts in turn.
 * The bytes are copied only where their alignment asks for it.
 */
export function elementsFrom(
  bytes: Uint8Array,
  dtype: Exclude<WeightDtype, "string">,
): Exclude<WeightArray, string[]> {
  switch (dtype) {
    case "float32":
      return view(bytes, Float32Array);
    case "float64":
      return view(bytes, Float64Array);
    case "complex64":
      return view(bytes, Float32Array);
    case "complex128":
      return view(bytes, Float64Array);
    case "float8_e4m3fn":
      return lookUp(bytes, E4M3FN);
    case "float8_e5m2":
      return lookUp(bytes, E5M2);
    case "float16":
      return halfToFloat(view(bytes, Uint16Array));
    case "bfloat16":
      return bfloatToFloat(view(bytes, Uint16Array));
    case "int8":
      return view(bytes, Int8Array);
    case "int16":
      return view(bytes, Int16Array);
    case "int32":
      return view(bytes, Int32Array);
    case "int64":
      return view(bytes, BigInt64Array);
    case "uint8":
    case "bool":
      return bytes;
    case "uint16":
      return view(bytes, Uint16Array);
    case "uint32":
      return view(bytes, Uint32Array);
    case "uint64":
      return view(bytes, BigUint64Array);
  }
}

/** Zeros, in the kind of array that `elementsFrom` gives. */
export function emptyArray(
  dtype: Exclude<WeightDtype, "string">,
  length: number,
): Exclude<WeightArray, string[]> {
  if (/^(b?float16|float8)/.test(dtype)) return new Float32Array(length);
  return elementsFrom(new Uint8Array(length * elementBytes(dtype)), dtype);
}

/** IEEE 754 binary16 to binary32. */
export function halfToFloat(halves: Uint16Array): Float32Array {
  const bits = new Uint32Array(halves.length);
  for (let i = 0; i < halves.length; i++) bits[i] = floatBits(halves[i]!);
  return new Float32Array(bits.buffer);
}

function floatBits(half: number): number {
  const sign = (half & 0x8000) << 16;
  const exponent = (half >> 10) & 0x1f;
  let fraction = half & 0x3ff;
  if (exponent === 31) return sign | 0x7f800000 | (fraction << 13);
  if (exponent > 0) return sign | ((exponent + 112) << 23) | (fraction << 13);
  if (fraction === 0) return sign;
  let shift = 113;
  while (!(fraction & 0x400)) {
    fraction <<= 1;
    shift--;
  }
  return sign | (shift << 23) | ((fraction & 0x3ff) << 13);
}

/** bfloat16 is the upper half of a float32. */
export function bfloatToFloat(halves: Uint16Array): Float32Array {
  const bits = new Uint32Array(halves.length);
  for (let i = 0; i < halves.length; i++) bits[i] = halves[i]! << 16;
  return new Float32Array(bits.buffer);
}

/** The 256 values of a float of 8 bits, which a byte stands for. */
function float8Values(mantissaBits: number, bias: number, special: (magnitude: number) => number | null) {
  return Float32Array.from({ length: 256 }, (_, byte) => {
    const magnitude = byte & 0x7f;
    const exponent = magnitude >> mantissaBits;
    const fraction = (magnitude & ((1 << mantissaBits) - 1)) / (1 << mantissaBits);
    const value = exponent === 0 ? fraction * 2 ** (1 - bias) : (1 + fraction) * 2 ** (exponent - bias);
    return (special(magnitude) ?? value) * (byte & 0x80 ? -1 : 1);
  });
}

/** No infinities, and one NaN (OCP 8-bit floating point specification). */
const E4M3FN = float8Values(3, 7, (magnitude) => (magnitude === 0x7f ? NaN : null));
/** As IEEE 754 would have it. */
const E5M2 = float8Values(2, 15, (magnitude) =>
  magnitude < 0x7c ? null : magnitude === 0x7c ? Infinity : NaN,
);

function lookUp(bytes: Uint8Array, values: Float32Array): Float32Array {
  const out = new Float32Array(bytes.length);
  for (let i = 0; i < bytes.length; i++) out[i] = values[bytes[i]!]!;
  return out;
}

/** Turns the bytes of every element around, in place; `size` is 2, 4 or 8. */
export function swapBytes(bytes: Uint8Array, size: number): void {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (size === 2) buffer.swap16();
  else if (size === 4) buffer.swap32();
  else if (size === 8) buffer.swap64();
}

interface ArrayType<T> {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): T;
}

function view<T>(bytes: Uint8Array, type: ArrayType<T>): T {
  const size = type.BYTES_PER_ELEMENT;
  const aligned = bytes.byteOffset % size === 0 ? bytes : Uint8Array.from(bytes);
  return new type(aligned.buffer, aligned.byteOffset, Math.floor(aligned.byteLength / size));
}
