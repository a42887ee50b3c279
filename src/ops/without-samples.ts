import * as tf from "@tensorflow/tfjs";
import type { Operation, Values } from "./operation.js";

/**
 * An operation on matrices that also takes a batch without any: the shapes that come of it are those of one matrix.
 * @param sample a tensor of a shape that the operation takes
 */
export function withoutSamples(
  compute: Operation["compute"],
  sample: (shape: number[]) => tf.Tensor,
): Operation["compute"] {
  return (values: Values) => {
    const isEmpty = (value: unknown): value is tf.Tensor =>
      value instanceof tf.Tensor && value.shape[0] === 0;
    if (!Object.values(values).some((value) => isEmpty(value) && value.rank > 2)) return compute(values);
    const one = Object.entries(values).map(([name, value]) => [
      name,
      isEmpty(value) ? sample([1, ...value.shape.slice(1)]) : value,
    ]);
    const none = (x: tf.Tensor) => tf.zeros([0, ...x.shape.slice(1)], x.dtype);
    const made = compute(Object.fromEntries(one) as Values);
    return Array.isArray(made) ? made.map(none) : none(made);
  };
}
