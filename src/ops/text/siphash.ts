const MASK = (1n << 64n) - 1n;

const rotate = (x: bigint, by: bigint): bigint => ((x << by) | (x >> (64n - by))) & MASK;

/** SipHash-2-4 (Aumasson and Bernstein): the hash of `Hashing(salt=...)` and `tf.strings.to_hash_bucket_strong`. */
export function sipHash(key: readonly [bigint, bigint], bytes: Uint8Array): bigint {
  const state: [bigint, bigint, bigint, bigint] = [
    key[0] ^ 0x736f6d6570736575n,
    key[1] ^ 0x646f72616e646f6dn,
    key[0] ^ 0x6c7967656e657261n,
    key[1] ^ 0x7465646279746573n,
  ];
  const blocks = Math.floor(bytes.length / 8);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let i = 0; i < blocks; i++) absorb(state, view.getBigUint64(8 * i, true));
  let last = BigInt(bytes.length & 0xff) << 56n;
  for (let i = 8 * blocks; i < bytes.length; i++) last |= BigInt(bytes[i]!) << BigInt(8 * (i - 8 * blocks));
  absorb(state, last);
  state[2] ^= 0xffn;
  for (let i = 0; i < 4; i++) round(state);
  return state[0] ^ state[1] ^ state[2] ^ state[3];
}

function absorb(state: [bigint, bigint, bigint, bigint], block: bigint): void {
  state[3] ^= block;
  round(state);
  round(state);
  state[0] ^= block;
}

function round(v: [bigint, bigint, bigint, bigint]): void {
  v[0] = (v[0] + v[1]) & MASK;
  v[1] = rotate(v[1], 13n) ^ v[0];
  v[0] = rotate(v[0], 32n);
  v[2] = (v[2] + v[3]) & MASK;
  v[3] = rotate(v[3], 16n) ^ v[2];
  v[0] = (v[0] + v[3]) & MASK;
  v[3] = rotate(v[3], 21n) ^ v[0];
  v[2] = (v[2] + v[1]) & MASK;
  v[1] = rotate(v[1], 17n) ^ v[2];
  v[2] = rotate(v[2], 32n);
}
