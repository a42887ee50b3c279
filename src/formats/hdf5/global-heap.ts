import { Damage } from "./failures.js";
import { type Metadata, UNDEFINED } from "./metadata.js";

interface Entry {
  readonly address: number;
  readonly length: number;
}

/** Global heap collections hold the bytes of variable-length strings (HDF5 specification III.E). */
export class GlobalHeap {
  private readonly collections = new Map<number, Map<number, Entry>>();

  constructor(private readonly metadata: Metadata) {}

  /** The bytes of object `index` of the collection at `address`. */
  read(address: number, index: number, length: number): Uint8Array {
    const entry = this.collection(address).get(index);
    if (!entry) throw new Damage(address, `the global heap has no object ${index}`);
    if (length > entry.length) {
      throw new Damage(entry.address, `a string of ${length} bytes is stored in ${entry.length}`);
    }
    return this.metadata.block(entry.address, length, "a string in the global heap").bytes;
  }

  private collection(address: number): Map<number, Entry> {
    const known = this.collections.get(address);
    if (known) return known;
    const entries = this.readCollection(address);
    this.collections.set(address, entries);
    return entries;
  }

  private readCollection(address: number): Map<number, Entry> {
    if (address === UNDEFINED) throw new Damage(0, "a string has no address");
    const head = this.metadata.block(address, 8 + this.metadata.lengthSize, "a global heap collection");
    head.signature("GCOL");
    head.version([1], "a global heap collection");
    head.skip(3);
    const length = head.length();
    const end = address + length;
    this.metadata.occupy(address, length, "a global heap collection");
    // Both headers are padded to a multiple of 8, which matters where lengths have 4 bytes.
    const prefix = 16;
    const entries = new Map<number, Entry>();
    for (let at = address + prefix; at + prefix <= end && this.inside(at + prefix);) {
      const object = this.metadata.block(at, prefix, "an object in the global heap");
      const index = object.u16();
      object.skip(6);
      const length = object.length();
      if (index === 0) break;
      this.metadata.spend(1, "the global heap");
      entries.set(index, { address: at + prefix, length });
      at += prefix + Math.ceil(length / 8) * 8;
    }
    return entries;
  }

  /** A truncated file may hold the beginning of a collection. */
  private inside(address: number): boolean {
    return this.metadata.base + address <= this.metadata.source.size;
  }
}
