import type * as tf from "@tensorflow/tfjs";
import type { CallValue } from "../layers/computed-layer.js";
import { asChannelsLast } from "../layers/layout.js";
import { transposedConvolve } from "../layers/convolution/convolve.js";
import { ctcBatchCost } from "./ctc/ctc-loss.js";
import type { Values } from "./operation.js";
import { OPERATIONS } from "./table.js";
import { float, integers, tensor } from "./values.js";

/** A function of `keras.backend` and its positional parameters (tf_keras/src/backend.py). */
export interface BackendFunction {
  readonly positional: readonly string[];
  call(values: Values): tf.Tensor | tf.Tensor[];
}

const REST = "strides padding data_format dilation_rate";

/** Those whose arguments stand in another order than TensorFlow's and `keras.ops`'s. */
export const KERAS_BACKEND: ReadonlyMap<string, BackendFunction> = new Map(
  Object.entries({
    conv1d: backend(`x kernel ${REST}`, (values) => convolved("Conv", values)),
    conv2d: backend(`x kernel ${REST}`, (values) => convolved("Conv", values)),
    conv3d: backend(`x kernel ${REST}`, (values) => convolved("Conv", values)),
    conv2d_transpose: backend(`x kernel output_shape ${REST}`, transposed),
    depthwise_conv2d: backend(`x depthwise_kernel ${REST}`, (values) =>
      convolved("DepthwiseConv", { ...values, kernel: values["depthwise_kernel"] }),
    ),
    separable_conv1d: backend(`x depthwise_kernel pointwise_kernel ${REST}`, (values) =>
      convolved("SeparableConv", values),
    ),
    separable_conv2d: backend(`x depthwise_kernel pointwise_kernel ${REST}`, (values) =>
      convolved("SeparableConv", values),
    ),
    ctc_batch_cost: backend("y_true y_pred input_length label_length", (values) =>
      ctcBatchCost(
        tensor(values["y_true"]),
        tensor(values["y_pred"]),
        tensor(values["input_length"]),
        tensor(values["label_length"]),
      ),
    ),
  }),
);

function backend(parameters: string, call: BackendFunction["call"]): BackendFunction {
  return { positional: parameters.split(" "), call };
}

function convolved(name: string, values: Values): tf.Tensor | tf.Tensor[] {
  return OPERATIONS.get(name)!.compute({ ...values, inputs: values["x"] });
}

/** By the shape that the call asks for. */
function transposed(values: Values): tf.Tensor {
  const first = values["data_format"] === "channels_first";
  const size = integers(values["output_shape"])
    .slice(first ? 2 : 1)
    .slice(0, 2);
  const two = (value: CallValue | undefined) => {
    const [one = 1, other = one] = integers(value ?? 1);
    return [one, other];
  };
  return asChannelsLast(float(values["x"]), first, (x) =>
    transposedConvolve(x, float(values["kernel"]), size, {
      strides: two(values["strides"]),
      dilations: two(values["dilation_rate"]),
      padding: String(values["padding"] ?? "valid").toLowerCase() as "valid" | "same",
    }),
  );
}
