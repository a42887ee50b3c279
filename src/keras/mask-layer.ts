import * as tf from "@tensorflow/tfjs";
import { ComputedLayer, type Shape } from "../layers/computed-layer.js";
import { underTensorName } from "./apply-call.js";
import { distinctTensors } from "./distinct-tensors.js";
import type { LayerCall, LayerSpec } from "./graph.js";

/** A mask that is made where something asks for it: most have no reader. */
export type Mask = () => tf.SymbolicTensor;

export type Masks = readonly (Mask | null)[];

/** Made once, however many layers ask for it. */
export function later(make: Mask): Mask {
  let made: tf.SymbolicTensor | null = null;
  return () => (made ??= make());
}

/** A layer may be called several times in a model; the first call's mask is named as ever. */
export function maskName({ name }: LayerSpec, { nodeIndex }: LayerCall): string {
  return nodeIndex === 0 ? `${name}_mask` : `${name}_mask_${nodeIndex}`;
}

export interface MaskMaking {
  readonly compute: (inputs: readonly tf.Tensor[]) => tf.Tensor;
  /** End of the first input's axes that the mask has, all of them by default. */
  readonly until?: number;
  /** Where the shape is another. */
  readonly shape?: (inputs: readonly Shape[]) => Shape;
}

/** A layer that computes a mask, 1 for what counts and 0 for what does not. */
export function maskLayer(
  name: string,
  inputs: readonly tf.SymbolicTensor[],
  { compute, until, shape = ([x]) => x!.slice(0, until) }: MaskMaking,
): tf.SymbolicTensor {
  const layer = new ComputedLayer(
    "Mask",
    { name },
    { outputShape: shape, compute: (list) => tf.cast(compute(list), "float32") },
  );
  return underTensorName(layer, () =>
    layer.apply(distinctTensors(inputs, `${layer.name}_input`)),
  ) as tf.SymbolicTensor;
}
