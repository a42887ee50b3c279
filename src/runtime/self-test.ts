import * as tf from "@tensorflow/tfjs";

interface Probe {
  readonly name: string;
  readonly compute: () => tf.Tensor;
  readonly expected: () => readonly number[];
}

/**
 * Small computations that some back end has been seen to get wrong without a word, and what each must give. A
 * back end that fails one is not offered.
 * @returns what was wrong, a sentence each; empty when all is right.
 */
export async function selfTest(): Promise<string[]> {
  const failures: string[] = [];
  for (const { name, compute, expected } of PROBES) {
    const failure = await probe(compute, expected());
    if (failure) failures.push(`${name}: ${failure}`);
  }
  return failures;
}

async function probe(compute: () => tf.Tensor, expected: readonly number[]): Promise<string | null> {
  let result: tf.Tensor | null = null;
  try {
    result = tf.tidy(compute);
    const got = Array.from((await result.data()) as ArrayLike<number>, Number);
    const at = expected.findIndex(
      (value, i) => !(Math.abs(value - (got[i] ?? NaN)) <= 1e-3 * Math.max(1, Math.abs(value))),
    );
    if (got.length !== expected.length) return `${got.length} values instead of ${expected.length}`;
    return at < 0 ? null : `value ${at} is ${got[at]} instead of ${expected[at]}`;
  } catch (error) {
    return String((error as Error).message ?? error).split("\n")[0]!;
  } finally {
    result?.dispose();
  }
}

function range(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i);
}

/** Uploaded even where small tensors stay on the host: the GPU must have its say. */
const N = 48;

const PROBES: readonly Probe[] = [
  {
    name: "matrix product 48 x 48",
    compute: () => {
      const a = tf.tensor2d(
        range(N * N).map((i) => (i % 7) - 3),
        [N, N],
      );
      return tf.matMul(a, tf.eye(N).mul(2));
    },
    expected: () => range(N * N).map((i) => 2 * ((i % 7) - 3)),
  },
  {
    name: "transpose of int32, rank 3",
    compute: () => tf.transpose(tf.tensor(range(24 * N), [2, 3, 4 * N], "int32"), [2, 0, 1]),
    expected: () => range(4 * N).flatMap((k) => range(6).map((j) => j * 4 * N + k)),
  },
  {
    name: "broadcast addition, rank 5",
    compute: () => tf.add(tf.reshape(tf.range(0, 24 * N), [2, 3, 2, 2, N]), tf.range(0, N)),
    expected: () => range(24 * N).map((i) => i + (i % N)),
  },
  {
    name: "sum of booleans over the first axis",
    compute: () =>
      tf.sum(tf.cast(tf.greater(tf.reshape(tf.range(0, 6 * N * 4), [6, N * 4]), 4 * N), "float32"), 0),
    expected: () => range(4 * N).map((i) => (i === 0 ? 4 : 5)),
  },
  {
    name: "padding, rank 5",
    compute: () =>
      tf.pad(tf.ones([1, 2, 2, 2, N]), [
        [0, 0],
        [0, 0],
        [0, 0],
        [1, 1],
        [0, 0],
      ]),
    expected: () =>
      range(4).flatMap(() => [...Array(N).fill(0), ...Array(2 * N).fill(1), ...Array(N).fill(0)] as number[]),
  },
  {
    name: "reversal of booleans",
    compute: () => tf.reverse(tf.cast(tf.equal(tf.range(0, 24 * N), 1), "bool"), 0),
    expected: () => range(24 * N).map((i) => (i === 24 * N - 2 ? 1 : 0)),
  },
  {
    name: "choice between booleans",
    compute: () => {
      const x = tf.range(0, 24 * N);
      return tf.where(tf.less(x, 10), tf.greater(x, 5), tf.less(x, 20));
    },
    expected: () => range(24 * N).map((i) => (i < 10 ? Number(i > 5) : Number(i < 20))),
  },
  {
    name: "cast to boolean",
    compute: () => tf.cast(tf.tensor1d([0.5, 256, 0, -1, 1]), "bool"),
    expected: () => [1, 1, 0, 1, 1],
  },
  {
    name: "one-hot in float32",
    compute: () => tf.oneHot(tf.tensor1d([1, 0], "int32"), 3, 1, 0, "float32").mul(0.5),
    expected: () => [0, 0.5, 0, 0.5, 0, 0],
  },
  {
    name: "einsum",
    compute: () => tf.einsum("bij,bkj->bik", tf.ones([2, 4, N]), tf.ones([2, 3, N])),
    expected: () => Array<number>(24).fill(N),
  },
];
