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
  [DataType.DT_COMPLEX64, "complex64"],
  [DataType.DT_COMPLEX128, "complex128"],
  [DataType.DT_FLOAT8_E4M3FN, "float8_e4m3fn"],
  [DataType.DT_FLOAT8_E5M2, "float8_e5m2"],
]);

/** NumPy's name for an element type; null for what no array holds (resource, variant). */
export function dtypeName(type: DataType): WeightDtype | null {
  return NAMES.get(baseType(type)) ?? null;
}

/** `DT_FLOAT_REF` (a TF1 variable's output) is `DT_FLOAT`. */
export function baseType(type: DataType): DataType {
  return type > 100 ? type - 100 : type;
}

/** `DT_RESOURCE` as TensorFlow's users read it: `resource`. */
export function typeLabel(type: DataType): string {
  return dtypeName(type) ?? (DataType[type] ?? `type ${type}`).replace(/^DT_/, "").toLowerCase();
}
