import { Damage } from "./failures.js";
import { type Cursor, text } from "./metadata.js";

/** A name in a group, and what it stands for. */
export interface Link {
  readonly name: string;
  readonly target:
    | { readonly kind: "hard"; readonly address: number }
    | { readonly kind: "soft"; readonly path: string }
    /** Leads out of the file: an external link, or a kind that a plug-in defines. */
    | { readonly kind: "outside"; readonly detail: string };
}

/** A link message (HDF5 specification IV.A.2.g), also as stored in a group's fractal heap. */
export function readLink(cursor: Cursor): Link {
  cursor.version([1], "a link");
  const flags = cursor.u8();
  const type = flags & 8 ? cursor.u8() : 0;
  if (flags & 4) cursor.skip(8);
  if (flags & 16) cursor.skip(1);
  const name = text(cursor.take(cursor.uint(1 << (flags & 3))));
  if (type === 0) return { name, target: { kind: "hard", address: cursor.address() } };
  const value = cursor.take(cursor.u16());
  if (type === 1) return { name, target: { kind: "soft", path: text(value) } };
  if (type !== 64)
    return { name, target: { kind: "outside", detail: `a link of user-defined type ${type}` } };
  return { name, target: { kind: "outside", detail: describeExternal(value, cursor.byte) } };
}

/** The value of an external link is a flag byte, the file's name and the object's path. */
function describeExternal(value: Uint8Array, byte: number): string {
  const end = value.indexOf(0, 1);
  if (end < 0) throw new Damage(byte, "an external link without an end");
  const file = text(value.subarray(1, end));
  return `an external link to ${JSON.stringify(text(value.subarray(end + 1)))} in the file ${JSON.stringify(file)}`;
}
