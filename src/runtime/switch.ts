import { currentBackend, useBackend, type Choice } from "./choose.js";
import { takeAlong } from "./take-along.js";

/**
 * Switches to a back end by name, and takes the weights of models and the tensors that are alive along.
 * @throws BackendError; then everything is as before.
 */
export async function switchBackend(name: string): Promise<Choice> {
  if (currentBackend()?.backend.name === "webgpu" && name !== "webgpu") await takeAlong();
  return useBackend(name);
}
