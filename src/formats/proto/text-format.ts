import { type DescField, type DescMessage, ScalarType } from "@bufbuild/protobuf";
import { textNumber } from "./text-number.js";
import { WireWriter } from "./wire-writer.js";

/** Messages inside messages, as for the binary form. */
const DEPTH = 64;

/**
 * A message in text form (protobuf.dev, text format) as bytes of the binary form, without the fields and the values
 * that `schema` does not have: a newer TensorFlow writes more than this reader knows, and the text form, unlike the
 * binary one, cannot be read around them.
 * @throws RangeError at the line where the text is no message
 */
export function textToBinary(schema: DescMessage, text: string): Uint8Array {
  return new Reader(text).whole(schema);
}

/** As `textToBinary`, of the fields before the one in which a text is cut off; empty where there are none. */
export function wholeTextFields(schema: DescMessage, text: string): Uint8Array {
  return new Reader(text).fieldsBeforeTheCut(schema);
}

const fieldsByName = new WeakMap<DescMessage, ReadonlyMap<string, DescField>>();

function fieldOf(schema: DescMessage, name: string): DescField | undefined {
  let fields = fieldsByName.get(schema);
  if (!fields)
    fieldsByName.set(schema, (fields = new Map(schema.fields.map((field) => [field.name, field]))));
  return fields.get(name);
}

/** Words: names, numbers, and what stands in the brackets of an extension's name. */
const WORD = /[^\s{}<>[\]:,;#"']*/y;
const COMMENT = 0x23;
const ESCAPES: Readonly<Record<string, number>> = { a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13 };

/** How types other than whole numbers of any length are written. */
const WIRES: ReadonlyMap<ScalarType, 1 | 5> = new Map([
  [ScalarType.FLOAT, 5],
  [ScalarType.FIXED32, 5],
  [ScalarType.SFIXED32, 5],
  [ScalarType.DOUBLE, 1],
  [ScalarType.FIXED64, 1],
  [ScalarType.SFIXED64, 1],
]);

function endOfLine(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end;
}

class Reader {
  private at = 0;
  private readonly out = new WireWriter();

  constructor(private readonly text: string) {
    if (text.startsWith("\ufeff")) this.at = 1;
  }

  whole(schema: DescMessage): Uint8Array {
    this.message(schema, "", 0);
    return this.out.written();
  }

  fieldsBeforeTheCut(schema: DescMessage): Uint8Array {
    let length = 0;
    try {
      while (this.here() !== "") {
        this.field(schema, 0);
        length = this.out.length;
      }
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
    return this.out.written(length);
  }

  /** Fields up to the closing mark, or to the end of the text. */
  private message(schema: DescMessage | null, close: string, depth: number): void {
    if (depth > DEPTH) throw this.wrong("messages are nested too deep");
    for (let mark = this.here(); mark !== close; mark = this.here()) {
      if (mark === "") throw this.wrong(`"${close}" is missing`);
      this.field(schema, depth);
    }
    this.at++;
  }

  private field(schema: DescMessage | null, depth: number): void {
    if (this.taken(",") || this.taken(";")) return;
    const name = this.name();
    const field = schema ? fieldOf(schema, name) : undefined;
    this.taken(":");
    if (!this.taken("[")) return this.value(field, depth);
    while (!this.taken("]")) {
      if (this.here() === "") throw this.wrong('"]" is missing');
      if (!this.taken(",")) this.value(field, depth);
    }
  }

  /** A field's name; an extension's or an Any's stands in brackets. */
  private name(): string {
    if (this.here() !== "[") return this.word();
    const end = this.text.indexOf("]", this.at);
    if (end < 0) throw this.wrong('"]" is missing');
    const name = this.text.slice(this.at, end + 1);
    this.at = end + 1;
    return name;
  }

  private value(field: DescField | undefined, depth: number): void {
    const mark = this.here();
    if (mark === "{" || mark === "<") return this.inner(field, mark === "{" ? "}" : ">", depth);
    if (mark === '"' || mark === "'") return this.strings(field);
    const start = this.at;
    // A sign may stand apart from its number.
    const word = this.word();
    const value = word === "-" ? `-${this.here() && this.word()}` : word;
    if (field && !this.writeValue(field, value)) {
      this.at = start;
      throw this.wrong(`${JSON.stringify(value.slice(0, 40))} is no value of "${field.name}"`);
    }
  }

  private inner(field: DescField | undefined, close: string, depth: number): void {
    if (field && !field.message) throw this.wrong(`"${field.name}" is no message`);
    this.at++;
    if (!field?.message) return this.message(null, close, depth + 1);
    this.out.tag(field.number, 2);
    const start = this.out.begin();
    this.message(field.message, close, depth + 1);
    this.out.end(start);
  }

  /** Strings that follow each other are one. */
  private strings(field: DescField | undefined): void {
    const type = field?.scalar;
    if (field && type !== ScalarType.STRING && type !== ScalarType.BYTES)
      throw this.wrong(`"${field.name}" is no string`);
    const out = field ? this.out : null;
    if (field) this.out.tag(field.number, 2);
    const start = out?.begin() ?? 0;
    for (let mark = this.here(); mark === '"' || mark === "'"; mark = this.here()) this.string(mark, out);
    out?.end(start);
  }

  private string(quote: string, out: WireWriter | null): void {
    const first = this.at;
    for (this.at++; ;) {
      const code = this.text.codePointAt(this.at);
      if (code === undefined || code === 10) {
        this.at = first;
        throw this.wrong("a string does not end");
      }
      this.at += code > 0xffff ? 2 : 1;
      if (code === 0x5c) this.escape(out);
      else if (code === quote.charCodeAt(0)) return;
      else out?.character(code);
    }
  }

  private escape(out: WireWriter | null): void {
    const letter = this.text[this.at++] ?? "";
    if (letter >= "0" && letter <= "7")
      return void out?.byte(this.digits(/[0-7]{1,3}/y, 8, this.at - 1) & 0xff);
    if (letter === "x" || letter === "X") return void out?.byte(this.digits(/[0-9a-fA-F]{1,2}/y, 16));
    if (letter === "u") return void out?.character(this.digits(/[0-9a-fA-F]{4}/y, 16));
    if (letter === "U") return void out?.character(Math.min(this.digits(/[0-9a-fA-F]{8}/y, 16), 0x10ffff));
    out?.byte(ESCAPES[letter] ?? letter.charCodeAt(0));
  }

  private digits(pattern: RegExp, base: number, from = this.at): number {
    pattern.lastIndex = from;
    const found = pattern.exec(this.text)?.[0] ?? "";
    if (found === "") throw this.wrong("an escape of a string is not known");
    this.at = from + found.length;
    return parseInt(found, base);
  }

  /** False for what is no value of the field's type. A name that an enumeration does not have is left out. */
  private writeValue({ number: id, scalar, enum: names }: DescField, value: string): boolean {
    const named = /^-?[A-Za-z_]/.test(value);
    if (names && named) {
      const known = names.values.find(({ name }) => name === value);
      if (known) this.write(id, ScalarType.INT32, known.number);
      return true;
    }
    // Enumerations that only pass through are declared as integers.
    if (scalar === ScalarType.INT32 && named) return true;
    const type = names ? ScalarType.INT32 : scalar;
    const number = type === undefined ? null : textNumber(type, value);
    if (number === null) return false;
    this.write(id, type!, number);
    return true;
  }

  private write(id: number, type: ScalarType, value: number | bigint): void {
    const { out } = this;
    const wire = WIRES.get(type) ?? 0;
    out.tag(id, wire);
    if (wire === 0) out.varint(value);
    else if (type === ScalarType.FLOAT) out.float(Number(value));
    else if (type === ScalarType.DOUBLE) out.double(Number(value));
    else if (wire === 5) out.fixed32(value);
    else out.fixed64(value);
  }

  private word(): string {
    WORD.lastIndex = this.at;
    const word = WORD.exec(this.text)![0];
    if (word === "")
      throw this.wrong(
        this.at < this.text.length ? `"${this.text[this.at]}" is not expected` : "the text ends here",
      );
    this.at += word.length;
    return word;
  }

  /** The next character behind white space and comments; empty at the end of the text. */
  private here(): string {
    for (let code = this.text.charCodeAt(this.at); ; code = this.text.charCodeAt(++this.at)) {
      if (code === COMMENT) this.at = endOfLine(this.text, this.at);
      else if (code !== 32 && !(code >= 9 && code <= 13)) break;
    }
    return this.text[this.at] ?? "";
  }

  private taken(mark: string): boolean {
    if (this.here() !== mark) return false;
    this.at++;
    return true;
  }

  private wrong(what: string): RangeError {
    let line = 1;
    for (let end = this.text.indexOf("\n"); end >= 0 && end < this.at; end = this.text.indexOf("\n", end + 1))
      line++;
    return new RangeError(`line ${line}: ${what}`);
  }
}
