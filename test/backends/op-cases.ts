import * as tf from "@tensorflow/tfjs";
import type { Case } from "./case.js";
import { described, input, type Numeric, SHAPES } from "./inputs.js";

type Tensors = ReturnType<Case["compute"]>;

/** Operations by rank and type: the forms in which layers and graphs call them. */
export function opCases(): Case[] {
  return [...ranked(), ...casts(), ...special()];
}

interface Form {
  readonly name: string;
  readonly group: string;
  readonly dtypes: readonly Numeric[];
  readonly ranks?: readonly [number, number];
  run(x: tf.Tensor, shape: readonly number[]): Tensors;
}

const ALL: readonly Numeric[] = ["float32", "int32", "bool"];
const NUMBERS: readonly Numeric[] = ["float32", "int32"];
const FLOATS: readonly Numeric[] = ["float32"];

function ranked(): Case[] {
  const forms = [...UNARY, ...BINARY, ...REDUCTIONS, ...MOVES];
  return forms.flatMap((form) =>
    SHAPES.filter(
      (shape) => shape.length >= (form.ranks?.[0] ?? 1) && shape.length <= (form.ranks?.[1] ?? 6),
    ).flatMap((shape) =>
      form.dtypes.map((dtype) => ({
        name: `${form.name} of ${described(shape, dtype)}`,
        group: form.group,
        compute: () => form.run(input(shape, dtype), shape),
      })),
    ),
  );
}

function unary(name: string, dtypes: readonly Numeric[], run: (x: tf.Tensor) => tf.Tensor): Form {
  return { name, group: "elementwise", dtypes, run };
}

const UNARY: readonly Form[] = [
  unary("abs", NUMBERS, (x) => tf.abs(x)),
  unary("neg", NUMBERS, (x) => tf.neg(x)),
  unary("square", NUMBERS, (x) => tf.square(x)),
  unary("sign", NUMBERS, (x) => tf.sign(x)),
  unary("sqrt", FLOATS, (x) => tf.sqrt(tf.abs(x))),
  unary("rsqrt", FLOATS, (x) => tf.rsqrt(tf.abs(x))),
  unary("exp", FLOATS, (x) => tf.exp(x)),
  unary("expm1", FLOATS, (x) => tf.expm1(x)),
  unary("log", FLOATS, (x) => tf.log(tf.abs(x))),
  unary("log1p", FLOATS, (x) => tf.log1p(tf.abs(x))),
  unary("sin", FLOATS, (x) => tf.sin(x)),
  unary("cos", FLOATS, (x) => tf.cos(x)),
  unary("tan", FLOATS, (x) => tf.tan(tf.mul(x, 0.5))),
  unary("asin", FLOATS, (x) => tf.asin(tf.mul(x, 0.4))),
  unary("atan", FLOATS, (x) => tf.atan(x)),
  unary("sinh", FLOATS, (x) => tf.sinh(x)),
  unary("tanh", FLOATS, (x) => tf.tanh(x)),
  unary("asinh", FLOATS, (x) => tf.asinh(x)),
  unary("acosh", FLOATS, (x) => tf.acosh(tf.add(tf.abs(x), 1.1))),
  unary("atanh", FLOATS, (x) => tf.atanh(tf.mul(x, 0.4))),
  unary("sigmoid", FLOATS, (x) => tf.sigmoid(x)),
  unary("relu", NUMBERS, (x) => tf.relu(x)),
  unary("relu6", FLOATS, (x) => tf.relu6(tf.mul(x, 5))),
  unary("elu", FLOATS, (x) => tf.elu(x)),
  unary("selu", FLOATS, (x) => tf.selu(x)),
  unary("softplus", FLOATS, (x) => tf.softplus(x)),
  unary("erf", FLOATS, (x) => tf.erf(x)),
  unary("floor", FLOATS, (x) => tf.floor(tf.mul(x, 3))),
  unary("ceil", FLOATS, (x) => tf.ceil(tf.mul(x, 3))),
  unary("round", FLOATS, (x) => tf.round(tf.mul(x, 3))),
  unary("reciprocal", FLOATS, (x) => tf.reciprocal(tf.add(tf.abs(x), 0.5))),
  unary("step", FLOATS, (x) => tf.step(x)),
  unary("leakyRelu", FLOATS, (x) => tf.leakyRelu(x, 0.3)),
  unary("clipByValue", NUMBERS, (x) => tf.clipByValue(x, -1, 1)),
  unary("softmax", FLOATS, (x) => tf.softmax(x)),
  unary("logSoftmax", FLOATS, (x) => tf.logSoftmax(x)),
  unary("isNaN", FLOATS, (x) => tf.isNaN(x)),
  unary("logicalNot", ["bool"], (x) => tf.logicalNot(x)),
  unary("zerosLike", ALL, (x) => tf.zerosLike(x)),
  unary("onesLike", ALL, (x) => tf.onesLike(x)),
];

type Operands = (x: tf.Tensor, shape: readonly number[]) => tf.Tensor;

/** Second operands: same shape, last axis alone, and every other axis of length 1. */
const OTHERS: readonly (readonly [string, Operands])[] = [
  ["same shape", (x, shape) => input(shape, x.dtype as Numeric, 2)],
  ["last axis", (x, shape) => input(shape.slice(-1), x.dtype as Numeric, 3)],
  [
    "alternate axes",
    (x, shape) =>
      input(
        shape.map((n, i) => (i % 2 ? n : 1)),
        x.dtype as Numeric,
        4,
      ),
  ],
  ["scalar", (x) => input([], x.dtype as Numeric, 5)],
];

function binary(
  name: string,
  dtypes: readonly Numeric[],
  run: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor,
): readonly Form[] {
  return OTHERS.map(([form, other]) => ({
    name: `${name}, ${form},`,
    group: "elementwise",
    dtypes,
    run: (x, shape) => run(x, other(x, shape)),
  }));
}

const BINARY: readonly Form[] = [
  ...binary("add", NUMBERS, (a, b) => tf.add(a, b)),
  ...binary("sub", NUMBERS, (a, b) => tf.sub(a, b)),
  ...binary("mul", NUMBERS, (a, b) => tf.mul(a, b)),
  ...binary("div", FLOATS, (a, b) => tf.div(a, b)),
  ...binary("divNoNan", FLOATS, (a, b) => tf.divNoNan(a, b)),
  ...binary("maximum", NUMBERS, (a, b) => tf.maximum(a, b)),
  ...binary("minimum", NUMBERS, (a, b) => tf.minimum(a, b)),
  ...binary("squaredDifference", NUMBERS, (a, b) => tf.squaredDifference(a, b)),
  ...binary("pow", FLOATS, (a, b) => tf.pow(tf.abs(a), b)),
  ...binary("int pow", ["int32"], (a, b) => tf.pow(a, tf.abs(b))),
  ...binary("mod", FLOATS, (a, b) => tf.mod(a, tf.add(tf.abs(b), 0.5))),
  ...binary("floorDiv", ["int32"], (a, b) => tf.floorDiv(a, tf.add(tf.abs(b), tf.scalar(1, "int32")))),
  ...binary("atan2", FLOATS, (a, b) => tf.atan2(a, b)),
  ...binary("prelu", FLOATS, (a, b) => tf.prelu(a, b)),
  ...binary("equal", ALL, (a, b) => tf.equal(a, b)),
  ...binary("notEqual", ALL, (a, b) => tf.notEqual(a, b)),
  ...binary("less", NUMBERS, (a, b) => tf.less(a, b)),
  ...binary("lessEqual", NUMBERS, (a, b) => tf.lessEqual(a, b)),
  ...binary("greater", NUMBERS, (a, b) => tf.greater(a, b)),
  ...binary("greaterEqual", NUMBERS, (a, b) => tf.greaterEqual(a, b)),
  ...binary("logicalAnd", ["bool"], (a, b) => tf.logicalAnd(a, b)),
  ...binary("logicalOr", ["bool"], (a, b) => tf.logicalOr(a, b)),
  ...binary("logicalXor", ["bool"], (a, b) => tf.logicalXor(a, b)),
];

function reduction(
  name: string,
  dtypes: readonly Numeric[],
  run: (x: tf.Tensor, axis: number | undefined) => tf.Tensor,
  axes: readonly (number | undefined)[] = [0, -1, undefined],
): readonly Form[] {
  return axes.map((axis) => ({
    name: `${name} ${axis === undefined ? "over all" : `over axis ${axis}`}`,
    group: "reduction",
    dtypes,
    run: (x) => run(x, axis),
  }));
}

const REDUCTIONS: readonly Form[] = [
  ...reduction("sum", NUMBERS, (x, axis) => tf.sum(x, axis)),
  ...reduction("sum of a bool cast", ["bool"], (x, axis) => tf.sum(tf.cast(x, "float32"), axis)),
  ...reduction("sum, kept,", FLOATS, (x, axis) => tf.sum(x, axis, true)),
  ...reduction("mean", FLOATS, (x, axis) => tf.mean(x, axis)),
  ...reduction("max", NUMBERS, (x, axis) => tf.max(x, axis)),
  ...reduction("min", NUMBERS, (x, axis) => tf.min(x, axis)),
  ...reduction("prod", FLOATS, (x, axis) => tf.prod(x, axis)),
  ...reduction("any", ["bool"], (x, axis) => tf.any(x, axis)),
  ...reduction("all", ["bool"], (x, axis) => tf.all(x, axis)),
  ...reduction("argMax", NUMBERS, (x, axis) => tf.argMax(x, axis), [0, -1]),
  ...reduction("argMin", NUMBERS, (x, axis) => tf.argMin(x, axis), [0, -1]),
  ...reduction("logSumExp", FLOATS, (x, axis) => tf.logSumExp(x, axis)),
  ...reduction("cumsum", NUMBERS, (x, axis) => tf.cumsum(x, axis), [0, -1]),
  ...reduction(
    "cumsum, exclusive and reverse,",
    FLOATS,
    (x, axis) => tf.cumsum(x, axis, true, true),
    [0, -1],
  ),
  ...reduction("cumprod", FLOATS, (x, axis) => tf.cumprod(x, axis), [0, -1]),
];

function move(name: string, run: Form["run"], ranks?: readonly [number, number], dtypes = ALL): Form {
  return { name, group: "movement", dtypes, run, ...(ranks && { ranks }) };
}

const MOVES: readonly Form[] = [
  move("transpose, reversed,", (x) => tf.transpose(x)),
  move(
    "transpose, rotated,",
    (x, shape) =>
      tf.transpose(
        x,
        [...shape.keys()].map((i) => (i + 1) % shape.length),
      ),
    [2, 6],
  ),
  move(
    "transpose, last two,",
    (x, shape) => {
      const axes = [...shape.keys()];
      return tf.transpose(x, [...axes.slice(0, -2), axes.at(-1)!, axes.at(-2)!]);
    },
    [2, 6],
  ),
  move("reverse axis 0", (x) => tf.reverse(x, 0)),
  move("reverse last axis", (x) => tf.reverse(x, -1)),
  move("reverse all", (x) => tf.reverse(x)),
  move(
    "pad",
    (x, shape) =>
      tf.pad(
        x,
        shape.map((_, i) => [i % 2, 1] as [number, number]),
      ),
    undefined,
    NUMBERS,
  ),
  move(
    "mirrorPad reflect",
    (x, shape) =>
      tf.mirrorPad(
        x,
        shape.map(() => [1, 1] as [number, number]),
        "reflect",
      ),
    undefined,
    FLOATS,
  ),
  move(
    "mirrorPad symmetric",
    (x, shape) =>
      tf.mirrorPad(
        x,
        shape.map(() => [1, 1] as [number, number]),
        "symmetric",
      ),
    undefined,
    FLOATS,
  ),
  move("slice", (x, shape) =>
    tf.slice(
      x,
      shape.map((n) => (n > 2 ? 1 : 0)),
      shape.map((n) => (n > 2 ? n - 2 : n)),
    ),
  ),
  move("stridedSlice", (x, shape) =>
    tf.stridedSlice(
      x,
      shape.map(() => 0),
      [...shape],
      shape.map(() => 2),
    ),
  ),
  move("stridedSlice backwards", (x, shape) =>
    tf.stridedSlice(
      x,
      shape.map((n) => n - 1),
      shape.map(() => 0),
      shape.map(() => -1),
    ),
  ),
  move("concat axis 0", (x, shape) => tf.concat([x, input(shape, x.dtype as Numeric, 2)], 0)),
  move("concat last axis", (x, shape) => tf.concat([x, input(shape, x.dtype as Numeric, 2)], -1)),
  move("stack", (x, shape) => tf.stack([x, input(shape, x.dtype as Numeric, 2)], 1), [1, 5]),
  move("unstack", (x) => tf.unstack(x), [2, 6]),
  move("split", (x, shape) => tf.split(x, [1, shape.at(-1)! - 1], -1)),
  move("tile", (x, shape) =>
    tf.tile(
      x,
      shape.map((_, i) => 1 + (i % 2)),
    ),
  ),
  move("gather axis 0", (x) => tf.gather(x, tf.tensor1d([1, 0, 1], "int32"), 0)),
  move("gather last axis", (x) => tf.gather(x, tf.tensor1d([1, 0, 1], "int32"), -1)),
  move("expandDims", (x) => tf.expandDims(x, 1), [1, 5]),
  move("reshape", (x) => tf.reshape(x, [-1])),
  move(
    "broadcastTo",
    (x, shape) =>
      tf.broadcastTo(
        input(
          shape.map((n, i) => (i % 2 ? n : 1)),
          x.dtype as Numeric,
        ),
        [...shape],
      ),
    undefined,
    NUMBERS,
  ),
  move("where", (x, shape) =>
    tf.where(input(shape, "bool", 7) as tf.Tensor, x, input(shape, x.dtype as Numeric, 8)),
  ),
  move("clone", (x) => tf.clone(x)),
  move("spaceToBatchND", (x) => tf.spaceToBatchND(x, [2], [[1, 0]]), [2, 5]),
  move("batchToSpaceND", (x) => tf.batchToSpaceND(x, [2], [[0, 1]]), [2, 5]),
  move(
    "topk",
    (x) => {
      const { values } = tf.topk(x, 2);
      return values;
    },
    undefined,
    FLOATS,
  ),
  move("whereAsync", (x) => tf.whereAsync(x), [1, 4], ["bool"]),
];

function casts(): Case[] {
  return SHAPES.flatMap((shape) =>
    ALL.flatMap((from) =>
      ALL.map((to) => ({
        name: `cast ${from} to ${to} of [${shape.join(",")}]`,
        group: "cast",
        compute: () => tf.cast(input(shape, from), to),
      })),
    ),
  );
}

function one(group: string, name: string, compute: Case["compute"]): Case {
  return { group, name, compute };
}

function special(): Case[] {
  const image = () => input([2, 7, 8, 3]) as tf.Tensor4D;
  const volume = () => input([2, 4, 5, 6, 2]) as tf.Tensor5D;
  const strides = [1, 2] as const;
  const pads = ["same", "valid"] as const;
  return [
    ...([false, true] as const).flatMap((a) =>
      ([false, true] as const).map((b) =>
        one("matrix", `matMul transposed ${a} ${b}`, () =>
          tf.matMul(input(a ? [5, 4] : [4, 5]), input(b ? [6, 5] : [5, 6], "float32", 2), a, b),
        ),
      ),
    ),
    one("matrix", "matMul batched", () => tf.matMul(input([3, 4, 5]), input([3, 5, 6], "float32", 2))),
    one("matrix", "matMul broadcast", () => tf.matMul(input([1, 4, 5]), input([3, 5, 6], "float32", 2))),
    one("matrix", "matMul rank 4", () =>
      tf.matMul(input([2, 3, 4, 5]), input([2, 3, 6, 5], "float32", 2), false, true),
    ),
    one("matrix", "matMul 96", () => tf.matMul(input([96, 96]), input([96, 96], "float32", 2))),
    one("matrix", "matrix times vector", () => tf.dot(input([4, 5]), input([5], "float32", 2))),
    one("matrix", "fused matMul, bias, relu", () =>
      tf.fused.matMul({
        a: input([4, 5]) as tf.Tensor2D,
        b: input([5, 6], "float32", 2) as tf.Tensor2D,
        bias: input([6], "float32", 3),
        activation: "relu",
      }),
    ),
    one("matrix", "outerProduct", () =>
      tf.outerProduct(input([4]) as tf.Tensor1D, input([5]) as tf.Tensor1D),
    ),
    ...["ij,jk->ik", "ij,kj->ki", "ij->ji", "ij->j", "ij,ij->", "ij,j->i"].map((equation) =>
      one("einsum", equation, () =>
        tf.einsum(
          equation,
          ...equation
            .split("->")[0]!
            .split(",")
            .map((term, i) =>
              input(
                [...term].map((label) => 2 + "ijk".indexOf(label)),
                "float32",
                i + 1,
              ),
            ),
        ),
      ),
    ),
    ...[
      "bqhd,bkhd->bhqk",
      "bhqk,bkhd->bqhd",
      "abc,cde->abde",
      "abc,cd->abd",
      "bqd,bkd->bqk",
      "abcd,cde->abe",
      "abc,abd->bcd",
    ].map((equation) =>
      one("einsum", equation, () =>
        tf.einsum(
          equation,
          ...equation
            .split("->")[0]!
            .split(",")
            .map((term, i) =>
              input(
                [...term].map((label) => 2 + ("abcdehkq".indexOf(label) % 4)),
                "float32",
                i + 1,
              ),
            ),
        ),
      ),
    ),
    ...strides.flatMap((stride) =>
      pads.flatMap((pad) => [
        one("convolution", `conv2d stride ${stride} ${pad}`, () =>
          tf.conv2d(image(), input([3, 3, 3, 4], "float32", 2) as tf.Tensor4D, stride, pad),
        ),
        one("convolution", `depthwiseConv2d stride ${stride} ${pad}`, () =>
          tf.depthwiseConv2d(image(), input([3, 3, 3, 2], "float32", 2) as tf.Tensor4D, stride, pad),
        ),
        one("convolution", `conv3d stride ${stride} ${pad}`, () =>
          tf.conv3d(volume(), input([2, 3, 2, 2, 3], "float32", 2) as tf.Tensor5D, stride, pad),
        ),
        one("convolution", `conv1d stride ${stride} ${pad}`, () =>
          tf.conv1d(
            input([2, 9, 3]) as tf.Tensor3D,
            input([3, 3, 4], "float32", 2) as tf.Tensor3D,
            stride,
            pad,
          ),
        ),
        one("convolution", `conv2dTranspose stride ${stride} ${pad}`, () => {
          const size = (n: number) => (pad === "same" ? n * stride : (n - 1) * stride + 3);
          return tf.conv2dTranspose(
            image(),
            input([3, 3, 4, 3], "float32", 2) as tf.Tensor4D,
            [2, size(7), size(8), 4],
            stride,
            pad,
          );
        }),
        one("convolution", `conv3dTranspose stride ${stride} ${pad}`, () => {
          const size = (n: number) => (pad === "same" ? n * stride : (n - 1) * stride + 2);
          return tf.conv3dTranspose(
            volume(),
            input([2, 2, 2, 3, 2], "float32", 2) as tf.Tensor5D,
            [2, size(4), size(5), size(6), 3],
            stride,
            pad,
          );
        }),
        one("pooling", `maxPool stride ${stride} ${pad}`, () => tf.maxPool(image(), 3, stride, pad)),
        one("pooling", `avgPool stride ${stride} ${pad}`, () => tf.avgPool(image(), 3, stride, pad)),
        one("pooling", `maxPool3d stride ${stride} ${pad}`, () => tf.maxPool3d(volume(), 2, stride, pad)),
        one("pooling", `avgPool3d stride ${stride} ${pad}`, () => tf.avgPool3d(volume(), 2, stride, pad)),
        one("convolution", `separableConv2d stride ${stride} ${pad}`, () =>
          tf.separableConv2d(
            image(),
            input([3, 3, 3, 2], "float32", 2) as tf.Tensor4D,
            input([1, 1, 6, 4], "float32", 3) as tf.Tensor4D,
            stride,
            pad,
          ),
        ),
      ]),
    ),
    one("convolution", "conv2d dilated", () =>
      tf.conv2d(image(), input([3, 3, 3, 4], "float32", 2) as tf.Tensor4D, 1, "same", "NHWC", 2),
    ),
    one("convolution", "depthwiseConv2d dilated", () =>
      tf.depthwiseConv2d(image(), input([3, 3, 3, 2], "float32", 2) as tf.Tensor4D, 1, "same", "NHWC", 2),
    ),
    one("convolution", "conv2d 1x1", () =>
      tf.conv2d(image(), input([1, 1, 3, 4], "float32", 2) as tf.Tensor4D, 1, "same"),
    ),
    one("convolution", "conv3d and bias", () =>
      tf.add(
        tf.conv3d(volume(), input([2, 3, 2, 2, 3], "float32", 2) as tf.Tensor5D, 1, "same"),
        input([3], "float32", 3),
      ),
    ),
    ...(["relu", "relu6", "elu", "sigmoid", "leakyrelu"] as const).map((activation) =>
      one("convolution", `fused conv2d, bias, ${activation}`, () =>
        tf.fused.conv2d({
          x: image(),
          filter: input([3, 3, 3, 4], "float32", 2) as tf.Tensor4D,
          strides: 1,
          pad: "same",
          bias: input([4], "float32", 3),
          activation,
        }),
      ),
    ),
    one("convolution", "fused depthwise, bias, relu", () =>
      tf.fused.depthwiseConv2d({
        x: image(),
        filter: input([3, 3, 3, 1], "float32", 2) as tf.Tensor4D,
        strides: 1,
        pad: "same",
        bias: input([3], "float32", 3),
        activation: "relu",
      }),
    ),
    one("normalization", "batchNorm", () =>
      tf.batchNorm(
        image(),
        input([3]) as tf.Tensor1D,
        tf.abs(input([3], "float32", 2)) as tf.Tensor1D,
        input([3], "float32", 3) as tf.Tensor1D,
        input([3], "float32", 4) as tf.Tensor1D,
        0.01,
      ),
    ),
    one("normalization", "localResponseNormalization", () => tf.localResponseNormalization(image(), 2)),
    ...(
      [
        [false, false],
        [true, false],
        [false, true],
      ] as const
    ).flatMap(([align, half]) => [
      one("image", `resizeBilinear align ${align} half ${half}`, () =>
        tf.image.resizeBilinear(image(), [5, 13], align, half),
      ),
      one("image", `resizeNearestNeighbor align ${align} half ${half}`, () =>
        tf.image.resizeNearestNeighbor(image(), [5, 13], align, half),
      ),
    ]),
    one("image", "cropAndResize", () =>
      tf.image.cropAndResize(image(), tf.tensor2d([[0.1, 0.1, 0.8, 0.9]]), tf.tensor1d([1], "int32"), [4, 4]),
    ),
    one("image", "flipLeftRight", () => tf.image.flipLeftRight(image())),
    one("image", "rotateWithOffset", () => tf.image.rotateWithOffset(image(), 0.5)),
    one("image", "transform", () =>
      tf.image.transform(image(), tf.tensor2d([[1, 0.1, 0.62, 0.2, 1, 0.31, 0, 0]])),
    ),
    one("image", "depthToSpace", () => tf.depthToSpace(input([1, 2, 3, 8]) as tf.Tensor4D, 2)),
    one("image", "dilation2d", () =>
      tf.dilation2d(image(), input([2, 2, 3], "float32", 2) as tf.Tensor3D, 1, "same"),
    ),
    one("image", "nonMaxSuppression", () =>
      tf.image.nonMaxSuppressionAsync(
        tf.tensor2d([
          [0, 0, 1, 1],
          [0, 0, 1, 0.9],
          [0.5, 0.5, 2, 2],
        ]),
        tf.tensor1d([0.9, 0.8, 0.7]),
        3,
        0.5,
      ),
    ),
    one("indexing", "oneHot int32", () => tf.oneHot(tf.tensor1d([1, 0, 3], "int32"), 4)),
    one("indexing", "oneHot float32", () =>
      tf.mul(tf.oneHot(tf.tensor1d([1, 0, 3], "int32"), 4, 1, 0, "float32"), 0.5),
    ),
    one("indexing", "oneHot with what no integer holds", () =>
      tf.oneHot(tf.tensor1d([1, 0, 3], "int32"), 4, 0, -1e30, "float32"),
    ),
    one("indexing", "oneHot with fractions", () =>
      tf.oneHot(tf.tensor1d([1, 0, 3], "int32"), 4, 0.5, -0.5, "float32"),
    ),
    one("indexing", "oneHot bool", () => tf.oneHot(tf.tensor1d([1, 0, 3], "int32"), 4, 1, 0, "bool")),
    one("indexing", "gatherND", () =>
      tf.gatherND(
        input([3, 4, 5]),
        tf.tensor2d(
          [
            [0, 1],
            [2, 3],
          ],
          [2, 2],
          "int32",
        ),
      ),
    ),
    one("indexing", "scatterND", () =>
      tf.scatterND(tf.tensor2d([[1], [3]], [2, 1], "int32"), input([2, 4]), [5, 4]),
    ),
    one("indexing", "tensorScatterUpdate", () =>
      tf.tensorScatterUpdate(
        input([5, 4]),
        tf.tensor2d([[1], [3]], [2, 1], "int32"),
        input([2, 4], "float32", 2),
      ),
    ),
    one("indexing", "unsortedSegmentSum", () =>
      tf.unsortedSegmentSum(input([4, 3]), tf.tensor1d([0, 2, 0, 1], "int32"), 3),
    ),
    one("indexing", "bincount", () => tf.bincount(tf.tensor1d([1, 1, 3], "int32"), tf.tensor1d([]), 5)),
    one("indexing", "denseBincount", () =>
      tf.denseBincount(
        tf.tensor2d(
          [
            [1, 1, 3],
            [0, 2, 2],
          ],
          [2, 3],
          "int32",
        ),
        tf.tensor2d([], [0, 0]),
        5,
      ),
    ),
    one("indexing", "denseBincount binary", () =>
      tf.denseBincount(
        tf.tensor2d(
          [
            [1, 1, 3],
            [0, 2, 2],
          ],
          [2, 3],
          "int32",
        ),
        tf.tensor2d([], [0, 0]),
        5,
        true,
      ),
    ),
    one("indexing", "unique", () => Object.values(tf.unique(tf.tensor1d([3, 1, 3, 2], "int32")))),
    one("indexing", "searchSorted", () => tf.searchSorted(tf.tensor1d([1, 3, 5]), tf.tensor1d([0, 3, 4, 9]))),
    one("indexing", "gather, batch dims", () =>
      tf.gather(
        input([2, 5, 3]),
        tf.tensor2d(
          [
            [1, 0],
            [4, 2],
          ],
          [2, 2],
          "int32",
        ),
        1,
        1,
      ),
    ),
    one("indexing", "topk indices", () => tf.topk(input([4, 9]), 3).indices),
    one("indexing", "bandPart", () => tf.linalg.bandPart(input([5, 5]), 1, 2)),
    one("edge", "clipByValue of NaN", () => tf.clipByValue(tf.tensor1d([NaN, -3, 3, 0.5]), -1, 1)),
    one("edge", "maximum with NaN", () => tf.maximum(tf.tensor1d([NaN, 1, 2]), tf.tensor1d([0, NaN, 1]))),
    one("edge", "relu of NaN", () => tf.relu(tf.tensor1d([NaN, -1, 2]))),
    one("edge", "relu6 of NaN", () => tf.relu6(tf.tensor1d([NaN, -1, 8]))),
    one("edge", "isNaN, isInf, isFinite", () =>
      [tf.isNaN, tf.isInf, tf.isFinite].map((f) => f(tf.tensor1d([NaN, Infinity, -Infinity, 0]))),
    ),
    one("edge", "cast of odd numbers to bool", () => tf.cast(tf.tensor1d([0.5, 256, 0, -1, 5]), "bool")),
    one("edge", "cast of odd integers to bool", () =>
      tf.cast(tf.tensor1d([256, 0, -1, 5, 65536], "int32"), "bool"),
    ),
    one("edge", "logicalAnd after a cast to bool", () =>
      tf.logicalAnd(tf.cast(tf.tensor1d([5, 256, 0.5]), "bool"), tf.tensor1d([true, true, true], "bool")),
    ),
    one("edge", "cast of fractions to int32", () => tf.cast(tf.tensor1d([-1.7, 1.7, 0.2, -0.2]), "int32")),
    one("edge", "sum of nothing", () => tf.sum(tf.zeros([0, 3]), 0)),
    one("edge", "concat with nothing", () => tf.concat([tf.zeros([0, 3]), input([2, 3])], 0)),
    one("edge", "broadcast at rank 7", () =>
      tf.add(tf.ones([2, 1, 2, 1, 2, 1, 2]), tf.ones([1, 3, 1, 2, 1, 2, 2])),
    ),
    one("edge", "large int32 sum", () =>
      tf.add(tf.tensor1d([1000003, -1000003], "int32"), tf.tensor1d([17, 17], "int32")),
    ),
    one("edge", "int32 division by a scalar", () =>
      tf.floorDiv(tf.tensor1d([7, -7, 8], "int32"), tf.scalar(2, "int32")),
    ),
    one("edge", "softmax of large values", () => tf.softmax(tf.tensor2d([[1000, 1001, 999]]))),
    one("edge", "range and linspace", () => [
      tf.range(0, 5),
      tf.range(5, 0, -2, "int32"),
      tf.linspace(0, 1, 5),
    ]),
    one("edge", "fill and eye", () => [tf.fill([2, 3], 7, "int32"), tf.eye(3)]),
    one("spectral", "fft", () =>
      tf.real(tf.spectral.fft(tf.complex(input([2, 8]), input([2, 8], "float32", 2)))),
    ),
    one("spectral", "ifft", () =>
      tf.imag(tf.spectral.ifft(tf.complex(input([2, 8]), input([2, 8], "float32", 2)))),
    ),
    ...[31, 64].map((length) =>
      one("spectral", `fft of ${length} numbers`, () =>
        tf.imag(tf.spectral.fft(tf.complex(input([3, length]), input([3, length], "float32", 2)))),
      ),
    ),
    one("matrix", "matMul of complex numbers, transposed", () => {
      const x = tf.complex(input([3, 4]), input([3, 4], "float32", 2));
      return tf.imag(tf.matMul(x, x, false, true));
    }),
    one("movement", "pad of complex numbers", () => {
      const padded = tf.pad(tf.complex(input([3, 4]), input([3, 4], "float32", 2)), [
        [1, 0],
        [0, 2],
      ]);
      return [tf.real(padded), tf.imag(padded)];
    }),
    one("elementwise", "softmax beside NaN and infinity", () =>
      tf.softmax(
        tf.tensor2d([
          [1, NaN, 2],
          [1, Infinity, 2],
          [1, -Infinity, 2],
        ]),
      ),
    ),
    one("spectral", "rfft", () => tf.real(tf.spectral.rfft(input([2, 8])))),
    one("spectral", "irfft", () => tf.spectral.irfft(tf.complex(input([2, 5]), input([2, 5], "float32", 2)))),
    one("spectral", "complex abs", () => tf.abs(tf.complex(input([2, 5]), input([2, 5], "float32", 2)))),
    one("spectral", "stft", () => tf.abs(tf.signal.stft(input([64]) as tf.Tensor1D, 16, 8, 16))),
  ];
}
