import * as tf from "@tensorflow/tfjs";
import { type Gradient, intoTable } from "./gradient.js";
import type { Generation } from "./table.js";

export interface Clipping {
  /** Longest gradient of one variable. */
  readonly clipnorm: number | null;
  /** Longest gradient of all variables together. */
  readonly globalClipnorm: number | null;
  /** Largest element. */
  readonly clipvalue: number | null;
}

/**
 * Gradients within the bounds that the optimizer was given; only one of the three applies, as in Keras. Look-ups of a
 * table are measured and cut one by one, before they are added up; Keras 3 adds them up where it shortens all
 * variables together.
 */
export function clipped(
  gradients: readonly Gradient[],
  bounds: Clipping,
  generation: Generation,
): readonly Gradient[] {
  const { clipnorm, globalClipnorm, clipvalue } = bounds;
  if (clipnorm) return gradients.map((g) => shortened(g, tf.sqrt(energy(g)), clipnorm, false));
  if (globalClipnorm) {
    const all = tf.sqrt(tf.addN(gradients.map(energy)));
    return gradients.map((g) => shortened(g, all, globalClipnorm, generation === "keras3"));
  }
  if (clipvalue) return gradients.map((g) => cut(g, clipvalue));
  return gradients;
}

function energy({ sum, lookups }: Gradient): tf.Tensor {
  return tf.sum(tf.square(lookups?.values ?? sum));
}

function shortened({ sum, lookups }: Gradient, length: tf.Tensor, most: number, addsUp: boolean): Gradient {
  const within = (x: tf.Tensor) => tf.div(tf.mul(x, most), tf.maximum(length, most));
  if (!lookups || addsUp) return { sum: within(sum) };
  return { sum: within(sum), lookups: { ...lookups, values: within(lookups.values) as tf.Tensor2D } };
}

function cut({ sum, lookups }: Gradient, most: number): Gradient {
  if (!lookups) return { sum: tf.clipByValue(sum, -most, most) };
  const own = { ...lookups, values: tf.clipByValue(lookups.values, -most, most) };
  return { sum: intoTable(own, sum.shape), lookups: own };
}
