import * as tf from "@tensorflow/tfjs";
import { constantTensor, axesOf } from "./values.js";
import type { Operation } from "./operation.js";

/** keras/ops/numpy.py */
export const NUMPY: readonly (readonly [string, Operation])[] = [
  comparison("NotEqual", tf.notEqual),
  comparison("Equal", tf.equal),
  comparison("Greater", tf.greater),
  comparison("GreaterEqual", tf.greaterEqual),
  comparison("Less", tf.less),
  comparison("LessEqual", tf.lessEqual),
  ["Any", ({ args, settings }) => logical(tf.any, args[0] as tf.Tensor, settings)],
  ["All", ({ args, settings }) => logical(tf.all, args[0] as tf.Tensor, settings)],
];

function comparison(
  name: string,
  compare: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor,
): readonly [string, Operation] {
  return [
    name,
    ({ args, named }) => {
      const [a, b] = [args[0] ?? named["x1"], args[1] ?? named["x2"]].map((value) => constantTensor(value));
      return compare(a!, b!);
    },
  ];
}

function logical(
  reduce: (x: tf.Tensor, axis?: number | number[], keepDims?: boolean) => tf.Tensor,
  x: tf.Tensor,
  settings: Parameters<Operation>[0]["settings"],
): tf.Tensor {
  return reduce(tf.cast(x, "bool"), axesOf(settings, x.rank), settings.flag("keepdims", false));
}
