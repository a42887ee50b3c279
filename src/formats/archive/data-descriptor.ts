import zlib from "node:zlib";
import { type ByteSource, peek } from "../byte-source.js";

/** How far a member of an archive reaches whose sizes stand behind it, and where the next one begins. */
export interface DescribedMember {
  /** Bytes as it is stored; one more than there are where its end is missing. */
  readonly stored: number;
  readonly size: number;
  readonly crc32: number;
  readonly next: number;
}

const SIGNATURE = 0x08074b50;
const PIECE = 2 ** 20;

/**
 * Writers that cannot go back, as of downloads that are packed on the way, put a member's sizes and checksum behind it
 * (APPNOTE.TXT 4.3.9). A deflated member tells by itself where it ends, a stored one by the signature that says its
 * size.
 * @param most bytes that a deflated member may unpack to
 */
export function describedMember(
  source: ByteSource,
  start: number,
  deflated: boolean,
  most: number,
): DescribedMember {
  const end = deflated ? endOfDeflated(source, start, most) : endOfStored(source, start);
  const rest = source.size - start;
  if (end === null)
    return { stored: rest + 1, size: deflated ? most : rest + 1, crc32: 0, next: source.size };
  const at = start + end.stored;
  const signed = uint32(source, at) === SIGNATURE;
  const crc32 = uint32(source, signed ? at + 4 : at) ?? 0;
  return { ...end, crc32, next: nextHeader(source, at, signed) };
}

type Extent = Pick<DescribedMember, "stored" | "size">;

function endOfDeflated(source: ByteSource, start: number, most: number): Extent | null {
  const input = peek(source, start, Math.min(source.size - start, most));
  try {
    const result = zlib.inflateRawSync(input, { info: true, maxOutputLength: most }) as unknown as {
      buffer: Buffer;
      engine: { bytesWritten: number };
    };
    return { stored: result.engine.bytesWritten, size: result.buffer.length };
  } catch {
    return null;
  }
}

function endOfStored(source: ByteSource, start: number): Extent | null {
  for (let from = start; from < source.size; from += PIECE) {
    const piece = Buffer.from(peek(source, from, PIECE + 16).buffer);
    for (let at = piece.indexOf("PK\u0007\u0008"); at >= 0; at = piece.indexOf("PK\u0007\u0008", at + 1)) {
      const stored = from + at - start;
      if (uint32(source, from + at + 8) === stored) return { stored, size: stored };
    }
  }
  return null;
}

/** Sizes of 32 or of 64 bits: the next header tells which. */
function nextHeader(source: ByteSource, at: number, signed: boolean): number {
  const lengths = signed ? [16, 24] : [12, 20];
  const found = lengths.find((length) => {
    const [p, k] = peek(source, at + length, 2);
    return p === 0x50 && k === 0x4b;
  });
  return at + (found ?? lengths[0]!);
}

function uint32(source: ByteSource, at: number): number | null {
  const bytes = peek(source, at, 4);
  return bytes.byteLength === 4 ? new DataView(bytes.buffer).getUint32(0, true) : null;
}
