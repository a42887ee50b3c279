import type { OpCall } from "../kernel.js";
import { encodeText, utf8Characters } from "../byte-text.js";
import { StringTensor } from "../value.js";

/** A character and the byte at which it begins. */
export interface Decoded {
  readonly point: number;
  readonly start: number;
}

/** Bytes as characters; what is no text is replaced, disappears, or stops the op, as `errors` says. */
export function decodeCharacters(call: OpCall, bytes: Uint8Array, encoding: string): Decoded[] {
  const replacement = call.attributes.int("replacement_char", 0xfffd);
  const controls = call.attributes.bool("replace_control_characters");
  const out: Decoded[] = [];
  for (const { start, point } of charactersOf(call, bytes, encoding)) {
    if (point !== null && !(controls && point < 0x20)) out.push({ point, start });
    else if (!ignored(call, encoding)) out.push({ point: replacement, start });
  }
  return out;
}

/** Whether what is no text disappears. */
function ignored(call: OpCall, encoding: string): boolean {
  const errors = call.attributes.text("errors", "replace");
  if (errors === "strict") throw call.error("G11", `a string is not valid ${encoding}`);
  return errors === "ignore";
}

function charactersOf(
  call: OpCall,
  bytes: Uint8Array,
  encoding: string,
): Iterable<{ readonly start: number; readonly point: number | null }> {
  if (/^utf-?8$/i.test(encoding)) return utf8Characters(bytes);
  if (/^utf-16/i.test(encoding)) return utf16Characters(bytes, /be$/i.test(encoding));
  if (/^utf-32/i.test(encoding)) return utf32Characters(bytes, /be$/i.test(encoding));
  return othersCharacters(call, bytes, encoding);
}

function* utf16Characters(
  bytes: Uint8Array,
  bigEndian: boolean,
): Generator<{ start: number; point: number | null }> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let start = 0; start < bytes.length;) {
    if (start + 1 === bytes.length) return yield { start, point: null };
    const unit = view.getUint16(start, !bigEndian);
    const next = start + 3 < bytes.length ? view.getUint16(start + 2, !bigEndian) : 0;
    const pair = unit >= 0xd800 && unit < 0xdc00 && next >= 0xdc00 && next < 0xe000;
    const alone = unit >= 0xd800 && unit < 0xe000;
    yield { start, point: pair ? 0x10000 + ((unit - 0xd800) << 10) + next - 0xdc00 : alone ? null : unit };
    start += pair ? 4 : 2;
  }
}

function* utf32Characters(
  bytes: Uint8Array,
  bigEndian: boolean,
): Generator<{ start: number; point: number | null }> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let start = 0; start < bytes.length; start += 4) {
    const point = start + 3 < bytes.length ? view.getUint32(start, !bigEndian) : null;
    yield { start, point: point === null || isCharacter(point) ? point : null };
  }
}

/** Through the platform's decoder: of encodings with more than one byte a character, places are counted byte by byte. */
function* othersCharacters(
  call: OpCall,
  bytes: Uint8Array,
  encoding: string,
): Generator<{ start: number; point: number | null }> {
  let decoder: InstanceType<typeof TextDecoder>;
  try {
    decoder = new TextDecoder(encoding, { ignoreBOM: true });
  } catch {
    throw call.error("O07", `the encoding ${encoding} is not known here`, "Give the text in UTF-8.");
  }
  let start = 0;
  for (let at = 0; at < bytes.length; at++) {
    const text = decoder.decode(bytes.subarray(at, at + 1), { stream: at + 1 < bytes.length });
    for (const character of text) {
      const point = character.codePointAt(0)!;
      yield { start, point: point === 0xfffd ? null : point };
      start = at + 1;
    }
  }
}

function isCharacter(point: number): boolean {
  return point >= 0 && point <= 0x10ffff && !(point >= 0xd800 && point < 0xe000);
}

/** A code point as text; what is no character as `errors` says. */
export function characterOf(call: OpCall, point: number): string {
  if (isCharacter(point)) return String.fromCodePoint(point);
  if (ignored(call, "Unicode")) return "";
  return String.fromCodePoint(call.attributes.int("replacement_char", 0xfffd));
}

/** Text in the encoding of an output: one of UTF-8, UTF-16 and UTF-32. */
export function encodeWith(text: string, encoding: string): Uint8Array {
  if (/^utf-16/i.test(encoding)) {
    const bytes = Buffer.from(text, "utf16le");
    return /be$/i.test(encoding) ? bytes.swap16() : bytes;
  }
  if (/^utf-32/i.test(encoding)) {
    const points = [...text].map((character) => character.codePointAt(0)!);
    const view = new DataView(new ArrayBuffer(4 * points.length));
    points.forEach((point, i) => view.setUint32(4 * i, point, !/be$/i.test(encoding)));
    return new Uint8Array(view.buffer);
  }
  return encodeText(text);
}

export function transcode(call: OpCall): StringTensor {
  const { attributes } = call;
  const [from, to] = [
    attributes.text("input_encoding", "UTF-8"),
    attributes.text("output_encoding", "UTF-8"),
  ];
  const value = call.strings(0);
  return new StringTensor(
    value.shape,
    value.values.map((bytes) => encodeWith(textOf(decodeCharacters(call, bytes, from)), to)),
  );
}

function textOf(characters: readonly Decoded[]): string {
  return characters.map(({ point }) => String.fromCodePoint(point)).join("");
}

/** ICU's numbers of scripts (uscript.h), 0 and up. */
const SCRIPTS =
  "Common Inherited Arabic Armenian Bengali Bopomofo Cherokee Coptic Cyrillic Deseret Devanagari Ethiopic Georgian Gothic Greek Gujarati Gurmukhi Han Hangul Hebrew Hiragana Kannada Katakana Khmer Lao Latin Malayalam Mongolian Myanmar Ogham Old_Italic Oriya Runic Sinhala Syriac Tamil Telugu Thaana Thai Tibetan"
    .split(" ")
    .map((name) => new RegExp(`^\\p{Script=${name}}$`, "u"));

const UNKNOWN_SCRIPT = 103;

export function scriptOf(point: number): number {
  if (point < 0 || point > 0x10ffff) return -1;
  const found = SCRIPTS.findIndex((script) => script.test(String.fromCodePoint(point)));
  return found < 0 ? UNKNOWN_SCRIPT : found;
}
