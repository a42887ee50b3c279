const MASK = (1n << 64n) - 1n;
const K0 = 0xc3a5c85c97cb3127n;
const K1 = 0xb492b66fbe98f273n;
const K2 = 0x9ae16a3b2f90404fn;

/**
 * FarmHash's Fingerprint64 (google/farmhash, `farmhashna::Hash64`): what `tf.strings.to_hash_bucket_fast`,
 * `Hashing` and `HashedCrossing` put strings into bins by.
 */
export function fingerprint64(bytes: Uint8Array): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = bytes.length;
  if (length <= 16) return upTo16(view, length);
  if (length <= 32) return upTo32(view, length);
  if (length <= 64) return upTo64(view, length);
  return beyond64(view, length);
}

const wrap = (x: bigint): bigint => x & MASK;
const fetch64 = (view: DataView, at: number): bigint => view.getBigUint64(at, true);
const fetch32 = (view: DataView, at: number): bigint => BigInt(view.getUint32(at, true));
const rotate = (x: bigint, by: bigint): bigint => (by === 0n ? x : wrap((x >> by) | (x << (64n - by))));
const shiftMix = (x: bigint): bigint => x ^ (x >> 47n);

function mix16(u: bigint, v: bigint, mul: bigint): bigint {
  let a = wrap((u ^ v) * mul);
  a ^= a >> 47n;
  let b = wrap((v ^ a) * mul);
  b ^= b >> 47n;
  return wrap(b * mul);
}

function upTo16(view: DataView, length: number): bigint {
  const n = BigInt(length);
  if (length >= 8) {
    const mul = wrap(K2 + n * 2n);
    const a = wrap(fetch64(view, 0) + K2);
    const b = fetch64(view, length - 8);
    const c = wrap(rotate(b, 37n) * mul + a);
    const d = wrap((rotate(a, 25n) + b) * mul);
    return mix16(c, d, mul);
  }
  if (length >= 4) {
    const mul = wrap(K2 + n * 2n);
    return mix16(wrap(n + (fetch32(view, 0) << 3n)), fetch32(view, length - 4), mul);
  }
  if (length > 0) {
    const a = BigInt(view.getUint8(0));
    const b = BigInt(view.getUint8(length >> 1));
    const c = BigInt(view.getUint8(length - 1));
    const y = a + (b << 8n);
    const z = n + (c << 2n);
    return wrap(shiftMix(wrap(y * K2) ^ wrap(z * K0)) * K2);
  }
  return K2;
}

function upTo32(view: DataView, length: number): bigint {
  const mul = wrap(K2 + BigInt(length) * 2n);
  const a = wrap(fetch64(view, 0) * K1);
  const b = fetch64(view, 8);
  const c = wrap(fetch64(view, length - 8) * mul);
  const d = wrap(fetch64(view, length - 16) * K2);
  return mix16(
    wrap(rotate(wrap(a + b), 43n) + rotate(c, 30n) + d),
    wrap(a + rotate(wrap(b + K2), 18n) + c),
    mul,
  );
}

function upTo64(view: DataView, length: number): bigint {
  const mul = wrap(K2 + BigInt(length) * 2n);
  const a = wrap(fetch64(view, 0) * K2);
  const b = fetch64(view, 8);
  const c = wrap(fetch64(view, length - 8) * mul);
  const d = wrap(fetch64(view, length - 16) * K2);
  const y = wrap(rotate(wrap(a + b), 43n) + rotate(c, 30n) + d);
  const z = mix16(y, wrap(a + rotate(wrap(b + K2), 18n) + c), mul);
  const e = wrap(fetch64(view, 16) * mul);
  const f = fetch64(view, 24);
  const g = wrap((y + fetch64(view, length - 32)) * mul);
  const h = wrap((z + fetch64(view, length - 24)) * mul);
  return mix16(
    wrap(rotate(wrap(e + f), 43n) + rotate(g, 30n) + h),
    wrap(e + rotate(wrap(f + a), 18n) + g),
    mul,
  );
}

type Pair = [bigint, bigint];

function weak32(view: DataView, at: number, a0: bigint, b0: bigint): Pair {
  const [w, x, y, z] = [0, 8, 16, 24].map((offset) => fetch64(view, at + offset)) as [
    bigint,
    bigint,
    bigint,
    bigint,
  ];
  let a = wrap(a0 + w);
  let b = rotate(wrap(b0 + a + z), 21n);
  const c = a;
  a = wrap(a + x + y);
  b = wrap(b + rotate(a, 44n));
  return [wrap(a + z), wrap(b + c)];
}

function beyond64(view: DataView, length: number): bigint {
  const seed = 81n;
  let x = seed;
  let y = wrap(seed * K1 + 113n);
  let z = wrap(shiftMix(wrap(y * K2 + 113n)) * K2);
  let v: Pair = [0n, 0n];
  let w: Pair = [0n, 0n];
  x = wrap(x * K2 + fetch64(view, 0));
  const end = Math.floor((length - 1) / 64) * 64;
  const last64 = end + ((length - 1) & 63) - 63;
  let at = 0;
  do {
    x = wrap(rotate(wrap(x + y + v[0] + fetch64(view, at + 8)), 37n) * K1);
    y = wrap(rotate(wrap(y + v[1] + fetch64(view, at + 48)), 42n) * K1);
    x ^= w[1];
    y = wrap(y + v[0] + fetch64(view, at + 40));
    z = wrap(rotate(wrap(z + w[0]), 33n) * K1);
    v = weak32(view, at, wrap(v[1] * K1), wrap(x + w[0]));
    w = weak32(view, at + 32, wrap(z + w[1]), wrap(y + fetch64(view, at + 16)));
    [z, x] = [x, z];
    at += 64;
  } while (at !== end);
  const mul = wrap(K1 + ((z & 0xffn) << 1n));
  at = last64;
  w = [wrap(w[0] + BigInt((length - 1) & 63)), w[1]];
  v = [wrap(v[0] + w[0]), v[1]];
  w = [wrap(w[0] + v[0]), w[1]];
  x = wrap(rotate(wrap(x + y + v[0] + fetch64(view, at + 8)), 37n) * mul);
  y = wrap(rotate(wrap(y + v[1] + fetch64(view, at + 48)), 42n) * mul);
  x ^= wrap(w[1] * 9n);
  y = wrap(y + wrap(v[0] * 9n) + fetch64(view, at + 40));
  z = wrap(rotate(wrap(z + w[0]), 33n) * mul);
  v = weak32(view, at, wrap(v[1] * mul), wrap(x + w[0]));
  w = weak32(view, at + 32, wrap(z + w[1]), wrap(y + fetch64(view, at + 16)));
  [z, x] = [x, z];
  return mix16(
    wrap(mix16(v[0], w[0], mul) + wrap(shiftMix(y) * K0) + z),
    wrap(mix16(v[1], w[1], mul) + x),
    mul,
  );
}
