import zlib from "node:zlib";
import type { ZipMember } from "../archive/write-zip.js";

/** The members of a sound archive of less than 4 GiB, by its list (APPNOTE.TXT 4.3.12). */
export function readMembers(bytes: Buffer): ZipMember[] {
  const end = bytes.lastIndexOf("PK\u0005\u0006", undefined, "latin1");
  const members: ZipMember[] = [];
  let at = bytes.readUInt32LE(end + 16);
  for (let i = bytes.readUInt16LE(end + 10); i > 0; i--) {
    const deflate = bytes.readUInt16LE(at + 10) === 8;
    const stored = bytes.readUInt32LE(at + 20);
    const nameLength = bytes.readUInt16LE(at + 28);
    const name = bytes.toString("utf8", at + 46, at + 46 + nameLength);
    const local = bytes.readUInt32LE(at + 42);
    const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const data = bytes.subarray(start, start + stored);
    members.push({ name, deflate, data: deflate ? zlib.inflateRawSync(data) : data });
    at += 46 + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return members;
}
