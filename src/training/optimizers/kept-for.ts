import type * as tf from "@tensorflow/tfjs";
import type { StoredWeight } from "../../formats/model-file.js";
import type { KerasOptimizer } from "./keras-optimizer.js";
import { storedOrder } from "./state.js";

type Shapes = readonly (readonly number[])[];

/**
 * The shapes of the variables for which a file keeps an optimizer's state, in their order; null where it tells
 * nothing: an optimizer without slots, one that never took a step, one whose slots have other shapes.
 * @param variables more of them than were trained, or as many
 */
export function shapesKept(
  optimizer: KerasOptimizer,
  variables: readonly tf.Variable[],
  stored: readonly StoredWeight[],
): Shapes | null {
  const [each, ...others] = [...new Set(variables.map((variable) => optimizer.slotSpecs(variable).length))];
  if (!each || others.length > 0) return null;
  const numbers = storedOrder(optimizer, []).length;
  const count = (stored.length - numbers) / each;
  if (!Number.isInteger(count) || count < 1 || count > variables.length) return null;
  const trained = variables.slice(0, count);
  const places = storedOrder(optimizer, trained);
  const shapes = trained.map((variable) => {
    const at = places.findIndex(
      (place) =>
        place.kind === "slot" && place.variable === variable && sameShape(place.shape, variable.shape),
    );
    return stored[at]?.shape ?? null;
  });
  return shapes.every((shape) => shape !== null) ? shapes : null;
}

function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((n, i) => n === b[i]);
}
