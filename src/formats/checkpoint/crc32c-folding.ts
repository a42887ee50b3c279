import { addFolder } from "./crc32c-module.js";

/**
 * The quick part of a CRC-32C over many bytes: folding them into few of the same sum.
 *
 * x^5275 + x^4508 + x^2751 + 1 is a multiple of the Castagnoli polynomial. So a bit may be struck out when it is
 * added (exclusive or) 767, 2524 and 5275 places further on, and the sum stays what it is. Squared seven times
 * this holds for vectors of 128 bits in place of bits, and the last 5275 vectors are left. (Kadatch and Russell,
 * "Chorba: A novel CRC32 implementation", do this with a multiple of zip's polynomial.)
 */

/** Bytes of a vector. */
export const VECTOR = 16;
/** How much further on, in bytes, a vector is added. */
const PLACES = [767 * VECTOR, 2524 * VECTOR, 5275 * VECTOR] as const;
/** Bytes that are left in the end. */
export const LEFT = PLACES[2];
/** Bytes that are folded at a time, a multiple of `VECTOR`: few enough to stay in a processor's cache. */
const BLOCK = 256 * 1024;

export type Fold = (bytes: Uint8Array, state: number) => Uint8Array;

/**
 * Makes the function that folds `bytes` (`LEFT` of them or more, a multiple of `VECTOR`) behind a CRC register in
 * `state` into `LEFT` bytes behind a register of 0. These are valid until the next call.
 * @returns null where there is no WebAssembly with vectors (Node's `--jitless`, processors without SSE 4.1)
 */
export function makeFold(): Fold | null {
  const folder = addFolder(LEFT + BLOCK, PLACES);
  if (folder === null) return null;
  const { memory, add } = folder;
  const first = new DataView(memory.buffer);
  return (bytes, state) => {
    memory.set(bytes.subarray(0, LEFT));
    first.setInt32(0, first.getInt32(0, true) ^ state, true);
    for (let at = LEFT; at < bytes.length; at += BLOCK) {
      const block = bytes.subarray(at, at + BLOCK);
      memory.set(block, LEFT);
      add(block.length);
      memory.copyWithin(0, block.length, block.length + LEFT);
    }
    return memory.subarray(0, LEFT);
  };
}
