import * as tf from "@tensorflow/tfjs";
import { tensorName } from "./apply-call.js";
import { callKey } from "./check-graph.js";
import { distinctTensors } from "./distinct-tensors.js";
import type { ModelGraph } from "./graph.js";
import { maskLayer, type MaskMaking } from "./mask-layer.js";
import type { BatchShape } from "./input-layer.js";
import type { Pass } from "./pass.js";
import { structureReferences } from "./read-functional.js";

/**
 * A nested model on inputs that have masks: inputs first, then a mask for each.
 * @param masks shapes of the masks
 * @param pass of nothing yet, for these inputs
 * @param callAll calls every layer in that pass
 */
export function maskedModel(
  graph: ModelGraph,
  model: tf.LayersModel,
  masks: readonly BatchShape[],
  pass: Pass,
  callAll: () => void,
): tf.LayersModel {
  const inputs = model.inputs.map(({ shape }) => tf.input({ batchShape: shape }));
  const given = masks.map((shape) => tf.input({ batchShape: [...shape] }));
  structureReferences(graph.inputs).forEach((ref, i) => {
    pass.results.set(callKey(ref), [inputs[i]!]);
    pass.masks.give(ref, () => given[i]!);
  });
  callAll();
  const outputs = structureReferences(graph.outputs).map((ref) => pass.tensor(ref)!);
  return tf.model({
    inputs: [...inputs, ...given],
    outputs: distinctTensors(outputs, tensorName(`${graph.name}_masked_output`)),
  });
}

export type MaskOfOutput = () => MaskMaking;

/**
 * How the masks of a nested model's outputs follow from what it is called on; null for outputs without one.
 * @param model as it is called, `pass` made it
 */
export function masksOfOutputs(
  graph: ModelGraph,
  model: tf.LayersModel,
  pass: Pass,
): (MaskOfOutput | null)[] {
  return structureReferences(graph.outputs).map((ref) => {
    const mask = pass.masks.of(ref);
    if (!mask) return null;
    return () => {
      const output = mask();
      const made = tf.model({ inputs: model.inputs, outputs: output });
      return {
        shape: () => output.shape,
        compute: (list) => made.apply(list.length === 1 ? list[0]! : [...list]) as tf.Tensor,
      };
    };
  });
}

/** The mask of a tensor that comes without one: every step counts. */
export function wholeMask(name: string, x: tf.SymbolicTensor): tf.SymbolicTensor {
  return maskLayer(name, [x], {
    shape: ([shape]) => shape!.slice(0, 2),
    compute: ([data]) => tf.ones(data!.shape.slice(0, 2)),
  });
}
