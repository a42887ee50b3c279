import type * as tf from "@tensorflow/tfjs";
import { LayerError } from "../../keras/finding.js";
import type { LayerSpec } from "../../keras/graph.js";
import type { LayerContext } from "../registry.js";
import { absurdArgument, saidOf } from "../arguments/size-limit.js";

/** Weights up to this size are made whatever the file stores. */
const SMALL_BYTES = 256 * 2 ** 20;
/** And none beyond this times what the file stores for the layer. */
const MOST_TIMES = 4;
/** Where no file says how large: what a back end can index. */
const MOST_BYTES = 4 * 2 ** 31;

/**
 * Refuses weights that the file cannot hold before memory is reserved for them: a config of a few bytes may ask for
 * more than any machine has.
 */
export function limitWeights(layer: tf.layers.Layer, spec: LayerSpec, context: LayerContext): void {
  const stored = context.storedShapes;
  const most =
    stored === null
      ? MOST_BYTES
      : Math.max(SMALL_BYTES, MOST_TIMES * stored.reduce((sum, shape) => sum + bytes(shape), 0));
  const addWeight = layer["addWeight"].bind(layer);
  layer["addWeight"] = (name, shape, ...rest) => {
    const argument = absurdArgument(spec.config);
    if (shape.some((n) => n !== null && n < 0)) {
      throw new LayerError(
        "G11",
        argument,
        `${saidOf(spec, argument)}its weight ${name} would be [${shape.join(", ")}]`,
        "no size can be less than 0: the input is too small for it",
        "Check the layer's arguments and the shapes that reach it.",
      );
    }
    if (bytes(shape) > most) {
      const would = `its weight ${name} would be [${shape.join(", ")}], ${gigabytes(shape)} GB`;
      const written = stored?.map((one) => `[${one.join(", ")}]`).join(" ");
      throw new LayerError(
        "A24",
        argument,
        `${saidOf(spec, argument)}${would}${stored === null ? "" : `, where the file stores ${written}`}`,
        `the arguments of ${spec.className} ask for more than the ${stored === null ? "memory" : "file"} can hold`,
        stored === null
          ? "Correct the argument."
          : "Take what the stored weights say, or correct the argument.",
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
