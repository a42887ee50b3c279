import * as tf from "@tensorflow/tfjs";

const KERNELS = ["BatchMatMul", "Maximum", "Minimum", "SquaredDifference"];

/** Gradients that TensorFlow.js leaves in the shape of the result: summed over the axes along which an input was repeated. */
export function broadcastGradients(): tf.GradConfig[] {
  return KERNELS.map((kernelName) => {
    const own = tf.getGradient(kernelName);
    return {
      ...own,
      gradFunc: (dy, saved, attrs) => {
        const { a, b } = own.gradFunc(dy, saved, attrs) as Record<"a" | "b", () => tf.Tensor>;
        return { a: () => sumTo(a(), saved[0]!.shape), b: () => sumTo(b(), saved[1]!.shape) };
      },
    };
  });
}

/** Summed over the axes along which an input of this shape was repeated. */
export function sumTo(gradient: tf.Tensor, shape: number[]): tf.Tensor {
  const axes = tf.broadcast_util.getReductionAxes(shape, gradient.shape);
  return tf.reshape(axes.length > 0 ? tf.sum(gradient, axes) : gradient, shape);
}
