import type { WeightDtype } from "../../formats/model-file.js";

type Numeric = Exclude<WeightDtype, "string">;

/** Arrays of each type that keeps its numbers as they are in memory; halves have none. */
const ARRAYS = {
  bool: Uint8Array,
  uint8: Uint8Array,
  int8: Int8Array,
  uint16: Uint16Array,
  int16: Int16Array,
  uint32: Uint32Array,
  int32: Int32Array,
  float32: Float32Array,
  float64: Float64Array,
} as const;

/** Elements as the bytes that they are in memory; null for a type that is not written here. */
export function bytesOf(values: readonly (number | bigint)[], dtype: Numeric): Uint8Array | null {
  if (dtype === "int64" || dtype === "uint64")
    return bytesIn(BigInt64Array.from(values, (value) => BigInt(value)));
  const type = (ARRAYS as Partial<Record<Numeric, (typeof ARRAYS)[keyof typeof ARRAYS]>>)[dtype];
  return type === undefined ? null : bytesIn(type.from(values.map(Number)));
}

function bytesIn({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}
