import * as tf from "@tensorflow/tfjs";
import { shapeList } from "../layers/computed-layer.js";
import type { LayerCall, LayerSpec } from "./graph.js";
import { later, maskLayer, maskName, type Mask, type Masks } from "./mask-layer.js";

/** Keras 2 keeps what all masks keep; Keras 3 what any keeps, and nothing where an input has no mask. */
export function mergedMask(spec: LayerSpec, call: LayerCall, masks: Masks, major: number): Mask | null {
  const present = masks.filter((mask) => mask !== null);
  if (major === 3 && present.length < masks.length) return null;
  if (present.length === 1) return present[0]!;
  const join = major === 3 ? tf.maximum : tf.mul;
  return later(() =>
    maskLayer(
      maskName(spec, call),
      present.map((mask) => mask()),
      { compute: (list) => list.map((m) => tf.cast(m, "float32")).reduce((a, b) => join(a, b)) },
    ),
  );
}

/** merging/concatenate.py: masks laid out like their inputs and joined; an input without one counts whole. */
export function concatenatedMask(
  spec: LayerSpec,
  call: LayerCall,
  masks: Masks,
  inputs: readonly tf.SymbolicTensor[],
  major: number,
): Mask {
  const axis = typeof spec.config["axis"] === "number" ? spec.config["axis"] : -1;
  const any = major === 3;
  return later(() => {
    const data = inputs.slice(0, masks.length);
    const present = masks.flatMap((mask) => (mask ? [mask()] : []));
    return maskLayer(maskName(spec, call), [...data, ...present], {
      until: -1,
      shape: (shapes) => {
        const rank = shapes[0]!.length;
        const at = axis < 0 ? axis + rank : axis;
        const own = shapes.slice(0, data.length);
        const length = own.reduce<number | null>(
          (n, x) => (n === null || x[at] == null ? null : n + x[at]),
          0,
        );
        return shapes[0]!.slice(0, -1).map((n, i) => (i === at ? length : n));
      },
      compute: (list) => {
        let next = data.length;
        const whole = masks.map((mask, i) => {
          const ones = tf.ones(list[i]!.shape);
          if (!mask) return ones;
          const kept = tf.cast(list[next++]!, "float32");
          return tf.mul(ones, kept.rank < ones.rank ? tf.expandDims(kept, -1) : kept);
        });
        const joined = tf.concat(whole, axis < 0 ? axis + whole[0]!.rank : axis);
        return any ? tf.max(joined, -1) : tf.min(joined, -1);
      },
    });
  });
}

/**
 * Keras 2 keeps a step where any part of it is kept, once the wrapped layer has made one of the parts: a sentence that
 * has words. Keras 3 hands the mask on as it is.
 */
export function maskOfSteps(
  spec: LayerSpec,
  call: LayerCall,
  mask: Mask,
  inputs: readonly tf.SymbolicTensor[],
  layer: tf.layers.Layer,
): Mask {
  return later(() => {
    const given = mask();
    const [output] = shapeList(layer.computeOutputShape(inputs[0]!.shape));
    const axes = given.shape.map((_, axis) => axis).slice(Math.max(2, output!.length - 1));
    if (axes.length === 0) return given;
    return maskLayer(maskName(spec, call), [given], {
      until: axes[0]!,
      compute: ([x]) => tf.max(tf.cast(x!, "float32"), axes),
    });
  });
}
