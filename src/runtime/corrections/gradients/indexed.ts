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

/**
 * Each gradient is added where its number was taken. Places have no gradient; where they are computed, TensorFlow.js gives
 * integers for it, and refuses them itself. Of batches it knows one axis alone.
 */
const gather = tf.getGradient("GatherV2");
const gatherPlaces: tf.GradConfig = {
  ...gather,
  gradFunc: (dy, saved, attributes) => {
    const { batchDims } = attributes as unknown as Gather;
    const [x, indices] = saved as [tf.Tensor, tf.Tensor];
    return {
      ...(batchDims > 0
        ? { x: () => ofBatches(dy as tf.Tensor, x, indices, attributes as unknown as Gather) }
        : gather.gradFunc(dy, saved, attributes)),
      indices: () => tf.zeros(indices.shape),
    };
  },
};

interface Gather {
  readonly axis: number;
  readonly batchDims: number;
}

function ofBatches(dy: tf.Tensor, x: tf.Tensor, indices: tf.Tensor, { axis, batchDims }: Gather): tf.Tensor {
  if (x.size === 0) return tf.zerosLike(x);
  const [at] = tf.util.parseAxisParam(axis, x.shape) as [number];
  const size = (from: number, to: number) => tf.util.sizeFromShape(x.shape.slice(from, to));
  const [batches, outer, inner] = [size(0, batchDims), size(batchDims, at), size(at + 1, x.rank)];
  const count = x.shape[at]!;
  const taken = indices.size / batches;
  const rows = tf.transpose(tf.reshape(dy, [batches, outer, taken, inner]), [0, 2, 1, 3]);
  const firsts = tf.reshape(tf.range(0, batches * count, count, "int32"), [batches, 1]);
  const places = tf.add(tf.reshape(tf.cast(indices, "int32"), [batches, taken]), firsts);
  const sums = tf.unsortedSegmentSum(
    tf.reshape(rows, [batches * taken, outer * inner]),
    tf.reshape(places, [batches * taken]) as tf.Tensor1D,
    batches * count,
  );
  return tf.reshape(tf.transpose(tf.reshape(sums, [batches, count, outer, inner]), [0, 2, 1, 3]), x.shape);
}

export const indexedGradients = [gatherNd, scatterNd, topK, gatherPlaces];
