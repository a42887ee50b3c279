const MASK = (1n << 64n) - 1n;
const MULTIPLIER = 0xc6a4a7935bd1e995n;
const SEED = 0xdecafcaffen;

/** MurmurHash64A with the seed of `tf.strings.to_hash_bucket` (tsl/platform/hash.cc). */
export function murmur64(bytes: Uint8Array): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let hash = SEED ^ ((BigInt(bytes.length) * MULTIPLIER) & MASK);
  let at = 0;
  for (; at + 8 <= bytes.length; at += 8) {
    let word = (view.getBigUint64(at, true) * MULTIPLIER) & MASK;
    word = ((word ^ (word >> 47n)) * MULTIPLIER) & MASK;
    hash = ((hash ^ word) * MULTIPLIER) & MASK;
  }
  if (at < bytes.length) {
    for (let i = bytes.length - 1; i >= at; i--) hash ^= BigInt(bytes[i]!) << BigInt(8 * (i - at));
    hash = (hash * MULTIPLIER) & MASK;
  }
  hash = ((hash ^ (hash >> 47n)) * MULTIPLIER) & MASK;
  return hash ^ (hash >> 47n);
}
