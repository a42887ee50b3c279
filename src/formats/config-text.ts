import zlib from "node:zlib";
import type { AttributeValue } from "./hdf5/attribute.js";
import { looksLikeJson } from "./json.js";
import { decodeText } from "./text-encoding.js";

/** No configuration unpacks to more. */
const LARGEST = 64 * 2 ** 20;

/**
 * The text of a configuration as an attribute holds it: whole, in parts, or as its bytes, which have no limit of
 * length and may be compressed (gzip, zlib). Null where it holds none.
 */
export function configText(value: AttributeValue): string | null {
  if (!Array.isArray(value)) return typeof value === "string" && value !== "" ? decoded(value) : null;
  if (value.length === 0) return null;
  const areBytes = value.every((item) => typeof item === "number" && item >= 0 && item < 256);
  return areBytes ? decodeText(unpacked(Uint8Array.from(value as number[]))).text : value.join("");
}

/** Text in base64, as programs write it that must keep to ASCII; any other text as it is. */
function decoded(text: string): string {
  if (!/^[A-Za-z0-9+/\s]+={0,2}\s*$/.test(text)) return text;
  const inside = decodeText(unpacked(Buffer.from(text, "base64"))).text;
  return looksLikeJson(inside) ? inside : text;
}

/** What cannot be unpacked is left as it is: that it is no JSON is then told. */
function unpacked(bytes: Uint8Array): Uint8Array {
  const [first, second] = bytes;
  const isGzip = first === 0x1f && second === 0x8b;
  const isZlib = first === 0x78 && (first * 256 + second!) % 31 === 0;
  if (!isGzip && !isZlib) return bytes;
  try {
    return zlib.unzipSync(bytes, { maxOutputLength: LARGEST });
  } catch {
    return bytes;
  }
}
