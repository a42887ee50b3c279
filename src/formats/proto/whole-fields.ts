import type { DescMessage } from "@bufbuild/protobuf";
import { readVarint } from "../checkpoint/varint.js";

/** What is left of a message whose end is missing. */
export interface WholeFields {
  /** The fields that are whole, with the lengths around them made to fit. */
  readonly bytes: Uint8Array;
  /** Bytes that the first length which reaches beyond the end asks for. */
  readonly missing: number;
}

/** Messages that hold lists: a part of one is of use. A part of anything else (a node, a tensor) is not. */
const LISTS: ReadonlySet<string> = new Set([
  "tensorflow.SavedModel",
  "tensorflow.MetaGraphDef",
  "tensorflow.GraphDef",
  "tensorflow.FunctionDefLibrary",
  "tensorflow.SavedObjectGraph",
  "tensorflow.SavedMetadata",
]);

/** The whole fields of a message that was cut off; null where the bytes are not cut but wrong. */
export function wholeFields(schema: DescMessage, bytes: Uint8Array): WholeFields | null {
  let at = 0;
  while (at < bytes.length) {
    const field = readField(bytes, at);
    if (field === null) return null;
    if (field.end > bytes.length) return cutAt(schema, bytes, at, field);
    at = field.end;
  }
  return { bytes, missing: 0 };
}

interface Field {
  readonly number: number;
  /** Where its content begins; a content of known length ends at `end`. */
  readonly start: number;
  readonly end: number;
  readonly delimited: boolean;
}

/** A number that is cut reaches one byte beyond the end. Null for what is no field. */
function readField(bytes: Uint8Array, at: number): Field | null {
  const beyond = { number: 0, start: bytes.length, end: bytes.length + 1, delimited: false };
  try {
    const tag = readVarint(bytes, at);
    const [number, wire] = [Math.floor(tag.value / 8), tag.value % 8];
    if (number === 0 || ![0, 1, 2, 5].includes(wire)) return null;
    if (wire === 1) return { number, start: tag.next, end: tag.next + 8, delimited: false };
    if (wire === 5) return { number, start: tag.next, end: tag.next + 4, delimited: false };
    const value = readVarint(bytes, tag.next);
    if (wire === 0) return { number, start: tag.next, end: value.next, delimited: false };
    return { number, start: value.next, end: value.next + value.value, delimited: true };
  } catch {
    return at + 10 > bytes.length ? beyond : null;
  }
}

function cutAt(schema: DescMessage, bytes: Uint8Array, at: number, field: Field): WholeFields {
  const whole = bytes.subarray(0, at);
  const missing = field.end - bytes.length;
  const inner = schema.fields.find(({ number }) => number === field.number)?.message;
  const list = field.delimited && inner && LISTS.has(inner.typeName);
  const part = list ? wholeFields(inner, bytes.subarray(field.start)) : null;
  if (!part) return { bytes: whole, missing };
  const head = [...varint(field.number * 8 + 2), ...varint(part.bytes.length)];
  return { bytes: Buffer.concat([whole, Uint8Array.from(head), part.bytes]), missing };
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  for (; value >= 128; value = Math.floor(value / 128)) bytes.push((value % 128) | 0x80);
  return [...bytes, value];
}
