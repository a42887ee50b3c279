import { Damage } from "./failures.js";
import { LIMITS } from "./limits.js";
import { type Cursor, text } from "./metadata.js";

/** A datatype as stored (HDF5 specification IV.A.2.d), as far as model files use it. */
export type Datatype =
  | { readonly kind: "integer"; readonly size: number; readonly signed: boolean; readonly bigEndian: boolean }
  | {
      readonly kind: "float";
      readonly size: number;
      readonly bigEndian: boolean;
      /** Bits of the exponent: 8 in 2 bytes is bfloat16, 5 is half. */
      readonly exponentBits: number;
    }
  | { readonly kind: "string"; readonly size: number; readonly padding: StringPadding }
  | { readonly kind: "vlen-string"; readonly size: number }
  | {
      readonly kind: "enum";
      readonly size: number;
      readonly base: Datatype;
      readonly names: readonly string[];
    }
  | {
      readonly kind: "array";
      readonly size: number;
      readonly base: Datatype;
      readonly shape: readonly number[];
    }
  | { readonly kind: "opaque"; readonly size: number; readonly tag: string }
  | { readonly kind: "other"; readonly size: number; readonly name: string };

export type StringPadding = "nul-terminated" | "nul-padded" | "space-padded";

const PADDINGS = ["nul-terminated", "nul-padded", "space-padded"] as const;
const OTHER = ["", "", "time", "", "bitfield", "", "compound", "reference", "", "variable-length sequence"];

export function readDatatype(cursor: Cursor, level = 0): Datatype {
  if (level > LIMITS.treeLevels) throw new Damage(cursor.byte, "datatypes are nested too deep");
  const byte = cursor.byte;
  const head = cursor.u8();
  const version = head >> 4;
  const bits = cursor.uint(3);
  const size = cursor.u32();
  if (version < 1 || version > 5) throw new Damage(byte, `a datatype of version ${version} is not known`);
  switch (head & 15) {
    case 0:
      cursor.skip(4);
      return { kind: "integer", size, signed: (bits & 8) !== 0, bigEndian: (bits & 1) !== 0 };
    case 1: {
      cursor.skip(5);
      const exponentBits = cursor.u8();
      cursor.skip(6);
      return { kind: "float", size, bigEndian: (bits & 1) !== 0, exponentBits };
    }
    case 3:
      return { kind: "string", size, padding: PADDINGS[bits & 15] ?? "nul-padded" };
    case 5:
      return { kind: "opaque", size, tag: text(cursor.take(bits & 255)) };
    case 8:
      return readEnum(cursor, version, bits & 0xffff, size, level);
    case 9:
      if ((bits & 15) === 1) return { kind: "vlen-string", size };
      return { kind: "other", size, name: OTHER[9]! };
    case 10:
      return readArray(cursor, version, size, level);
    default:
      return { kind: "other", size, name: OTHER[head & 15] || `class ${head & 15}` };
  }
}

function readEnum(cursor: Cursor, version: number, members: number, size: number, level: number): Datatype {
  const base = readDatatype(cursor, level + 1);
  const names: string[] = [];
  for (let i = 0; i < members; i++) {
    const rest = cursor.bytes.subarray(cursor.position);
    const end = rest.indexOf(0);
    if (end < 0) throw new Damage(cursor.byte, "the name of an enum member has no end");
    names.push(text(rest.subarray(0, end)));
    cursor.skip(version >= 3 ? end + 1 : Math.ceil((end + 1) / 8) * 8);
  }
  return { kind: "enum", size, base, names };
}

function readArray(cursor: Cursor, version: number, size: number, level: number): Datatype {
  const rank = cursor.u8();
  if (rank > LIMITS.rank) throw new Damage(cursor.byte, `an array type of ${rank} dimensions`);
  if (version < 3) cursor.skip(3);
  const shape = Array.from({ length: rank }, () => cursor.u32());
  if (version < 3) cursor.skip(4 * rank);
  return { kind: "array", size, shape, base: readDatatype(cursor, level + 1) };
}
