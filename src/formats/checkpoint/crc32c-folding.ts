import { addFolder } from "./crc32c-module.js";

/**
 * The quick part of a CRC-32C over many bytes: folding them into few of the same sum.
 *
 * x^5275 + x^4508 + x^2751 + 1 is a multiple of the Castagnoli polynomial. So a bit may be struck out when it is
 * added (exclusive or) 767, 2524 and 5275 places further on, and the sum stays what it is. Squared seven times
 * this holds for vectors of 128 bits in place of bits, and the last 5275 vectors are left. (Kadatch and Russell,
 * "Chorba: A novel CRC32 implementation", do this with a multiple of zip's polynomial.)
 *
 * Each vector here fetches what those before it add to it, which takes one store for each, not three.
 */

/** Bytes of a vector. */
const VECTOR = 16;
/** How far behind, in bytes, lie the vectors that are added to one. */
const PLACES = [767 * VECTOR, 2524 * VECTOR, 5275 * VECTOR] as const;
/** Bytes that are left in the end. */
export const LEFT = PLACES[2];
/** Bytes that are folded at a time, a multiple of `STEP`: few enough to stay in a processor's cache. */
const BLOCK = 1024 * 1024;
/** Bytes of a turn of the loop. */
export const STEP = 4 * VECTOR;

export type Fold = (bytes: Uint8Array, state: number) => Uint8Array;

/**
 * Makes the function that folds `bytes` (a multiple of `STEP` behind `LEFT` of them) behind a CRC register in
 * `state` into `LEFT` bytes behind a register of 0. These are valid until the next call.
 * @returns null where there is no WebAssembly with vectors (Node's `--jitless`, processors without SSE 4.1)
 */
export function makeFold(): Fold | null {
  const folder = addFolder(LEFT + BLOCK, LEFT, STEP, PLACES);
  if (folder === null) return null;
  const { memory, add } = folder;
  const words = new Int32Array(memory.buffer, 0, (2 * LEFT) >> 2);
  return (bytes, state) => {
    const struckOut = bytes.length - LEFT;
    words.fill(0, 0, LEFT >> 2);
    let first = state;
    for (let at = 0; at < struckOut; at += BLOCK) {
      const block = bytes.subarray(at, Math.min(at + BLOCK, struckOut));
      memory.set(block, LEFT);
      words[LEFT >> 2]! ^= first;
      first = 0;
      add(block.length);
      memory.copyWithin(0, block.length, block.length + LEFT);
    }
    memory.set(bytes.subarray(struckOut), LEFT);
    addToLast(words);
    return memory.subarray(LEFT, 2 * LEFT);
  };
}

/** The last bytes are not struck out: only what lies in front of them is added. */
function addToLast(words: Int32Array): void {
  const left = LEFT >> 2;
  for (const bytes of PLACES) {
    const place = bytes >> 2;
    for (let i = 0; i < place; i++) words[left + i]! ^= words[left - place + i]!;
  }
}
