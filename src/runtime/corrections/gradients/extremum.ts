import * as tf from "@tensorflow/tfjs";

/** The axes, by the name that each of the two kernels has for them. */
interface Attributes {
  readonly reductionIndices?: number | number[];
  readonly axis?: number | number[];
}

/**
 * The gradient of `max` and `min` over axes: where several elements are the extremum, TensorFlow shares it among them
 * (math_grad.py `_MinOrMaxGrad`), TensorFlow.js gives all of it to each.
 */
export const extremumGradients: readonly tf.GradConfig[] = ["Max", "Min"].map((kernelName) => ({
  kernelName,
  inputsToSave: ["x"],
  outputsToSave: [true],
  gradFunc: (dy, [x, y], attributes) => ({
    x: () => {
      const { reductionIndices, axis } = attributes as unknown as Attributes;
      const axes = tf.util.parseAxisParam((reductionIndices ?? axis)!, x!.shape);
      const kept = x!.shape.map((size, i) => (axes.includes(i) ? 1 : size));
      const places = tf.cast(tf.equal(x!, tf.reshape(y!, kept)), "float32");
      const share = tf.div(tf.reshape(dy as tf.Tensor, kept), tf.sum(places, axes, true));
      return tf.mul(places, share);
    },
  }),
}));
