import { Damage } from "./failures.js";
import { readDataspace, elementCount, type Dataspace } from "./dataspace.js";
import { readDatatype, type Datatype } from "./datatype.js";
import type { GlobalHeap } from "./global-heap.js";
import { LIMITS } from "./limits.js";
import { Cursor, type Metadata, text } from "./metadata.js";
import { decodeNumbers, trimString } from "./values.js";

/** An attribute's value: one, or a flat list in row-major order; opaque ones are lists of bytes. Null is an empty or unreadable type. */
export type AttributeValue = AttributeScalar | AttributeScalar[] | null;
export type AttributeScalar = string | number | bigint | boolean;

/** An attribute, decoded when asked. */
export interface Attribute {
  readonly name: string;
  readonly shape: Dataspace;
  readonly type: Datatype;
  /** @throws Damage when its bytes are not in the file. */
  value(): AttributeValue;
}

/** Resolves a datatype that several objects share (a "committed" type) to its message. */
export type SharedType = (reference: Cursor) => Datatype;

/** An attribute message (HDF5 specification IV.A.2.m), also as stored in an object's fractal heap. */
export function readAttribute(
  metadata: Metadata,
  heap: GlobalHeap,
  body: Cursor,
  shared: SharedType,
): Attribute {
  const version = body.version([1, 2, 3], "an attribute");
  const flags = body.u8();
  const [nameSize, typeSize, spaceSize] = [body.u16(), body.u16(), body.u16()];
  if (version === 3) body.skip(1);
  const padded = (size: number) => (version === 1 ? Math.ceil(size / 8) * 8 : size);
  const name = text(body.take(padded(nameSize)));
  const typeBody = body.part(padded(typeSize));
  const type = version > 1 && flags & 1 ? shared(typeBody) : readDatatype(typeBody);
  const shape = readDataspace(body.part(padded(spaceSize)));
  const data = body.part(body.left);
  return { name, shape, type, value: () => readValue(metadata, heap, data, type, shape) };
}

function readValue(
  metadata: Metadata,
  heap: GlobalHeap,
  data: Cursor,
  type: Datatype,
  shape: Dataspace,
): AttributeValue {
  if (shape === null) return null;
  const count = elementCount(shape, data.start);
  if (count > LIMITS.attributeElements) throw new Damage(data.start, `an attribute of ${count} elements`);
  data.position = 0;
  const values = readElements(metadata, heap, data, type, count);
  if (values === null) return null;
  return shape.length === 0 && type.kind !== "opaque" ? (values[0] ?? null) : values;
}

function readElements(
  metadata: Metadata,
  heap: GlobalHeap,
  data: Cursor,
  type: Datatype,
  count: number,
): AttributeScalar[] | null {
  switch (type.kind) {
    case "string":
      return Array.from({ length: count }, () => trimString(data.take(type.size), type.padding));
    case "vlen-string":
      return readStrings(metadata, heap, data, count);
    case "array":
      return readElements(metadata, heap, data, type.base, count * elementCount(type.shape, data.start));
    case "integer":
    case "float":
    case "enum": {
      const numbers = decodeNumbers(data.take(count * type.size), type, data.start);
      return numbers && Array.from<number | bigint>(numbers);
    }
    case "opaque":
      return Array.from(data.take(count * type.size));
    default:
      return null;
  }
}

/** Each element is a length, the address of a heap collection, and the index of the string in it. */
export function readStrings(metadata: Metadata, heap: GlobalHeap, data: Cursor, count: number): string[] {
  // Strings that all point to one large object would unfold to more than the file holds.
  let left = metadata.source.size;
  return Array.from({ length: count }, () => {
    const byte = data.byte;
    const length = data.u32();
    const address = data.address();
    const index = data.u32();
    if (length === 0) return "";
    left -= length;
    if (left < 0) throw new Damage(byte, "the strings of this attribute are longer than the file");
    return text(heap.read(address, index, length));
  });
}
