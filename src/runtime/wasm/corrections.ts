import * as tf from "@tensorflow/tfjs";
import { cpuKernel, runMissingOnCpu, runOnCpu } from "../corrections/cpu-fallback.js";
import { computeComplexByParts } from "../corrections/complex-parts.js";
import { batchNorm } from "../corrections/batch-norm.js";
import { withoutWindows } from "../corrections/empty-windows.js";
import { divideFloatsToFloats } from "../corrections/float-floor-division.js";
import { chooseNothing } from "../corrections/nothing-chosen.js";
import { reduceNothing } from "../corrections/nothing-reduced.js";
import { lowerEinsum } from "../corrections/einsum.js";
import { multiplyForFilters } from "../corrections/filter-gradients.js";
import { gatherAcrossBatches } from "../corrections/gather-batches.js";
import {
  composed,
  ownResult,
  replaceKernel,
  type KernelArguments,
  type KernelFunction,
} from "../corrections/kernel.js";
import { defaultLeakyReluAlpha, leakyReluAlpha } from "../corrections/leaky-relu-alpha.js";
import { refuseIndicesOutside } from "../corrections/indices-inside.js";
import { hasNaN, hasNonFinite, keepNaN } from "../corrections/nan-kept.js";
import { passOverNaN } from "../corrections/nan-passed-over.js";
import { countAxisFromEnd } from "../corrections/negative-axis.js";
import { cutUnreachedBorder, overReached, zeroUnreachedBorder } from "../corrections/unreached-border.js";
import { sumSegmentsInOneWalk } from "../corrections/segment-sum.js";
import { finiteInLogSumExp } from "../corrections/log-sum-exp.js";
import { signOfNaN } from "../corrections/signs.js";
import { castToWholeNumbers } from "../corrections/whole-numbers.js";
import { sliceBeforeShrinking } from "../corrections/shrunk-strides.js";
import { eachImage } from "../corrections/transform-batch.js";
import { registerComplex } from "./complex.js";
import { convolvePlanes } from "./convolution-3d.js";
import { convolveForInputs } from "./input-gradients.js";
import { moveInMemory } from "./moved-numbers.js";
import { multiplyEachMatrix } from "./matrix-batches.js";
import { packEachShape } from "./packed-matrices.js";
import { registerRectifierGradients } from "./rectifier-gradients.js";
import { moveBlocks, moveDepth } from "../corrections/space-and-depth.js";
import { sumInMemory } from "./sums.js";

const WASM = "wasm";

/** Puts right what TensorFlow.js 4.22.0 computes wrongly on wasm, and adds what it lacks there. */
export function correctWasm(): void {
  moveInMemory(WASM);
  boolThroughInt32("Select", ["t", "e"]);
  replaceKernel(WASM, "Cast", castToBool);
  replaceKernel(WASM, "Identity", () => sameMemory);
  replaceKernel(WASM, "Transpose", turnIfTurned);
  replaceKernel(WASM, "OneHot", oneHotOfFloats);
  replaceKernel(WASM, "ResizeNearestNeighbor", floatsAlone("ResizeNearestNeighbor", "images"));
  replaceKernel(WASM, "Tile", textsOnCpu("Tile"));
  replaceKernel(WASM, "StridedSlice", sliceBeforeShrinking);
  replaceKernel(WASM, "ClipByValue", clip);
  // Four times as fast as the kernel, which goes through `x` number by number.
  replaceKernel(WASM, "FusedBatchNorm", () => batchNorm);
  signOfNaN(WASM);
  castToWholeNumbers(WASM);
  finiteInLogSumExp(WASM);
  keepNaN(WASM, "Relu6", ["x"]);
  keepNaN(WASM, "Maximum", ["a", "b"]);
  keepNaN(WASM, "Minimum", ["a", "b"]);
  passOverNaN(WASM);
  replaceKernel(WASM, "Prelu", preluOfAnyShape);
  replaceKernel(WASM, "Transform", transformOverTheEdge);
  multiplyEachMatrix(WASM);
  for (const name of ["Sum", "Mean"] as const)
    replaceKernel(WASM, name, (own) => sumInMemory(name, own), "in memory");
  reduceNothing(WASM);
  chooseNothing(WASM);
  replaceKernel(WASM, "_FusedMatMul", (own) => emptyProduct(packEachShape(own)));
  for (const name of CONVOLUTIONS) emptyConvolution(name);
  for (const name of BINARY) highRankOnCpu(name);
  for (const name of ["Abs", "Neg", "FloorDiv", "BatchMatMul", "Pow"]) integersOnCpu(name);
  replaceKernel(WASM, "PadV2", wholeBorder);
  lowerEinsum(WASM);
  // Before the axes, which it counts itself: a kernel is replaced once.
  gatherAcrossBatches(WASM);
  countAxisFromEnd(WASM);
  refuseIndicesOutside(WASM);
  sumSegmentsInOneWalk(WASM);
  multiplyForFilters(WASM);
  convolveForInputs(WASM);
  convolvePlanes(WASM);
  moveBlocks(WASM);
  moveDepth(WASM);
  zeroUnreachedBorder(WASM);
  registerRectifierGradients(WASM);
  defaultLeakyReluAlpha(WASM);
  for (const name of ON_CPU) runOnCpu(WASM, name);
  cutUnreachedBorder(WASM, WINDOWED);
  whereOnCpu("MaxPool", "x", hasNaN);
  replaceKernel(WASM, "AvgPool", averagesOfNumbers, "non-finite");
  whereOnCpu("TopK", "x", hasNaN);
  whereOnCpu("Mod", "b", hasNonFinite);
  replaceKernel(WASM, "RotateWithOffset", rotateWithWholeFill);
  for (const name of WINDOWED) {
    replaceKernel(WASM, name, (own) => withoutWindows(own, cpuKernel(WASM, name)), "empty");
  }
  replaceKernel(WASM, "GatherV2", gatherFromNothing, "nothing");
  divideFloatsToFloats(WASM);
  registerComplex(WASM);
  runMissingOnCpu(WASM);
  computeComplexByParts(WASM);
}

/** Wrong values: maxima that are negative (and where their gradient goes). */
const ON_CPU = [
  ...["MaxPoolGrad", "MaxPool3D", "MaxPool3DGrad", "MaxPoolWithArgmax"],
  ...["Dilation2D", "Dilation2DBackpropInput", "Dilation2DBackpropFilter"],
];
/** Every other kernel with a window but those that run on cpu. */
const WINDOWED = ["Conv3D", "AvgPool", "MaxPool", "AvgPool3D"];

/** These kernels copy four bytes for each boolean of one: the values are wrong, and so is the memory behind them. */
function boolThroughInt32(kernelName: string, names: readonly string[]): void {
  replaceKernel(WASM, kernelName, (own) => (args) => {
    const inputs = args.inputs as Record<string, tf.Tensor>;
    if (names.every((name) => inputs[name]!.dtype !== "bool")) return own(args);
    return tf.tidy(() => {
      const wide = Object.entries(inputs).map(
        ([name, tensor]) => [name, names.includes(name) ? tf.cast(tensor, "int32") : tensor] as const,
      );
      return tf.cast(ownResult(own, { ...args, inputs: Object.fromEntries(wide) }), "bool");
    });
  });
}

/**
 * The same tensor under another name. The kernel copies it: what is kept for a gradient then takes twice the memory, and
 * a matrix of weights that was passed on is packed for XNNPACK again.
 */
const sameMemory: KernelFunction = ({ inputs, backend }) => {
  const { dataId, shape, dtype } = (inputs as { x: tf.TensorInfo }).x;
  (backend as tf.KernelBackend).incRef(dataId);
  return { dataId, shape, dtype };
};

/**
 * Axes in their own order are no reason for a copy: tfjs-layers turns the kernel of each Dense that way. Without
 * elements the kernel divides by zero.
 */
function turnIfTurned(own: KernelFunction): KernelFunction {
  return (args) => {
    const { perm } = args.attrs as unknown as { perm: number[] };
    const x = args.inputs["x"] as tf.TensorInfo;
    if (x.shape.includes(0))
      return tf.zeros(
        perm.map((axis) => x.shape[axis]!),
        x.dtype,
      );
    return perm.every((axis, i) => axis === i) ? sameMemory(args) : own(args);
  };
}

/** The cast keeps the low byte: 0.5 and 256 become false. What TensorFlow means is `x != 0`. */
function castToBool(own: KernelFunction): KernelFunction {
  const compare = composed(({ x }) => tf.notEqual(x!, tf.scalar(0, x!.dtype)));
  return (args) => {
    const { x } = args.inputs as { x: tf.Tensor };
    return (args.attrs as { dtype?: string }).dtype !== "bool" || x.dtype === "bool"
      ? own(args)
      : compare(args);
  };
}

/** `-1e30` is an integer to JavaScript, and none that fits. */
function isInt32(value: number | undefined): boolean {
  return value !== undefined && (value | 0) === value;
}

/** It writes the bits of integers into a float tensor. */
function oneHotOfFloats(own: KernelFunction): KernelFunction {
  return (args) => {
    const { dtype, onValue, offValue } = args.attrs as {
      dtype?: tf.DataType;
      onValue?: number;
      offValue?: number;
    };
    // It reads both values as float32.
    const isExact = [onValue, offValue].every((value) => Math.abs(value ?? 0) <= 2 ** 24);
    if (dtype === "int32" && isExact) return own(args);
    if (!isExact || ![onValue, offValue].every(isInt32)) return cpuKernel(WASM, "OneHot")(args);
    return tf.tidy(() =>
      tf.cast(ownResult(own, { ...args, attrs: { ...args.attrs, dtype: "int32" } }), dtype ?? "int32"),
    );
  };
}

/** For kernels that call every result float32. */
function floatsAlone(kernelName: string, input = "x"): (own: KernelFunction) => KernelFunction {
  return (own) => (args) =>
    (args.inputs as Record<string, tf.Tensor>)[input]!.dtype === "float32"
      ? own(args)
      : cpuKernel(WASM, kernelName)(args);
}

/**
 * Kernels that are wrong beside such numbers: pooling takes NaN for a bound, a sort stops being one, a remainder by
 * infinity is NaN.
 */
function whereOnCpu(kernelName: string, input: string, found: (values: Float32Array) => boolean): void {
  const isFound = ({ inputs, backend }: KernelArguments): boolean => {
    const x = (inputs as Record<string, tf.TensorInfo>)[input]!;
    const host = backend as unknown as { typedArrayFromHeap(info: tf.TensorInfo): Float32Array };
    return x.dtype === "float32" && found(host.typedArrayFromHeap(x));
  };
  const onCpu = cpuKernel(WASM, kernelName);
  replaceKernel(WASM, kernelName, (own) => (args) => (isFound(args) ? onCpu(args) : own(args)), "non-finite");
}

/** What XNNPACK clamps is -Infinity in the result, which is smaller to look through than `x`. */
function averagesOfNumbers(own: KernelFunction): KernelFunction {
  const onCpu = cpuKernel(WASM, "AvgPool");
  return (args) => {
    const result = own(args) as tf.TensorInfo;
    const host = args.backend as unknown as {
      typedArrayFromHeap(info: tf.TensorInfo): Float32Array;
      disposeData(dataId: object): boolean;
    };
    if (!hasNonFinite(host.typedArrayFromHeap(result))) return result;
    host.disposeData(result.dataId);
    return onCpu(args);
  };
}

/** The kernel cuts the fill value to an integer. */
function rotateWithWholeFill(own: KernelFunction): KernelFunction {
  const onCpu = cpuKernel(WASM, "RotateWithOffset");
  return (args) => {
    const { fillValue } = args.attrs as unknown as { fillValue: number | number[] };
    return [fillValue].flat().every(isInt32) ? own(args) : onCpu(args);
  };
}

/** Texts are not in the memory that kernels work on. */
function textsOnCpu(kernelName: string): (own: KernelFunction) => KernelFunction {
  return (own) => (args) =>
    (args.inputs as { x: tf.Tensor }).x.dtype === "string" ? cpuKernel(WASM, kernelName)(args) : own(args);
}

/** It turns NaN into the lower bound, and takes integers for floats. */
function clip(own: KernelFunction): KernelFunction {
  return (args) => {
    const { x } = args.inputs as { x: tf.Tensor };
    if (x.dtype !== "float32") return cpuKernel(WASM, "ClipByValue")(args);
    return tf.tidy(() => tf.where(tf.equal(x, x), ownResult(own, args), x));
  };
}

/** It reads one slope for each channel, whatever shape the slopes have. */
function preluOfAnyShape(own: KernelFunction): KernelFunction {
  const choose = composed(({ x, alpha }) => tf.where(tf.greater(x!, 0), x!, tf.mul(x!, alpha!)));
  return (args) => {
    const { x, alpha } = args.inputs as { x: tf.Tensor; alpha: tf.Tensor };
    return alpha.size === x.shape.at(-1) && alpha.shape.at(-1) === alpha.size ? own(args) : choose(args);
  };
}

/** From a tensor without numbers it gives the shape that it counts with. */
function gatherFromNothing(own: KernelFunction): KernelFunction {
  const onCpu = cpuKernel(WASM, "GatherV2");
  return (args) => ((args.inputs as { x: tf.Tensor }).x.size === 0 ? onCpu(args) : own(args));
}

/** Where there is nothing to multiply, XNNPACK refuses, and the bias is not added. */
function emptyProduct(own: KernelFunction): KernelFunction {
  return (args) => {
    const { a, b, bias, preluActivationWeights: slopes } = args.inputs as FusedInputs;
    const whole = { ...args, attrs: { ...args.attrs, ...leakyReluAlpha(args) } };
    if (a.size === 0 || b.size === 0) return cpuKernel(WASM, "_FusedMatMul")(whole);
    const { transposeA, transposeB } = args.attrs as unknown as Fused;
    const single =
      a.shape.slice(0, -2).every((length) => length === 1) &&
      b.shape.slice(0, -2).every((length) => length === 1);
    // XNNPACK reads a bias and a slope for each column, however few there are.
    const columns = b.shape.at(-1);
    const perColumn = (one?: tf.Tensor) => !one || (one.shape.length === 1 && one.size === columns);
    const plain = single && !transposeA && !transposeB && perColumn(bias) && perColumn(slopes);
    return plain ? own(whole) : productThenRest(whole);
  };
}

interface FusedInputs {
  readonly a: tf.Tensor;
  readonly b: tf.Tensor;
  readonly bias?: tf.Tensor;
  readonly preluActivationWeights?: tf.Tensor;
  readonly [name: string]: tf.Tensor | undefined;
}

interface Fused {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
  readonly activation?: string | null;
  readonly leakyreluAlpha?: number;
}

/** Of a batch, and of what is transposed, it adds the bias to the first numbers alone and forgets the activation. */
const productThenRest = composed<Fused>((inputs, { transposeA, transposeB, activation, leakyreluAlpha }) => {
  const { a, b, bias, preluActivationWeights: slopes } = inputs;
  const product = tf.matMul(a!, b!, transposeA, transposeB);
  const sum = bias ? tf.add(product, bias) : product;
  switch (activation) {
    case "relu":
      return tf.relu(sum);
    case "relu6":
      return tf.relu6(sum);
    case "elu":
      return tf.elu(sum);
    case "sigmoid":
      return tf.sigmoid(sum);
    case "leakyrelu":
      return tf.leakyRelu(sum, leakyreluAlpha);
    case "prelu":
      return tf.prelu(sum, slopes!);
    default:
      return sum;
  }
});

/** Only what lies outside as one number is right there; reflected, repeated or wrapped pixels are others. */
function transformOverTheEdge(own: KernelFunction): KernelFunction {
  const constant = eachImage(own);
  const others = cpuKernel(WASM, "Transform");
  return (args) =>
    (args.attrs as { fillMode?: string }).fillMode === "constant" ? constant(args) : others(args);
}

const CONVOLUTIONS = ["Conv2D", "FusedConv2D", "DepthwiseConv2dNative", "FusedDepthwiseConv2D"];

/** Without channels XNNPACK refuses, and the memory of the result is what it was. */
function emptyConvolution(kernelName: string): void {
  replaceKernel(WASM, kernelName, (own) => {
    const reached = withoutWindows(overReached(WASM, own), cpuKernel(WASM, kernelName));
    return (args) => {
      const { x, filter, preluActivationWeights: slopes } = args.inputs as ConvolutionInputs;
      const whole = { ...args, attrs: { ...args.attrs, ...leakyReluAlpha(args) } };
      if (x.size === 0 || filter.size === 0) return cpuKernel(WASM, kernelName)(whole);
      return slopes ? slopesAfter(reached, whole, slopes) : reached(whole);
    };
  });
}

interface ConvolutionInputs {
  readonly x: tf.Tensor;
  readonly filter: tf.Tensor;
  readonly preluActivationWeights?: tf.Tensor;
  readonly [name: string]: tf.Tensor | undefined;
}

/** The kernel reads one slope for each channel, whatever shape the slopes have: then they come after it. */
function slopesAfter(own: KernelFunction, args: KernelArguments, slopes: tf.Tensor) {
  const inputs = { ...args.inputs, preluActivationWeights: undefined };
  const linear = { ...args, inputs, attrs: { ...args.attrs, activation: "linear" } } as KernelArguments;
  return tf.tidy(() => tf.prelu(ownResult(own, linear), slopes));
}

const BINARY = ["Add", "Sub", "Multiply", "RealDiv", "SquaredDifference"];

/** XNNPACK broadcasts up to rank 6; above, the result stays unwritten. */
function highRankOnCpu(kernelName: string): void {
  replaceKernel(WASM, kernelName, (own) => (args) => {
    const { a, b } = args.inputs as { a: tf.Tensor; b: tf.Tensor };
    return Math.max(a.rank, b.rank) > 6 ? cpuKernel(WASM, kernelName)(args) : own(args);
  });
}

/** These kernels compute int32 in float32, or have none for it: above 2^24 the last digits are lost. */
function integersOnCpu(kernelName: string): void {
  const make = (own: KernelFunction): KernelFunction => {
    const onCpu = cpuKernel(WASM, kernelName);
    return (args) => {
      const inputs = Object.values(args.inputs) as (tf.TensorInfo | undefined)[];
      return inputs.every((info) => info?.dtype === "int32") ? onCpu(args) : own(args);
    };
  };
  replaceKernel(WASM, kernelName, make, "int32");
}

/** The kernel takes the border's number as float32. */
function wholeBorder(own: KernelFunction): KernelFunction {
  const onCpu = cpuKernel(WASM, "PadV2");
  return (args) => {
    const { constantValue } = args.attrs as unknown as { constantValue: number };
    return Math.fround(constantValue) === constantValue ||
      (args.inputs["x"] as tf.TensorInfo).dtype !== "int32"
      ? own(args)
      : onCpu(args);
  };
}
