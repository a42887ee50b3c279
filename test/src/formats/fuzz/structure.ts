import { MemorySource } from "../../../../src/formats/byte-source.js";
import { readTable } from "../../../../src/formats/checkpoint/sstable.js";
import { readVarint } from "../../../../src/formats/checkpoint/varint.js";
import { sniff } from "../../../../src/formats/sniff.js";
import { buildTable, varint } from "../checkpoint/build-table.js";
import { writeZip, type ZipMember } from "../archive/write-zip.js";
import { readMembers } from "./zip-members.js";

/** A number below the given one. */
export type Pick = (below: number) => number;
/** A change of bytes that knows nothing of what they mean. */
export type Spoil = (bytes: Buffer) => Buffer;

/**
 * Changes a file as its format is built, so that what stands around the change stays sound: checksums, lengths and
 * lists fit again. Null for bytes of a kind without such changes.
 */
export function changeStructure(bytes: Buffer, pick: Pick, spoil: Spoil, level = 0): Buffer | null {
  if (level > 3) return spoil(bytes);
  const within: Spoil = (inner) => changeStructure(inner, pick, spoil, level + 1) ?? spoil(inner);
  try {
    const kind = sniff(new MemorySource(bytes));
    if (kind === "zip") return changeZip(bytes, pick, within);
    if (kind === "json") return changeJson(bytes, pick);
    if (kind === "checkpoint-index") return changeTable(bytes, pick, within);
    if (kind === "hdf5") return changeHdf5(bytes, pick);
    if (kind === "protobuf") return changeMessage(bytes, pick, spoil, 0);
    if (kind === "safetensors") return changeSafetensors(bytes, pick);
  } catch {
    // A file that was spoiled before has lost the structure that these changes go by.
  }
  return null;
}

/** One member spoiled, lost, doubled or renamed, or one lie about it; the archive written anew with its checksums. */
function changeZip(bytes: Buffer, pick: Pick, within: Spoil): Buffer | null {
  const members: ZipMember[] = readMembers(bytes);
  if (members.length === 0) return null;
  const at = pick(members.length);
  const member = members[at]!;
  const changed: Record<string, () => ZipMember[]> = {
    spoil: () => [{ ...member, data: within(Buffer.from(member.data)) }],
    lose: () => [],
    double: () => [member, member],
    rename: () => [{ ...member, name: ["../x", "config.json", "a/b.npy", "__proto__", ""][pick(5)]! }],
    lie: () => [{ ...member, [["size", "storedSize", "offset", "crc32"][pick(4)]!]: pick(2 ** 31) }],
    pack: () => [{ ...member, deflate: member.deflate !== true }],
  };
  // Most changes go on inside, where most of the reading is done.
  const names = ["spoil", "spoil", "spoil", "spoil", ...Object.keys(changed)];
  return writeZip(members.toSpliced(at, 1, ...changed[names[pick(names.length)]!]!()));
}

const VALUES: readonly unknown[] = [
  null,
  true,
  -1,
  0,
  1.5,
  2 ** 31,
  2 ** 53,
  1e308,
  "",
  "__proto__",
  "../../x",
  "Dense",
  [],
  {},
  [[[[]]]],
  { class_name: "Dense", config: {} },
  { module: "os", class_name: "function", config: {} },
];

/** One value of a JSON text replaced, lost, doubled or wrapped. */
export function changeJson(bytes: Buffer, pick: Pick): Buffer | null {
  const root = JSON.parse(bytes.toString("utf8")) as unknown;
  const places = [...placesOf(root, 0)];
  if (places.length === 0) return null;
  const { holder, key } = places[pick(places.length)]!;
  const value = holder[key];
  const change = pick(5);
  if (change === 0) Reflect.deleteProperty(holder, key);
  else if (change === 1) holder[key] = [value, value];
  else if (change === 2) holder[`${key}_`] = value;
  else if (change === 3) holder[key] = places[pick(places.length)]!.value;
  else holder[key] = VALUES[pick(VALUES.length)];
  return Buffer.from(serialise(root));
}

interface JsonPlace {
  readonly holder: Record<string, unknown>;
  readonly key: string;
  /** As it was, apart from the place, so that no value comes to hold itself. */
  readonly value: unknown;
}

function* placesOf(value: unknown, depth: number): Generator<JsonPlace> {
  if (typeof value !== "object" || value === null || depth > 40) return;
  const holder = value as Record<string, unknown>;
  for (const key of Object.keys(holder)) {
    yield { holder, key, value: structuredClone(holder[key]) };
    yield* placesOf(holder[key], depth + 1);
  }
}

function serialise(value: unknown): string {
  return JSON.stringify(value) ?? "null";
}

/** One entry of a checkpoint's index changed, lost or doubled, with its block's checksum. */
function changeTable(bytes: Buffer, pick: Pick, within: Spoil): Buffer | null {
  const entries = [...readTable(new MemorySource(bytes), "index")];
  const at = pick(entries.length);
  const { key, value } = entries[at]!;
  const whole = entries.map((entry) => ({ shared: 0, ...entry }));
  const change = pick(4);
  if (change === 0) whole.splice(at, 1);
  else if (change === 1) whole.splice(at, 0, { shared: 0, key, value });
  else whole[at] = { shared: 0, key, value: changeMessage(Buffer.from(value), pick, within, 0) };
  return Buffer.from(buildTable(whole));
}

interface Field {
  readonly tag: number;
  readonly wire: number;
  /** Without tag and length. */
  readonly body: Buffer;
}

/** One field of a message changed, lost, doubled or put elsewhere; the lengths around it fit. */
function changeMessage(bytes: Buffer, pick: Pick, spoil: Spoil, depth: number): Buffer {
  const fields = readFields(bytes);
  if (fields === null || fields.length === 0 || depth > 12) return spoil(bytes);
  const at = pick(fields.length);
  const field = fields[at]!;
  const change = pick(8);
  if (change === 0) fields.splice(at, 1);
  else if (change === 1) fields.splice(at, 0, field);
  else if (change === 2) fields[at] = fields[pick(fields.length)]!;
  else if (field.wire === 2)
    fields[at] = { ...field, body: changeMessage(field.body, pick, spoil, depth + 1) };
  else if (field.wire === 0) fields[at] = { ...field, body: Buffer.from(varint(2 ** pick(53))) };
  else fields[at] = { ...field, body: spoil(field.body) };
  return Buffer.concat(fields.flatMap(writeField));
}

function readFields(bytes: Buffer): Field[] | null {
  const fields: Field[] = [];
  try {
    for (let at = 0; at < bytes.length;) {
      const tag = readVarint(bytes, at);
      const wire = tag.value & 7;
      if (tag.value >> 3 === 0 || ![0, 1, 2, 5].includes(wire)) return null;
      const length = wire === 2 ? readVarint(bytes, tag.next) : null;
      const from = length?.next ?? tag.next;
      const size =
        wire === 0 ? readVarint(bytes, from).next - from : wire === 1 ? 8 : wire === 5 ? 4 : length!.value;
      if (from + size > bytes.length) return null;
      fields.push({ tag: tag.value, wire, body: bytes.subarray(from, from + size) });
      at = from + size;
    }
  } catch {
    return null;
  }
  return fields;
}

function writeField({ tag, wire, body }: Field): Buffer[] {
  return [Buffer.from([...varint(tag), ...(wire === 2 ? varint(body.length) : [])]), body];
}

const SIGNATURES = [
  "TREE",
  "SNOD",
  "HEAP",
  "GCOL",
  "OHDR",
  "OCHK",
  "FRHP",
  "FHDB",
  "FHIB",
  "BTHD",
  "BTLF",
  "BTIN",
];

/** A field of one structure set to an edge, or to the address of another structure: cycles, overlaps, wrong kinds. */
function changeHdf5(bytes: Buffer, pick: Pick): Buffer {
  const places = SIGNATURES.flatMap((signature) => [...findAll(bytes, signature)]);
  if (places.length === 0) return bytes;
  const at = places[pick(places.length)]! + pick(96);
  const value = Buffer.alloc(8);
  const address = places[pick(places.length)]!;
  const choices = [
    BigInt(address),
    BigInt(pick(bytes.length)),
    0n,
    2n ** 64n - 1n,
    2n ** 32n,
    BigInt(pick(256)),
  ];
  value.writeBigUInt64LE(choices[pick(choices.length)]!);
  value.copy(bytes, at, 0, [1, 2, 4, 8, 8, 8][pick(6)]);
  return bytes;
}

function* findAll(bytes: Buffer, text: string): Generator<number> {
  for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at + 1)) yield at;
}

function changeSafetensors(bytes: Buffer, pick: Pick): Buffer | null {
  const length = Number(bytes.readBigUInt64LE(0));
  const header = changeJson(bytes.subarray(8, 8 + length), pick);
  if (header === null) return null;
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([size, header, bytes.subarray(8 + length)]);
}
