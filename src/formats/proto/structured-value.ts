import type { StructuredValue } from "./tensorflow_pb.js";

/** A Python value that a function can be traced for, beside tensors. */
export type PythonValue = boolean | number | string | null;

/** The elements of a list or tuple. */
export function items(value: StructuredValue | undefined): readonly StructuredValue[] {
  const kind = value?.kind;
  return kind?.case === "listValue" || kind?.case === "tupleValue" ? kind.value.values : [];
}

/** The entries of a dict, by their keys as TensorFlow sorts them whatever their order in the file, or of a named tuple. */
export function fields(value: StructuredValue | undefined): ReadonlyMap<string, StructuredValue | undefined> {
  const kind = value?.kind;
  if (kind?.case === "dictValue") {
    const sorted = [...kind.value.fields].sort((a, b) => (a.key < b.key ? -1 : 1));
    return new Map(sorted.map(({ key, value: inner }) => [key, inner]));
  }
  if (kind?.case === "namedTupleValue")
    return new Map(kind.value.values.map(({ key, value: inner }) => [key, inner]));
  return new Map();
}

/** A number, text, truth or None; undefined for what is none of these. */
export function pythonValue(value: StructuredValue | undefined): PythonValue | undefined {
  const kind = value?.kind;
  switch (kind?.case) {
    case "noneValue":
      return null;
    case "boolValue":
    case "stringValue":
    case "float64Value":
      return kind.value;
    case "int64Value":
      return Number(kind.value);
    default:
      return undefined;
  }
}
