import { Damage } from "./failures.js";
import { LIMITS } from "./limits.js";
import { type Cursor, type Metadata, UNDEFINED } from "./metadata.js";
import { bytesFor, walkTreeV2 } from "./tree-v2.js";

/** Node type of the version 2 B-tree that lists "huge" objects. */
const HUGE_INDEX = 1;
/** Flag of a heap whose direct blocks carry a checksum. */
const CHECKSUMMED = 2;

/**
 * The heap in which groups and objects with many links or attributes keep them (HDF5 specification III.G).
 * Objects lie in blocks of a doubling table; large ones by themselves; the smallest in their own identifier.
 */
export class FractalHeap {
  private readonly flags: number;
  private readonly offsetBytes: number;
  private readonly lengthBytes: number;
  private readonly width: number;
  private readonly startSize: number;
  private readonly directRows: number;
  private readonly root: number;
  private readonly rootRows: number;
  private readonly hugeIndex: number;
  private huge: Map<number, { address: number; length: number }> | null = null;

  constructor(
    private readonly metadata: Metadata,
    address: number,
    private readonly path: string,
  ) {
    const { offsetSize: o, lengthSize: l } = metadata;
    const cursor = metadata.block(address, 26 + 3 * o + 12 * l, `the heap of ${path}`);
    cursor.signature("FRHP");
    cursor.version([0], "a fractal heap");
    cursor.skip(2);
    if (cursor.u16() !== 0) throw new Damage(address, `the heap of ${path} is compressed, which is not read`);
    this.flags = cursor.u8();
    const largest = cursor.u32();
    cursor.skip(l);
    this.hugeIndex = cursor.address();
    cursor.skip(l + o + 8 * l);
    this.width = cursor.u16();
    this.startSize = cursor.length();
    const directSize = cursor.length();
    const bits = cursor.u16();
    cursor.skip(2);
    this.root = cursor.address();
    this.rootRows = cursor.u16();
    metadata.compareChecksum(address, cursor.position, `the heap of ${path}`);
    metadata.occupy(address, cursor.position, `the heap of ${path}`);
    this.offsetBytes = Math.ceil(bits / 8);
    this.lengthBytes = Math.min(bytesFor(directSize), bytesFor(largest));
    this.directRows = Math.log2(directSize) - Math.log2(this.startSize) + 2;
    const sane = Number.isInteger(this.directRows) && this.width > 0 && this.startSize > 0 && bits <= 52;
    if (!sane) throw new Damage(address, `the heap of ${path} cannot be as its header says`);
  }

  /** The object that an identifier stands for. */
  object(id: Cursor): Cursor {
    const first = id.u8();
    switch ((first >> 4) & 3) {
      case 0:
        return this.managed(id.uint(this.offsetBytes), id.uint(this.lengthBytes));
      case 1:
        return this.hugeObject(id);
      default:
        return id.part((first & 15) + 1);
    }
  }

  private managed(offset: number, length: number): Cursor {
    if (this.root === UNDEFINED) throw new Damage(0, `the heap of ${this.path} has no blocks`);
    if (this.rootRows === 0) return this.inBlock(this.root, this.startSize, offset, length);
    return this.inTable(this.root, this.rootRows, offset, length, 0);
  }

  private inTable(address: number, rows: number, offset: number, length: number, level: number): Cursor {
    this.metadata.spend(1, this.path);
    if (level > LIMITS.treeLevels) throw new Damage(address, `the heap of ${this.path} is too deep`);
    const row = Math.max(0, Math.floor(Math.log2(offset / (this.startSize * this.width))) + 1);
    const size = row === 0 ? this.startSize : this.startSize * 2 ** (row - 1);
    const rowStart = row === 0 ? 0 : size * this.width;
    const column = Math.floor((offset - rowStart) / size);
    if (row >= rows || column >= this.width)
      throw new Damage(address, `an object outside the heap of ${this.path}`);
    const prefix = 5 + this.metadata.offsetSize + this.offsetBytes;
    const entry = address + prefix + (row * this.width + column) * this.metadata.offsetSize;
    const head = this.metadata.block(address, prefix, `the heap of ${this.path}`);
    head.signature("FHIB");
    this.compareTable(address, prefix, rows);
    const child = this.metadata.block(entry, this.metadata.offsetSize, `the heap of ${this.path}`).address();
    const inner = offset - rowStart - column * size;
    if (row < this.directRows) return this.inBlock(child, size, inner, length);
    const childRows = Math.log2(size) - Math.log2(this.startSize * this.width) + 1;
    return this.inTable(child, childRows, inner, length, level + 1);
  }

  private compareTable(address: number, prefix: number, rows: number): void {
    const length = prefix + rows * this.width * this.metadata.offsetSize;
    this.metadata.compareChecksum(address, length, `the heap of ${this.path}`);
    this.metadata.occupy(address, length, `the heap of ${this.path}`);
  }

  /** Offsets count from the block's first byte, its header included. */
  private inBlock(address: number, size: number, offset: number, length: number): Cursor {
    if (offset + length > size)
      throw new Damage(address, `an object outside its block in the heap of ${this.path}`);
    this.metadata.block(address, 5, `the heap of ${this.path}`).signature("FHDB");
    this.metadata.occupy(address, size, `the heap of ${this.path}`);
    const head = 5 + this.metadata.offsetSize + this.offsetBytes;
    if (this.flags & CHECKSUMMED)
      this.metadata.compareChecksum(address, size, `the heap of ${this.path}`, head);
    return this.metadata.block(address + offset, length, `the heap of ${this.path}`);
  }

  private hugeObject(id: Cursor): Cursor {
    const what = `a large object in the heap of ${this.path}`;
    const { offsetSize, lengthSize } = this.metadata;
    if (id.left >= offsetSize + lengthSize) return this.metadata.block(id.address(), id.length(), what);
    const place = this.hugeObjects().get(id.uint(Math.min(lengthSize, id.left)));
    if (!place) throw new Damage(id.start, `${what} is missing`);
    return this.metadata.block(place.address, place.length, what);
  }

  private hugeObjects(): Map<number, { address: number; length: number }> {
    if (this.huge) return this.huge;
    const huge = new Map<number, { address: number; length: number }>();
    const record = (cursor: Cursor) => {
      const address = cursor.address();
      const length = cursor.length();
      huge.set(cursor.length(), { address, length });
    };
    const onDamage = (damage: Damage) => {
      throw damage;
    };
    walkTreeV2(this.metadata, this.hugeIndex, HUGE_INDEX, this.path, record, onDamage);
    this.huge = huge;
    return huge;
  }
}
