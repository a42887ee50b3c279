import * as tf from "@tensorflow/tfjs";
import { lowerEinsum } from "../corrections/einsum.js";
import { powerBySquaring } from "../corrections/integer-power.js";
import { ownResult, replaceKernel } from "../corrections/kernel.js";
import { defaultLeakyReluAlpha } from "../corrections/leaky-relu-alpha.js";
import { keepNaN } from "../corrections/nan-kept.js";
import { countAxisFromEnd } from "../corrections/negative-axis.js";
import { plainScan } from "../corrections/plain-scan.js";
import { lowerRankAboveFour } from "../corrections/rank-above-four.js";
import { sliceBeforeShrinking } from "../corrections/shrunk-strides.js";
import { transformEachImage } from "../corrections/transform-batch.js";

const WEBGPU = "webgpu";

/** Puts right what TensorFlow.js 4.22.0 computes wrongly on WebGPU and its shaders are not to blame for. */
export function correctWebgpu(): void {
  lowerEinsum(WEBGPU);
  plainScan(WEBGPU);
  countAxisFromEnd(WEBGPU);
  defaultLeakyReluAlpha(WEBGPU);
  lowerRankAboveFour(WEBGPU);
  powerBySquaring(WEBGPU);
  transformEachImage(WEBGPU);
  replaceKernel(WEBGPU, "StridedSlice", sliceBeforeShrinking);
  keepNaN(WEBGPU, "Relu6", ["x"]);
  scalarIndex("ArgMax");
  scalarIndex("ArgMin");
}

/** The index of the largest of a vector is a scalar; here it came with the shape [1]. */
function scalarIndex(kernelName: string): void {
  replaceKernel(WEBGPU, kernelName, (own) => (args) => {
    const { x } = args.inputs as { x: tf.Tensor };
    return x.rank === 1 ? tf.tidy(() => tf.reshape(ownResult(own, args), [])) : own(args);
  });
}
