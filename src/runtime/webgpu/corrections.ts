import * as tf from "@tensorflow/tfjs";
import { repeatBatches } from "../corrections/batches-beside.js";
import { countByProducts } from "../corrections/bincount.js";
import { runEmptyOnCpu, runMissingOnCpu, runRefusedOnCpu } from "../corrections/cpu-fallback.js";
import { computeComplexByParts } from "../corrections/complex-parts.js";
import { divideFloatsToFloats } from "../corrections/float-floor-division.js";
import { chooseNothing } from "../corrections/nothing-chosen.js";
import { finiteInLogSumExp } from "../corrections/log-sum-exp.js";
import { reduceNothing } from "../corrections/nothing-reduced.js";
import { moveBlocks } from "../corrections/space-and-depth.js";
import { cutUnreachedBorder, zeroUnreachedBorder } from "../corrections/unreached-border.js";
import { lowerEinsum } from "../corrections/einsum.js";
import { refuseIndicesOutside, refuseRowsOutside } from "../corrections/indices-inside.js";
import { keepWhole } from "../corrections/integers-as-they-are.js";
import { powerBySquaring } from "../corrections/integer-power.js";
import { composed, ownResult, replaceKernel, type KernelFunction } from "../corrections/kernel.js";
import { defaultLeakyReluAlpha } from "../corrections/leaky-relu-alpha.js";
import { keepNaN } from "../corrections/nan-kept.js";
import { countAxisFromEnd } from "../corrections/negative-axis.js";
import { plainScan } from "../corrections/plain-scan.js";
import { lowerRankAboveFour } from "../corrections/rank-above-four.js";
import { sliceBeforeShrinking } from "../corrections/shrunk-strides.js";
import { transformEachImage } from "../corrections/transform-batch.js";
import { transformByProducts } from "./fourier.js";

const WEBGPU = "webgpu";

/** Puts right what TensorFlow.js 4.22.0 computes wrongly on WebGPU and its shaders are not to blame for. */
export function correctWebgpu(): void {
  lowerEinsum(WEBGPU);
  plainScan(WEBGPU);
  countAxisFromEnd(WEBGPU);
  defaultLeakyReluAlpha(WEBGPU);
  moveBlocks(WEBGPU);
  lowerRankAboveFour(WEBGPU);
  powerBySquaring(WEBGPU);
  transformEachImage(WEBGPU);
  replaceKernel(WEBGPU, "StridedSlice", sliceBeforeShrinking);
  for (const name of ["Relu6", "Cosh", "Selu"]) keepNaN(WEBGPU, name, ["x"]);
  replaceKernel(WEBGPU, "Log1p", () => composed(({ x }) => tf.log(tf.add(x!, 1))));
  replaceKernel(WEBGPU, "LinSpace", oneStep);
  replaceKernel(WEBGPU, "UnsortedSegmentSum", scatterSegments);
  scalarIndex("ArgMax");
  scalarIndex("ArgMin");
  cutUnreachedBorder(WEBGPU, ["AvgPool3D", "MaxPool3D", "Conv3D"]);
  zeroUnreachedBorder(WEBGPU);
  replaceKernel(WEBGPU, "Prod", keptDimensions, "keepDims");
  reduceNothing(WEBGPU);
  finiteInLogSumExp(WEBGPU);
  chooseNothing(WEBGPU);
  countByProducts(WEBGPU);
  divideFloatsToFloats(WEBGPU);
  replaceKernel(WEBGPU, "BatchMatMul", repeatBatches);
  transformByProducts();
  keepWhole(WEBGPU);
  refuseRowsOutside(WEBGPU);
  refuseIndicesOutside(WEBGPU);
  runMissingOnCpu(WEBGPU);
  runEmptyOnCpu(WEBGPU);
  runRefusedOnCpu(WEBGPU, /rank \d+ is not (?:yet )?supported/i);
  computeComplexByParts(WEBGPU);
}

/** It divides by the steps between the numbers, of which a single number has none. */
function oneStep(own: KernelFunction): KernelFunction {
  return (args) => {
    const { start, num } = args.attrs as unknown as { start: number; num: number };
    return num === 1 ? tf.tensor1d([start]) : own(args);
  };
}

/** Integers are added there as the bits of floats. What belongs to no segment goes into one more, which is cut off. */
function scatterSegments(own: KernelFunction): KernelFunction {
  return (args) => {
    const { x, segmentIds } = args.inputs as { x: tf.Tensor; segmentIds: tf.Tensor };
    const { numSegments } = args.attrs as unknown as { numSegments: number };
    const shape = [numSegments, ...x.shape.slice(1)];
    if (x.size === 0) return tf.zeros(shape, x.dtype);
    if (x.dtype !== "int32") return own(args);
    return tf.tidy(() => {
      const last = tf.scalar(numSegments, "int32");
      const inside = tf.logicalAnd(
        tf.greaterEqual(segmentIds, tf.scalar(0, "int32")),
        tf.less(segmentIds, last),
      );
      const rows = tf.where(inside, segmentIds, tf.fill(segmentIds.shape, numSegments, "int32"));
      const sums = tf.scatterND(tf.expandDims(rows, 1), x, [numSegments + 1, ...x.shape.slice(1)]);
      return tf.slice(sums, 0, shape);
    });
  };
}

/** On the host, where small tensors are, it forgets that axes are to be kept. */
function keptDimensions(own: KernelFunction): KernelFunction {
  return (args) => {
    const { x } = args.inputs as { x: tf.Tensor };
    const { axis, keepDims } = args.attrs as unknown as { axis: number | number[]; keepDims: boolean };
    if (!keepDims) return own(args);
    const axes = tf.util.parseAxisParam(axis, x.shape);
    const shape = x.shape.map((length, i) => (axes.includes(i) ? 1 : length));
    return tf.tidy(() =>
      tf.reshape(ownResult(own, { ...args, attrs: { ...args.attrs, keepDims: false } }), shape),
    );
  };
}

/** The index of the largest of a vector is a scalar; here it came with the shape [1]. */
function scalarIndex(kernelName: string): void {
  replaceKernel(WEBGPU, kernelName, (own) => (args) => {
    const { x } = args.inputs as { x: tf.Tensor };
    return x.rank === 1 ? tf.tidy(() => tf.reshape(ownResult(own, args), [])) : own(args);
  });
}
