import * as tf from "@tensorflow/tfjs";
import { define, direct } from "./function-table.js";
import { asAxis, asNumber, asTensor, type Value } from "./value.js";

// Activations that are more than one function of TensorFlow.js.

define("softsign", {
  parameters: ["x"],
  result: "tensor",
  text: ([x]) => `tf.div(${x!.text}, tf.add(tf.abs(${x!.text}), 1))`,
  run: ([x]) => tf.div(asTensor(x), tf.add(tf.abs(asTensor(x)), 1)),
});
define("relu", {
  parameters: ["x"],
  result: "tensor",
  text: ([x]) => `tf.relu(${x!.text})`,
  run: ([x]) => tf.relu(asTensor(x)),
});
/** `K.relu` has a slope below zero and a ceiling. */
define("K:relu", {
  parameters: ["x", "alpha", "max"],
  result: "tensor",
  text: ([x, alpha, max]) => {
    const slope = alpha === undefined || alpha.constant === 0 ? null : alpha.text;
    const above = slope === null ? `tf.relu(${x!.text})` : `tf.leakyRelu(${x!.text}, ${slope})`;
    return max === undefined || max.constant === null ? above : `tf.minimum(${above}, ${max.text})`;
  },
  run: ([x, alpha, max]) => {
    const above = tf.leakyRelu(asTensor(x), asNumber(alpha ?? 0));
    return max === undefined || max === null ? above : tf.minimum(above, asNumber(max));
  },
});
define("silu swish", {
  parameters: ["x"],
  result: "tensor",
  text: ([x]) => `tf.mul(${x!.text}, tf.sigmoid(${x!.text}))`,
  run: ([x]) => tf.mul(asTensor(x), tf.sigmoid(asTensor(x))),
});
direct("leaky_relu", "leakyRelu", "x alpha", ([x, alpha]) =>
  tf.leakyRelu(asTensor(x), asNumber(alpha ?? 0.2)),
);
define("hard_sigmoid", {
  parameters: ["x"],
  result: "tensor",
  text: ([x]) => `tf.clipByValue(tf.add(tf.mul(${x!.text}, 0.2), 0.5), 0, 1)`,
  run: ([x]) => tf.clipByValue(tf.add(tf.mul(asTensor(x), 0.2), 0.5), 0, 1),
});
// `keras.ops` took the line of JAX and PyTorch.
define("ops:hard_sigmoid", {
  parameters: ["x"],
  result: "tensor",
  text: ([x]) => `tf.div(tf.relu6(tf.add(${x!.text}, 3)), 6)`,
  run: ([x]) => tf.div(tf.relu6(tf.add(asTensor(x), 3)), 6),
});
// TensorFlow.js has both over the last axis only.
define("softmax", {
  parameters: ["x", "axis"],
  result: "tensor",
  text: ([x, axis]) =>
    isLast(axis?.constant)
      ? `tf.softmax(${x!.text})`
      : `tf.exp(tf.sub(${x!.text}, tf.logSumExp(${x!.text}, ${axis!.text}, true)))`,
  run: ([x, axis]) => {
    const tensor = asTensor(x);
    if (isLast(axis)) return tf.softmax(tensor);
    return tf.exp(tf.sub(tensor, tf.logSumExp(tensor, asAxis(axis), true)));
  },
});
define("log_softmax", {
  parameters: ["x", "axis"],
  result: "tensor",
  text: ([x, axis]) => `tf.sub(${x!.text}, tf.logSumExp(${x!.text}, ${axis?.text ?? "-1"}, true))`,
  run: ([x, axis]) => {
    const tensor = asTensor(x);
    return tf.sub(tensor, tf.logSumExp(tensor, asAxis(axis ?? -1), true));
  },
});
function isLast(axis: Value): boolean {
  return axis === undefined || axis === null || axis === -1;
}
