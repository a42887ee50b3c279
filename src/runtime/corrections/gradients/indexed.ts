import * as tf from "@tensorflow/tfjs";

const gatherNd: tf.GradConfig = {
  kernelName: "GatherNd",
  inputsToSave: ["params", "indices"],
  gradFunc: (dy, [params, indices]) => ({
    params: () => tf.scatterND(indices!, dy as tf.Tensor, params!.shape as [number]),
    indices: () => tf.zeros(indices!.shape),
  }),
};

const scatterNd: tf.GradConfig = {
  kernelName: "ScatterNd",
  inputsToSave: ["indices", "updates"],
  gradFunc: (dy, [indices]) => ({
    indices: () => tf.zeros(indices!.shape),
    updates: () => tf.gatherND(dy as tf.Tensor, indices!),
  }),
};

/** The gradients of the values go to the places that the indices name. */
const topK: tf.GradConfig = {
  kernelName: "TopK",
  inputsToSave: ["x"],
  outputsToSave: [false, true],
  gradFunc: (dys, [x, indices]) => ({
    x: () => {
      const [dy] = dys as unknown as tf.Tensor[];
      if (x!.shape.at(-1) === 1) return tf.reshape(dy!, x!.shape);
      const places = tf.oneHot(tf.cast(indices!, "int32"), x!.shape.at(-1)!, 1, 0, "float32");
      return tf.reshape(tf.sum(tf.mul(places, tf.expandDims(dy!, -1)), -2), x!.shape);
    },
  }),
};

/** Places have no gradient; where they are computed, TensorFlow.js gives integers for it, and refuses them itself. */
const gather = tf.getGradient("GatherV2");
const gatherPlaces: tf.GradConfig = {
  ...gather,
  gradFunc: (dy, saved, attributes) => ({
    ...gather.gradFunc(dy, saved, attributes),
    indices: () => tf.zeros(saved[1]!.shape),
  }),
};

export const indexedGradients = [gatherNd, scatterNd, topK, gatherPlaces];
