import * as tf from "@tensorflow/tfjs";

interface Crop {
  readonly method: "bilinear" | "nearest";
  readonly cropSize: readonly [number, number];
}

/**
 * A crop is linear in its picture: a matrix for the rows and one for the columns, made from the box (crop_and_resize_op.cc).
 * There is no gradient for the boxes.
 */
export const cropGradient: tf.GradConfig = {
  kernelName: "CropAndResize",
  inputsToSave: ["image", "boxes", "boxInd"],
  gradFunc: (dy, [image, boxes, boxInd], attrs) => ({
    image: () => {
      const { cropSize, method } = attrs as unknown as Crop;
      const [batch, height, width, channels] = image!.shape as [number, number, number, number];
      const count = boxes!.shape[0]!;
      const edges = tf.unstack(boxes!, 1);
      const rows = weights(edges[0]!, edges[2]!, height, cropSize[0], method);
      const columns = weights(edges[1]!, edges[3]!, width, cropSize[1], method);
      const flat = tf.reshape(dy as tf.Tensor, [count, cropSize[0], cropSize[1] * channels]);
      const tall = tf.reshape(tf.matMul(rows, flat, true), [count, height, cropSize[1], channels]);
      const apart = tf.reshape(tf.transpose(tall, [0, 2, 1, 3]), [count, cropSize[1], height * channels]);
      const whole = tf.reshape(tf.matMul(columns, apart, true), [count, width, height, channels]);
      const ofBoxes = tf.transpose(whole, [0, 2, 1, 3]);
      return tf.unsortedSegmentSum(ofBoxes, tf.cast(boxInd!, "int32") as tf.Tensor1D, batch);
    },
  }),
};

/** [boxes, crop, length]: how much of each row (or column) of the picture is in each one of the crop; none outside of it. */
function weights(
  low: tf.Tensor,
  high: tf.Tensor,
  length: number,
  crop: number,
  method: Crop["method"],
): tf.Tensor {
  const begin = tf.expandDims(tf.mul(low, length - 1), 1);
  const end = tf.expandDims(tf.mul(high, length - 1), 1);
  const steps = tf.range(0, crop, 1, "float32");
  const at =
    crop > 1
      ? tf.add(begin, tf.mul(steps, tf.div(tf.sub(end, begin), crop - 1)))
      : tf.mul(tf.add(begin, end), 0.5);
  const inside = tf.cast(tf.logicalAnd(tf.greaterEqual(at, 0), tf.lessEqual(at, length - 1)), "float32");
  const nearest = method === "nearest" ? tf.floor(tf.add(at, 0.5)) : at;
  const distance = tf.abs(tf.sub(tf.expandDims(nearest, 2), tf.range(0, length, 1, "float32")));
  return tf.mul(tf.relu(tf.sub(1, distance)), tf.expandDims(inside, 2));
}
