import * as tf from "@tensorflow/tfjs";
import { putBetween } from "../layers/create.js";
import { elementType, setElementType } from "../layers/arguments/element-types.js";
import { knownValue, setKnownValue } from "../layers/known-values.js";

/**
 * Tensors with none twice: what comes again comes through a layer that passes it on. Of two outputs of a model that are
 * one tensor, tfjs computes one. Of the inputs of one call, it counts the layers that wait for a tensor but takes off
 * one for each input (tfjs-layers executor.ts), so after `attention(x, x)` or `multiply([x, x])` it would free `x`
 * before `add([x, y])` has read it.
 * @param name what the layers are called, with the place behind it
 */
export function distinctTensors(tensors: readonly tf.SymbolicTensor[], name: string): tf.SymbolicTensor[] {
  return tensors.map((tensor, i) => {
    if (tensors.indexOf(tensor) === i) return tensor;
    const passes = putBetween(new PassOn({ name: `${name}_${i}` }));
    const again = passes.apply(tensor) as tf.SymbolicTensor;
    // Else tfjs would turn whole numbers into float32 on the way.
    Object.assign(again, { dtype: tensor.dtype });
    setKnownValue(again, knownValue(tensor));
    setElementType(again, elementType(tensor));
    return again;
  });
}

/** Gives its input on as it is. No layer of the file's: summaries leave it out. */
export class PassOn extends tf.layers.Layer {
  static readonly className: string = "PassOn";
  override getClassName(): string {
    return PassOn.className;
  }
  override computeOutputShape(inputShape: tf.Shape): tf.Shape {
    return inputShape;
  }
  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return tf.clone(Array.isArray(inputs) ? inputs[0]! : inputs);
  }
}
