import * as tf from "@tensorflow/tfjs";
import { roundToHalf, type HalfType } from "../../ops/half-precision.js";
import { setElementType } from "../arguments/element-types.js";
import { readingAs } from "../weights/reading-as.js";

/** Their weights stay in float32 under every policy (`autocast=False` in Keras). */
const KEEP_WEIGHTS = /Normalization(V[12])?$/;

/**
 * Lets a layer give what Keras gives under a policy of 16 bits, to about the last of their digits: what it is given,
 * its weights and what it gives are rounded. The sums between are computed in float32, as TensorFlow's are.
 */
export function computeInHalves(layer: tf.layers.Layer, className: string, type: HalfType): void {
  const round = (x: tf.Tensor) => (x?.dtype === "float32" ? roundToHalf(x, type) : x);
  const each = (tensors: tf.Tensor | tf.Tensor[]) =>
    Array.isArray(tensors) ? tensors.map(round) : round(tensors);
  const call = layer.call.bind(layer);
  const rounded = () =>
    new Map(
      (KEEP_WEIGHTS.test(className) ? [] : layer.weights).map((variable) => {
        const read = variable.read.bind(variable);
        return [variable, () => round(read())];
      }),
    );
  layer.call = (inputs, kwargs) =>
    tf.tidy(() => each(readingAs(rounded(), () => call(each(inputs), kwargs))));
  const apply = layer.apply.bind(layer);
  layer.apply = (inputs, kwargs) => {
    const outputs = apply(inputs, kwargs);
    for (const output of [outputs].flat() as (tf.Tensor | tf.SymbolicTensor)[])
      if (output instanceof tf.SymbolicTensor && output.dtype === "float32") setElementType(output, type);
    return outputs;
  };
}
