import type { Arguments } from "../arguments/arguments.js";

/** `keras.backend.epsilon()`. */
const BACKEND_EPSILON = 1e-7;

/**
 * What a normalisation adds to the variance. `null` is no way to ask for the default: Keras 3 takes
 * `keras.backend.epsilon()` where a layer calls an operation that does, and every other layer fails on it.
 * @param takesNull whether this layer of this Keras takes null
 * @throws LayerError A24 where it does not
 */
export function epsilonOf(args: Arguments, otherwise: number, takesNull = false): number {
  if (args.raw("epsilon") !== null) return args.number("epsilon", otherwise);
  if (!takesNull) throw args.wrong("epsilon", "a number of at least 0");
  return BACKEND_EPSILON;
}
