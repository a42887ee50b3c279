import * as tf from "@tensorflow/tfjs";
import type { Backend } from "./backend.js";

/** TensorFlow.js in plain JavaScript: always there, a hundred times slower than native. */
export const cpu: Backend = {
  name: "cpu",
  registeredName: "cpu",
  summary: "plain JavaScript, the floor",
  examine: async () => ({ usable: true, found: "part of TensorFlow.js" }),
  async start() {
    startFloor();
    await tf.setBackend("cpu");
    return { device: "1 CPU core", driver: null, memory: null, remarks: [] };
  },
};

/** The cpu back end, for kernels that others lack; it prints an advertisement at its first use if let. */
export function startFloor(): tf.KernelBackend {
  const floor = tf.findBackend("cpu") as tf.KernelBackend & { firstUse: boolean };
  floor.firstUse = false;
  return floor;
}
