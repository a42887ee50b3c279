import type { FormatFinding, JsonValue } from "./model-file.js";
import { JSON_LIMITS, parseStrictJson } from "./strict-json.js";
import { decodeText } from "./text-encoding.js";
import { OwnError } from "../own-error.js";

/** Where JSON stops making sense. */
export class JsonError extends OwnError {
  override readonly name = "JsonError";
  constructor(
    readonly detail: string,
    readonly line: number,
    readonly column: number,
  ) {
    super(`${detail} (line ${line}, column ${column})`);
  }
}

/** What is told of a text that is not quite JSON. */
export type OnNote = (note: string) => void;

/**
 * Parses JSON as Python writes it: `NaN`, `Infinity` and `-Infinity` are numbers. Of equal keys the last counts.
 * Objects have no prototype, so a key `__proto__` or `constructor` is a key like any other. Comments and commas
 * before a closing bracket, as editors and people leave them, are passed over and noted; text in single quotes,
 * `True`, `None` and `(1, 2)`, as Python prints a config, are read and noted. So is JSON that was encoded twice.
 * @throws JsonError with line and column, also beyond the limits of `JSON_LIMITS`
 */
export function parseJson(text: string, onNote: OnNote = () => undefined): JsonValue {
  const value = parseOnce(text, onNote);
  // What `json.dump(model.to_json(), file)` writes: a text is JSON already.
  if (typeof value !== "string" || !looksLikeJson(value)) return value;
  onNote("the JSON is the text of one JSON string");
  return parseOnce(value, onNote);
}

function parseOnce(text: string, onNote: OnNote): JsonValue {
  const body = text.startsWith("\ufeff") ? text.slice(1) : text;
  const strict = parseStrictJson(body);
  if (strict !== undefined) return strict;
  const parser = new JsonParser(body);
  const value = parser.document();
  parser.notes.forEach(onNote);
  return value;
}

/** Whether a text begins as JSON's objects and lists do, behind comments. */
export function looksLikeJson(text: string): boolean {
  let at = text.startsWith("\ufeff") ? 1 : 0;
  for (;;) {
    at += /^[ \t\n\r]*/.exec(text.slice(at, at + 4096))![0].length;
    const end = commentEnd(text, at);
    if (end === null) return /[{[]/.test(text[at] ?? "");
    at = end;
  }
}

/** As `parseJson`, or another reader of texts, of the bytes of a file, in UTF-8 or UTF-16. */
export function parseJsonBytes(
  bytes: Uint8Array,
  onNote: OnNote = () => undefined,
  parse = parseJson,
): JsonValue {
  const { text, encoding } = decodeText(bytes);
  const value = parse(text, onNote);
  if (encoding !== "UTF-8") onNote(`it is written in ${encoding}`);
  return value;
}

/** F08 of a text that was read in spite of what was noted; none where nothing was. */
export function notQuiteJson(where: string, notes: readonly string[]): FormatFinding[] {
  if (notes.length === 0) return [];
  return [
    {
      code: "F08",
      title: "Not quite JSON, and read as it is meant",
      where,
      detail: notes.join("; "),
      advice: "Other programs refuse it; save it again as plain JSON in UTF-8.",
    },
  ];
}

const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
/** A string up to its end or first escape. */
const PLAIN = /[^"\\\n]*/y;
const PLAIN_SINGLE = /[^'\\\n]*/y;
const SPACE = /[ \t\n\r]*/y;

/** Where a comment that starts here ends, with its line or by its mark; null where none starts, or none ends. */
function commentEnd(text: string, at: number): number | null {
  if (text.startsWith("//", at)) {
    const end = text.indexOf("\n", at);
    return end < 0 ? text.length : end;
  }
  if (!text.startsWith("/*", at)) return null;
  const end = text.indexOf("*/", at + 2);
  return end < 0 ? null : end + 2;
}

const WORDS: readonly (readonly [string, JsonValue])[] = [
  ["true", true],
  ["false", false],
  ["null", null],
  ["NaN", NaN],
  ["Infinity", Infinity],
  ["-Infinity", -Infinity],
];

/** As Python prints them. */
const PYTHON_WORDS: readonly (readonly [string, JsonValue])[] = [
  ["True", true],
  ["False", false],
  ["None", null],
  ["nan", NaN],
  ["inf", Infinity],
  ["-inf", -Infinity],
];
const PYTHON = "values as Python prints them, from";

const ESCAPES = new Map([
  ['"', '"'],
  ["\\", "\\"],
  ["/", "/"],
  ["b", "\b"],
  ["f", "\f"],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
]);

class JsonParser {
  private at = 0;
  private containers = 0;
  /** What is no JSON and was passed over: each kind once, with its first line. */
  readonly notes = new Set<string>();
  private readonly noted = new Set<string>();

  constructor(private readonly text: string) {}

  document(): JsonValue {
    if (this.text.length > JSON_LIMITS.characters)
      throw this.error("the text is larger than a model's configuration");
    const value = this.value(0);
    this.space();
    if (this.at < this.text.length) this.behind();
    return value;
  }

  /** Zeros that pad a text, and brackets that close nothing, say nothing more. */
  private behind(): void {
    if (!/^[\0\s\]})]*$/.test(this.text.slice(this.at))) throw this.error("more text follows the value");
    const count = this.text.length - this.at;
    this.notes.add(
      `${count} ${count === 1 ? "character" : "characters"} behind the value, zeros or brackets, say nothing`,
    );
  }

  private value(depth: number): JsonValue {
    if (depth > JSON_LIMITS.depth) throw this.error(`values are nested deeper than ${JSON_LIMITS.depth}`);
    this.space();
    this.prefix();
    switch (this.text[this.at]) {
      case "{":
        this.count();
        return this.object(depth);
      case "[":
        this.count();
        return this.array(depth, "]");
      case "(":
        this.python();
        this.count();
        return this.array(depth, ")");
      case '"':
        return this.string('"');
      case "'":
        this.python();
        return this.string("'");
      case undefined:
        throw this.error("the text ends before the value does");
      default:
        return this.word();
    }
  }

  private object(depth: number): JsonValue {
    // Made this way, V8 keeps it small; an object of Object.create(null) takes five times the time and twice the memory.
    const object = Object.setPrototypeOf({}, null) as { [key: string]: JsonValue };
    this.at++;
    if (this.taken("}")) return object;
    let keys = 0;
    do {
      if (++keys > JSON_LIMITS.keys) throw this.error(`one object has more than ${JSON_LIMITS.keys} keys`);
      if (this.endsWith("}")) break;
      this.prefix();
      const quote = this.text[this.at];
      if (quote !== '"' && quote !== "'") throw this.error("a key in double quotes should be here");
      if (quote === "'") this.python();
      const key = this.string(quote);
      if (!this.taken(":")) throw this.error("a colon should be here");
      object[key] = this.value(depth + 1);
    } while (this.taken(","));
    if (!this.taken("}")) throw this.error('"," or "}" should be here');
    return object;
  }

  private array(depth: number, end: "]" | ")"): JsonValue {
    const array: JsonValue[] = [];
    this.at++;
    if (this.taken(end)) return array;
    do {
      if (this.endsWith(end)) break;
      array.push(this.value(depth + 1));
    } while (this.taken(","));
    if (!this.taken(end)) throw this.error(`"," or "${end}" should be here`);
    return array;
  }

  private string(quote: string): string {
    let value = "";
    this.at++;
    for (;;) {
      value += this.match(quote === "'" ? PLAIN_SINGLE : PLAIN);
      const character = this.text[this.at];
      if (character === quote) {
        this.at++;
        return value;
      }
      if (character !== "\\") throw this.error("a string has no end");
      value += this.escape();
    }
  }

  private escape(): string {
    const letter = this.text[this.at + 1] ?? "";
    if (letter === "u") {
      const digits = this.text.slice(this.at + 2, this.at + 6);
      if (!/^[0-9a-fA-F]{4}$/.test(digits)) throw this.error("four hexadecimal digits should follow \\u");
      this.at += 6;
      return String.fromCharCode(parseInt(digits, 16));
    }
    const character = letter === "'" ? letter : ESCAPES.get(letter);
    if (letter === "'") this.python();
    if (character === undefined) throw this.error("this escape is not JSON");
    this.at += 2;
    return character;
  }

  private word(): JsonValue {
    for (const [word, value] of WORDS) {
      if (!this.text.startsWith(word, this.at)) continue;
      this.at += word.length;
      return value;
    }
    for (const [word, value] of PYTHON_WORDS) {
      if (!this.text.startsWith(word, this.at)) continue;
      this.python();
      this.at += word.length;
      return value;
    }
    const digits = this.match(NUMBER);
    if (digits === "") throw this.error("a value should be here");
    return Number(digits);
  }

  private count(): void {
    if (++this.containers > JSON_LIMITS.containers)
      throw this.error(`it holds more than ${JSON_LIMITS.containers} objects and lists`);
  }

  private match(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0] ?? "";
    this.at += found.length;
    return found;
  }

  private space(): void {
    this.match(SPACE);
    while (this.text[this.at] === "/") {
      const end = commentEnd(this.text, this.at);
      if (end === null) return;
      this.note("a comment");
      this.at = end;
      this.match(SPACE);
    }
  }

  /** Whether a list ends here, behind a comma; an empty one has ended before. */
  private endsWith(bracket: string): boolean {
    this.space();
    if (this.text[this.at] !== bracket) return false;
    if (bracket === ")") return true;
    this.note("a comma before a closing bracket");
    return true;
  }

  /** Python 2 prints text as u'a', Python 3 bytes as b'a'. */
  private prefix(): void {
    if (!/^[ub]['"]$/.test(this.text.slice(this.at, this.at + 2))) return;
    this.python();
    this.at++;
  }

  private python(): void {
    if (this.noted.has(PYTHON)) return;
    this.noted.add(PYTHON);
    this.notes.add(`${PYTHON} line ${this.line()} on, are read as JSON's`);
  }

  private note(what: string): void {
    if (this.noted.has(what)) return;
    this.noted.add(what);
    this.notes.add(`${what} on line ${this.line()} is passed over`);
  }

  private taken(character: string): boolean {
    this.space();
    if (this.text[this.at] !== character) return false;
    this.at++;
    return true;
  }

  private line(): number {
    let line = 1;
    for (let end = this.text.indexOf("\n"); end >= 0 && end < this.at; end = this.text.indexOf("\n", end + 1))
      line++;
    return line;
  }

  private error(detail: string): JsonError {
    const lineStart = this.at === 0 ? -1 : this.text.lastIndexOf("\n", this.at - 1);
    const said =
      this.at > 0 && this.text.slice(this.at).trim() === "" ? "the text ends before the value does" : detail;
    return new JsonError(said, this.line(), this.at - lineStart);
  }
}
