import type * as tf from "@tensorflow/tfjs";
import { LayerError } from "../keras/finding.js";
import type { LayerSpec } from "../keras/graph.js";
import type { LayerContext } from "./registry.js";

/** Weights up to this size are made whatever the file stores. */
const SMALL_BYTES = 256 * 2 ** 20;
/** And none beyond this times what the file stores for the layer. */
const MOST_TIMES = 4;

/**
 * Refuses weights that the file cannot hold before memory is reserved for them: a config of a few bytes may ask for
 * more than any machine has.
 */
export function limitWeights(layer: tf.layers.Layer, spec: LayerSpec, context: LayerContext): void {
  const stored = context.storedShapes;
  const most = Math.max(
    SMALL_BYTES,
    MOST_TIMES * (stored ?? []).reduce((sum, shape) => sum + bytes(shape), 0),
  );
  const addWeight = layer["addWeight"].bind(layer);
  layer["addWeight"] = (name, shape, ...rest) => {
    if (stored !== null && bytes(shape) > most) {
      throw new LayerError(
        "A24",
        undefined,
        `its weight ${name} would be [${shape.join(", ")}], ${gigabytes(shape)} GB, where the file stores ${stored.map((one) => `[${one.join(", ")}]`).join(" ")}`,
        `the arguments of ${spec.className} ask for more than the file can hold`,
        "Take what the stored weights say, or correct the argument.",
      );
    }
    return addWeight(name, shape, ...rest);
  };
}

function gigabytes(shape: readonly (number | null)[]): string {
  return (bytes(shape) / 2 ** 30).toLocaleString("en", { maximumSignificantDigits: 3 });
}

/** As float32. */
function bytes(shape: readonly (number | null)[]): number {
  return shape.reduce<number>((product, n) => product * (n ?? 1), 4);
}
