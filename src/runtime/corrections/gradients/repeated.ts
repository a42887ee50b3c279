import * as tf from "@tensorflow/tfjs";

/** What a number was repeated into comes back to it as a sum; the gradient of TensorFlow.js ends at rank 4. */
export const tileGradient: tf.GradConfig = {
  kernelName: "Tile",
  inputsToSave: ["x"],
  gradFunc: (dy, [x], attrs) => ({
    x: () => {
      const { reps } = attrs as unknown as { reps: number[] };
      if (reps.includes(0)) return tf.zerosLike(x!);
      const summed = reps.reduce((gradient, repeats, axis) => {
        const before = tf.util.sizeFromShape(x!.shape.slice(0, axis));
        const rest = gradient.size / Math.max(1, before * repeats);
        return tf.sum(tf.reshape(gradient, [before, repeats, rest]), 1);
      }, dy as tf.Tensor);
      return tf.reshape(summed, x!.shape);
    },
  }),
};
