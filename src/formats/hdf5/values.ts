import { elementsFrom, swapBytes } from "../elements.js";
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
      if (type.size !== type.base.size) return null;
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

/** Numbers from bytes that need not be aligned. Null when the type is no number. */
export function decodeNumbers(bytes: Uint8Array, type: Datatype, byte: number): Numbers | null {
  const dtype = dtypeOf(type);
  if (dtype === null || dtype === "string") return null;
  if (bytes.byteLength % type.size !== 0) throw new Damage(byte, "a value is cut off");
  const own = bytes.slice();
  if (isBigEndian(type)) swapBytes(own, type.size);
  return elementsFrom(own, dtype);
}

export function isBigEndian(type: Datatype): boolean {
  if (type.kind === "enum") return isBigEndian(type.base);
  return (type.kind === "integer" || type.kind === "float") && type.bigEndian && type.size > 1;
}

export function trimString(bytes: Uint8Array, padding: StringPadding): string {
  const value = text(bytes);
  return padding === "space-padded" ? value.replace(/ +$/, "") : value;
}
