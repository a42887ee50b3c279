import * as tf from "@tensorflow/tfjs";

const WINDOWED = ["Conv2D", "Conv3D", "DepthwiseConv2dNative", "Dilation2D"];
const POOLS = ["AvgPool", "AvgPool3D", "MaxPool", "MaxPool3D"];
const BROADCAST = [
  ...["Add", "Sub", "Multiply", "RealDiv", "FloorDiv", "Pow", "Atan2", "Mod"],
  ...["Maximum", "Minimum", "SquaredDifference"],
];
const KERNELS = [...WINDOWED, ...POOLS, ...BROADCAST];

/**
 * Where a window is wider than its input there is no result and nothing to pass back: zeros. TensorFlow's own kernels
 * leave the memory of such a gradient as it was. So it is where what was repeated along an axis was repeated no time,
 * which TensorFlow.js does not take for a repetition.
 */
export function ofNothing(gradient: tf.GradConfig): tf.GradConfig {
  if (!KERNELS.includes(gradient.kernelName)) return gradient;
  return {
    ...gradient,
    gradFunc: (dy, saved, attrs) => {
      const own = gradient.gradFunc(dy, saved, attrs);
      if ((dy as tf.Tensor).size > 0) return own;
      const zeros = Object.keys(own).map((name, i) => [name, () => tf.zeros(saved[i]!.shape)] as const);
      return Object.fromEntries(zeros);
    },
  };
}

/** Those that no other correction has. */
export function gradientsOfNothing(corrected: readonly tf.GradConfig[]): tf.GradConfig[] {
  return KERNELS.filter((name) => !corrected.some(({ kernelName }) => kernelName === name)).map((name) =>
    tf.getGradient(name),
  );
}
