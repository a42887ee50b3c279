/** Code points from the first to the last. */
type Range = readonly [number, number];

interface Flags {
  /** i: case does not count. */
  readonly fold: boolean;
  /** m: `^` and `$` stand at lines. */
  readonly lines: boolean;
  /** s: `.` is a line's end too. */
  readonly dotAll: boolean;
  /** U: `*` takes few, `*?` many. */
  readonly lazy: boolean;
}

/** Bytes that are no text (byte-text.ts): nothing of a pattern matches them. */
const NO_TEXT = "\\udc80-\\udcff";
const LAST = 0x10ffff;
/** Folding goes over every code point of a range. */
const MOST_FOLDED = 1_200_000;

const DIGIT: readonly Range[] = [[0x30, 0x39]];
const UPPER: readonly Range[] = [[0x41, 0x5a]];
const LOWER: readonly Range[] = [[0x61, 0x7a]];
const ALPHA = [...UPPER, ...LOWER];
const ALNUM = [...DIGIT, ...ALPHA];
const WORD: readonly Range[] = [...ALNUM, [0x5f, 0x5f]];
const PUNCT: readonly Range[] = [
  [0x21, 0x2f],
  [0x3a, 0x40],
  [0x5b, 0x60],
  [0x7b, 0x7e],
];

const POSIX: ReadonlyMap<string, readonly Range[]> = new Map([
  ["alnum", ALNUM],
  ["alpha", ALPHA],
  ["ascii", [[0, 0x7f]]],
  ["blank", [ofOne(9), ofOne(0x20)]],
  ["cntrl", [[0, 0x1f], ofOne(0x7f)]],
  ["digit", DIGIT],
  ["graph", [[0x21, 0x7e]]],
  ["lower", LOWER],
  ["print", [[0x20, 0x7e]]],
  ["punct", PUNCT],
  ["space", [[9, 13], ofOne(0x20)]],
  ["upper", UPPER],
  ["word", WORD],
  ["xdigit", [...DIGIT, [0x41, 0x46], [0x61, 0x66]]],
] satisfies [string, readonly Range[]][]);

const PERL: ReadonlyMap<string, readonly Range[]> = new Map([
  ["d", DIGIT],
  ["w", WORD],
  ["s", [[9, 10], [12, 13], ofOne(0x20)]],
] satisfies [string, readonly Range[]][]);

const CONTROLS: Readonly<Record<string, number>> = { a: 7, f: 12, t: 9, n: 10, r: 13, v: 11 };

function ofOne(point: number): Range {
  return [point, point];
}

/**
 * A pattern of RE2 (re2/doc/syntax.txt) as the source of a JavaScript expression with the flag `u` and no other.
 * Classes, `.`, anchors and case are written out, as JavaScript means others by them.
 * @throws Error that says what RE2 does not know, or JavaScript cannot do
 */
export function javaScriptOfRe2(pattern: string): string {
  return new Translation([...pattern]).all();
}

class Translation {
  private at = 0;
  private flags: Flags = { fold: false, lines: false, dotAll: false, lazy: false };
  private readonly outer: Flags[] = [];
  private folded = 0;

  constructor(private readonly characters: readonly string[]) {}

  all(): string {
    let out = "";
    while (this.at < this.characters.length) out += this.next();
    if (this.outer.length > 0) throw new Error("missing )");
    return out;
  }

  private next(): string {
    const c = this.take();
    switch (c) {
      case "(":
        return this.open();
      case ")":
        return this.close();
      case "|":
        return c;
      case "^":
        return this.flags.lines ? assertion("(?<=^|\\n)") : assertion("^");
      case "$":
        return this.flags.lines ? assertion("(?=\\n|$)") : assertion("$");
      case "*":
      case "+":
      case "?":
        return this.repeated(c);
      case "{":
        return this.counted();
      case ".":
        return this.flags.dotAll ? `[^${NO_TEXT}]` : `[^\\n${NO_TEXT}]`;
      case "[":
        return this.bracket();
      case "\\":
        return this.escape();
      default:
        return this.literal(c.codePointAt(0)!);
    }
  }

  private take(): string {
    return this.characters[this.at++] ?? "";
  }

  private rest(length = 40): string {
    return this.characters.slice(this.at, this.at + length).join("");
  }

  private taken(expression: RegExp): RegExpExecArray | null {
    const found = expression.exec(this.rest());
    if (found !== null) this.at += [...found[0]].length;
    return found;
  }

  private open(): string {
    const before = this.flags;
    if (this.taken(/^\?P?<[A-Za-z_]\w*>/) === null && this.rest(1) === "?") {
      const found = this.taken(/^\?([imsU]*)(?:-([imsU]+))?([:)])/);
      if (found === null) throw new Error(`(${this.rest(3)} is no group of RE2's`);
      this.flags = changed(this.flags, found[1] ?? "", found[2] ?? "");
      // Without a colon, the flags hold to the end of the group around.
      if (found[3] === ")") return "";
      this.outer.push(before);
      return "(?:";
    }
    this.outer.push(before);
    return "(";
  }

  private close(): string {
    const before = this.outer.pop();
    if (before === undefined) throw new Error("unexpected )");
    this.flags = before;
    return ")";
  }

  private repeated(operator: string): string {
    const swap = this.rest(1) === "?";
    if (swap) this.at++;
    if (/^[*+?]/.test(this.rest(1))) throw new Error(`bad repetition ${operator}${this.rest(1)}`);
    return operator + (swap !== this.flags.lazy ? "?" : "");
  }

  private counted(): string {
    const found = this.taken(/^(\d+)(,(\d*))?\}/);
    if (found === null) return "\\{";
    if (Number(found[1]) > 1000 || Number(found[3] ?? 0) > 1000)
      throw new Error("more than 1000 repetitions");
    return this.repeated(`{${found[0]}`);
  }

  private escape(): string {
    const c = this.rest(1);
    if (/^[AzbB]$/.test(c)) {
      this.at++;
      return assertion(c === "A" ? "^" : c === "z" ? "$" : `\\${c}`);
    }
    if (c === "Q") {
      this.at++;
      return this.quoted();
    }
    const class_ = this.namedClass();
    return class_ === null ? this.literal(this.escaped()) : this.written([class_], false);
  }

  private quoted(): string {
    let out = "";
    while (this.at < this.characters.length && !this.rest(2).startsWith("\\E")) {
      out += this.literal(this.take().codePointAt(0)!);
    }
    this.at += 2;
    return out;
  }

  /** `\d`, `\W`, `\pL`, `\p{Greek}` after the backslash. */
  private namedClass(): Class | null {
    const perl = this.taken(/^[dwsDWS]/);
    if (perl !== null) {
      const [name] = perl;
      const ranges = this.folds(PERL.get(name.toLowerCase())!);
      return { ranges: name < "a" ? complement(ranges) : ranges, properties: "" };
    }
    const property = this.taken(/^([pP])(?:\{(\^?)(\w+)\}|([A-Z]))/);
    if (property === null) return null;
    const [, letter, not, long, short] = property;
    const negative = (letter === "P") !== (not === "^");
    return { ranges: [], properties: propertyOf(long ?? short!, negative, this.flags.fold) };
  }

  /** The code point that an escape stands for. */
  private escaped(): number {
    const hex = this.taken(/^x(?:\{([0-9A-Fa-f]{1,8})\}|([0-9A-Fa-f]{2}))/);
    if (hex !== null) {
      const point = parseInt(hex[1] ?? hex[2]!, 16);
      if (point > LAST) throw new Error("a character beyond Unicode");
      return point;
    }
    const octal = this.taken(/^(?:0[0-7]{0,2}|[1-7][0-7]{1,2})/);
    if (octal !== null) return parseInt(octal[0], 8);
    const c = this.take();
    const control = CONTROLS[c];
    if (control !== undefined) return control;
    if (c === "" || /[\w]/.test(c) || c > "\x7f") throw new Error(`\\${c} is not known`);
    return c.codePointAt(0)!;
  }

  private bracket(): string {
    const negative = this.taken(/^\^/) !== null;
    const parts: Class[] = [];
    for (let first = true; first || this.rest(1) !== "]"; first = false) {
      if (this.at >= this.characters.length) throw new Error("missing ]");
      parts.push(this.member());
    }
    this.at++;
    return this.written(parts, negative);
  }

  private member(): Class {
    const posix = this.taken(/^\[:(\^?)(\w+):\]/);
    if (posix !== null) {
      const ranges = POSIX.get(posix[2]!);
      if (ranges === undefined) throw new Error(`[:${posix[2]}:] is not known`);
      const folded = this.folds(ranges);
      return { ranges: posix[1] === "^" ? complement(folded) : folded, properties: "" };
    }
    if (this.rest(1) === "\\") {
      this.at++;
      const class_ = this.namedClass();
      if (class_ !== null) return class_;
      this.at--;
    }
    const low = this.memberPoint();
    if (!/^-[^\]]/u.test(this.rest(2))) return { ranges: this.folds([ofOne(low)]), properties: "" };
    this.at++;
    const high = this.memberPoint();
    if (high < low) throw new Error("a range that ends before it begins");
    return { ranges: this.folds([[low, high]]), properties: "" };
  }

  private memberPoint(): number {
    const c = this.take();
    return c === "\\" ? this.escaped() : c.codePointAt(0)!;
  }

  private written(parts: readonly Class[], negative: boolean): string {
    const properties = parts.map((part) => part.properties).join("");
    const members = parts.flatMap((part) => part.ranges.map(showRange)).join("") + properties;
    if (negative) return `[^${members}${NO_TEXT}]`;
    // What is not of a property may be no text at all.
    return properties.includes("\\P") ? `(?:(?![${NO_TEXT}])[${members}])` : `[${members}]`;
  }

  private literal(point: number): string {
    const ranges = this.folds([ofOne(point)]);
    return ranges.length === 1 ? show(point) : `[${ranges.map(showRange).join("")}]`;
  }

  /** The ranges, and what is the same in another case. */
  private folds(ranges: readonly Range[]): readonly Range[] {
    if (!this.flags.fold) return ranges;
    const others: Range[] = [];
    for (const [low, high] of ranges) {
      this.folded += high - low;
      if (this.folded > MOST_FOLDED) throw new Error("too many characters in both cases");
      for (let point = low; point <= high; point++) {
        for (const other of caseVariants(point)) if (other < low || other > high) others.push(ofOne(other));
      }
    }
    return [...ranges, ...others];
  }
}

interface Class {
  readonly ranges: readonly Range[];
  /** As JavaScript writes them. */
  readonly properties: string;
}

/** RE2 repeats what takes no room, JavaScript does not. */
function assertion(source: string): string {
  return `(?:${source})`;
}

function changed(flags: Flags, on: string, off: string): Flags {
  const value = (letter: string, before: boolean): boolean =>
    off.includes(letter) ? false : on.includes(letter) || before;
  return {
    fold: value("i", flags.fold),
    lines: value("m", flags.lines),
    dotAll: value("s", flags.dotAll),
    lazy: value("U", flags.lazy),
  };
}

/** Characters that count as one where case does not (Unicode's simple folding: those that become one letter). */
function caseVariants(point: number): number[] {
  const text = String.fromCodePoint(point);
  const upper = text.toUpperCase();
  const candidates = [upper, text.toLowerCase(), ...(FOLDED_ALIKE[upper] ?? "")];
  return candidates
    .filter((other) => [...other].length === 1)
    .map((other) => other.codePointAt(0)!)
    .filter((other) => other !== point);
}

/** Letters that become an ASCII letter or micro sign in another case: the long s and the signs of Kelvin, Angstrom. */
const FOLDED_ALIKE: Readonly<Record<string, string>> = { S: "\u017f", K: "\u212a", Å: "\u212b", Μ: "\u00b5" };

function complement(ranges: readonly Range[]): Range[] {
  const out: Range[] = [];
  let from = 0;
  for (const [low, high] of [...ranges].sort((a, b) => a[0] - b[0])) {
    if (low > from) out.push([from, low - 1]);
    from = Math.max(from, high + 1);
  }
  if (from <= LAST) out.push([from, LAST]);
  // Halves of pairs are no characters.
  return out.flatMap(([low, high]): Range[] =>
    low < 0xd800 && high > 0xdfff
      ? [
          [low, 0xd7ff],
          [0xe000, high],
        ]
      : [[low, high]],
  );
}

function propertyOf(name: string, negative: boolean, fold: boolean): string {
  const letter = negative ? "P" : "p";
  if (fold && /^L[ult]$/.test(name)) {
    if (negative) throw new Error(`\\P{${name}} in both cases`);
    return "\\p{Lu}\\p{Ll}\\p{Lt}";
  }
  return name.length <= 2 || name === "Any" ? `\\${letter}{${name}}` : `\\${letter}{Script=${name}}`;
}

function showRange([low, high]: Range): string {
  return low === high ? show(low) : `${show(low)}-${show(high)}`;
}

function show(point: number): string {
  const text = String.fromCodePoint(point);
  return /^[\w ]$/.test(text) ? text : `\\u{${point.toString(16)}}`;
}
