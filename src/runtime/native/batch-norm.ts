import * as tf from "@tensorflow/tfjs";
import type { BatchNormDevice } from "../../layers/normalization/normalize-batch.js";
import type { OpAttribute, TensorFlowBinding } from "./load-binding.js";
import { REGISTERED_NAME, type Executes } from "./node-backend.js";

/** TensorFlow's FusedBatchNormV3 in training: statistics and result in one operation, its gradient in another. */
export const FUSED_BATCH_NORM: BatchNormDevice = {
  serves: () => tf.getBackend() === REGISTERED_NAME,
  run(x, gamma, beta, epsilon) {
    const backend = tf.backend() as Executes;
    const attributes = attributesOf(backend.binding, epsilon);
    const made = forward(backend, attributes, [x, gamma, beta]);
    const [y, mean, sampled, ...reserved] = made as [tf.Tensor, tf.Tensor, tf.Tensor, ...tf.Tensor[]];
    const normalize = tf.customGrad((...given) => {
      const [x, gamma] = given as [tf.Tensor, tf.Tensor];
      (given[3] as unknown as tf.GradSaveFunc)([x, gamma, ...reserved]);
      const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const inputs = [dy, ...saved];
        const here = tf.backend() as Executes;
        return here.executeMultipleOutputs("FusedBatchNormGradV3", attributes, inputs, 5).slice(0, 3);
      };
      return { value: tf.clone(y), gradFunc };
    });
    const samples = x.size / gamma.size;
    const variance = tf.mul(sampled, Math.max(1, samples - 1) / samples);
    return { y: normalize(x, gamma, beta), mean: tf.keep(mean), variance: tf.keep(variance) };
  },
};

/** @returns y, mean, variance of a sample, and three that the gradient wants */
function forward(backend: Executes, attributes: OpAttribute[], inputs: tf.Tensor[]): tf.Tensor[] {
  const average = {
    name: "exponential_avg_factor",
    type: backend.binding.TF_ATTR_FLOAT,
    value: 1,
  } as OpAttribute;
  // The averages until now, which a factor of 1 has no use for.
  const none = tf.zeros([0]);
  return backend.executeMultipleOutputs(
    "FusedBatchNormV3",
    [...attributes, average],
    [...inputs, none, none],
    6,
  );
}

function attributesOf(binding: TensorFlowBinding, epsilon: number): OpAttribute[] {
  return [
    { name: "T", type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
    { name: "U", type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
    { name: "epsilon", type: binding.TF_ATTR_FLOAT, value: epsilon },
    { name: "data_format", type: binding.TF_ATTR_STRING, value: "NHWC" },
    { name: "is_training", type: binding.TF_ATTR_BOOL, value: true },
  ] as OpAttribute[];
}
