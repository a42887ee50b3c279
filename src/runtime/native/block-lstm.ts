import * as tf from "@tensorflow/tfjs";
import { isOfFirstOrder } from "../../layers/first-order.js";
import type { LstmDevice } from "../../layers/recurrent/whole-lstm.js";
import type { OpAttribute } from "./load-binding.js";
import { lstmGradient } from "./lstm-gradient.js";
import { REGISTERED_NAME, type Executes } from "./node-backend.js";

/** A number of 64 bits as tfjs-node gives one to TensorFlow (dist/int64_tensors.js). */
export type Int64Scalar = new (value: number) => object;

type Four = [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
type Seven = [...Four, tf.Tensor, tf.Tensor, tf.Tensor];

/** TensorFlow's BlockLSTMV2: all steps in one operation. */
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
    const [x, h, c, w] = given as unknown as Four;
    const [b, save] = given.slice(4) as unknown as [tf.Tensor, tf.GradSaveFunc];
    const backend = tf.backend() as Executes;
    const none = tf.zeros([h.shape[1]!]);
    const inputs = [new int64(x.shape[0]!), x, c, h, w, none, none, none, b];
    const made = backend.executeMultipleOutputs("BlockLSTMV2", attributes(backend), inputs, 7);
    save([x, h, c, w, ...made]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]) => {
      const [x, h, c, w] = saved as Four;
      const [i, cs, f, o, ci, co, hs] = saved.slice(4) as Seven;
      const [dh, dc] = tf.unstack(dy) as [tf.Tensor, tf.Tensor];
      return lstmGradient({ x, h, c, w }, { i, cs, f, o, ci, co, h: hs }, { h: dh, c: dc });
    };
    return { value: tf.stack([made[6]!, made[1]!]), gradFunc };
  });
}

function attributes({ binding }: Executes): OpAttribute[] {
  return [
    { name: "T", type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
    { name: "use_peephole", type: binding.TF_ATTR_BOOL, value: false },
    { name: "cell_clip", type: binding.TF_ATTR_FLOAT, value: 0 },
  ];
}
