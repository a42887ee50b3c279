import type * as tf from "@tensorflow/tfjs";
import { underTensorName } from "./apply-call.js";
import { distinctTensors } from "./distinct-tensors.js";
import { KerasModel } from "./keras-model.js";

/**
 * What a nested model adds to the loss where it is called once: tensors of its own graph, computed anew on what it is
 * called on. Those that its outputs hang on are left out: they are added when it runs.
 * @param name of the call, unlike those of all other layers
 * @param added what layers inside add to the loss, as tensors of the nested model's graph
 * @param inputs what the model is called on, in the order of its inputs
 */
export function lossesOfNested(
  name: string,
  model: tf.LayersModel,
  added: readonly tf.SymbolicTensor[],
  inputs: readonly tf.SymbolicTensor[],
): tf.SymbolicTensor[] {
  const beside = added.filter(({ sourceLayer }) => !model.layers.includes(sourceLayer));
  if (beside.length === 0) return [];
  const losses = new KerasModel({ name, inputs: model.inputs, outputs: [...beside] });
  const tensors = distinctTensors(inputs, `${name}_input`);
  const made = underTensorName(losses, () => losses.apply(tensors.length === 1 ? tensors[0]! : tensors));
  return Array.isArray(made) ? (made as tf.SymbolicTensor[]) : [made as tf.SymbolicTensor];
}
