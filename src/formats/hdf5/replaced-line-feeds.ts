import { type ByteSource, MemorySource, peek, startsWith } from "../byte-source.js";

/** The signature of HDF5 after each line feed became a carriage return and a line feed. */
const SIGNATURE = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0d, 0x0a, 0x1a, 0x0d, 0x0a];
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
/** Read whole into memory; what is larger is to be copied again. */
const LARGEST = 2 ** 30;

/**
 * An HDF5 file that was copied as text (FTP in ASCII mode, to Windows) as it was before: each line feed got a carriage
 * return before it, so that taking these away gives back every byte.
 * @returns null for any other file, also for one in which a line feed stands alone: then bytes were lost
 */
export async function withoutCarriageReturns(source: ByteSource): Promise<ByteSource | null> {
  if (source.size > LARGEST || !startsWith(peek(source, 0, SIGNATURE.length), SIGNATURE)) return null;
  const bytes = new Uint8Array(source.size);
  await source.read(0, bytes);
  let length = 0;
  for (const byte of bytes) {
    if (byte === LINE_FEED) {
      if (bytes[length - 1] !== CARRIAGE_RETURN) return null;
      length--;
    }
    bytes[length++] = byte;
  }
  return new MemorySource(bytes.slice(0, length));
}
