import * as tf from "@tensorflow/tfjs";

/** Space to depth: the pixels of each block become channels again. */
export const depthToSpaceGradient: tf.GradConfig = {
  kernelName: "DepthToSpace",
  inputsToSave: ["x"],
  gradFunc: (dy, [x], attrs) => ({
    x: () => {
      const { blockSize, dataFormat } = attrs as unknown as { blockSize: number; dataFormat: string };
      if (dataFormat !== "NHWC")
        throw new Error(`The gradient of depthToSpace is known for NHWC, not for ${dataFormat}.`);
      const [batch, height, width, channels] = x!.shape as [number, number, number, number];
      const depth = channels / (blockSize * blockSize);
      const blocks = tf.reshape(dy as tf.Tensor, [batch * height, blockSize, width, blockSize * depth]);
      return tf.reshape(tf.transpose(blocks, [0, 2, 1, 3]), x!.shape);
    },
  }),
};
