import type { OpCall } from "../kernel.js";
import { javaScriptOfRe2 } from "./re2-syntax.js";

const LENGTH = 2_000;

/**
 * A regular expression of RE2 (re2/doc/syntax.txt) as JavaScript's. RE2 runs in linear time, JavaScript's does not:
 * a repetition inside a repetition, which a file could use to hang the process, is refused.
 * @param whole whether it is to match all of a text
 */
export function regularExpression(call: OpCall, pattern: string, whole: boolean): RegExp {
  if (pattern.length > LENGTH) throw refused(call, "the pattern is very long");
  if (/\([^()]*[^\\()][*+}][^()]*\)\s*[*+{]/.test(pattern))
    throw refused(call, "the pattern repeats a repetition");
  for (const [, alternatives = ""] of pattern.matchAll(/\((?:\?:)?([^()]*\|[^()]*)\)[*+{]/g)) {
    if (mayBeginAlike(alternatives.split("|")))
      throw refused(call, "the pattern repeats alternatives that begin alike");
  }
  try {
    const source = javaScriptOfRe2(pattern);
    return new RegExp(whole ? `^(?:${source})$` : source, "gu");
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

function refused(call: OpCall, detail: string): Error {
  return call.error(
    "F18",
    `${detail}; JavaScript could take forever on it`,
    "Register a function for the op.",
  );
}

/**
 * Replaces matches as RE2's `Replace` and `GlobalReplace` (re2/re2.cc): an empty match at the end of the one before
 * does not count, and a rewrite that names a group which there is not changes nothing.
 * @param rewrite `\\0` is the match, `\\1` to `\\9` its groups
 */
export function replaceMatches(text: string, expression: RegExp, rewrite: string, all: boolean): string {
  let out = "";
  let from = 0;
  let lastEnd = -1;
  while (from <= text.length) {
    expression.lastIndex = from;
    const match = expression.exec(text);
    if (match === null) break;
    out += text.slice(from, match.index);
    if (match[0] === "" && match.index === lastEnd) {
      const next = String.fromCodePoint(text.codePointAt(match.index) ?? 0);
      if (match.index < text.length) out += next;
      from = match.index + next.length;
      continue;
    }
    const groups = [...rewrite.matchAll(/\\(\\|\d)/g)].map(([, what]) => Number(what));
    if (groups.some((group) => group >= match.length)) return text;
    out += rewrite.replace(/\\(\\|\d)/g, (_, what: string) =>
      what === "\\" ? what : (match[Number(what)] ?? ""),
    );
    from = lastEnd = match.index + match[0].length;
    if (!all) break;
  }
  return out + text.slice(from);
}
