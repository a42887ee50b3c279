import * as tf from "@tensorflow/tfjs";
import type { CallValue } from "../../layers/computed-layer.js";
import type { TensorFlowFunctions, Values } from "../operation.js";
import { dtypeOf, integers, number, tensor } from "../values.js";

/** tensorflow/python/ops: functions that make a tensor from lengths, which mostly come from another's shape. */
export const TENSORFLOW_CREATION: TensorFlowFunctions = {
  zeros: ["shape dtype", ({ shape, dtype }) => tf.zeros(integers(shape), dtypeOf(dtype))],
  ones: ["shape dtype", ({ shape, dtype }) => tf.ones(integers(shape), dtypeOf(dtype))],
  fill: ["dims value", ({ dims, value }) => filled(integers(dims), value)],
  range: ["start limit delta dtype", range],
  eye: ["num_rows num_columns batch_shape dtype", eye],
  "random.normal": [
    "shape mean stddev dtype seed",
    ({ shape, mean, stddev }) => tf.randomNormal(integers(shape), number(mean, 0), number(stddev, 1)),
  ],
  "random.truncated_normal": [
    "shape mean stddev dtype seed",
    ({ shape, mean, stddev }) => tf.truncatedNormal(integers(shape), number(mean, 0), number(stddev, 1)),
  ],
  "random.uniform": [
    "shape minval maxval dtype seed",
    ({ shape, minval, maxval, dtype }) =>
      tf.randomUniform(
        integers(shape),
        number(minval, 0),
        number(maxval, 1),
        dtypeOf(dtype) === "int32" ? "int32" : "float32",
      ),
  ],
};

function filled(shape: number[], value: CallValue | undefined): tf.Tensor {
  const one = tensor(value);
  return tf.mul(tf.ones(shape, one.dtype), one);
}

/** With one bound it is the end; whole numbers unless a bound or the dtype says otherwise. */
function range({ start, limit, delta, dtype }: Values): tf.Tensor {
  const whole = limit === undefined || limit === null;
  const [from, to] = whole ? [0, number(start, 0)] : [number(start, 0), number(limit, 0)];
  const step = number(delta, 1);
  const fractions =
    [from, to, step].some((n) => !Number.isInteger(n)) ||
    [start, limit, delta].some((value) => value instanceof tf.Tensor && value.dtype === "float32");
  const kind = typeof dtype === "string" ? dtypeOf(dtype) : fractions ? "float32" : "int32";
  return tf.range(from, to, step, kind === "int32" ? "int32" : "float32");
}

function eye({ num_rows: rows, num_columns: columns, batch_shape: batch, dtype }: Values): tf.Tensor {
  const height = number(rows, 1);
  const shape = batch === undefined || batch === null ? undefined : integers(batch);
  return tf.eye(height, number(columns, height), shape as [number] | undefined, dtypeOf(dtype) as "float32");
}
