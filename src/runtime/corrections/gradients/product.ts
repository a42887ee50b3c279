import * as tf from "@tensorflow/tfjs";

/** As TensorFlow.js has it, which takes axes that count from the end, or that do not ascend, for other ones. */
export function productGradient(): tf.GradConfig {
  const own = tf.getGradient("Prod");
  return {
    ...own,
    gradFunc: (dy, saved, attrs) => {
      const { axis } = attrs as unknown as { axis: number | number[] | undefined };
      const axes = tf.util.parseAxisParam(axis!, saved[0]!.shape).sort((a, b) => a - b);
      return own.gradFunc(dy, saved, { ...attrs, axis: axes });
    },
  };
}
