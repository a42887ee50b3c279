import * as tf from "@tensorflow/tfjs";
import { composed, ownResult, type KernelFunction } from "./kernel.js";

/**
 * Products of batches where each operand is repeated along an axis of the other, as [2, 1, …] by [1, 3, …]: the back
 * ends count the batches of the larger alone, and gave half of the numbers under the whole shape.
 */
export function repeatBatches(own: KernelFunction): KernelFunction {
  return (args) => {
    const { a, b } = args.inputs as { a: tf.TensorInfo; b: tf.TensorInfo };
    const [left, right] = [a.shape.slice(0, -2), b.shape.slice(0, -2)];
    const batch = tf.broadcast_util.assertAndGetBroadcastShape(left, right);
    const count = tf.util.sizeFromShape(batch);
    if ([left, right].every((dims) => [1, count].includes(tf.util.sizeFromShape(dims)))) return own(args);
    const product = composed((inputs) => {
      const [first, second] = [inputs["a"]!, inputs["b"]!].map((x) =>
        tf.broadcastTo(x, [...batch, ...x.shape.slice(-2)]),
      );
      return ownResult(own, { ...args, inputs: { a: first!, b: second! } });
    });
    return product(args);
  };
}
