import * as tf from "@tensorflow/tfjs";
import type { CallValue } from "../layers/computed-layer.js";
import { asChannelsLast } from "../layers/layout.js";
import { transposedConvolve } from "../layers/convolution/convolve.js";
import { ctcBatchCost } from "./ctc/ctc-loss.js";
import type { Values } from "./operation.js";
import { OPERATIONS } from "./table.js";
import { TENSORFLOW_LOSSES } from "./tensorflow/losses.js";
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
    // Of one number each; what averages them is the loss of the same name.
    binary_crossentropy: backend("target output from_logits", binaryCrossentropy),
    categorical_crossentropy: backend("target output from_logits axis", (values) =>
      crossentropy("categorical_crossentropy", values),
    ),
    sparse_categorical_crossentropy: backend("target output from_logits axis ignore_class", (values) =>
      crossentropy("sparse_categorical_crossentropy", values),
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

function crossentropy(name: string, { target, output, ...config }: Values): tf.Tensor | tf.Tensor[] {
  const [, compute] = TENSORFLOW_LOSSES[`keras.losses.${name}`]!;
  return compute({ y_true: target, y_pred: output, ...config });
}

const EPSILON = 1e-7;

function binaryCrossentropy({ target, output, from_logits: logits }: Values): tf.Tensor {
  const [truth, given] = [float(target), float(output)];
  if (logits === true)
    return tf.add(tf.sub(tf.relu(given), tf.mul(given, truth)), tf.log1p(tf.exp(tf.neg(tf.abs(given)))));
  const share = tf.clipByValue(given, EPSILON, 1 - EPSILON);
  const log = (x: tf.Tensor) => tf.log(tf.add(x, EPSILON));
  const yes = tf.mul(truth, log(share));
  return tf.neg(tf.add(yes, tf.mul(tf.sub(1, truth), log(tf.sub(1, share)))));
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
