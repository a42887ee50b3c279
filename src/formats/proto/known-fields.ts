import type { DescMessage } from "@bufbuild/protobuf";

/** Messages inside messages, as for the binary form. */
const DEPTH = 64;

/** White space and comments, the marks of the language, and words (protobuf.dev, text format). */
const TOKEN = /\s+|#[^\n]*|[{}<>[\]:,;]|[^\s{}<>[\]:,;#"']+/gy;

/**
 * A message in text form without the fields that `schema` does not have: a newer TensorFlow writes more than this
 * reader knows, and the text form, unlike the binary one, cannot be read around them.
 * @throws RangeError at the line where the text is no message
 */
export function knownFields(schema: DescMessage, text: string): string {
  return new Reader(text).message(schema, null, 0);
}

/** The fields before the one in which a text is cut off; empty where there are none. */
export function wholeTopFields(schema: DescMessage, text: string): string {
  return new Reader(text).fieldsBeforeTheCut(schema);
}

class Reader {
  private at = 0;
  private token = "";
  private start = 0;

  constructor(private readonly text: string) {
    this.next();
  }

  fieldsBeforeTheCut(schema: DescMessage): string {
    const kept: string[] = [];
    try {
      while (this.token !== "") {
        if (this.token === "," || this.token === ";") this.next();
        else kept.push(this.field(schema, 0));
      }
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
    return kept.join("");
  }

  /** Fields up to the closing mark, or to the end of the text. */
  message(schema: DescMessage | null, close: string | null, depth: number): string {
    if (depth > DEPTH) throw this.wrong("messages are nested too deep");
    const kept: string[] = [];
    while (this.token !== (close ?? "")) {
      if (this.token === "") throw this.wrong(`"${close}" is missing`);
      if (this.token === "," || this.token === ";") this.next();
      else kept.push(this.field(schema, depth));
    }
    this.next();
    return kept.join("");
  }

  private field(schema: DescMessage | null, depth: number): string {
    const name = this.name();
    const field = schema?.fields.find((candidate) => candidate.name === name);
    const colon = this.token === ":" ? this.next() : "";
    const inner = field?.message ?? null;
    const value = this.token === "[" ? this.list(inner, depth) : this.value(inner, depth);
    return field === undefined ? "" : `${name}${colon} ${value}\n`;
  }

  /** A field's name; an extension's or an Any's stands in brackets. */
  private name(): string {
    if (this.token !== "[") return this.word();
    let name = this.next();
    while (name !== "" && !name.endsWith("]") && this.start < this.text.length) name += this.next();
    return name;
  }

  private list(schema: DescMessage | null, depth: number): string {
    this.next();
    const values: string[] = [];
    while (this.token !== "]") {
      if (this.token === "") throw this.wrong('"]" is missing');
      if (this.token === ",") this.next();
      else values.push(this.value(schema, depth));
    }
    this.next();
    return `[${values.join(", ")}]`;
  }

  private value(schema: DescMessage | null, depth: number): string {
    if (this.token === "{" || this.token === "<") {
      const close = this.next() === "{" ? "}" : ">";
      return `{${this.message(schema, close, depth + 1)}}`;
    }
    let value = this.word();
    // Strings that follow each other are one; a sign may stand apart from its number.
    while (/^["']/.test(this.token) || value === "-") value += ` ${this.next()}`;
    return value;
  }

  private word(): string {
    if (/^[{}<>[\]:,;]?$/.test(this.token))
      throw this.wrong(this.token === "" ? "the text ends here" : `"${this.token}" is not expected`);
    return this.next();
  }

  /** Goes on to the next token and gives the one that it was at. */
  private next(): string {
    const last = this.token;
    do {
      this.start = this.at;
      const found = this.string() ?? this.match();
      if (found === undefined && this.at < this.text.length) throw this.wrong("a string does not end");
      this.token = found ?? "";
      this.at += this.token.length;
    } while (/^[\s#]/.test(this.token));
    return last;
  }

  private match(): string | undefined {
    TOKEN.lastIndex = this.at;
    return TOKEN.exec(this.text)?.[0];
  }

  /** A string with its quotes. Those of weights have millions of escapes, more than a regular expression can walk. */
  private string(): string | undefined {
    const quote = this.text[this.at];
    if (quote !== '"' && quote !== "'") return undefined;
    for (let from = this.at + 1; ;) {
      const close = this.text.indexOf(quote, from);
      if (close < 0) return undefined;
      let escapes = close;
      while (this.text[escapes - 1] === "\\") escapes--;
      if ((close - escapes) % 2 === 0) return this.text.slice(this.at, close + 1);
      from = close + 1;
    }
  }

  private wrong(what: string): RangeError {
    const line = this.text.slice(0, this.start).split("\n").length;
    return new RangeError(`line ${line}: ${what}`);
  }
}
