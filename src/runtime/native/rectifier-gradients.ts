import * as tf from "@tensorflow/tfjs";
import { REGISTERED_NAME, type Executes } from "./node-backend.js";

/** TensorFlow's kernels for gradients of rectifiers, which tfjs-node does not register. */
export function registerRectifierGradients(): void {
  for (const kernelName of ["ReluGrad", "Relu6Grad"]) {
    tf.registerKernel({ kernelName, backendName: REGISTERED_NAME, kernelFunc: run(kernelName) });
  }
}

function run(name: string): tf.KernelFunc {
  return ({ inputs, backend }) => {
    const { dy, x } = inputs as { dy: tf.Tensor; x: tf.Tensor };
    const { binding, executeMultipleOutputs } = backend as Executes;
    const attributes = [{ name: "T", type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT }];
    return executeMultipleOutputs.call(backend, name, attributes, [dy, x], 1)[0]!;
  };
}
