import type { JsonValue } from "./model-file.js";

/** Where JSON stops making sense. */
export class JsonError extends Error {
  override readonly name = "JsonError";
  constructor(
    readonly detail: string,
    readonly line: number,
    readonly column: number,
  ) {
    super(`${detail} (line ${line}, column ${column})`);
  }
}

const LIMITS = { characters: 64 * 2 ** 20, depth: 256 } as const;

/**
 * Parses JSON as Python writes it: `NaN`, `Infinity` and `-Infinity` are numbers. Of equal keys the last counts.
 * Objects have no prototype, so a key `__proto__` or `constructor` is a key like any other.
 * @throws JsonError with line and column, also beyond 64 Mi characters or 256 levels
 */
export function parseJson(text: string): JsonValue {
  const parser = new JsonParser(text.startsWith("\ufeff") ? text.slice(1) : text);
  return parser.document();
}

const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
/** A string up to its end or first escape. */
const PLAIN = /[^"\\\n]*/y;
const SPACE = /[ \t\n\r]*/y;

const WORDS: readonly (readonly [string, JsonValue])[] = [
  ["true", true],
  ["false", false],
  ["null", null],
  ["NaN", NaN],
  ["Infinity", Infinity],
  ["-Infinity", -Infinity],
];

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

  constructor(private readonly text: string) {}

  document(): JsonValue {
    if (this.text.length > LIMITS.characters)
      throw this.error("the text is larger than a model's configuration");
    const value = this.value(0);
    this.space();
    if (this.at < this.text.length) throw this.error("more text follows the value");
    return value;
  }

  private value(depth: number): JsonValue {
    if (depth > LIMITS.depth) throw this.error(`values are nested deeper than ${LIMITS.depth}`);
    this.space();
    switch (this.text[this.at]) {
      case "{":
        return this.object(depth);
      case "[":
        return this.array(depth);
      case '"':
        return this.string();
      case undefined:
        throw this.error("the text ends before the value does");
      default:
        return this.word();
    }
  }

  private object(depth: number): JsonValue {
    const object = Object.create(null) as { [key: string]: JsonValue };
    this.at++;
    if (this.taken("}")) return object;
    do {
      this.space();
      if (this.text[this.at] !== '"') throw this.error("a key in double quotes should be here");
      const key = this.string();
      if (!this.taken(":")) throw this.error("a colon should be here");
      object[key] = this.value(depth + 1);
    } while (this.taken(","));
    if (!this.taken("}")) throw this.error('"," or "}" should be here');
    return object;
  }

  private array(depth: number): JsonValue {
    const array: JsonValue[] = [];
    this.at++;
    if (this.taken("]")) return array;
    do array.push(this.value(depth + 1));
    while (this.taken(","));
    if (!this.taken("]")) throw this.error('"," or "]" should be here');
    return array;
  }

  private string(): string {
    let value = "";
    this.at++;
    for (;;) {
      value += this.match(PLAIN);
      const character = this.text[this.at];
      if (character === '"') {
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
    const character = ESCAPES.get(letter);
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
    const digits = this.match(NUMBER);
    if (digits === "") throw this.error("a value should be here");
    return Number(digits);
  }

  private match(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0] ?? "";
    this.at += found.length;
    return found;
  }

  private space(): void {
    this.match(SPACE);
  }

  private taken(character: string): boolean {
    this.space();
    if (this.text[this.at] !== character) return false;
    this.at++;
    return true;
  }

  private error(detail: string): JsonError {
    const before = this.text.slice(0, this.at);
    const line = before.split("\n").length;
    return new JsonError(detail, line, this.at - before.lastIndexOf("\n"));
  }
}
