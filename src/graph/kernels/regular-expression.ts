import type { OpCall } from "../kernel.js";

const LENGTH = 2_000;

/** POSIX classes of RE2 inside brackets, as JavaScript writes them. */
const CLASSES: ReadonlyMap<string, string> = new Map([
  ["alnum", "0-9A-Za-z"],
  ["alpha", "A-Za-z"],
  ["ascii", "\\x00-\\x7F"],
  ["blank", "\\t "],
  ["cntrl", "\\x00-\\x1F\\x7F"],
  ["digit", "0-9"],
  ["graph", "!-~"],
  ["lower", "a-z"],
  ["print", " -~"],
  ["punct", "!-\\/:-@\\[-`\\{-~"],
  ["space", "\\t\\n\\v\\f\\r "],
  ["upper", "A-Z"],
  ["word", "0-9A-Za-z_"],
  ["xdigit", "0-9A-Fa-f"],
]);

/**
 * A regular expression of RE2 (re2/doc/syntax.txt) as JavaScript's. RE2 runs in linear time, JavaScript's does not:
 * a repetition inside a repetition, which a file could use to hang the process, is refused.
 */
export function regularExpression(call: OpCall, pattern: string, flags: string): RegExp {
  if (pattern.length > LENGTH) throw refused(call, "the pattern is very long");
  if (/\([^()]*[^\\()][*+}][^()]*\)\s*[*+{]/.test(pattern))
    throw refused(call, "the pattern repeats a repetition");
  for (const [, alternatives = ""] of pattern.matchAll(/\((?:\?:)?([^()]*\|[^()]*)\)[*+{]/g)) {
    if (mayBeginAlike(alternatives.split("|")))
      throw refused(call, "the pattern repeats alternatives that begin alike");
  }
  let own = flags + "u";
  const inline = /^\(\?([ims]+)\)/.exec(pattern);
  if (inline !== null) own += [...new Set(inline[1])].join("");
  const source = pattern
    .slice(inline?.[0].length ?? 0)
    .replace(/\[:(\w+):\]/g, (whole, name: string) => CLASSES.get(name) ?? whole)
    .replace(/\\([pP])([A-Z])/g, "\\$1{$2}")
    .replace(/\\Q(.*?)(\\E|$)/g, (_, text: string) => text.replace(/[^\w\s]/g, "\\$&"))
    .replace(/\\([^\w\s\\^$.*+?()[\]{}|/-])/g, "$1")
    .replace(/\\A/g, "^")
    .replace(/\\z/g, "$");
  try {
    return new RegExp(escapeInClasses(source), own);
  } catch (cause) {
    throw call.error(
      "O07",
      `its pattern cannot be read: ${(cause as Error).message}`,
      "Register a function for the op.",
    );
  }
}

/** Whether one text can be two of the alternatives: then each of its letters doubles the ways to read it. */
function mayBeginAlike(alternatives: readonly string[]): boolean {
  const heads = alternatives.map((text) => /^(\\.|\[(?:[^\]\\]|\\.)*\]|.)?/.exec(text)![0]);
  const matched = heads.map((head) => {
    try {
      const one = new RegExp(`^${head}$`);
      return new Set(ASCII.filter((letter) => one.test(letter)));
    } catch {
      return new Set([head]);
    }
  });
  return matched.some((letters, i) =>
    matched.slice(0, i).some((other) => [...letters].some((c) => other.has(c))),
  );
}

const ASCII = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code));

/** Inside brackets JavaScript's Unicode mode wants an opening bracket escaped, and a `-` beside a class. */
function escapeInClasses(source: string): string {
  let out = "";
  let inside = false;
  for (let i = 0; i < source.length; i++) {
    const c = source[i]!;
    if (c === "\\") out += c + (source[++i] ?? "");
    else if (!inside && c === "[") {
      inside = true;
      out += c;
      if (source[i + 1] === "^") out += source[++i]!;
      if (source[i + 1] === "]") {
        out += "\\]";
        i++;
      }
    } else if (inside && c === "[") out += "\\[";
    else {
      if (c === "]") inside = false;
      out += c;
    }
  }
  return out;
}

function refused(call: OpCall, detail: string): Error {
  return call.error(
    "F18",
    `${detail}; JavaScript could take forever on it`,
    "Register a function for the op.",
  );
}
