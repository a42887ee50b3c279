import * as tf from "@tensorflow/tfjs";

/** TensorFlow.js hands the gradient of a list of one tensor over as that tensor, which it then refuses to join. */
const listed = (dy: tf.Tensor | tf.Tensor[]): tf.Tensor[] => (Array.isArray(dy) ? dy : [dy]);

const unpack: tf.GradConfig = {
  kernelName: "Unpack",
  gradFunc: (dy, _, attributes) => ({
    value: () => tf.stack(listed(dy), (attributes as unknown as { axis: number }).axis),
  }),
};

const split: tf.GradConfig = {
  kernelName: "SplitV",
  gradFunc: (dy, _, attributes) => ({
    x: () => tf.concat(listed(dy), (attributes as unknown as { axis: number }).axis),
  }),
};

/** Taking apart what has one part: a recurrent layer on one step, a split into one. */
export const singlePartGradients = [unpack, split];
