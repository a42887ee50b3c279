import * as tf from "@tensorflow/tfjs";
import { sumTo } from "./broadcast.js";

/** What `tf.batchNorm` hands the engine: undefined where it was not given. */
type Inputs = Record<"x" | "mean" | "variance", tf.Tensor> & Partial<Record<"scale" | "offset", tf.Tensor>>;

/**
 * Of statistics of any shape that spreads to that of `x`: that of TensorFlow.js knew those of the last axis in rank 4.
 */
export const batchNormGradient: tf.GradConfig = {
  kernelName: "FusedBatchNorm",
  inputsToSave: ["x", "mean", "variance", "scale"],
  gradFunc: (given, saved, attributes) => {
    const dy = given as tf.Tensor;
    const [x, mean, variance, scale] = saved as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
    const { varianceEpsilon } = attributes as unknown as { varianceEpsilon: number };
    const inverse = tf.rsqrt(tf.add(variance, varianceEpsilon));
    const factor = tf.mul(inverse, scale);
    // Both are sums of the same terms, which have the shape of the statistics.
    const total = () => sumTo(dy, mean.shape);
    const aligned = () => sumTo(tf.mul(dy, tf.sub(x, mean)), mean.shape);
    return {
      x: () => tf.mul(dy, factor),
      mean: () => tf.neg(tf.mul(total(), factor)),
      variance: () => tf.mul(aligned(), tf.mul(tf.mul(tf.square(inverse), factor), -0.5)),
      scale: () => tf.mul(aligned(), inverse),
      offset: total,
    };
  },
};

/** Without a scale or an offset, the tape of TensorFlow.js fails at what is not there: with gradients, it is given both. */
export function recordWholeBatchNorm(): void {
  const engine = tf.engine() as unknown as {
    runKernel(name: string, inputs: object, attributes?: object): unknown;
    isTapeOn(): boolean;
  };
  const run = engine.runKernel.bind(engine);
  engine.runKernel = (name, inputs, attributes) =>
    run(name, name === "FusedBatchNorm" && engine.isTapeOn() ? whole(inputs as Inputs) : inputs, attributes);
}

function whole(inputs: Inputs): Required<Inputs> {
  const { mean, scale = tf.onesLike(mean), offset = tf.zerosLike(mean) } = inputs;
  return { ...inputs, scale, offset };
}
