import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { switchBackend } from "../../../src/runtime/switch.js";
import { nativePlace } from "../../backends/places.js";

type Numbers = readonly number[];

interface Known {
  readonly name: string;
  compute(): tf.Tensor | tf.Tensor[];
  /** Shape, type and numbers that TensorFlow 2.21 gives. */
  readonly wanted: readonly (readonly [shape: Numbers, dtype: string, values: Numbers])[];
}

const int = (values: number[], shape = [values.length]): tf.Tensor => tf.tensor(values, shape, "int32");
const parts = (z: tf.Tensor): tf.Tensor[] => [tf.real(z), tf.imag(z)];
const z = (): tf.Tensor => tf.complex(tf.tensor1d([1, 2, 3]), tf.tensor1d([4, -5, 6]));
const ONE = (): tf.Tensor => tf.complex(tf.scalar(2), tf.scalar(-1));
/** [[0, 1, …]], of one channel. */
const picture = (height: number, width: number): tf.Tensor4D =>
  tf.reshape(tf.range(0, height * width), [1, height, width, 1]);

const UNBOUNDED = (): tf.Tensor4D =>
  tf.reshape(
    tf.tensor1d([
      1,
      NaN,
      3,
      4,
      5,
      6,
      -Infinity,
      8,
      Infinity,
      2,
      -Infinity,
      -Infinity,
      1,
      1,
      -Infinity,
      -Infinity,
    ]),
    [1, 4, 4, 1],
  );

const KNOWN: readonly Known[] = [
  {
    name: "a convolution wider than its input has no numbers",
    compute: () => tf.conv2d(picture(4, 6), tf.ones([4, 2, 1, 1]), 1, "valid", "NHWC", [1, 6]),
    wanted: [[[1, 1, 0, 1], "float32", []]],
  },
  {
    name: "a pool wider than its input has no numbers",
    compute: () => tf.maxPool(picture(9, 3), [2, 4], [3, 3], "valid"),
    wanted: [[[1, 3, 0, 1], "float32", []]],
  },
  {
    name: "the place of each maximum",
    compute: () => Object.values(tf.maxPoolWithArgmax(picture(2, 4), [2, 2], [2, 2], "valid")) as tf.Tensor[],
    wanted: [
      [[1, 1, 2, 1], "float32", [5, 7]],
      [[1, 1, 2, 1], "int32", [5, 7]],
    ],
  },
  {
    name: "strides longer than the window, in three dimensions",
    compute: () =>
      tf.maxPool3d(tf.reshape(tf.range(0, 4), [1, 1, 1, 4, 1]) as tf.Tensor5D, [1, 1, 1], [1, 1, 2], "same"),
    wanted: [[[1, 1, 1, 2, 1], "float32", [0, 2]]],
  },
  {
    name: "a transposed convolution with such strides",
    compute: () =>
      tf.conv3dTranspose(
        tf.reshape(tf.tensor1d([1, 2]), [1, 1, 1, 2, 1]) as tf.Tensor5D,
        tf.ones([1, 1, 1, 1, 1]),
        [1, 1, 1, 4, 1],
        [1, 1, 2],
        "same",
      ),
    wanted: [[[1, 1, 1, 4, 1], "float32", [1, 0, 2, 0]]],
  },
  {
    name: "a fused product of a batch",
    compute: () =>
      tf.fused.matMul({
        a: tf.ones([2, 1, 2]),
        b: tf.reshape(tf.range(0, 8), [2, 2, 2]),
        bias: tf.tensor1d([-3, 10]),
        activation: "relu",
      }),
    wanted: [[[2, 1, 2], "float32", [0, 14, 7, 22]]],
  },
  {
    name: "a fused product of what is transposed",
    compute: () =>
      tf.fused.matMul({
        a: tf.tensor2d([[1, 2]]),
        b: tf.tensor2d([[1, -1]]),
        transposeA: true,
        bias: tf.tensor1d([0.5, 0.25]),
        activation: "relu",
      }),
    wanted: [[[2, 2], "float32", [1.5, 0, 2.5, 0]]],
  },
  {
    name: "one vector as a column and as a row",
    compute: () => {
      const vector = tf.tensor1d([1, 2, 3, 4]);
      return [
        tf.matMul(tf.ones([1, 4]), vector.reshape([4, 1])),
        tf.matMul(tf.ones([2, 1]), vector.reshape([1, 4])),
        tf.matMul(tf.ones([1, 2]), vector.reshape([2, 2])),
        tf.matMul(tf.ones([1, 4]), vector.reshape([4, 1])),
      ];
    },
    wanted: [
      [[1, 1], "float32", [10]],
      [[2, 4], "float32", [1, 2, 3, 4, 1, 2, 3, 4]],
      [[1, 2], "float32", [4, 6]],
      [[1, 1], "float32", [10]],
    ],
  },
  {
    name: "batches that repeat along each other",
    compute: () => tf.matMul(tf.tensor4d([1, 2], [2, 1, 1, 1]), tf.tensor4d([3, 5, 7], [1, 3, 1, 1])),
    wanted: [[[2, 3, 1, 1], "float32", [3, 5, 7, 6, 10, 14]]],
  },
  {
    name: "reductions of nothing",
    compute: () => [
      tf.max(tf.zeros([0, 2]), 0),
      tf.min(tf.zeros([0, 2], "int32"), 0, true),
      tf.mean(tf.zeros([0]), 0),
      tf.all(tf.zeros([0, 1], "bool")),
      tf.prod(tf.zeros([2, 0]), 1),
      tf.cumsum(tf.zeros([0, 2]), 1),
      tf.logSumExp(tf.zeros([0])),
    ],
    wanted: [
      [[2], "float32", [-Infinity, -Infinity]],
      [[1, 2], "int32", [2147483647, 2147483647]],
      [[], "float32", [NaN]],
      [[], "bool", [1]],
      [[2], "float32", [1, 1]],
      [[0, 2], "float32", []],
      [[], "float32", [-Infinity]],
    ],
  },
  {
    name: "slices that are empty",
    compute: () => [
      tf.stridedSlice(tf.range(0, 5), [4], [-2], [1]),
      tf.stridedSlice(picture(2, 3), [0, 0, -8, 0], [1, 1, 0, 1], [1, 1, -1, 1], 0, 0, 0, 0, 1),
    ],
    wanted: [
      [[0], "float32", []],
      [[1, 0, 1], "float32", []],
    ],
  },
  {
    name: "gathering from nothing",
    compute: () => [
      tf.gather(tf.zeros([5, 1, 0, 7]), int([0]), 1),
      tf.gather(tf.zeros([4, 0, 2]), int([0, 1, 0, 1], [4, 1]), 2, 1),
      tf.gatherND(tf.reshape(tf.range(0, 14), [1, 7, 2]), int([0, 1])),
    ],
    wanted: [
      [[5, 1, 0, 7], "float32", []],
      [[4, 0, 1], "float32", []],
      [[2], "float32", [2, 3]],
    ],
  },
  {
    name: "choosing among nothing",
    compute: () => tf.where(tf.ones([1, 9, 3], "bool"), tf.zeros([0, 1, 9, 3]), tf.zeros([0, 1, 9, 1])),
    wanted: [[[0, 1, 9, 3], "float32", []]],
  },
  {
    name: "counting what is there in a vector",
    compute: () => tf.denseBincount(int([1, 1, 3]) as tf.Tensor1D, tf.tensor1d([]), 4, true),
    wanted: [[[4], "float32", [0, 1, 0, 1]]],
  },
  {
    name: "quotients of floats",
    compute: () => tf.floorDiv(tf.tensor1d([2 ** 40, -7]), tf.tensor1d([2, 2])),
    wanted: [[[2], "float32", [2 ** 39, -4]]],
  },
  {
    name: "scalars of booleans",
    compute: () => [
      tf.cast(tf.scalar(3, "int32"), "bool"),
      tf.where(tf.scalar(true), tf.scalar(false), tf.scalar(true)),
    ],
    wanted: [
      [[], "bool", [1]],
      [[], "bool", [0]],
    ],
  },
  {
    name: "products of integers",
    compute: () => tf.matMul(int([1, 2, 3, 4], [2, 2]), int([5, 6], [2, 1])),
    wanted: [[[2, 1], "int32", [17, 39]]],
  },
  {
    name: "integers that wrap",
    compute: () => [tf.square(int([1234567891, 65537])), tf.prod(int([1234567891, 1234567891, 3]), 0)],
    wanted: [
      [[2], "int32", [-1521747479, 131073]],
      [[], "int32", [-270275141]],
    ],
  },
  {
    name: "a picture that is reflected at its edge",
    compute: () =>
      tf.image.transform(
        picture(1, 4),
        tf.tensor2d([[1, 0, 2, 0, 1, 0, 0, 0]]),
        "nearest",
        "reflect",
        0,
        [1, 4],
      ),
    wanted: [[[1, 1, 4, 1], "float32", [2, 3, 3, 2]]],
  },
  {
    name: "complex sums and products",
    compute: () =>
      [z(), tf.add(z(), ONE()), tf.sub(z(), ONE()), tf.mul(z(), z()), tf.neg(z())].flatMap(parts),
    wanted: [
      [[3], "float32", [1, 2, 3]],
      [[3], "float32", [4, -5, 6]],
      [[3], "float32", [3, 4, 5]],
      [[3], "float32", [3, -6, 5]],
      [[3], "float32", [-1, 0, 1]],
      [[3], "float32", [5, -4, 7]],
      [[3], "float32", [-15, -21, -27]],
      [[3], "float32", [8, -20, 36]],
      [[3], "float32", [-1, -2, -3]],
      [[3], "float32", [-4, 5, -6]],
    ],
  },
  {
    name: "a Fourier transform, and absolute values",
    compute: () => [...parts(tf.spectral.fft(z())), tf.abs(tf.complex(tf.tensor1d([3]), tf.tensor1d([-4])))],
    wanted: [
      [[3], "float32", [6, -11.02628, 8.02628]],
      [[3], "float32", [5, 4.36603, 2.63397]],
      [[1], "float32", [5]],
    ],
  },
  {
    name: "integers above 2^24",
    compute: () => {
      const a = int([16777217, -2147483647, 123456789, 7]);
      const b = int([987654321, 33554433, -3, -16777219]);
      const square = (x: tf.Tensor) => tf.reshape(x, [2, 2]);
      return [
        tf.abs(a),
        tf.neg(a),
        tf.mul(a, b),
        tf.mul(square(a), tf.slice(b, 0, 1)),
        tf.squaredDifference(a, b),
        tf.floorDiv(a, int([3])),
        tf.matMul(square(a), square(b)),
        tf.matMul(square(a), square(b), true, true),
        tf.cumprod(a, 0, true, true),
        tf.round(a),
        tf.pad(a, [[1, 0]], 16777217),
      ];
    },
    wanted: [
      [[4], "int32", [16777217, 2147483647, 123456789, 7]],
      [[4], "int32", [-16777217, 2147483647, -123456789, -7]],
      [[4], "int32", [-337745743, -2113929215, -370370367, -117440533]],
      [[2, 2], "int32", [-337745743, -1159829327, -67153019, -1676354345]],
      [[4], "int32", [470776064, 0, -1017155008, 335544420]],
      [[4], "int32", [5592405, -715827883, 41152263, 2]],
      [[2, 2], "int32", [1809737902, -2113929218, -67153040, 710659328]],
      [[2, 2], "int32", [490354118, -773023554, -924948296, 2030043112]],
      [[4], "int32", [-1283286125, 864197523, 7, 1]],
      [[4], "int32", [16777217, -2147483647, 123456789, 7]],
      [[5], "int32", [16777217, 16777217, -2147483647, 123456789, 7]],
    ],
  },
  {
    name: "complex numbers that are moved",
    compute: () =>
      [
        tf.reshape(z(), [3, 1]),
        tf.tile(z(), [2]),
        tf.reverse(z(), 0),
        tf.gather(z(), int([2, 0])),
        tf.concat([z(), ONE().reshape([1])], 0),
        tf.cast(tf.tensor1d([1.5]), "complex64"),
      ].flatMap(parts),
    wanted: [
      [[3, 1], "float32", [1, 2, 3]],
      [[3, 1], "float32", [4, -5, 6]],
      [[6], "float32", [1, 2, 3, 1, 2, 3]],
      [[6], "float32", [4, -5, 6, 4, -5, 6]],
      [[3], "float32", [3, 2, 1]],
      [[3], "float32", [6, -5, 4]],
      [[2], "float32", [3, 1]],
      [[2], "float32", [6, 4]],
      [[4], "float32", [1, 2, 3, 2]],
      [[4], "float32", [4, -5, 6, -1]],
      [[1], "float32", [1.5]],
      [[1], "float32", [0]],
    ],
  },
  {
    name: "one bias, and one slope, for every column of a product",
    compute: () => [
      tf.fused.matMul({
        a: tf.tensor2d([[1, 2]]),
        b: tf.tensor2d([
          [1, 0, -1],
          [0, 1, -1],
        ]),
        bias: tf.tensor1d([10]),
        activation: "relu",
      }),
      tf.fused.matMul({
        a: tf.tensor2d([[-1, -2]]),
        b: tf.tensor2d([
          [1, 0, 1],
          [0, 1, 1],
        ]),
        activation: "prelu",
        preluActivationWeights: tf.tensor1d([0.5]),
      }),
    ],
    wanted: [
      [[1, 3], "float32", [11, 12, 7]],
      [[1, 3], "float32", [-0.5, -1, -1.5]],
    ],
  },
  {
    name: "one slope for every channel of a convolution",
    compute: () =>
      tf.fused.conv2d({
        x: tf.fill([1, 1, 1, 1], -1) as tf.Tensor4D,
        filter: tf.tensor4d([1, 2, 3], [1, 1, 1, 3]),
        strides: 1,
        pad: "same",
        activation: "prelu",
        preluActivationWeights: tf.tensor1d([0.5]),
      }),
    wanted: [[[1, 1, 1, 3], "float32", [-0.5, -1, -1.5]]],
  },
  {
    name: "a dilated depthwise convolution with what follows it",
    compute: () =>
      tf.fused.depthwiseConv2d({
        x: picture(1, 4),
        filter: tf.tensor4d([1, -2], [1, 2, 1, 1]),
        strides: 1,
        pad: "valid",
        dilations: [1, 2],
        bias: tf.tensor1d([3]),
        activation: "leakyrelu",
        leakyreluAlpha: 0.5,
      }),
    wanted: [[[1, 1, 2, 1], "float32", [-0.5, -1]]],
  },
  {
    name: "integers resized to the nearest",
    compute: () => tf.image.resizeNearestNeighbor(int([1, 2], [1, 1, 2, 1]) as tf.Tensor4D, [1, 4]),
    wanted: [[[1, 1, 4, 1], "int32", [1, 1, 2, 2]]],
  },
  {
    name: "chosen boxes padded to as many as were asked for",
    compute: () =>
      Object.values(
        tf.image.nonMaxSuppressionPadded([[0, 0, 1, 1]], [0.9], 3, 0.5, 0.1, true),
      ) as tf.Tensor[],
    wanted: [
      [[3], "int32", [0, 0, 0]],
      [[], "int32", [1]],
    ],
  },
  {
    name: "scores lowered, and no box dropped for its overlap alone",
    compute: () =>
      Object.values(
        tf.image.nonMaxSuppressionWithScore(
          [
            [0, 0, 1, 1],
            [0, 0, 1, 0.9],
          ],
          [0.9, 0.8],
          2,
          0.5,
          0.01,
          0.5,
        ),
      ) as tf.Tensor[],
    wanted: [
      [[2], "int32", [0, 1]],
      [[2], "float32", [0.9, 0.35589]],
    ],
  },
  {
    name: "averages of windows with NaN and infinities",
    compute: () => tf.avgPool(UNBOUNDED(), 2, 2, "valid"),
    wanted: [[[1, 2, 2, 1], "float32", [NaN, -Infinity, Infinity, -Infinity]]],
  },
  {
    name: "maxima of windows with NaN and infinities",
    compute: () =>
      tf.maxPool(tf.slice(UNBOUNDED(), [0, 0, 0, 0], [1, 3, 3, 1]) as tf.Tensor4D, 2, 1, "valid"),
    wanted: [[[1, 2, 2, 1], "float32", [6, 6, Infinity, 6]]],
  },
  {
    name: "remainders beside infinite divisors have their sign",
    compute: () =>
      tf.mod(
        tf.tensor1d([5, -5, 5, -5, Infinity, 0, 5.5, -5.5, 5.5, 0.125, 1e-9]),
        tf.tensor1d([Infinity, Infinity, -Infinity, -Infinity, 3, Infinity, 3, 3, -3, Infinity, 3]),
      ),
    wanted: [[[11], "float32", [5, Infinity, -Infinity, -5, NaN, 0, 2.5, 0.5, -0.5, 0.125, 0]]],
  },
  {
    name: "a remainder of a column by a row with an infinity",
    compute: () => tf.mod(tf.tensor2d([[5], [-5]]), tf.tensor2d([[3, Infinity]])),
    wanted: [[[2, 2], "float32", [2, 5, 1, Infinity]]],
  },
  {
    name: "a turned picture filled with a fraction",
    compute: () => tf.image.rotateWithOffset(tf.ones([1, 2, 2, 3]), 0.7, [0.25, 0.5, 300.5], 0.5),
    wanted: [[[1, 2, 2, 3], "float32", [1, 1, 1, 0.25, 0.5, 300.5, 1, 1, 1, 1, 1, 1]]],
  },
  {
    name: "oneHot of integers above 2^24",
    compute: () => tf.oneHot(int([1, 0, 5]), 2, 16777217, -16777219, "int32"),
    wanted: [[[3, 2], "int32", [-16777219, 16777217, 16777217, -16777219, -16777219, -16777219]]],
  },
  {
    name: "truths scattered to one place are one truth",
    compute: () => tf.scatterND(int([1, 1, 2], [3, 1]), tf.tensor1d([true, true, false], "bool"), [4]),
    wanted: [[[4], "bool", [0, 1, 0, 0]]],
  },
];

describe("results that TensorFlow is known to give", function () {
  this.timeout(240_000);
  for (const backend of ["cpu", "wasm", "native"]) {
    describe(backend, () => {
      before(async function () {
        const place = backend === "native" ? nativePlace() : { env: {} };
        if ("missing" in place) {
          console.log(`      skipped: ${place.missing}`);
          this.skip();
        }
        await switchBackend(backend);
      });
      after(() => switchBackend("cpu"));

      for (const { name, compute, wanted } of KNOWN) {
        it(name, () => {
          const results = [compute()].flat();
          const got = results.map(({ shape, dtype }, i) => [shape, dtype, rounded(results[i]!)]);
          assert.deepEqual(got, wanted);
          tf.dispose(results);
        });
      }
    });
  }

  it("the largest numbers beside NaN are the same on wasm as on cpu", async () => {
    const found: number[][] = [];
    for (const backend of ["cpu", "wasm"]) {
      await switchBackend(backend);
      const { values, indices } = tf.topk(tf.tensor1d([1, NaN, 3, 2, NaN]), 4);
      found.push([...values.dataSync(), ...indices.dataSync()]);
    }
    assert.deepEqual(found[0], [NaN, NaN, 3, 2, 1, 4, 2, 3]);
    assert.deepEqual(found[1], found[0]);
  });

  it("an integer divided by 0 has no remainder: the error says so", async () => {
    await switchBackend("cpu");
    assert.throws(() => tf.mod(int([5, -5]), int([0, 3])), /mod\(\) of int32 by 0/);
  });

  for (const [from, to] of [
    ["cpu", "wasm"],
    ["wasm", "cpu"],
    ["wasm", "native"],
    ["native", "wasm"],
    ["native", "cpu"],
    ["cpu", "native"],
  ] as const) {
    it(`complex numbers go along from ${from} to ${to}`, async function () {
      const place = nativePlace();
      if ([from, to].some((one) => one === "native") && "missing" in place) {
        console.log(`      skipped: ${place.missing}`);
        this.skip();
      }
      await switchBackend(from);
      const kept = z();
      await switchBackend(to);
      assert.deepEqual(Array.from(tf.reshape(kept, [1, 3]).dataSync()), [1, 4, 2, -5, 3, 6]);
      const moved = parts(tf.add(kept, ONE()));
      assert.deepEqual(moved.map(rounded), [
        [3, 4, 5],
        [3, -6, 5],
      ]);
      assert.deepEqual(Array.from(kept.dataSync()), [1, 4, 2, -5, 3, 6]);
      await switchBackend("cpu");
    });
  }

  it("refuses what it cannot compute of complex numbers", async () => {
    await switchBackend("wasm");
    assert.throws(() => tf.square(z()), /Square of complex numbers is not computed on wasm/);
    await switchBackend("cpu");
  });
});

/** -0 is 0 here. */
function rounded(x: tf.Tensor): number[] {
  return Array.from(x.dataSync() as Float32Array, (value) => Math.round(value * 1e5) / 1e5 + 0);
}
