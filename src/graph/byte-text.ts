/**
 * Strings of a graph are bytes. As text, a byte that is no part of UTF-8 stands as one half of a surrogate pair,
 * U+DC80 to U+DCFF, as Python's `surrogateescape` does it: so any bytes come back as they were.
 */
export function decodeText(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = buffer.toString("utf8");
  return text.includes("\ufffd") ? decodeEscaped(bytes) : text;
}

export function encodeText(text: string): Uint8Array {
  if (!ESCAPED.test(text)) return Uint8Array.from(Buffer.from(text, "utf8"));
  const parts = text.split(ESCAPES).map((part, i) => {
    return i % 2 === 0 ? Buffer.from(part, "utf8") : Buffer.from([part.charCodeAt(0) - ESCAPE]);
  });
  return Uint8Array.from(Buffer.concat(parts));
}

const ESCAPE = 0xdc00;
/** Halves that stand alone: with `u`, those of pairs are part of their character. */
const ESCAPED = /[\udc80-\udcff]/u;
const ESCAPES = /([\udc80-\udcff])/u;

function decodeEscaped(bytes: Uint8Array): string {
  let text = "";
  for (const { start, length, point } of utf8Characters(bytes)) {
    if (point !== null) text += String.fromCodePoint(point);
    else for (let i = start; i < start + length; i++) text += String.fromCharCode(ESCAPE + bytes[i]!);
  }
  return text;
}

/** A character of UTF-8, or bytes that begin one and do not end it: then `point` is null. */
export interface Utf8Character {
  readonly start: number;
  readonly length: number;
  readonly point: number | null;
}

/** Splits bytes into characters; wrong bytes in the longest pieces that could have begun one (Unicode, table 3-8). */
export function* utf8Characters(bytes: Uint8Array): Generator<Utf8Character> {
  for (let start = 0; start < bytes.length;) {
    const lead = bytes[start]!;
    const wanted =
      lead < 0x80 ? 1 : lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
    let point = wanted < 2 ? lead : lead & (0x7f >> wanted);
    let length = 1;
    for (; length < wanted && continues(bytes, start, length); length++) {
      point = (point << 6) | (bytes[start + length]! & 0x3f);
    }
    yield { start, length, point: length === wanted ? point : null };
    start += length;
  }
}

/** Whether the byte after `length` of a character may be its next: none makes a surrogate or a longer form. */
function continues(bytes: Uint8Array, start: number, length: number): boolean {
  const byte = bytes[start + length];
  if (byte === undefined || byte < 0x80 || byte > 0xbf) return false;
  if (length > 1) return true;
  switch (bytes[start]) {
    case 0xe0:
      return byte >= 0xa0;
    case 0xed:
      return byte < 0xa0;
    case 0xf0:
      return byte >= 0x90;
    case 0xf4:
      return byte < 0x90;
    default:
      return true;
  }
}
