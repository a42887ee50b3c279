import { Damage } from "./failures.js";
import { CHECKSUM, type Cursor, type Metadata } from "./metadata.js";

/** Message types of an object header (HDF5 specification, IV.A.2). */
export const MESSAGE = {
  dataspace: 0x01,
  linkInfo: 0x02,
  datatype: 0x03,
  oldFillValue: 0x04,
  fillValue: 0x05,
  link: 0x06,
  externalFiles: 0x07,
  layout: 0x08,
  filters: 0x0b,
  attribute: 0x0c,
  continuation: 0x10,
  symbolTable: 0x11,
  attributeInfo: 0x15,
} as const;

/** The highest type of a message that the specification has. */
const LAST_TYPE = 0x18;

export interface Message {
  readonly type: number;
  /** The body is a reference to a message that several objects share. */
  readonly shared: boolean;
  readonly body: Cursor;
}

/** What an object header holds; `damage` says what could not be read of it. */
export interface ObjectHeader {
  readonly messages: readonly Message[];
  readonly damage: Damage | null;
  /** Where it begins. */
  readonly byte: number;
}

interface Block {
  readonly cursor: Cursor;
  /** A part of the header that lies beyond the file's end. */
  readonly cut: boolean;
}

/**
 * Reads an object header of version 1 or 2 with its continuation blocks (specification IV.A.1).
 * A block that is damaged or beyond the end of the file loses its messages only.
 */
export function readObjectHeader(metadata: Metadata, address: number, path: string): ObjectHeader {
  const start = metadata.blockUpTo(address, 64, 8, `the object header of ${path}`);
  const second = start.bytes[0] === 0x4f; // "O" of "OHDR"; version 1 starts with a 1.
  const reader = second ? new HeaderV2(metadata, address, path) : new HeaderV1(metadata, address, path);
  return reader.read();
}

abstract class HeaderReader {
  protected readonly messages: Message[] = [];
  private readonly pending: Block[] = [];
  private readonly seen = new Set<number>();
  private damage: Damage | null = null;

  constructor(
    protected readonly metadata: Metadata,
    protected readonly address: number,
    protected readonly path: string,
  ) {}

  protected abstract first(): Block;
  protected abstract continuation(address: number, length: number): Block;
  protected abstract message(block: Cursor): Message | null;

  read(): ObjectHeader {
    this.pending.push(this.first());
    for (let block = this.pending.shift(); block; block = this.pending.shift()) this.readBlock(block);
    const byte = this.metadata.base + this.address;
    return { messages: this.messages, damage: this.damage, byte };
  }

  private readBlock({ cursor, cut }: Block): void {
    try {
      for (let message = this.message(cursor); message; message = this.message(cursor)) {
        this.metadata.spend(1, this.path);
        if (message.type === MESSAGE.continuation) this.follow(message.body);
        else if (message.type !== 0) this.messages.push(message);
      }
      if (cut) throw new Damage(cursor.byte, "the file ends inside this object header");
    } catch (error) {
      this.note(error);
    }
  }

  private follow(body: Cursor): void {
    const address = body.address();
    const length = body.length();
    if (this.seen.has(address)) throw new Damage(body.start, "an object header continues in itself");
    this.seen.add(address);
    try {
      this.pending.push(this.continuation(address, length));
    } catch (error) {
      this.note(error);
    }
  }

  protected note(error: unknown): void {
    if (!(error instanceof Damage)) throw error;
    this.damage ??= error;
  }

  /** A block of which the file may hold only the beginning. */
  protected block(address: number, length: number): Block {
    const cursor = this.metadata.blockUpTo(
      address,
      length,
      Math.min(length, 1),
      `the object header of ${this.path}`,
    );
    this.metadata.occupy(address, cursor.left, `the object header of ${this.path}`);
    return { cursor, cut: cursor.left < length };
  }
}

class HeaderV1 extends HeaderReader {
  private count = 0;

  protected first(): Block {
    const prefix = this.metadata.block(this.address, 16, `the object header of ${this.path}`);
    prefix.version([1], "an object header");
    prefix.skip(1);
    this.count = prefix.u16();
    prefix.skip(4);
    this.metadata.occupy(this.address, 16, `the object header of ${this.path}`);
    return this.block(this.address + 16, prefix.u32());
  }

  protected continuation(address: number, length: number): Block {
    return this.block(address, length);
  }

  protected message(block: Cursor): Message | null {
    if (this.count === 0 || block.left < 8) return null;
    this.count--;
    const { byte } = block;
    const type = block.u16();
    const size = block.u16();
    const flags = block.u8();
    block.skip(3);
    // Nothing sums these headers, and no later version adds to their messages.
    if (type > LAST_TYPE) this.note(new Damage(byte, `a message of type ${type}, which there is not`));
    return { type, shared: (flags & 2) !== 0, body: block.part(size) };
  }
}

class HeaderV2 extends HeaderReader {
  private ordered = false;

  protected first(): Block {
    const prefix = this.metadata.blockUpTo(this.address, 34, 7, `the object header of ${this.path}`);
    prefix.signature("OHDR");
    prefix.version([2], "an object header");
    const flags = prefix.u8();
    this.ordered = (flags & 4) !== 0;
    if (flags & 0x20) prefix.skip(16);
    if (flags & 0x10) prefix.skip(4);
    const size = prefix.uint(1 << (flags & 3));
    this.compareChecksum(this.address, prefix.position + size);
    return this.block(this.address + prefix.position, size);
  }

  protected continuation(address: number, length: number): Block {
    const block = this.block(address, Math.max(0, length - CHECKSUM));
    block.cursor.signature("OCHK");
    this.compareChecksum(address, length - CHECKSUM);
    return block;
  }

  private compareChecksum(address: number, length: number): void {
    this.metadata.compareChecksum(address, length, `the object header of ${this.path}`);
  }

  protected message(block: Cursor): Message | null {
    const prefix = this.ordered ? 6 : 4;
    if (block.left < prefix) return null;
    const type = block.u8();
    const size = block.u16();
    const flags = block.u8();
    if (this.ordered) block.skip(2);
    return { type, shared: (flags & 2) !== 0, body: block.part(size) };
  }
}
