import { crc32 } from "node:zlib";

/** A zip archive of members that are stored as they are, as Keras writes `.keras`. */
export function zipBytes(members: Readonly<Record<string, Uint8Array>>): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, bytes] of Object.entries(members)) {
    const header = fields(name, bytes);
    const local = Buffer.concat([Buffer.from([0x50, 0x4b, 3, 4]), header, Buffer.from(name)]);
    parts.push(local, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    directory.push(entry(header, name, offset));
    offset += local.length + bytes.length;
  }
  const size = directory.reduce((sum, { length }) => sum + length, 0);
  if (offset + size > 0xffffffff)
    throw new RangeError("A model of more than 4 GB does not fit into a plain archive.");
  return Buffer.concat([...parts, ...directory, end(directory.length, size, offset)]);
}

/** What the local header and the directory have in common: version 2.0, stored, 1980-01-01, checksum, sizes. */
function fields(name: string, bytes: Uint8Array): Buffer {
  const header = Buffer.alloc(26);
  header.writeUInt16LE(20, 0);
  header.writeUInt16LE(0x21, 8);
  header.writeUInt32LE(crc32(bytes), 10);
  header.writeUInt32LE(bytes.length, 14);
  header.writeUInt32LE(bytes.length, 18);
  header.writeUInt16LE(Buffer.byteLength(name), 22);
  return header;
}

function entry(header: Buffer, name: string, offset: number): Buffer {
  const rest = Buffer.alloc(14);
  rest.writeUInt32LE(offset, 10);
  return Buffer.concat([Buffer.from([0x50, 0x4b, 1, 2, 20, 0]), header, rest, Buffer.from(name)]);
}

function end(count: number, size: number, offset: number): Buffer {
  const record = Buffer.alloc(22);
  record.writeUInt32LE(0x06054b50, 0);
  record.writeUInt16LE(count, 8);
  record.writeUInt16LE(count, 10);
  record.writeUInt32LE(size, 12);
  record.writeUInt32LE(offset, 16);
  return record;
}
