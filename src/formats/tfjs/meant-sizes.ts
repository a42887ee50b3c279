/** The converter's own length of a file (tensorflowjs `weight_shard_size_bytes`). */
const USUAL = 4 * 1024 * 1024;

/**
 * How long each of the files of a group was when it was written. The converter cuts a group into files that are
 * equally long but for the last (tensorflowjs `write_weights.py`), so those that agree say where the others begin.
 * @param sizes bytes of each file, null for one that is not there
 * @param needed bytes of all tensors, null where they are not known
 * @returns null where too few agree
 */
export function meantSizes(sizes: readonly (number | null)[], needed: number | null): number[] | null {
  if (needed === null || sizes.length < 2) return null;
  const known = sizes.filter((size) => size !== null);
  if (known.length === sizes.length && sum(known) === needed) return known;
  const lengths = [...new Set([USUAL, ...sizes.slice(0, -1).filter((size) => size !== null)])];
  const ways = lengths
    .map((length) => cutInto(sizes.length, length, needed))
    .filter((way) => way !== null)
    .map((way) => ({ way, agree: way.filter((size, i) => size === sizes[i]).length }))
    .sort((a, b) => b.agree - a.agree);
  const [best, next] = ways;
  if (best && best.agree > (next?.agree ?? 0) && best.agree >= 2) return best.way;
  return besideOneMissing(sizes, needed - sum(known)) ?? usual(ways);
}

/** `count` files of the same length and a last that holds the rest; null where that is no length for the last. */
function cutInto(count: number, length: number, needed: number): number[] | null {
  const last = needed - (count - 1) * length;
  if (last <= 0 || last > length) return null;
  return [...new Array<number>(count - 1).fill(length), last];
}

/** Files of any lengths: what they leave is that of the one that is not there. */
function besideOneMissing(sizes: readonly (number | null)[], left: number): number[] | null {
  const missing = sizes.filter((size) => size === null).length;
  return missing === 1 && left >= 0 ? sizes.map((size) => size ?? left) : null;
}

function usual(ways: readonly { readonly way: number[]; readonly agree: number }[]): number[] | null {
  return ways.find(({ way, agree }) => way[0] === USUAL && agree > 0)?.way ?? null;
}

const sum = (sizes: readonly number[]): number => sizes.reduce((all, size) => all + size, 0);
