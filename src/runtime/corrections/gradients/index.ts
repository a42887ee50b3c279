import * as tf from "@tensorflow/tfjs";
import { einsumGradient } from "../einsum.js";
import { averagePoolGradients } from "./average-pool.js";
import { batchNormGradient, recordWholeBatchNorm } from "./batch-norm.js";
import { broadcastGradients } from "./broadcast.js";
import { comparisonGradients, logicalGradients } from "./comparisons.js";
import { cropGradient } from "./crop.js";
import { cumulativeGradients } from "./cumulative.js";
import { depthToSpaceGradient } from "./depth-to-space.js";
import { dilatedGradients } from "./dilated-convolution.js";
import { extremumGradients } from "./extremum.js";
import { indexedGradients } from "./indexed.js";
import { magnitudeGradient } from "./magnitude.js";
import { maxPool3dGradient } from "./max-pool-3d.js";
import { mirrorPadGradient } from "./mirror-pad.js";
import { productGradient } from "./product.js";
import { recordOwnOutputs } from "./own-outputs.js";
import { gradientsOfNothing, ofNothing } from "./of-nothing.js";
import { onReachedInput } from "./reached-input.js";
import { rectifierGradients } from "./rectifiers.js";
import { tileGradient } from "./repeated.js";
import { resizeGradients } from "./resize.js";
import { singlePartGradients } from "./single-part.js";
import { stridedSliceGradient } from "./strided-slice.js";
import { transposedConvolution3dGradient } from "./transposed-convolution-3d.js";

let done = false;

/** Puts gradients in the place of those that TensorFlow.js 4.22.0 lacks or has wrong, once, for every back end. */
export function correctGradients(): void {
  if (done) return;
  done = true;
  recordOwnOutputs();
  recordWholeBatchNorm();
  const gradients: readonly tf.GradConfig[] = [
    einsumGradient,
    stridedSliceGradient,
    mirrorPadGradient,
    depthToSpaceGradient,
    cropGradient,
    batchNormGradient,
    magnitudeGradient,
    tileGradient,
    productGradient(),
    onReachedInput(tf.getGradient("Conv3D")),
    onReachedInput(maxPool3dGradient),
    ...extremumGradients,
    ...logicalGradients,
    ...averagePoolGradients.map(onReachedInput),
    ...broadcastGradients(),
    ...comparisonGradients,
    ...cumulativeGradients,
    ...dilatedGradients,
    ...indexedGradients,
    ...rectifierGradients,
    ...resizeGradients,
    ...singlePartGradients,
    transposedConvolution3dGradient,
  ];
  for (const gradient of [...gradients, ...gradientsOfNothing(gradients)].map(ofNothing)) {
    if (tf.getGradient(gradient.kernelName)) tf.unregisterGradient(gradient.kernelName);
    tf.registerGradient(gradient);
  }
}
