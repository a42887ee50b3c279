import * as tf from "@tensorflow/tfjs";
import { noteOnce } from "./cell-display.js";
import { currentBackend, useBackend, type Choice } from "./choose.js";
import { livingTensors } from "./memory/tensor-ledger.js";

/**
 * Switches to a back end by name, and takes the weights of models and the tensors that are alive along: what the
 * GPU holds is read first, at once for all. What a lost GPU held stays lost, which is said, and the switch goes on.
 * @throws BackendError; then everything is as before.
 */
export async function switchBackend(name: string): Promise<Choice> {
  const before = currentBackend();
  if (before?.backend.name === "webgpu" && name !== "webgpu") await readAll().catch(sayLost);
  return useBackend(name);
}

async function readAll(): Promise<void> {
  const { state } = tf.engine() as unknown as { state: { registeredVariables: Record<string, tf.Variable> } };
  for (const tensor of [...Object.values(state.registeredVariables), ...livingTensors()]) await tensor.data();
}

function sayLost(error: Error): void {
  noteOnce(`Not all tensors could be taken along: ${error.message}`);
}
