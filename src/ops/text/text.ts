import { fingerprint64 } from "./farmhash.js";
import { sipHash } from "./siphash.js";

/** `std::isspace` in the C locale: what TensorFlow takes for white space. */
const GAP = /[ \t\n\v\f\r]/;
const LEADING_GAPS = /^[ \t\n\v\f\r]+/;

/** `tf.strings.lower` without an encoding: ASCII letters only. */
export function lowerAscii(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/**
 * `tf.strings.split`: by a separator, or where it is empty by runs of white space.
 * @param most number of cuts; all where it is negative
 */
export function splitText(text: string, separator: string, most = -1): string[] {
  if (most === 0) return [text];
  return separator === "" ? splitAtGaps(text, most) : splitAt(text, separator, most);
}

function splitAt(text: string, separator: string, most: number): string[] {
  const pieces: string[] = [];
  let rest = text;
  for (let at = rest.indexOf(separator); at >= 0 && pieces.length !== most; at = rest.indexOf(separator)) {
    pieces.push(rest.slice(0, at));
    rest = rest.slice(at + separator.length);
  }
  return [...pieces, rest];
}

/** After the last cut stands what is left, also where that is nothing. */
function splitAtGaps(text: string, most: number): string[] {
  const pieces: string[] = [];
  let rest = text.replace(LEADING_GAPS, "");
  while (rest !== "") {
    const at = rest.search(GAP);
    const end = at < 0 ? rest.length : at;
    pieces.push(rest.slice(0, end));
    rest = rest.slice(end).replace(LEADING_GAPS, "");
    if (pieces.length === most) return [...pieces, rest];
  }
  return pieces;
}

/** Runs of neighbouring tokens, all of the first width before those of the next (`tf.strings.ngrams`). */
export function nGrams(tokens: readonly string[], widths: readonly number[], separator: string): string[] {
  return widths.flatMap((width) =>
    Array.from({ length: Math.max(0, tokens.length - width + 1) }, (_, i) =>
      tokens.slice(i, i + width).join(separator),
    ),
  );
}

/** A hash of text or bytes as `tf.strings.to_hash_bucket_fast` (no key) and `to_hash_bucket_strong` count it. */
export function hashBucket(
  value: string | Uint8Array,
  buckets: number,
  key: readonly number[] | null = null,
): number {
  const bytes = typeof value === "string" ? new TextEncoder().encode(value) : value;
  const hash = key ? sipHash([unsigned(key[0]!), unsigned(key[1]!)], bytes) : fingerprint64(bytes);
  return Number(hash % BigInt(buckets));
}

function unsigned(value: number): bigint {
  return BigInt.asUintN(64, BigInt(value));
}

/** FingerprintCat64: one hash of two (tensorflow/core/platform/fingerprint.h). */
export function joinFingerprints(a: bigint, b: bigint): bigint {
  const mul = 0xc6a4a7935bd1e995n;
  const wrap = (x: bigint) => BigInt.asUintN(64, x);
  let result = a ^ mul;
  result ^= wrap(((wrap(b * mul) >> 47n) ^ wrap(b * mul)) * mul);
  result = wrap(result * mul);
  result = wrap((result ^ (result >> 47n)) * mul);
  return result ^ (result >> 47n);
}
