import * as tf from "@tensorflow/tfjs";
import { isOfFirstOrder } from "../../layers/first-order.js";
import type { LstmDevice } from "../../layers/whole-lstm.js";
import type { OpAttribute } from "./load-binding.js";
import { REGISTERED_NAME, type Executes } from "./node-backend.js";

/** A number of 64 bits as tfjs-node gives one to TensorFlow (dist/int64_tensors.js). */
export type Int64Scalar = new (value: number) => object;

/** TensorFlow's BlockLSTMV2: all steps in one operation, and its gradient in another. */
export function blockLstm(int64: Int64Scalar): LstmDevice {
  return {
    serves: () => tf.getBackend() === REGISTERED_NAME && isOfFirstOrder(),
    run(x, h, c, w, b) {
      const both = withGradient(int64)(x, h, c, w, b);
      const [states, cells] = tf.unstack(both) as [tf.Tensor, tf.Tensor];
      return { h: states, c: cells };
    },
  };
}

/** A gradient can be given to a function of one result alone: h and c of all steps, [2, time, batch, units]. */
function withGradient(int64: Int64Scalar): (...inputs: tf.Tensor[]) => tf.Tensor {
  return tf.customGrad((...given) => {
    const [x, h, c, w, b] = given.slice(0, 5) as tf.Tensor[];
    const save = given[5] as unknown as tf.GradSaveFunc;
    const { executeAll, attributes, clip } = call();
    const steps = new int64(x!.shape[0]!);
    const peepholes = noPeepholes(h!.shape[1]!);
    const made = executeAll(
      "BlockLSTMV2",
      [...attributes, clip],
      [steps, x!, c!, h!, w!, ...peepholes, b!],
      7,
    );
    save([x!, h!, c!, w!, b!, ...made]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]) => {
      const [x, h, c, w, b, ...before] = saved as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
      const [dh, dc] = tf.unstack(dy) as [tf.Tensor, tf.Tensor];
      const inputs = [steps, x, c, h, w, ...noPeepholes(h.shape[1]!), b, ...before, dc, dh];
      const [dx, dc0, dh0, dw, , , , db] = call().executeAll("BlockLSTMGradV2", attributes, inputs, 8);
      return [dx!, dh0!, dc0!, dw!, db!];
    };
    return { value: tf.stack([made[6]!, made[1]!]), gradFunc };
  });
}

function noPeepholes(units: number): tf.Tensor[] {
  const zeros = tf.zeros([units]);
  return [zeros, zeros, zeros];
}

function call(): {
  executeAll: Executes["executeMultipleOutputs"];
  attributes: OpAttribute[];
  clip: OpAttribute;
} {
  const backend = tf.backend() as Executes;
  const { binding } = backend;
  return {
    executeAll: (name, attributes, inputs, outputs) =>
      backend.executeMultipleOutputs(name, attributes, inputs, outputs),
    attributes: [
      { name: "T", type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
      { name: "use_peephole", type: binding.TF_ATTR_BOOL, value: false },
    ],
    clip: { name: "cell_clip", type: binding.TF_ATTR_FLOAT, value: 0 },
  };
}
