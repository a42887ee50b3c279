import * as tf from "@tensorflow/tfjs";
import type { Kernel, KernelTable, OpCall } from "../kernel.js";
import { intVector } from "./array.js";

/**
 * Random ops. Shapes, types and distributions are TensorFlow's; the numbers come from tfjs's generators, so a graph
 * that draws at serving gives other draws than TensorFlow, as it does from run to run.
 */
export const random: KernelTable = {
  RandomUniform: drawn((shape, seed) => tf.randomUniform(shape, 0, 1, "float32", seed)),
  RandomStandardNormal: drawn((shape, seed) => tf.randomNormal(shape, 0, 1, "float32", seed)),
  TruncatedNormal: drawn((shape, seed) => tf.truncatedNormal(shape, 0, 1, "float32", seed)),
  RandomUniformInt: drawn((shape, seed, call) =>
    tf.randomUniform(shape, call.number(1), call.number(2), "int32", seed),
  ),
  RandomShuffle: { run: shuffle, volatile: true },
  Multinomial: {
    host: [1],
    run: (call) => tf.multinomial(call.tensor(0) as tf.Tensor2D, call.number(1)),
    volatile: true,
  },
  StatelessRandomUniform: drawn((shape) => tf.randomUniform(shape)),
  StatelessRandomUniformV2: drawn((shape) => tf.randomUniform(shape)),
  StatelessRandomNormal: drawn((shape) => tf.randomNormal(shape)),
  StatelessRandomNormalV2: drawn((shape) => tf.randomNormal(shape)),
  StatelessTruncatedNormal: drawn((shape) => tf.truncatedNormal(shape)),
  StatelessTruncatedNormalV2: drawn((shape) => tf.truncatedNormal(shape)),
  StatelessRandomUniformInt: drawn((shape, _, call) =>
    tf.randomUniform(shape, call.number(2), call.number(3), "int32"),
  ),
  StatelessRandomUniformIntV2: drawn((shape, _, call) =>
    tf.randomUniform(shape, call.number(4), call.number(5), "int32"),
  ),
  StatelessRandomUniformFullInt: drawn(fullIntegers),
  StatelessRandomUniformFullIntV2: drawn(fullIntegers),
  StatelessMultinomial: {
    host: [1],
    run: (call) => tf.multinomial(call.tensor(0) as tf.Tensor2D, call.number(1)),
    volatile: true,
  },
  StatelessRandomGetKeyCounter: {
    run: () => [intVector([0]), intVector([0, 0])],
    outputs: ["key", "counter"],
  },
  StatelessRandomGetAlg: { run: () => tf.scalar(1, "int32") },
  StatelessRandomGetKeyCounterAlg: {
    run: () => [intVector([0]), intVector([0, 0]), tf.scalar(1, "int32")],
    outputs: ["key", "counter", "alg"],
  },
  StatefulUniform: drawn((shape) => tf.randomUniform(shape), 2),
  StatefulStandardNormalV2: drawn((shape) => tf.randomNormal(shape), 2),
  StatefulTruncatedNormal: drawn((shape) => tf.truncatedNormal(shape), 2),
  StatefulUniformInt: drawn(
    (shape, _, call) => tf.randomUniform(shape, call.number(3), call.number(4), "int32"),
    2,
  ),
  StatefulUniformFullInt: drawn(fullIntegers, 2),
  RngReadAndSkip: { run: () => intVector([0, 0, 0]), volatile: true },
  RngSkip: { run: () => [], volatile: true },
};

function drawn(
  draw: (shape: number[], seed: number | undefined, call: OpCall) => tf.Tensor,
  shapeInput = 0,
): Kernel {
  return {
    host: "all",
    volatile: true,
    run: (call) => {
      const seed = call.attributes.int("seed2") || call.attributes.int("seed");
      // A fixed seed draws the same sequence for each run of the process, not the same numbers in each call.
      return draw(
        call.checkedShape(call.numbers(shapeInput)),
        seed === 0 ? undefined : nextSeed(call, seed),
        call,
      );
    },
  };
}

const draws = new WeakMap<object, number>();

function nextSeed(call: OpCall, seed: number): number {
  const count = draws.get(call.step) ?? 0;
  draws.set(call.step, count + 1);
  return seed + count * 7919;
}

function fullIntegers(shape: number[]): tf.Tensor {
  return tf.randomUniform(shape, -(2 ** 31), 2 ** 31 - 1, "int32");
}

function shuffle(call: OpCall): tf.Tensor {
  const x = call.tensor(0);
  const order = tf.util.createShuffledIndices(x.shape[0] ?? 1);
  return tf.gather(x, tf.tensor1d(Int32Array.from(order), "int32"));
}
