import { createRequire } from "node:module";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { normalizeAnyRank } from "../corrections/batch-norm.js";
import { finiteInLogSumExp } from "../corrections/log-sum-exp.js";
import { chooseNothing } from "../corrections/nothing-chosen.js";
import { cpuKernel, runMissingOnCpu, runRefusedOnCpu } from "../corrections/cpu-fallback.js";
import { dilateFilters } from "../corrections/dilated-filter.js";
import { withoutWindows } from "../corrections/empty-windows.js";
import { refuseIndicesOutside } from "../corrections/indices-inside.js";
import { keepWhole } from "../corrections/integers-as-they-are.js";
import { replaceKernel } from "../corrections/kernel.js";
import { countAxisFromEnd } from "../corrections/negative-axis.js";
import { runSmallLoopsBeside } from "../../layers/recurrent/fused-loops.js";
import { normalizeBatchesOn } from "../../layers/normalization/normalize-batch.js";
import { runLstmOn } from "../../layers/recurrent/whole-lstm.js";
import { FUSED_BATCH_NORM } from "./batch-norm.js";
import { blockLstm, type Int64Scalar } from "./block-lstm.js";
import { compileGraphs, compilePredictions } from "./compiled/predictions.js";
import { isRecording } from "./compiled/record.js";
import { correctComplexKernels } from "./complex-kernels.js";
import { joinComplexMoves } from "./complex-moves.js";
import { crossDtypes } from "./dtypes.js";
import type { NativeInstallation } from "./installation.js";
import type { OpAttribute, TensorFlowBinding } from "./load-binding.js";
import { multiplyMatricesAsSuch } from "./matrix-product.js";
import { keepShapesOfMoved } from "./moved-shapes.js";
import { registerRectifierGradients } from "./rectifier-gradients.js";
import { registerShapeKernels } from "./shape-kernels.js";

/** tfjs-node's back end (dist/nodejs_kernel_backend.d.ts), as far as it is used here. */
export interface NodeBackend extends tf.KernelBackend {
  readonly binding: TensorFlowBinding;
  isUsingGpuDevice: boolean;
}

/** Its way to operations that tfjs has no kernel for. */
export interface Executes extends NodeBackend {
  executeMultipleOutputs(
    name: string,
    attributes: readonly OpAttribute[],
    inputs: readonly object[],
    outputs: number,
  ): tf.Tensor[];
}

export const REGISTERED_NAME = "tensorflow";

/** TF_NOT_FOUND and TF_UNIMPLEMENTED of tensorflow/c/tf_status.h: it broadcasts along few axes that are apart, for one. */
const HAS_NO_KERNEL = /^Invalid TF_Status: (5|12)\b/;

/** Registers tfjs-node's kernels and its back end over a binding that is open already. */
export function registerNodeBackend(installation: NativeInstallation, binding: TensorFlowBinding): void {
  if (tf.findBackend(REGISTERED_NAME) !== null) return;
  const require = createRequire(join(installation.package, "package.json"));
  require("./dist/register_all_kernels.js");
  const { NodeJSKernelBackend } = require("./dist/nodejs_kernel_backend.js") as {
    NodeJSKernelBackend: new (binding: TensorFlowBinding, packageName: string) => NodeBackend;
  };
  crossDtypes(NodeJSKernelBackend.prototype);
  joinComplexMoves(NodeJSKernelBackend.prototype);
  keepShapesOfMoved(NodeJSKernelBackend.prototype);
  tf.registerBackend(REGISTERED_NAME, () => new NodeJSKernelBackend(binding, "@tensorflow/tfjs-node-gpu"), 3);
  countAxisFromEnd(REGISTERED_NAME);
  dilateFilters(REGISTERED_NAME);
  // oneDNN gives the memory as it was for a dilated window that fits nowhere.
  for (const name of ["Conv2D", "FusedConv2D"])
    replaceKernel(
      REGISTERED_NAME,
      name,
      (own) => withoutWindows(own, cpuKernel(REGISTERED_NAME, name)),
      "empty",
    );
  keepWhole(REGISTERED_NAME);
  runMissingOnCpu(REGISTERED_NAME);
  runRefusedOnCpu(REGISTERED_NAME, HAS_NO_KERNEL);
  chooseNothing(REGISTERED_NAME);
  correctComplexKernels(REGISTERED_NAME);
  registerRectifierGradients();
  normalizeAnyRank(REGISTERED_NAME);
  finiteInLogSumExp(REGISTERED_NAME);
  registerShapeKernels();
  multiplyMatricesAsSuch();
  const { Int64Scalar } = require("./dist/int64_tensors.js") as { Int64Scalar: Int64Scalar };
  runLstmOn(blockLstm(Int64Scalar));
  // TensorFlow on a GPU reads zeros there, and drops what would be written.
  if (binding.isUsingGpuDevice()) refuseIndicesOutside(REGISTERED_NAME);
  else runSmallLoopsBeside(REGISTERED_NAME, () => !isRecording());
  normalizeBatchesOn(FUSED_BATCH_NORM);
  compilePredictions();
  compileGraphs();
}
