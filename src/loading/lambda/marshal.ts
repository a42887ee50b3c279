import { OwnError } from "../../own-error.js";

/**
 * Python's marshal format (CPython `Python/marshal.c`, versions 2 to 4) read as data. Code objects become plain
 * records; nothing is ever run, and every count is checked against the bytes that are left.
 */

export type MarshalValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | MarshalTuple
  | MarshalList
  | MarshalSlice
  | MarshalDict
  | Complex
  | WholeFloat
  | CodeObject
  | typeof ELLIPSIS;

/** A float without a fraction: `2.0`, which is no `2` in Python. */
export interface WholeFloat {
  readonly kind: "float";
  readonly value: number;
}

function float(value: number): number | WholeFloat {
  return Number.isInteger(value) ? { kind: "float", value } : value;
}

export const ELLIPSIS = Symbol("...");

export interface MarshalTuple {
  readonly kind: "tuple" | "set";
  readonly items: readonly MarshalValue[];
}
/** Start, stop and step, since Python 3.14. */
export interface MarshalSlice {
  readonly kind: "slice";
  readonly items: readonly MarshalValue[];
}
export interface MarshalList {
  readonly kind: "list";
  readonly items: readonly MarshalValue[];
}
export interface MarshalDict {
  readonly kind: "dict";
  readonly entries: readonly (readonly [MarshalValue, MarshalValue])[];
}
export interface Complex {
  readonly kind: "complex";
  readonly real: number;
  readonly imaginary: number;
}

/** What a code object says about a function, in the layout of any Python. */
export interface CodeObject {
  readonly kind: "code";
  readonly layout: CodeLayout;
  readonly argumentCount: number;
  readonly keywordOnlyCount: number;
  /** Bit 2: takes `*args`; bit 3: takes `**kwargs`. */
  readonly flags: number;
  readonly code: Uint8Array;
  readonly constants: readonly MarshalValue[];
  readonly names: readonly string[];
  /** Arguments first, then other locals. */
  readonly locals: readonly string[];
  /** Variables that it shares with functions inside, then those of the function around it. */
  readonly cells: readonly string[];
  /** The variables of the function around it. */
  readonly free: readonly string[];
  /** Which line each instruction is of, in a form of each Python's own. */
  readonly lines: Uint8Array;
  /** The file that it stood in. */
  readonly file: string;
  readonly name: string;
  readonly firstLine: number;
}

/** Versions whose code objects are laid out alike: 2.7, 3.0 to 3.7, 3.8 to 3.10, 3.11 and later. */
export type CodeLayout = "2.7" | "3.0" | "3.8" | "3.11";

/** Bytes that are not marshalled Python, or that lie about their length. */
export class MarshalError extends OwnError {
  override readonly name = "MarshalError";
}

/**
 * Reads one value; all bytes must belong to it.
 * @throws MarshalError
 */
export function readMarshal(bytes: Uint8Array, layout: CodeLayout): MarshalValue {
  const reader = new Reader(bytes, layout);
  const value = reader.value(0);
  if (reader.left > 0) throw new MarshalError(`${reader.left} bytes are left over`);
  return value;
}

const MOST_DEPTH = 40;
const MOST_VALUES = 100_000;

class Reader {
  private at = 0;
  private values = 0;
  /** Objects that later ones refer to, `FLAG_REF`. */
  private readonly references: MarshalValue[] = [];
  /** Python 2's interned strings. */
  private readonly interned: string[] = [];
  private readonly view: DataView;

  constructor(
    private readonly bytes: Uint8Array,
    private readonly layout: CodeLayout,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get left(): number {
    return this.bytes.byteLength - this.at;
  }

  value(depth: number): MarshalValue {
    if (depth > MOST_DEPTH) throw new MarshalError("nested too deeply");
    if (++this.values > MOST_VALUES) throw new MarshalError("too many values");
    const byte = this.byte();
    const flagged = (byte & 0x80) !== 0;
    const slot = flagged ? this.references.push(null) - 1 : -1;
    const value = this.typed(String.fromCharCode(byte & 0x7f), depth);
    if (flagged) this.references[slot] = value;
    return value;
  }

  private typed(type: string, depth: number): MarshalValue {
    switch (type) {
      case "N":
        return null;
      case "T":
        return true;
      case "F":
        return false;
      case ".":
        return ELLIPSIS;
      case "i":
        return this.int();
      case "I":
        return this.long64();
      case "l":
        return this.bigInteger();
      case "g":
        return float(this.double());
      case "f":
        return float(Number(this.text(this.byte(), "latin1")));
      case "y":
        return { kind: "complex", real: this.double(), imaginary: this.double() };
      case "s":
        return this.take(this.size());
      case "t":
        return this.internedText();
      case "R":
        return this.reference(this.interned);
      case "r":
        return this.reference(this.references);
      case "u":
        return this.text(this.size(), "utf-8");
      case "a":
      case "A":
        return this.text(this.size(), "latin1");
      case "z":
      case "Z":
        return this.text(this.byte(), "latin1");
      case "(":
        return { kind: "tuple", items: this.items(this.size(), depth) };
      case ")":
        return { kind: "tuple", items: this.items(this.byte(), depth) };
      case "[":
        return { kind: "list", items: this.items(this.size(), depth) };
      case "<":
      case ">":
        return { kind: "set", items: this.items(this.size(), depth) };
      case ":":
        return { kind: "slice", items: this.items(3, depth) };
      case "{":
        return this.dict(depth);
      case "c":
        return this.code(depth);
      default:
        throw new MarshalError(`type ${JSON.stringify(type)} is not known`);
    }
  }

  private code(depth: number): CodeObject {
    const { layout } = this;
    const argumentCount = this.int();
    if (layout === "3.8" || layout === "3.11") this.int(); // positional-only, a part of argumentCount
    const keywordOnlyCount = layout === "2.7" ? 0 : this.int();
    if (layout !== "3.11") this.int(); // number of locals
    this.int(); // stack size
    const flags = this.int();
    const code = this.expect(depth, isBytes, "bytecode");
    const constants = this.expect(depth, isTuple, "constants").items;
    const names = this.names(depth);
    const rest = layout === "3.11" ? this.newerRest(depth) : this.olderRest(depth);
    return { kind: "code", layout, argumentCount, keywordOnlyCount, flags, code, constants, names, ...rest };
  }

  private olderRest(depth: number) {
    const locals = this.names(depth);
    const free = this.names(depth);
    const cells = [...this.names(depth), ...free];
    const file = this.string(depth);
    const name = this.string(depth);
    const firstLine = this.int();
    const lines = this.lineTable(depth);
    return { locals, cells, free, file, name, firstLine, lines };
  }

  private newerRest(depth: number) {
    const all = this.names(depth);
    const kinds = this.expect(depth, isBytes, "kinds of locals");
    const file = this.string(depth);
    const name = this.string(depth);
    this.value(depth + 1); // qualified name
    const firstLine = this.int();
    const lines = this.lineTable(depth);
    this.value(depth + 1); // exception table
    // In one row: locals (0x20), cells (0x40), free (0x80); every instruction counts in the whole row.
    const ofKind = (bits: number) => all.filter((_, i) => ((kinds[i] ?? 0) & bits) !== 0);
    return { locals: all, cells: ofKind(0xc0), free: ofKind(0x80), file, name, firstLine, lines };
  }

  /** Python 2 refers to an equal text, of one character. */
  private lineTable(depth: number): Uint8Array {
    const value = this.value(depth + 1);
    if (isBytes(value)) return value;
    if (typeof value !== "string") throw new MarshalError("the line table is something else");
    return Uint8Array.from(value, (character) => character.charCodeAt(0));
  }

  private names(depth: number): string[] {
    return this.expect(depth, isTuple, "names").items.map((item) => {
      const text = item instanceof Uint8Array ? new TextDecoder("latin1").decode(item) : item;
      if (typeof text !== "string") throw new MarshalError("a name is not a string");
      return text;
    });
  }

  private string(depth: number): string {
    const value = this.value(depth + 1);
    if (value instanceof Uint8Array) return new TextDecoder("latin1").decode(value);
    if (typeof value !== "string") throw new MarshalError("a name is not a string");
    return value;
  }

  private expect<T extends MarshalValue>(
    depth: number,
    is: (value: MarshalValue) => value is T,
    what: string,
  ): T {
    const value = this.value(depth + 1);
    if (!is(value)) throw new MarshalError(`the ${what} are something else`);
    return value;
  }

  private items(count: number, depth: number): MarshalValue[] {
    if (count > this.left) throw new MarshalError(`${count} items do not fit into ${this.left} bytes`);
    return Array.from({ length: count }, () => this.value(depth + 1));
  }

  private dict(depth: number): MarshalDict {
    const entries: (readonly [MarshalValue, MarshalValue])[] = [];
    while (this.left > 0 && this.bytes[this.at] !== 0x30) {
      entries.push([this.value(depth + 1), this.value(depth + 1)]);
    }
    this.byte(); // "0" ends it
    return { kind: "dict", entries };
  }

  private internedText(): string {
    const text = this.text(this.size(), this.layout === "2.7" ? "latin1" : "utf-8");
    if (this.layout === "2.7") this.interned.push(text);
    return text;
  }

  private reference<T>(table: readonly T[]): T {
    const index = this.int();
    if (index < 0 || index >= table.length) throw new MarshalError(`there is no object ${index}`);
    return table[index]!;
  }

  private bigInteger(): number | bigint {
    const count = this.int();
    let value = 0n;
    for (let i = 0; i < Math.abs(count); i++) value |= BigInt(this.short()) << BigInt(15 * i);
    const signed = count < 0 ? -value : value;
    return Number.isSafeInteger(Number(signed)) ? Number(signed) : signed;
  }

  private long64(): number {
    const value = this.view.getBigInt64(this.advance(8), true);
    return Number(value);
  }

  private size(): number {
    const size = this.int();
    if (size < 0 || size > this.left) throw new MarshalError(`${size} bytes do not fit into ${this.left}`);
    return size;
  }

  private text(size: number, encoding: "utf-8" | "latin1"): string {
    return new TextDecoder(encoding).decode(this.take(size));
  }

  private take(size: number): Uint8Array {
    const start = this.advance(size);
    return this.bytes.subarray(start, start + size);
  }

  private byte(): number {
    return this.bytes[this.advance(1)]!;
  }

  private short(): number {
    return this.view.getUint16(this.advance(2), true);
  }

  private int(): number {
    return this.view.getInt32(this.advance(4), true);
  }

  private double(): number {
    return this.view.getFloat64(this.advance(8), true);
  }

  private advance(size: number): number {
    if (size > this.left) throw new MarshalError("it ends too early");
    const start = this.at;
    this.at += size;
    return start;
  }
}

function isBytes(value: MarshalValue): value is Uint8Array {
  return value instanceof Uint8Array;
}

function isTuple(value: MarshalValue): value is MarshalTuple {
  return typeof value === "object" && value !== null && "kind" in value && value.kind === "tuple";
}
