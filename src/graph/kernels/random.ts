import * as tf from "@tensorflow/tfjs";
import { DataType } from "../../formats/proto/tensorflow_pb.js";
import type { Kernel, KernelResult, KernelTable, OpCall } from "../kernel.js";
import { normalPair, Philox, singles, toDouble, toFloat } from "../philox.js";
import { integersOf, bigints } from "./integers.js";
import { moveElements } from "./text-shapes.js";
import type { GraphValue } from "../value.js";

/**
 * Random ops. From a seed, and from the state of a `tf.random.Generator`, they draw the numbers that TensorFlow draws
 * on CPU (Philox); without a seed they differ from run to run, as TensorFlow's do.
 */
export const random: KernelTable = {
  RandomUniform: seeded(uniform),
  RandomStandardNormal: seeded(normal),
  TruncatedNormal: seeded(truncatedNormal),
  RandomUniformInt: seeded((generator, size, call) => integersBetween(generator, size, call, 1)),
  RandomShuffle: {
    host: [],
    volatile: true,
    run: (call) => shuffle(call, seededGenerator(call, call.shapeOf(0)[0] ?? 1)),
  },
  Multinomial: {
    host: [0, 1],
    volatile: true,
    run: (call) => multinomial(call, seededGenerator(call, 2 * call.shapeOf(0)[0]! * call.number(1))),
  },
  StatelessRandomUniform: stateless(uniform),
  StatelessRandomNormal: stateless(normal),
  StatelessTruncatedNormal: stateless(truncatedNormal),
  StatelessRandomUniformInt: stateless((generator, size, call) => integersBetween(generator, size, call, 2)),
  StatelessRandomUniformFullInt: stateless(fullIntegers),
  StatelessRandomUniformV2: keyed(uniform),
  StatelessRandomNormalV2: keyed(normal),
  StatelessTruncatedNormalV2: keyed(truncatedNormal),
  StatelessRandomUniformIntV2: keyed((generator, size, call) => integersBetween(generator, size, call, 4)),
  StatelessRandomUniformFullIntV2: keyed(fullIntegers),
  StatelessMultinomial: { host: "all", run: (call) => multinomial(call, fromSeed(bigints(call, 2))) },
  StatelessShuffle: { host: [1, 2, 3], run: (call) => shuffle(call, fromKey(call, 1)) },
  StatelessRandomGetKeyCounter: { host: [0], run: keyAndCounter, outputs: ["key", "counter"] },
  StatelessRandomGetAlg: { run: () => tf.scalar(1, "int32") },
  StatelessRandomGetKeyCounterAlg: {
    host: [0],
    run: (call) => [...keyAndCounter(call), tf.scalar(1, "int32")],
    outputs: ["key", "counter", "alg"],
  },
  StatefulUniform: stateful(uniform),
  StatefulStandardNormalV2: stateful(normal),
  StatefulTruncatedNormal: stateful(truncatedNormal),
  StatefulUniformInt: stateful((generator, size, call) => integersBetween(generator, size, call, 3)),
  StatefulUniformFullInt: stateful(fullIntegers),
  RngReadAndSkip: { host: [1, 2], effect: true, run: (call) => skipState(call, bigints(call, 2)[0] ?? 0n) },
  RngSkip: {
    host: [1, 2],
    effect: true,
    run: (call) => {
      skipState(call, bigints(call, 2)[0] ?? 0n);
      return [];
    },
  },
};

/** Draws so many numbers. */
type Draw = (generator: Philox, size: number, call: OpCall) => Drawn;

interface Drawn {
  readonly floats?: Float32Array;
  readonly integers?: bigint[];
}

function drawn(call: OpCall, generator: Philox, draw: Draw, shapeInput: number): GraphValue {
  const shape = call.checkedShape(call.numbers(shapeInput));
  const size = shape.reduce((n, dim) => n * dim, 1);
  const { floats, integers } = draw(generator, size, call);
  return integers === undefined ? tf.tensor(floats!, shape, "float32") : integersOf(integers, shape);
}

/** How much of the generator one number may use up: the same for all distributions, as some reject draws. */
export const RESERVED = 256n;

const generators = new WeakMap<object, Philox>();

/** An op's own generator goes on from call to call. */
export function seededGenerator(call: OpCall, size: number): Philox {
  let generator = generators.get(call.step);
  if (generator === undefined) {
    const [seed, second] = [call.attributes.int("seed"), call.attributes.int("seed2")];
    const free = seed === 0 && second === 0;
    const words = free ? Array.from({ length: 4 }, () => Math.floor(Math.random() * 2 ** 32)) : null;
    generator = new Philox(
      [0, 0, ...(words?.slice(0, 2) ?? wordsOf(BigInt(second)))],
      words?.slice(2) ?? wordsOf(BigInt(seed)),
    );
    generators.set(call.step, generator);
  }
  const own = generator.clone();
  generator.skip(BigInt(size) * RESERVED);
  return own;
}

function seeded(draw: Draw): Kernel {
  return {
    host: "all",
    volatile: true,
    run: (call) => {
      const size = call.numbers(0).reduce((n, dim) => n * dim, 1);
      return drawn(call, seededGenerator(call, size), draw, 0);
    },
  };
}

function wordsOf(value: bigint): [number, number] {
  const bits = BigInt.asUintN(64, value);
  return [Number(bits & 0xffffffffn), Number(bits >> 32n)];
}

/** The seed is scrambled first, so that seeds that differ little give numbers that differ much. */
export function fromSeed([first = 0n, second = 0n]: readonly bigint[]): Philox {
  const scrambled = new Philox([...wordsOf(first), ...wordsOf(second)], [0x3ec8f720, 0x02461e29]).block();
  return new Philox([0, 0, scrambled[2], scrambled[3]], [scrambled[0], scrambled[1]]);
}

function stateless(draw: Draw): Kernel {
  return { host: "all", run: (call) => drawn(call, fromSeed(bigints(call, 1)), draw, 0) };
}

function keyAndCounter(call: OpCall): GraphValue[] {
  const [first = 0n, second = 0n] = bigints(call, 0);
  const mixed = new Philox([...wordsOf(first), ...wordsOf(second)], [0x3ec8f720, 0x02461e29]).block();
  const joined = (low: number, high: number): bigint => BigInt(low) | (BigInt(high) << 32n);
  return [integersOf([joined(mixed[0], mixed[1])], [1]), integersOf([0n, joined(mixed[2], mixed[3])], [2])];
}

/** Inputs: key, counter, algorithm, from `from` on. */
export function fromKey(call: OpCall, from: number): Philox {
  const algorithm = call.number(from + 2);
  if (algorithm === 2) {
    throw call.error(
      "O07",
      "it draws with the algorithm ThreeFry, which TensorFlow itself has for XLA only",
      "Save the model with alg='philox' or 'auto_select'.",
    );
  }
  const [low = 0n, high = 0n] = bigints(call, from + 1);
  return new Philox([...wordsOf(low), ...wordsOf(high)], wordsOf(bigints(call, from)[0] ?? 0n));
}

function keyed(draw: Draw): Kernel {
  return { host: "all", run: (call) => drawn(call, fromKey(call, 1), draw, 0) };
}

/** The state of a `tf.random.Generator`: a counter of 128 bits, then the key. */
function generatorOf(call: OpCall): Philox {
  const state = call.stateOf(0);
  const [low = 0n, high = 0n, key = 0n] = state;
  return new Philox([...wordsOf(low), ...wordsOf(high)], wordsOf(key));
}

/** Takes numbers out of a generator. @returns its state before */
function skipState(call: OpCall, count: bigint): GraphValue {
  const before = call.stateOf(0);
  const next = generatorOf(call).skip(BigInt.asUintN(64, count) * RESERVED).position;
  const signed = (word: bigint): bigint => BigInt.asIntN(64, word);
  call
    .variable(0)
    .assign(
      integersOf([signed(next), signed(next >> 64n), before[2] ?? 0n, ...before.slice(3)], [before.length]),
    );
  return integersOf(before, [before.length]);
}

function stateful(draw: Draw): Kernel {
  return {
    host: "all",
    effect: true,
    run: (call) => {
      const generator = generatorOf(call);
      const size = call.numbers(2).reduce((n, dim) => n * dim, 1);
      skipState(call, BigInt(size));
      return drawn(call, generator, draw, 2);
    },
  };
}

/** Groups of numbers from one block each. */
function filled(size: number, group: number, next: () => readonly number[]): Float32Array {
  const values = new Float32Array(size);
  for (let at = 0; at < size; at += group) {
    const made = next();
    for (let i = 0; i < group && at + i < size; i++) values[at + i] = made[i]!;
  }
  return values;
}

function elementType(call: OpCall): DataType | null {
  return call.attributes.type("dtype") ?? call.attributes.type("Tout");
}

function uniform(generator: Philox, size: number, call: OpCall): Drawn {
  switch (elementType(call)) {
    case DataType.DT_DOUBLE:
      return { floats: filled(size, 2, () => doubles(generator)) };
    case DataType.DT_HALF:
      return { floats: filled(size, 4, () => generator.block().map((bits) => (bits & 0x3ff) / 2 ** 10)) };
    case DataType.DT_BFLOAT16:
      return { floats: filled(size, 4, () => generator.block().map((bits) => (bits & 0x7f) / 2 ** 7)) };
    default:
      return { floats: filled(size, 4, () => generator.block().map(toFloat)) };
  }
}

function doubles(generator: Philox): [number, number] {
  const [a, b, c, d] = generator.block();
  return [toDouble(a, b), toDouble(c, d)];
}

/** Box and Muller of 64-bit floats. */
function doubleNormals(generator: Philox): [number, number] {
  const [a, b] = doubles(generator);
  const radius = Math.sqrt(-2 * Math.log(Math.max(a, 1e-7)));
  return [Math.sin(2 * Math.PI * b) * radius, Math.cos(2 * Math.PI * b) * radius];
}

function normal(generator: Philox, size: number, call: OpCall): Drawn {
  if (elementType(call) === DataType.DT_DOUBLE) {
    return { floats: filled(size, 2, () => doubleNormals(generator)) };
  }
  return {
    floats: filled(size, 4, () => {
      const [a, b, c, d] = generator.block();
      return [...normalPair(a, b), ...normalPair(c, d)];
    }),
  };
}

/** Numbers beyond two deviations are drawn again; the results of each block have their own part of the sequence. */
function truncatedNormal(generator: Philox, size: number, call: OpCall): Drawn {
  const wide = elementType(call) === DataType.DT_DOUBLE;
  const group = wide ? 2 : 4;
  const reserved = wide ? RESERVED / 2n : RESERVED;
  let part = 0n;
  return {
    floats: filled(size, group, () => {
      const own = generator.clone().skip(part++ * reserved);
      const next = singles(own);
      const pair = () => (wide ? doubleNormals(own) : normalPair(next(), next()));
      const values: number[] = [];
      while (values.length < group) for (const value of pair()) if (Math.abs(value) < 2) values.push(value);
      return values;
    }),
  };
}

/** @param first the input that holds the lower bound; the upper follows */
function integersBetween(generator: Philox, size: number, call: OpCall, first: number): Drawn {
  const low = bigints(call, first)[0]!;
  const range = bigints(call, first + 1)[0]! - low;
  if (range <= 0n) throw call.error("G11", "the lower bound is not below the upper");
  const type = call.attributes.type("Tout") ?? call.attributes.type("dtype");
  return { integers: wholeNumbers(generator, size, type).map((value) => low + (value % range)) };
}

function wholeNumbers(generator: Philox, size: number, type: DataType | null): bigint[] {
  const values: bigint[] = [];
  const wide = type === DataType.DT_INT64 || type === DataType.DT_UINT64;
  while (values.length < size) {
    const block = generator.block().map(BigInt);
    if (wide) values.push(block[0]! | (block[1]! << 32n), block[2]! | (block[3]! << 32n));
    else values.push(...block);
  }
  return values.slice(0, size);
}

function fullIntegers(generator: Philox, size: number, call: OpCall): Drawn {
  const type = call.attributes.type("dtype");
  const cut = (value: bigint): bigint => {
    if (type === DataType.DT_INT64) return BigInt.asIntN(64, value);
    return type === DataType.DT_UINT64 || type === DataType.DT_UINT32 ? value : BigInt.asIntN(32, value);
  };
  return { integers: wholeNumbers(generator, size, type).map(cut) };
}

/** Rows in another order (Fisher and Yates). */
function shuffle(call: OpCall, generator: Philox): KernelResult {
  const length = call.shapeOf(0)[0] ?? 0;
  const next = singles(generator);
  const order = Int32Array.from({ length }, (_, i) => i);
  for (let i = 0; i + 1 < length; i++) {
    const j = i + (next() % (length - i));
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return moveElements(call, (input) =>
    call.shapeOf(0).length === 0 ? tf.clone(input(0)) : tf.gather(input(0), tf.tensor1d(order, "int32")),
  );
}

/** Samples of the categories whose logits each row holds. */
function multinomial(call: OpCall, generator: Philox): tf.Tensor {
  const [rows, classes] = call.shapeOf(0) as [number, number];
  const samples = call.number(1);
  const logits = call.numbers(0);
  const next = singles(generator);
  const out = new Int32Array(call.checkedShape([rows, samples]).reduce((n, dim) => n * dim, 1));
  for (let row = 0; row < rows; row++) {
    const own = logits.slice(row * classes, (row + 1) * classes);
    const most = Math.max(...own.filter(Number.isFinite));
    let sum = 0;
    const ends = own.map((logit) => (sum += Number.isFinite(logit) ? Math.exp(logit - most) : 0));
    for (let s = 0; s < samples; s++) {
      const sought = toDouble(next(), next()) * sum;
      const found = ends.findIndex((end) => end > sought);
      out[row * samples + s] = found < 0 ? classes - 1 : found;
    }
  }
  return tf.tensor2d(out, [rows, samples], "int32");
}
