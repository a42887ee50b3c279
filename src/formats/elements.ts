import type { WeightArray, WeightDtype } from "./model-file.js";

/**
 * Raw little-endian elements as a typed array. float16 and bfloat16 become Float32Array, bool Uint8Array.
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

interface ArrayType<T> {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): T;
}

function view<T>(bytes: Uint8Array, type: ArrayType<T>): T {
  const size = type.BYTES_PER_ELEMENT;
  const aligned = bytes.byteOffset % size === 0 ? bytes : bytes.slice();
  return new type(aligned.buffer, aligned.byteOffset, Math.floor(aligned.byteLength / size));
}
