import * as tf from "@tensorflow/tfjs";
import type { Backend, Device } from "./backend.js";
import { repeatBatches } from "./corrections/batches-beside.js";
import { spreadStatistics } from "./corrections/batch-norm.js";
import { markVectors } from "./corrections/bincount.js";
import { castApart } from "./corrections/cast-apart.js";
import { takeComplexOver } from "./corrections/complex-moves.js";
import { computeComplexByParts } from "./corrections/complex-parts.js";
import { divideFloatsToFloats } from "./corrections/float-floor-division.js";
import { wholeMagnitudes, wrapProducts } from "./corrections/integer-products.js";
import { refuseIndicesOutside } from "./corrections/indices-inside.js";
import { cropInFloats } from "./corrections/crop-and-resize.js";
import { typeNothing } from "./corrections/typed-nothing.js";
import { chooseNothing } from "./corrections/nothing-chosen.js";
import { reduceNothing } from "./corrections/nothing-reduced.js";
import { broadcastFirst } from "./corrections/broadcast-first.js";
import { finiteInLogSumExp } from "./corrections/log-sum-exp.js";
import { signOfNaN } from "./corrections/signs.js";
import { castToWholeNumbers } from "./corrections/whole-numbers.js";
import { lowerEinsum } from "./corrections/einsum.js";
import { multiplyForFilters } from "./corrections/filter-gradients.js";
import { defaultLeakyReluAlpha } from "./corrections/leaky-relu-alpha.js";
import { passToMaxima } from "./corrections/max-pool-walk.js";
import { replaceKernel } from "./corrections/kernel.js";
import { powerOfOne } from "./corrections/power-of-one.js";
import { sumSegmentsInOneWalk } from "./corrections/segment-sum.js";
import { sliceBeforeShrinking } from "./corrections/shrunk-strides.js";
import { passOverNaN } from "./corrections/nan-passed-over.js";
import { sortWithoutObjects } from "./corrections/top-k.js";
import { transformEachImage } from "./corrections/transform-batch.js";
import { cutUnreachedBorder, zeroUnreachedBorder } from "./corrections/unreached-border.js";
import { countAxisFromEnd } from "./corrections/negative-axis.js";
import { floorRemainders } from "./corrections/floor-mod.js";
import { scatterTruths } from "./corrections/scattered-truths.js";
import { keepWholeOneHot } from "./corrections/whole-one-hot.js";

const CPU = "cpu";

export const FLOOR_DEVICE: Device = { device: "1 CPU core", driver: null, memory: null, remarks: [] };

/** TensorFlow.js in plain JavaScript: always there, a hundred times slower than native. */
export const cpu: Backend = {
  name: CPU,
  registeredName: CPU,
  summary: "plain JavaScript, the floor",
  examine: async () => ({ usable: true, found: "part of TensorFlow.js" }),
  async start() {
    startFloor();
    await tf.setBackend(CPU);
    return FLOOR_DEVICE;
  },
};

let taking: object | null = null;

function takeOver(floor: tf.KernelBackend & { readonly data: Parameters<typeof takeComplexOver>[1] }): void {
  if (taking === floor) return;
  taking = floor;
  typeNothing(floor);
  takeComplexOver(floor, floor.data);
}

/** The cpu back end corrected, also for kernels that others lack; it prints an advertisement at its first use if let. */
export function startFloor(): tf.KernelBackend {
  const floor = tf.findBackend(CPU) as tf.KernelBackend & {
    firstUse: boolean;
    readonly data: Parameters<typeof takeComplexOver>[1];
  };
  floor.firstUse = false;
  takeOver(floor);
  // Before the operands are written out, which goes around it.
  wrapProducts(CPU);
  wholeMagnitudes(CPU);
  powerOfOne(CPU);
  floorRemainders(CPU);
  broadcastFirst(CPU);
  castApart(CPU);
  castToWholeNumbers(CPU);
  signOfNaN(CPU);
  spreadStatistics(CPU);
  finiteInLogSumExp(CPU);
  lowerEinsum(CPU);
  countAxisFromEnd(CPU);
  refuseIndicesOutside(CPU);
  sumSegmentsInOneWalk(CPU);
  multiplyForFilters(CPU);
  passToMaxima(CPU);
  sortWithoutObjects(CPU);
  keepWholeOneHot(CPU);
  scatterTruths(CPU);
  passOverNaN(CPU);
  defaultLeakyReluAlpha(CPU);
  transformEachImage(CPU);
  replaceKernel(CPU, "StridedSlice", sliceBeforeShrinking);
  cutUnreachedBorder(CPU, ["AvgPool3D", "MaxPool3D", "Conv3D"]);
  zeroUnreachedBorder(CPU);
  cropInFloats(CPU);
  reduceNothing(CPU);
  chooseNothing(CPU);
  markVectors(CPU);
  divideFloatsToFloats(CPU);
  replaceKernel(CPU, "BatchMatMul", repeatBatches);
  computeComplexByParts(CPU);
  return floor;
}
