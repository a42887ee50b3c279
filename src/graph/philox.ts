/**
 * The counter-based generator that TensorFlow's random ops draw from: Salmon et al., "Parallel random numbers: as easy
 * as 1, 2, 3" (2011), Philox 4x32 with 10 rounds.
 */
export class Philox {
  private readonly counter: Uint32Array;
  private readonly key: Uint32Array;

  /**
   * @param counter 128 bits, low word first
   * @param key 64 bits, low word first
   */
  constructor(counter: ArrayLike<number>, key: ArrayLike<number>) {
    this.counter = Uint32Array.from(counter);
    this.key = Uint32Array.from(key);
  }

  /** Leaves out so many blocks of four numbers. */
  skip(blocks: bigint): this {
    const next = BigInt.asUintN(128, this.position + blocks);
    for (let i = 0; i < 4; i++) this.counter[i] = Number((next >> BigInt(32 * i)) & 0xffffffffn);
    return this;
  }

  /** The counter as one number of 128 bits. */
  get position(): bigint {
    return this.counter.reduce((sum, word, i) => sum | (BigInt(word) << BigInt(32 * i)), 0n);
  }

  clone(): Philox {
    return new Philox(this.counter, this.key);
  }

  /** The next four numbers of 32 bits. */
  block(): [number, number, number, number] {
    let [a, b, c, d] = this.counter as unknown as [number, number, number, number];
    let [k0, k1] = this.key as unknown as [number, number];
    for (let round = 0; round < 10; round++) {
      const [high0, low0] = wideProduct(0xd2511f53, a);
      const [high1, low1] = wideProduct(0xcd9e8d57, c);
      [a, b, c, d] = [(high1 ^ b ^ k0) >>> 0, low1, (high0 ^ d ^ k1) >>> 0, low0];
      k0 = (k0 + 0x9e3779b9) >>> 0;
      k1 = (k1 + 0xbb67ae85) >>> 0;
    }
    for (let i = 0; i < 4; i++) {
      const next = this.counter[i]! + 1;
      this.counter[i] = next;
      if (next <= 0xffffffff) break;
    }
    return [a, b, c, d];
  }
}

/** The high and the low half of a product of two numbers of 32 bits. */
function wideProduct(a: number, b: number): [number, number] {
  const [aHigh, aLow] = [a >>> 16, a & 0xffff];
  const [bHigh, bLow] = [b >>> 16, b & 0xffff];
  const low = aLow * bLow;
  const middle = aHigh * bLow + (low >>> 16);
  const cross = aLow * bHigh + (middle % 0x10000);
  const high = aHigh * bHigh + Math.floor(middle / 0x10000) + Math.floor(cross / 0x10000);
  return [high >>> 0, Math.imul(a, b) >>> 0];
}

/** Numbers of 32 bits one by one. */
export function singles(generator: Philox): () => number {
  let block: readonly number[] = [];
  let next = 4;
  return () => {
    if (next === 4) {
      block = generator.block();
      next = 0;
    }
    return block[next++]!;
  };
}

const FLOAT = new Float32Array(1);
const BITS = new Uint32Array(FLOAT.buffer);

/** 23 random bits as a float in [0, 1). */
export function toFloat(bits: number): number {
  BITS[0] = (bits & 0x7fffff) | 0x3f800000;
  return FLOAT[0]! - 1;
}

/** 52 random bits as a number in [0, 1). */
export function toDouble(low: number, high: number): number {
  return ((low & 0xfffff) * 2 ** 32 + high) / 2 ** 52;
}

/** Two independent normal numbers from two uniform ones (Box and Muller). */
export function normalPair(a: number, b: number): [number, number] {
  const u = Math.max(toFloat(a), Math.fround(1e-7));
  const angle = Math.fround(2 * Math.PI * toFloat(b));
  const radius = Math.fround(Math.sqrt(Math.fround(-2 * Math.fround(Math.log(u)))));
  return [Math.fround(Math.sin(angle)) * radius, Math.fround(Math.cos(angle)) * radius];
}
