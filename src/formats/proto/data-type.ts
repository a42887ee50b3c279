import type { WeightDtype } from "../model-file.js";
import { DataType } from "./tensorflow_pb.js";

const NAMES = new Map<DataType, WeightDtype>([
  [DataType.DT_FLOAT, "float32"],
  [DataType.DT_DOUBLE, "float64"],
  [DataType.DT_HALF, "float16"],
  [DataType.DT_BFLOAT16, "bfloat16"],
  [DataType.DT_INT8, "int8"],
  [DataType.DT_INT16, "int16"],
  [DataType.DT_INT32, "int32"],
  [DataType.DT_INT64, "int64"],
  [DataType.DT_UINT8, "uint8"],
  [DataType.DT_UINT16, "uint16"],
  [DataType.DT_UINT32, "uint32"],
  [DataType.DT_UINT64, "uint64"],
  [DataType.DT_QINT8, "int8"],
  [DataType.DT_QUINT8, "uint8"],
  [DataType.DT_QINT16, "int16"],
  [DataType.DT_QUINT16, "uint16"],
  [DataType.DT_QINT32, "int32"],
  [DataType.DT_BOOL, "bool"],
  [DataType.DT_STRING, "string"],
]);

const BYTES: Readonly<Record<Exclude<WeightDtype, "string">, number>> = {
  float32: 4,
  float64: 8,
  float16: 2,
  bfloat16: 2,
  int8: 1,
  int16: 2,
  int32: 4,
  int64: 8,
  uint8: 1,
  uint16: 2,
  uint32: 4,
  uint64: 8,
  bool: 1,
};

/** NumPy's name for an element type; null for what no array holds (resource, variant, complex, float8). */
export function dtypeName(type: DataType): WeightDtype | null {
  return NAMES.get(baseType(type)) ?? null;
}

/** `DT_FLOAT_REF` (a TF1 variable's output) is `DT_FLOAT`. */
export function baseType(type: DataType): DataType {
  return type > 100 ? type - 100 : type;
}

/** Bytes of one element; 0 for strings, whose elements differ in length. */
export function elementBytes(dtype: WeightDtype): number {
  return dtype === "string" ? 0 : BYTES[dtype];
}

/** `DT_RESOURCE` as TensorFlow's users read it: `resource`. */
export function typeLabel(type: DataType): string {
  return dtypeName(type) ?? (DataType[type] ?? `type ${type}`).replace(/^DT_/, "").toLowerCase();
}
