/** A text and what it is encoded in. */
export interface DecodedText {
  readonly text: string;
  readonly encoding: "UTF-8" | "UTF-16LE" | "UTF-16BE";
}

/** Bytes of a text, of UTF-8 or UTF-16, with a byte order mark or without. */
export function decodeText(bytes: Uint8Array): DecodedText {
  const encoding = encodingOf(bytes);
  return { text: new TextDecoder(encoding).decode(bytes), encoding };
}

/** UTF-16 by its mark, or by the zero beside a first character that begins JSON or HTML. */
export function encodingOf([first, second]: Uint8Array): DecodedText["encoding"] {
  if ((first === 0xff && second === 0xfe) || (begins(first) && second === 0)) return "UTF-16LE";
  if ((first === 0xfe && second === 0xff) || (first === 0 && begins(second))) return "UTF-16BE";
  return "UTF-8";
}

/** `{`, `[` or `<`. */
function begins(byte: number | undefined): boolean {
  return byte === 0x7b || byte === 0x5b || byte === 0x3c;
}
