import * as tf from "@tensorflow/tfjs";

interface Scan {
  readonly axis: number;
  readonly exclusive: boolean;
  readonly reverse: boolean;
}

/** A number counts in all sums after it: the scan of the gradients, the other way round. */
const cumsum: tf.GradConfig = {
  kernelName: "Cumsum",
  gradFunc: (dy, _saved, attrs) => {
    const { axis, exclusive, reverse } = attrs as unknown as Scan;
    return { x: () => tf.cumsum(dy as tf.Tensor, axis, exclusive, !reverse) };
  },
};

/** As TensorFlow has it (math_grad.py, _CumprodGrad): not defined where x is 0. */
const cumprod: tf.GradConfig = {
  kernelName: "Cumprod",
  inputsToSave: ["x"],
  gradFunc: (dy, [x], attrs) => {
    const { axis, exclusive, reverse } = attrs as unknown as Scan;
    return {
      x: () => {
        const products = tf.cumprod(x!, axis, exclusive, reverse);
        return tf.div(tf.cumsum(tf.mul(products, dy as tf.Tensor), axis, exclusive, !reverse), x!);
      },
    };
  },
};

export const cumulativeGradients = [cumsum, cumprod];
