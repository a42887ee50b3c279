import * as tf from "@tensorflow/tfjs";
import { noteOnce } from "./cell-display.js";
import { livingTensors } from "./memory/tensor-ledger.js";

/**
 * Reads what a GPU holds through WebGPU before another back end takes over, at once for all: it cannot be read when it is
 * needed there. What a lost GPU held stays lost, which is said.
 */
export async function takeAlong(): Promise<void> {
  if (tf.getBackend() !== "webgpu") return;
  const { state } = tf.engine() as unknown as { state: { registeredVariables: Record<string, tf.Variable> } };
  try {
    for (const tensor of [...Object.values(state.registeredVariables), ...livingTensors()])
      await tensor.data();
  } catch (error) {
    noteOnce(`Not all tensors could be taken along: ${(error as Error).message}`);
  }
}
