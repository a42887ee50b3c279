import * as tf from "@tensorflow/tfjs";
import { input } from "./inputs.js";

/** A function whose gradient in each argument is compared with central differences. */
export interface GradientCase {
  readonly name: string;
  /** Shapes of the arguments, filled from the common sequence. */
  readonly shapes: readonly (readonly number[])[];
  /** Shifts the arguments: makes all values positive, say. */
  readonly prepare?: (x: tf.Tensor, index: number) => tf.Tensor;
  compute(...args: tf.Tensor[]): tf.Tensor;
}

/** Above 0.5, away from kinks at 0. */
const positive = (x: tf.Tensor) => tf.add(tf.abs(x), 0.5);
/** Every two values at least 0.03 apart, so that no maximum changes hands within a difference. */
const apart = (x: tf.Tensor) => {
  const values = Array.from(x.dataSync());
  const order = [...values.keys()].sort((a, b) => values[a]! - values[b]!);
  const ranks = new Map(order.map((index, rank) => [index, rank]));
  return tf.tensor(
    values.map((_, i) => 0.03 * (ranks.get(i)! - values.length / 2 + 0.5)),
    x.shape,
  );
};
/** The same, all below 0. */
const negative = (x: tf.Tensor) => tf.sub(apart(x), 4);

function each(
  name: string,
  compute: (x: tf.Tensor) => tf.Tensor,
  prepare?: GradientCase["prepare"],
): GradientCase {
  return { name, shapes: [[3, 4]], compute, ...(prepare && { prepare }) };
}

const IMAGE = [2, 5, 6, 2];
const VOLUME = [1, 4, 4, 4, 2];
const as4 = (x: tf.Tensor) => x as tf.Tensor4D;
const as5 = (x: tf.Tensor) => x as tf.Tensor5D;

export const GRADIENT_CASES: readonly GradientCase[] = [
  each("exp", (x) => tf.exp(x)),
  each("log", (x) => tf.log(x), positive),
  each("sqrt", (x) => tf.sqrt(x), positive),
  each("rsqrt", (x) => tf.rsqrt(x), positive),
  each("tanh", (x) => tf.tanh(x)),
  each("sigmoid", (x) => tf.sigmoid(x)),
  each("softplus", (x) => tf.softplus(x)),
  each("erf", (x) => tf.erf(x)),
  each("elu", (x) => tf.elu(x)),
  each("selu", (x) => tf.selu(x)),
  each("relu", (x) => tf.relu(x)),
  each("relu6", (x) => tf.relu6(x)),
  each("leakyRelu", (x) => tf.leakyRelu(x, 0.3)),
  each("square", (x) => tf.square(x)),
  each("abs", (x) => tf.abs(x)),
  each("softmax", (x) => tf.softmax(x)),
  each("logSoftmax", (x) => tf.logSoftmax(x)),
  each("logSumExp", (x) => tf.logSumExp(x, 1)),
  each("sum", (x) => tf.sum(x, 1)),
  each("mean", (x) => tf.mean(x, 0)),
  each("max", (x) => tf.max(x, 1)),
  each("min", (x) => tf.min(x, 0)),
  each("prod", (x) => tf.prod(x, 1)),
  each("cumsum", (x) => tf.cumsum(x, 1)),
  each("cumsum over the last axis", (x) => tf.cumsum(x, -1)),
  each("cumprod", (x) => tf.cumprod(x, 1)),
  each("cumprod, exclusive and reverse", (x) => tf.cumprod(x, 0, true, true)),
  each("transpose", (x) => tf.transpose(x)),
  each("reverse", (x) => tf.reverse(x, 1)),
  each("pad", (x) =>
    tf.pad(x, [
      [1, 0],
      [0, 2],
    ]),
  ),
  each("mirrorPad reflect", (x) =>
    tf.mirrorPad(
      x,
      [
        [1, 1],
        [2, 1],
      ],
      "reflect",
    ),
  ),
  each("mirrorPad symmetric", (x) =>
    tf.mirrorPad(
      x,
      [
        [1, 2],
        [2, 1],
      ],
      "symmetric",
    ),
  ),
  each("slice", (x) => tf.slice(x, [1, 0], [2, 3])),
  each("stridedSlice", (x) => tf.stridedSlice(x, [0, 0], [3, 4], [2, 2])),
  each("stridedSlice backwards", (x) => tf.stridedSlice(x, [2, 3], [0, 0], [-1, -2])),
  each("stridedSlice, one index taken", (x) => tf.stridedSlice(x, [1, 0], [2, 4], [1, 1], 0, 0, 0, 0, 1)),
  each("tile", (x) => tf.tile(x, [2, 1])),
  each("gather", (x) => tf.gather(x, tf.tensor1d([2, 0, 2], "int32"))),
  each("gather over the last axis", (x) => tf.gather(x, tf.tensor1d([2, 0, 2], "int32"), -1)),
  each("gatherND", (x) =>
    tf.gatherND(
      x,
      tf.tensor2d(
        [
          [0, 1],
          [2, 3],
          [0, 1],
        ],
        [3, 2],
        "int32",
      ),
    ),
  ),
  each("scatterND", (x) => tf.scatterND(tf.tensor2d([[4], [1], [0]], [3, 1], "int32"), x, [5, 4])),
  each("topk", (x) => tf.topk(x, 2).values),
  each("split", (x) => tf.split(x, 2, 1)[1]!),
  each("stack", (x) => tf.stack([x, x], 1)),
  each("unstack", (x) => tf.unstack(x, 1)[2]!),
  each("where", (x) => tf.where(tf.greater(x, 0), tf.square(x), tf.mul(x, 3))),
  each("clipByValue", (x) => tf.clipByValue(x, -0.12, 0.12), apart),
  each("broadcastTo", (x) => tf.broadcastTo(tf.reshape(x, [3, 1, 4]), [3, 2, 4])),
  each("depthToSpace", (x) =>
    tf.depthToSpace(tf.reshape(tf.concat([x, x, x, x], 0), [1, 2, 3, 8]) as tf.Tensor4D, 2),
  ),
  each("norm", (x) => tf.norm(x)),
  {
    name: "pow",
    shapes: [
      [3, 4],
      [3, 4],
    ],
    prepare: positive,
    compute: (a, b) => tf.pow(a!, b!),
  },
  { name: "div, broadcast", shapes: [[3, 4], [4]], prepare: positive, compute: (a, b) => tf.div(a!, b!) },
  { name: "maximum", shapes: [[3, 4], [4]], compute: (a, b) => tf.maximum(a!, b!) },
  {
    name: "squaredDifference",
    shapes: [
      [3, 4],
      [3, 1],
    ],
    compute: (a, b) => tf.squaredDifference(a!, b!),
  },
  { name: "prelu", shapes: [[3, 4], [4]], compute: (a, b) => tf.prelu(a!, b!) },
  {
    name: "matMul",
    shapes: [
      [3, 4],
      [4, 5],
    ],
    compute: (a, b) => tf.matMul(a!, b!),
  },
  {
    name: "matMul batched, transposed",
    shapes: [
      [2, 3, 4],
      [2, 5, 4],
    ],
    compute: (a, b) => tf.matMul(a!, b!, false, true),
  },
  {
    name: "einsum ij,jk->ik",
    shapes: [
      [3, 4],
      [4, 5],
    ],
    compute: (a, b) => tf.einsum("ij,jk->ik", a!, b!),
  },
  {
    name: "einsum attention scores",
    shapes: [
      [2, 3, 2, 4],
      [2, 5, 2, 4],
    ],
    compute: (a, b) => tf.einsum("bqhd,bkhd->bhqk", a!, b!),
  },
  {
    name: "einsum dense heads",
    shapes: [
      [2, 3, 4],
      [4, 2, 3],
    ],
    compute: (a, b) => tf.einsum("abc,cde->abde", a!, b!),
  },
  {
    name: "einsum with a label alone",
    shapes: [[3, 4], [4]],
    compute: (a, b) => tf.einsum("ij,k->j", a!, b!),
  },
  { name: "einsum of one", shapes: [[3, 4]], compute: (a) => tf.einsum("ij->j", a!) },
  ...[1, 2].flatMap((stride) =>
    (["same", "valid"] as const).flatMap((pad): GradientCase[] => [
      {
        name: `conv2d stride ${stride} ${pad}`,
        shapes: [IMAGE, [3, 3, 2, 3]],
        compute: (x, w) => tf.conv2d(as4(x!), as4(w!), stride, pad),
      },
      {
        name: `depthwiseConv2d stride ${stride} ${pad}`,
        shapes: [IMAGE, [3, 3, 2, 2]],
        compute: (x, w) => tf.depthwiseConv2d(as4(x!), as4(w!), stride, pad),
      },
      {
        name: `conv3d stride ${stride} ${pad}`,
        shapes: [VOLUME, [2, 2, 2, 2, 2]],
        compute: (x, w) => tf.conv3d(as5(x!), as5(w!), stride, pad),
      },
      {
        name: `conv3dTranspose stride ${stride} ${pad}`,
        shapes: [
          [1, 2, 2, 3, 2],
          [2, 2, 2, 1, 2],
        ],
        compute: (x, w) => {
          const size = (n: number) => (pad === "same" ? n * stride : (n - 1) * stride + 2);
          return tf.conv3dTranspose(as5(x!), as5(w!), [1, size(2), size(2), size(3), 1], stride, pad);
        },
      },
      {
        name: `maxPool stride ${stride} ${pad}`,
        shapes: [IMAGE],
        prepare: apart,
        compute: (x) => tf.maxPool(as4(x!), 2, stride, pad),
      },
      {
        name: `maxPool of negatives stride ${stride} ${pad}`,
        shapes: [IMAGE],
        prepare: negative,
        compute: (x) => tf.maxPool(as4(x!), 2, stride, pad),
      },
      {
        name: `avgPool stride ${stride} ${pad}`,
        shapes: [IMAGE],
        compute: (x) => tf.avgPool(as4(x!), 3, stride, pad),
      },
      {
        name: `maxPool3d stride ${stride} ${pad}`,
        shapes: [VOLUME],
        prepare: apart,
        compute: (x) => tf.maxPool3d(as5(x!), 2, stride, pad),
      },
      {
        name: `avgPool3d stride ${stride} ${pad}`,
        shapes: [VOLUME],
        compute: (x) => tf.avgPool3d(as5(x!), 3, stride, pad),
      },
      {
        name: `conv2dTranspose stride ${stride} ${pad}`,
        shapes: [
          [2, 3, 4, 2],
          [3, 3, 3, 2],
        ],
        compute: (x, w) =>
          tf.conv2dTranspose(
            as4(x!),
            as4(w!),
            pad === "same" ? [2, 3 * stride, 4 * stride, 3] : [2, 2 * stride + 3, 3 * stride + 3, 3],
            stride,
            pad,
          ),
      },
    ]),
  ),
  {
    name: "conv2d dilated same",
    shapes: [
      [1, 6, 7, 2],
      [3, 2, 2, 3],
    ],
    compute: (x, w) => tf.conv2d(as4(x!), as4(w!), 1, "same", "NHWC", 2),
  },
  {
    name: "conv2d dilated valid",
    shapes: [
      [1, 6, 7, 2],
      [3, 2, 2, 3],
    ],
    compute: (x, w) => tf.conv2d(as4(x!), as4(w!), 1, "valid", "NHWC", [1, 2]),
  },
  {
    name: "depthwiseConv2d dilated",
    shapes: [
      [1, 6, 7, 2],
      [3, 3, 2, 2],
    ],
    compute: (x, w) => tf.depthwiseConv2d(as4(x!), as4(w!), 1, "same", "NHWC", 2),
  },
  {
    name: "batchNorm",
    shapes: [[4, 3], [3], [3], [3], [3]],
    prepare: (x, i) => (i === 2 ? positive(x) : x),
    compute: (x, mean, variance, offset, scale) =>
      tf.batchNorm(
        x!,
        mean as tf.Tensor1D,
        variance as tf.Tensor1D,
        offset as tf.Tensor1D,
        scale as tf.Tensor1D,
      ),
  },
  ...(
    [
      [false, false],
      [true, false],
      [false, true],
    ] as const
  ).flatMap(([align, half]): GradientCase[] => [
    {
      name: `resizeBilinear align ${align} half ${half}`,
      shapes: [[2, 3, 4, 2]],
      compute: (x) => tf.image.resizeBilinear(as4(x!), [5, 6], align, half),
    },
    {
      name: `resizeNearestNeighbor align ${align} half ${half}`,
      shapes: [[2, 3, 4, 2]],
      compute: (x) => tf.image.resizeNearestNeighbor(as4(x!), [6, 8], align, half),
    },
  ]),
  {
    name: "resizeBilinear smaller",
    shapes: [[1, 6, 7, 1]],
    compute: (x) => tf.image.resizeBilinear(as4(x!), [3, 4], false, true),
  },
  {
    name: "dilation2d of steps and dilation apart",
    shapes: [
      [1, 5, 6, 2],
      [3, 2, 2],
    ],
    compute: (x, filter) => tf.dilation2d(as4(x!), filter as tf.Tensor3D, [1, 2], "same", [2, 1]),
  },
  {
    name: "localResponseNormalization",
    shapes: [[1, 2, 2, 4]],
    compute: (x) => tf.localResponseNormalization(as4(x!), 2),
  },
];

/** A fixed weight for each element of the result, so that the sum to be differentiated sees them all. */
export function weighted(result: tf.Tensor): tf.Tensor {
  return tf.sum(tf.mul(result, input(result.shape, "float32", 99)));
}

/** The arguments of a case. */
export function argumentsOf({ shapes, prepare }: GradientCase): tf.Tensor[] {
  return shapes.map((shape, i) => {
    const x = input(shape, "float32", i + 11);
    return prepare ? prepare(x, i) : x;
  });
}
