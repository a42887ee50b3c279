import { type ArrayElement, type ElementForm, readElement } from "./chunk-index.js";
import { Damage } from "./failures.js";
import { CHECKSUM, type Metadata, UNDEFINED } from "./metadata.js";

/**
 * The elements of a fixed array, the index of datasets that cannot grow (HDF5 specification VII.C), with their
 * numbers. Parts that were never written are left out.
 */
export function* readFixedArray(
  metadata: Metadata,
  address: number,
  form: ElementForm,
): Generator<readonly [number, ArrayElement]> {
  if (address === UNDEFINED) return;
  const what = `the chunk index of ${form.path}`;
  const header = metadata.block(address, 8 + metadata.lengthSize + metadata.offsetSize, what);
  header.signature("FAHD");
  header.version([0], "a chunk index");
  header.skip(1);
  const elementSize = header.u8();
  const pageBits = header.u8();
  const count = header.length();
  const block = header.address();
  metadata.compareChecksum(address, header.position, what);
  metadata.occupy(address, header.position + CHECKSUM, what);
  if (block === UNDEFINED) return;
  if (pageBits > 32 || elementSize === 0) throw new Damage(address, `${what} cannot be as its header says`);
  metadata.spend(count, form.path);
  const page = 2 ** pageBits;
  const prefix = 6 + metadata.offsetSize;
  if (count <= page) {
    const body = metadata.block(block, prefix + count * elementSize, what);
    body.signature("FADB");
    metadata.compareChecksum(block, prefix + count * elementSize, what);
    metadata.occupy(block, prefix + count * elementSize, what);
    body.skip(prefix - 4);
    for (let i = 0; i < count; i++) yield [i, readElement(body.part(elementSize), form)];
    return;
  }
  const pages = Math.ceil(count / page);
  const bitmapSize = Math.ceil(pages / 8);
  const head = metadata.block(block, prefix + bitmapSize, what);
  head.signature("FADB");
  metadata.compareChecksum(block, prefix + bitmapSize, what);
  head.skip(prefix - 4);
  const written = head.take(bitmapSize);
  const first = block + prefix + bitmapSize + CHECKSUM;
  metadata.occupy(block, first - block + pages * CHECKSUM + count * elementSize, what);
  for (let p = 0; p < pages; p++) {
    if (!isSet(written, p)) continue;
    const inPage = Math.min(page, count - p * page);
    const start = first + p * (page * elementSize + CHECKSUM);
    const body = metadata.block(start, inPage * elementSize, what);
    metadata.compareChecksum(start, inPage * elementSize, what);
    for (let i = 0; i < inPage; i++) yield [p * page + i, readElement(body.part(elementSize), form)];
  }
}

/** Bits count from the highest of each byte. */
export function isSet(bits: Uint8Array, at: number): boolean {
  return ((bits[at >> 3] ?? 0) & (0x80 >> (at & 7))) !== 0;
}
