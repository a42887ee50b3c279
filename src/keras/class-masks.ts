import * as tf from "@tensorflow/tfjs";
import { shapeList } from "../layers/computed-layer.js";
import { maskingOf } from "../layers/custom/custom.js";
import { trialShape } from "../layers/trial-shape.js";
import type { MaskMaking } from "./mask-layer.js";

/**
 * The mask of what a class of the user's returns, by its `computeMask`; that of TensorFlow.js hands the mask of the
 * input on where the class has `supportsMasking`.
 * @param inputs what it is called on, and behind them their mask where `masked`
 * @returns null where it gives none
 */
export function maskOfClass(
  layer: tf.layers.Layer,
  inputs: readonly tf.SymbolicTensor[],
  masked: boolean,
): MaskMaking | null {
  const computeMask = maskingOf(layer);
  if (!computeMask) return null;
  const masksOf = (tensors: readonly tf.Tensor[]) => {
    const data = masked ? tensors.slice(0, -1) : [...tensors];
    const made = computeMask(data.length === 1 ? data[0]! : data, masked ? tensors.at(-1) : undefined);
    return [made as tf.Tensor | tf.Tensor[] | null | undefined].flat()[0] ?? null;
  };
  let none = false;
  const shape = trialShape(
    inputs.map((tensor) => tensor.shape),
    (tensors) => {
      const made = masksOf(tensors);
      none ||= made === null;
      return made ?? tensors[0]!;
    },
  );
  return none ? null : { shape: () => shapeList(shape)[0]!, compute: (tensors) => masksOf(tensors)! };
}
