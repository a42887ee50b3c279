import type { OpCall } from "../kernel.js";
import { encodeText, StringTensor } from "../value.js";

/** Encodings by ICU's names, as `TextDecoder` knows them. */
function decoderLabel(encoding: string): string {
  const name = encoding.toLowerCase();
  if (name === "utf-16-be") return "utf-16be";
  if (name === "utf-16-le") return "utf-16le";
  return name;
}

/** Bytes as text; what is no text becomes U+FFFD, disappears, or stops the op. */
export function decodeWith(call: OpCall, bytes: Uint8Array, encoding: string): string {
  if (/^utf-32/i.test(encoding)) return decodeUtf32(bytes, /be$/i.test(encoding));
  const errors = call.attributes.text("errors", "replace");
  let decoder: InstanceType<typeof TextDecoder>;
  try {
    decoder = new TextDecoder(decoderLabel(encoding), { fatal: errors === "strict", ignoreBOM: true });
  } catch {
    throw call.error("O07", `the encoding ${encoding} is not known here`, "Give the text in UTF-8.");
  }
  try {
    const text = decoder.decode(bytes);
    if (errors === "ignore") return text.replaceAll("\ufffd", "");
    const replacement = call.attributes.int("replacement_char", 0xfffd);
    return replacement === 0xfffd ? text : text.replaceAll("\ufffd", String.fromCodePoint(replacement));
  } catch {
    throw call.error("G11", `a string is not valid ${encoding}`);
  }
}

function decodeUtf32(bytes: Uint8Array, bigEndian: boolean): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes.length >> 2 }, (_, i) =>
    String.fromCodePoint(Math.min(0x10ffff, view.getUint32(4 * i, !bigEndian))),
  ).join("");
}

function encodeWith(text: string, encoding: string): Uint8Array {
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
    value.values.map((bytes) => encodeWith(decodeWith(call, bytes, from), to)),
  );
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
