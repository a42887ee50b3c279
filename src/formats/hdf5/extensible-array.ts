import { type ArrayElement, type ElementForm, readElement } from "./chunk-index.js";
import { Damage } from "./failures.js";
import { isSet } from "./fixed-array.js";
import { CHECKSUM, type Cursor, type Metadata, UNDEFINED } from "./metadata.js";

type Elements = Generator<readonly [number, ArrayElement]>;

/**
 * The elements of an extensible array, the index of datasets that grow along one axis (HDF5 specification VII.D),
 * with their numbers. The first lie in the index block; the others in data blocks that grow in size, whose addresses
 * stand in the index block or, later on, in secondary blocks.
 */
export function readExtensibleArray(metadata: Metadata, address: number, form: ElementForm): Elements {
  return new ExtensibleArray(metadata, address, form).elements();
}

class ExtensibleArray {
  private readonly what: string;
  private readonly elementSize: number;
  private readonly inIndex: number;
  private readonly smallest: number;
  private readonly pointers: number;
  private readonly page: number;
  private readonly offsetBytes: number;
  private readonly levels: number;
  /** Elements that were ever set. */
  private readonly used: number;
  private readonly index: number;

  constructor(
    private readonly metadata: Metadata,
    address: number,
    private readonly form: ElementForm,
  ) {
    this.what = `the chunk index of ${form.path}`;
    const length = 12 + 6 * metadata.lengthSize + metadata.offsetSize;
    if (address === UNDEFINED) throw new Damage(metadata.base, `${this.what} has no address`);
    const header = metadata.block(address, length, this.what);
    header.signature("EAHD");
    header.version([0], "a chunk index");
    header.skip(1);
    this.elementSize = header.u8();
    const bits = header.u8();
    this.inIndex = header.u8();
    this.smallest = header.u8();
    this.pointers = header.u8();
    this.page = 2 ** header.u8();
    header.skip(4 * metadata.lengthSize);
    this.used = header.length();
    header.skip(metadata.lengthSize);
    this.index = header.address();
    metadata.compareChecksum(address, length, this.what);
    metadata.occupy(address, length + CHECKSUM, this.what);
    const sound = isPower(this.smallest) && isPower(this.pointers) && bits <= 64 && this.elementSize > 0;
    if (!sound) throw new Damage(address, `${this.what} cannot be as its header says`);
    this.offsetBytes = Math.ceil(bits / 8);
    this.levels = 1 + bits - Math.log2(this.smallest);
  }

  *elements(): Elements {
    if (this.index === UNDEFINED) return;
    const { metadata, form } = this;
    metadata.spend(this.used, form.path);
    const direct = 2 * (this.pointers - 1);
    const firstSecondary = 2 * Math.log2(this.pointers);
    const secondary = Math.max(0, this.levels - firstSecondary);
    const length = 6 + metadata.offsetSize * (1 + direct + secondary) + this.inIndex * this.elementSize;
    const body = metadata.block(this.index, length, this.what);
    body.signature("EAIB");
    metadata.compareChecksum(this.index, length, this.what);
    metadata.occupy(this.index, length + CHECKSUM, this.what);
    body.skip(2 + metadata.offsetSize);
    yield* this.run(body, 0, this.inIndex);
    let start = this.inIndex;
    for (let level = 0; level < this.levels && start < this.used; level++) {
      const blocks = 2 ** Math.floor(level / 2);
      const size = 2 ** Math.ceil(level / 2) * this.smallest;
      if (level < firstSecondary) {
        for (let i = 0; i < blocks; i++, start += size)
          yield* this.dataBlock(body.address(), start, size, null);
      } else {
        yield* this.secondaryBlock(body.address(), start, blocks, size);
        start += blocks * size;
      }
    }
  }

  private *run(body: Cursor, start: number, count: number): Elements {
    for (let i = 0; i < count; i++) yield [start + i, readElement(body.part(this.elementSize), this.form)];
  }

  private *secondaryBlock(address: number, start: number, blocks: number, size: number): Elements {
    if (address === UNDEFINED) return;
    const pages = size > this.page ? size / this.page : 0;
    const bitmap = Math.ceil(pages / 8);
    const prefix = 6 + this.metadata.offsetSize + this.offsetBytes;
    const length = prefix + blocks * (bitmap + this.metadata.offsetSize);
    const body = this.metadata.block(address, length, this.what);
    body.signature("EASB");
    this.metadata.compareChecksum(address, length, this.what);
    this.metadata.occupy(address, length + CHECKSUM, this.what);
    body.skip(prefix - 4);
    // The bits of all blocks in a row, though each block reserves whole bytes.
    const written = body.take(blocks * bitmap);
    for (let i = 0; i < blocks; i++) {
      const holds = pages > 0 ? (page: number) => isSet(written, i * pages + page) : null;
      yield* this.dataBlock(body.address(), start + i * size, size, holds);
    }
  }

  /** @param holds whether a page of the block was written; null for a block without pages */
  private *dataBlock(
    address: number,
    start: number,
    size: number,
    holds: ((page: number) => boolean) | null,
  ): Elements {
    if (address === UNDEFINED || start >= this.used) return;
    const prefix = 6 + this.metadata.offsetSize + this.offsetBytes;
    const head = this.metadata.block(address, prefix, this.what);
    head.signature("EADB");
    this.metadata.compareChecksum(
      address,
      prefix + (holds === null ? size * this.elementSize : 0),
      this.what,
    );
    const pages = holds === null ? 0 : size / this.page;
    const bytes = prefix + size * this.elementSize + (1 + pages) * CHECKSUM;
    this.metadata.occupy(address, bytes, this.what);
    if (holds === null) {
      const body = this.metadata.block(address + prefix, size * this.elementSize, this.what);
      yield* this.run(body, start, size);
      return;
    }
    const pageBytes = this.page * this.elementSize;
    for (let p = 0; p < pages; p++) {
      if (!holds(p)) continue;
      const at = address + prefix + CHECKSUM + p * (pageBytes + CHECKSUM);
      const body = this.metadata.block(at, pageBytes, this.what);
      this.metadata.compareChecksum(at, pageBytes, this.what);
      yield* this.run(body, start + p * this.page, this.page);
    }
  }
}

function isPower(value: number): boolean {
  return value > 0 && (value & (value - 1)) === 0;
}
