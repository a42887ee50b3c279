import * as tf from "@tensorflow/tfjs";
import type { StoredWeight } from "../../formats/model-file.js";
import type { KerasOptimizer } from "./keras-optimizer.js";
import { put, type Place, type Restored, restoreState, storedOrder } from "./state.js";

const VALUE = "/.ATTRIBUTES/VARIABLE_VALUE";

/** Names that optimizers of Keras 2 gave their slots before 2.11, by the names that Keras 3 gives them. */
const LEGACY_NAMES: Readonly<Record<string, readonly string[]>> = {
  momentum: ["m", "momentum"],
  velocity: ["v", "rms"],
  velocity_hat: ["vhat"],
  norm: ["v"],
  average_gradient: ["mg"],
  accumulated_grad: ["accum_grad"],
  accumulated_delta_var: ["accum_var"],
};

/** The same of its numbers. */
const LEGACY_NUMBERS: Readonly<Record<string, string>> = { iteration: "iter", u_product: "momentum_cache" };

/**
 * Gives an optimizer the state that a SavedModel or checkpoint holds: slots under the key of their variable
 * (`.../.OPTIMIZER_SLOT/optimizer/m`), or since Keras 2.11 a list `optimizer/_variables`.
 * @param origins the stored tensor of each variable
 */
export async function restoreSlots(
  optimizer: KerasOptimizer,
  variables: readonly tf.Variable[],
  stored: readonly StoredWeight[],
  origins: ReadonlyMap<tf.LayerVariable, StoredWeight>,
): Promise<Restored> {
  const listed = stored.filter(({ path }) => /\/_variables\/\d+\/\.ATTRIBUTES\//.test(path));
  if (listed.length > 0) {
    const first = stored.filter(({ path }) => path.endsWith(`/_iterations${VALUE}`));
    return restoreState(optimizer, variables, [...first, ...listed.toSorted(byIndex)]);
  }
  const keys = new Map([...origins].map(([weight, { path }]) => [weight.read() as tf.Tensor, keyOf(path)]));
  const weights = new Map(stored.map((weight) => [weight.path, weight]));
  let restored = 0;
  for (const place of storedOrder(optimizer, variables)) {
    const weight = find(place, keys, weights, stored);
    if (!weight) continue;
    await put(optimizer, place, weight);
    restored++;
  }
  const refused = restored === 0 ? "none of its slots belongs to a variable of the model" : null;
  return { restored, refused };
}

function find(
  place: Place,
  keys: ReadonlyMap<tf.Tensor, string>,
  weights: ReadonlyMap<string, StoredWeight>,
  stored: readonly StoredWeight[],
): StoredWeight | undefined {
  if (place.kind === "number") {
    const name = LEGACY_NUMBERS[place.name] ?? place.name;
    return stored.find(({ path }) => path.endsWith(`/${name}${VALUE}`) && !path.includes(".OPTIMIZER_SLOT"));
  }
  const key = keys.get(place.variable);
  if (key === undefined) return undefined;
  const names = [place.slot, ...(LEGACY_NAMES[place.slot] ?? [])];
  return names.map((name) => slotAt(weights, key, name)).find((weight) => weight !== undefined);
}

function slotAt(
  weights: ReadonlyMap<string, StoredWeight>,
  key: string,
  name: string,
): StoredWeight | undefined {
  const own = weights.get(`${key}/.OPTIMIZER_SLOT/optimizer/${name}${VALUE}`);
  if (own) return own;
  // An optimizer inside another keeps its slots under a longer name.
  const nested = [...weights].find(
    ([path]) => path.startsWith(`${key}/.OPTIMIZER_SLOT/optimizer/`) && path.endsWith(`/${name}${VALUE}`),
  );
  return nested?.[1];
}

function keyOf(path: string): string {
  return path.endsWith(VALUE) ? path.slice(0, -VALUE.length) : path;
}

function byIndex(a: StoredWeight, b: StoredWeight): number {
  const index = ({ path }: StoredWeight) => Number(/_variables\/(\d+)\//.exec(path)?.[1]);
  return index(a) - index(b);
}
