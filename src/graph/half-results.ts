import * as tf from "@tensorflow/tfjs";
import { DataType } from "../formats/proto/tensorflow_pb.js";
import { roundToHalf } from "../ops/half-precision.js";
import type { OpCall } from "./kernel.js";
import type { Step } from "./program.js";
import type { GraphValue } from "./value.js";

/** Ops of half precision that give float32 (tensorflow/core/ops/image_ops.cc). */
const WIDENING = /^(Resize(Bilinear|Bicubic|Area)|CropAndResize|ScaleAndTranslate|ExtractGlimpse)/;

/** Whether what the op computes is of 16 bits. */
export function computesInHalves({ attributes, op }: Step): boolean {
  const type = attributes.type("T");
  return (type === DataType.DT_HALF || type === DataType.DT_BFLOAT16) && !WIDENING.test(op);
}

/**
 * What an op of half precision gives, rounded as TensorFlow stores it. The back ends compute in float32, as
 * TensorFlow's kernels do within most ops; without the rounding 300 * 300 is 90000 where it is infinite.
 */
export function roundedResults(call: OpCall, results: readonly GraphValue[]): readonly GraphValue[] {
  if (!computesInHalves(call.step)) return results;
  const type = call.attributes.type("T") === DataType.DT_HALF ? "float16" : "bfloat16";
  // Batch statistics are of another type.
  const count = call.step.op.startsWith("FusedBatchNorm") ? 1 : results.length;
  return results.map((value, i) => (i < count && isNew(call, value) ? roundToHalf(value, type) : value));
}

/** Values that an op only passes on, under another shape too, are rounded already. */
function isNew(call: OpCall, value: GraphValue): value is tf.Tensor {
  if (!(value instanceof tf.Tensor) || value.dtype !== "float32") return false;
  return !call.inputs.some((input) => input instanceof tf.Tensor && input.dataId === value.dataId);
}
