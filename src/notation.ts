/** How names, shapes and numbers are written wherever they are shown. */

/**
 * A string from a file, fit to be shown on one line: control characters (terminal escapes among them) and characters
 * that turn the writing direction become visible, and what is longer than `limit` is cut.
 */
export function printable(text: string, limit = 160): string {
  const shown = visible(text).replaceAll("\n", "\u240a");
  return shown.length <= limit ? shown : `${shown.slice(0, limit - 1)}…`;
}

/** The same for text of several lines, of any length. */
export function visible(text: string): string {
  return text.replaceAll(INVISIBLE, (character) => {
    const code = character.codePointAt(0)!;
    return code < 0x20 ? String.fromCodePoint(0x2400 + code) : `\\u{${code.toString(16)}}`;
  });
}

// eslint-disable-next-line no-control-regex -- these are the characters that must not pass
const INVISIBLE = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

/** As Keras writes it: `(None, 28, 28, 1)`, `(16,)`, `()`. */
export function shapeText(shape: readonly (number | null)[]): string {
  const dimensions = shape.map((size) => (size === null ? "None" : String(size)));
  return dimensions.length === 1 ? `(${dimensions[0]},)` : `(${dimensions.join(", ")})`;
}

/** `1,234,567` */
export function count(number: number): string {
  return number.toLocaleString("en-US");
}

/** `1 class`, `2 classes` */
export function plural(number: number, one: string, many = `${one}s`): string {
  return `${count(number)} ${number === 1 ? one : many}`;
}

/** Binary units, as Keras's own summary has them: `213.4 KB`. */
export function byteText(bytes: number): string {
  const units = ["B", "KB", "MB", "GB"];
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  const value = bytes / 1024 ** power;
  return `${power === 0 ? value : value.toFixed(value < 100 ? 1 : 0)} ${units[power]}`;
}

/** The last part of a path, `/` or `\` whichever it has. */
export function fileName(path: string): string {
  return path.replace(/[/\\]+$/, "").replace(/^.*[/\\]/, "");
}

/** With a full stop, and a capital where it begins with a plain word and not with a name from the file. */
export function sentence(text: string): string {
  const trimmed = text.trim();
  if (trimmed === "") return "";
  const first = PLAIN_START.test(trimmed) ? trimmed.charAt(0).toUpperCase() : trimmed.charAt(0);
  return first + trimmed.slice(1) + (/[.!?…:]$/.test(trimmed) ? "" : ".");
}

const PLAIN_START =
  /^(a|all|an|and|each|every|it|its|layer|making|more|no|none|not|one|only|output|the|there|they|this|what|where) /;
