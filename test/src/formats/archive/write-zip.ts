import zlib from "node:zlib";

/** One member; what is not given is as it should be. */
export interface ZipMember {
  readonly name: string;
  readonly data: Uint8Array | string;
  readonly deflate?: boolean;
  /** Lies, for hostile archives. */
  readonly crc32?: number;
  readonly method?: number;
  readonly flags?: number;
  readonly size?: number;
  readonly storedSize?: number;
  readonly attributes?: number;
  /** Writes sizes and checksum behind the member, as who cannot go back. */
  readonly described?: boolean;
  /** Offset of the local header as the list says it. */
  readonly offset?: number;
  /** Sizes of 64 bits, in an extra field (4.5.3), in place of those of 32. */
  readonly wide?: { readonly size: bigint; readonly stored: bigint };
}

/** Writes a zip archive, sound or not (APPNOTE.TXT 4.3). */
export function writeZip(members: readonly ZipMember[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const member of members) {
    const { local, central } = headers(member, offset);
    directory.push(central);
    parts.push(local);
    offset += local.length;
  }
  const list = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(members.length, 8);
  end.writeUInt16LE(members.length, 10);
  end.writeUInt32LE(list.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, list, end]);
}

function headers(member: ZipMember, offset: number): { local: Buffer; central: Buffer } {
  const data = Buffer.from(member.data);
  const stored = member.deflate ? zlib.deflateRawSync(data) : data;
  const name = Buffer.from(member.name);
  const common = Buffer.alloc(26);
  common.writeUInt16LE(20, 0);
  common.writeUInt16LE(member.flags ?? (member.described ? 8 : 0), 2);
  common.writeUInt16LE(member.method ?? (member.deflate ? 8 : 0), 4);
  common.writeUInt32LE(member.crc32 ?? zlib.crc32(data), 10);
  common.writeUInt32LE(member.wide ? 0xffffffff : (member.storedSize ?? stored.length), 14);
  common.writeUInt32LE(member.wide ? 0xffffffff : (member.size ?? data.length), 18);
  common.writeUInt16LE(name.length, 22);
  const extra = member.wide ? wideSizes(member.wide) : Buffer.alloc(0);
  common.writeUInt16LE(extra.length, 24);
  const [first, behind] = member.described
    ? [Buffer.concat([common.subarray(0, 10), Buffer.alloc(12), common.subarray(22)]), descriptor(common)]
    : [common, Buffer.alloc(0)];
  const local = Buffer.concat([Buffer.from("PK\u0003\u0004", "latin1"), first, name, extra, stored, behind]);
  const tail = Buffer.alloc(14);
  tail.writeUInt32LE(member.attributes ?? 0, 6);
  tail.writeUInt32LE(member.offset ?? offset, 10);
  const central = Buffer.concat([
    Buffer.from("PK\u0001\u0002\u0014\u0000", "latin1"),
    common,
    tail,
    name,
    extra,
  ]);
  return { local, central };
}

function wideSizes({ size, stored }: { readonly size: bigint; readonly stored: bigint }): Buffer {
  const extra = Buffer.alloc(20);
  extra.writeUInt16LE(1, 0);
  extra.writeUInt16LE(16, 2);
  extra.writeBigUInt64LE(size, 4);
  extra.writeBigUInt64LE(stored, 12);
  return extra;
}

/** Signature, checksum and sizes (APPNOTE.TXT 4.3.9). */
function descriptor(common: Buffer): Buffer {
  return Buffer.concat([Buffer.from("PK\u0007\u0008", "latin1"), common.subarray(10, 22)]);
}
