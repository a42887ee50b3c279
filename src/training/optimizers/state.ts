import * as tf from "@tensorflow/tfjs";
import type { StoredWeight, WeightArray } from "../../formats/model-file.js";
import { ACCUMULATOR, AVERAGE, type KerasOptimizer } from "./keras-optimizer.js";

/** One stored tensor of an optimizer: where it belongs. */
export type Place =
  | { readonly kind: "number"; readonly name: string; set(value: number): void; get(): number }
  | {
      readonly kind: "slot";
      readonly slot: string;
      readonly shape: readonly number[];
      readonly variable: tf.Variable;
    };

/**
 * What an optimizer stores, in the order in which its generation stores it: `optimizer.variables` of Keras 3 and of
 * Keras 2 since 2.11, `optimizer.weights` before.
 * @param variables in the order of `model.trainable_variables`
 */
export function storedOrder(optimizer: KerasOptimizer, variables: readonly tf.Variable[]): Place[] {
  const { rule, generation, schedule } = optimizer.spec;
  const legacy = generation === "legacy";
  const rate = generation === "keras3" && schedule === null ? [learningRate(optimizer)] : [];
  const own = [iterations(optimizer), ...rate];
  // Keras 2 since 2.11 computes the scalars anew from the step.
  const scalars =
    generation === "keras2" ? [] : Object.keys(rule.scalars ?? {}).map((name) => scalar(optimizer, name));
  const slots = groups(optimizer, legacy).flatMap((names) => slotPlaces(optimizer, variables, names));
  return [
    ...lossScalePlaces(optimizer),
    ...own,
    ...(legacy ? scalars : []),
    ...slots,
    ...(legacy ? [] : scalars),
  ];
}

/** Slots by variable within a group; before Keras 2.11 each slot for itself, but those that are made together. */
function groups({ spec }: KerasOptimizer, legacy: boolean): readonly (readonly string[])[] {
  const { rule, settings } = spec;
  const names = everySlot(rule);
  const apart = legacy && !TOGETHER.has(spec.className);
  const own = apart ? (rule.groups ?? [names]).flat().map((name) => [name]) : (rule.groups ?? [names]);
  return [
    ...(settings.emaMomentum === null ? [] : [[AVERAGE]]),
    ...(settings.accumulationSteps > 1 ? [[ACCUMULATOR]] : []),
    ...own,
  ];
}

/** Optimizers that made the slots of one variable together even before 2.11. */
const TOGETHER = new Set(["COCOB", "Ftrl", "Yogi"]);

function everySlot(rule: KerasOptimizer["spec"]["rule"]): string[] {
  return [
    ...new Set(
      [[], [1], [1, 1], [1, 1, 1]].flatMap((shape) => rule.slots(shape, "").map(({ name }) => name)),
    ),
  ];
}

function slotPlaces(
  optimizer: KerasOptimizer,
  variables: readonly tf.Variable[],
  names: readonly string[],
): Place[] {
  return variables.flatMap((variable) =>
    optimizer
      .slotSpecs(variable)
      .filter(({ name }) => names.includes(name))
      .map(({ name, shape }) => ({ kind: "slot" as const, slot: name, shape, variable })),
  );
}

function iterations(optimizer: KerasOptimizer): Place {
  return {
    kind: "number",
    name: "iteration",
    get: () => optimizer.batches,
    set: (value) => (optimizer.batches = value),
  };
}

function learningRate(optimizer: KerasOptimizer): Place {
  return {
    kind: "number",
    name: "learning_rate",
    get: () => optimizer.learningRate,
    set: (value) => (optimizer.learningRate = value),
  };
}

function scalar({ scalars }: KerasOptimizer, name: string): Place {
  return { kind: "number", name, get: () => scalars[name]!, set: (value) => (scalars[name] = value) };
}

/** A LossScaleOptimizer of Keras 3 has an iteration and a rate of its own, which it does not use. */
function lossScalePlaces({ lossScale, spec }: KerasOptimizer): Place[] {
  if (!lossScale || spec.generation !== "keras3") return [];
  const unused = (name: string): Place => ({ kind: "number", name, get: () => 0, set: () => undefined });
  return [
    unused("loss_scale_iteration"),
    unused("loss_scale_learning_rate"),
    {
      kind: "number",
      name: "step_counter",
      get: () => lossScale.steps,
      set: (value) => (lossScale.steps = value),
    },
    {
      kind: "number",
      name: "dynamic_scale",
      get: () => lossScale.scale,
      set: (value) => (lossScale.scale = value),
    },
  ];
}

/** What came of restoring. */
export interface Restored {
  /** Stored tensors that found their place. */
  readonly restored: number;
  /** Why the state as a whole was left alone; null when it was restored. */
  readonly refused: string | null;
}

/**
 * Gives an optimizer its stored state by order, if every tensor has the shape of its place; else nothing is touched.
 * @param isWhole whether the file has all that was written: of one that was cut, the first tensors alone are no state
 */
export async function restoreState(
  optimizer: KerasOptimizer,
  variables: readonly tf.Variable[],
  stored: readonly StoredWeight[],
  isWhole = true,
): Promise<Restored> {
  const places = storedOrder(optimizer, variables);
  if (isWhole && isUnbuilt(stored, places)) {
    // Saved before its first step: what it has gathered is nothing, as here. The scale of losses comes with that step.
    const unscaled = places.filter(
      (place) => place.kind !== "number" || !/^(step_counter|dynamic_scale)$/.test(place.name),
    );
    for (const [i, weight] of stored.entries()) await put(optimizer, unscaled[i]!, weight);
    return { restored: stored.length, refused: null };
  }
  const weights = matchingCount(stored, places);
  const misfit = misfitOf(places, weights);
  if (misfit !== null) return { restored: 0, refused: misfit };
  for (const [i, place] of places.entries()) await put(optimizer, place, weights[i]!);
  optimizer.spec.rule.resume?.(optimizer.batches, variables.length, optimizer.scalars);
  return { restored: places.length, refused: null };
}

/** Before Keras 2.3 some optimizers stored no iteration, and Adam stored slots that it did not use. */
function matchingCount(stored: readonly StoredWeight[], places: readonly Place[]): (StoredWeight | null)[] {
  const rest = stored.slice(places.length);
  const weights = rest.length > 0 && rest.every(isUnused) ? stored.slice(0, places.length) : [...stored];
  return weights.length === places.length - 1 && weights[0]?.shape.length !== 0
    ? [null, ...weights]
    : weights;
}

/** The iteration and the learning rate alone, as Keras 3 saves an optimizer that was never built. */
function isUnbuilt(stored: readonly StoredWeight[], places: readonly Place[]): boolean {
  const scalars = places.findIndex(({ kind }) => kind !== "number");
  return (
    stored.length < places.length &&
    stored.length <= scalars &&
    stored.every(({ shape }) => shape.length === 0)
  );
}

/** Keras 2.1 to 2.3 store a vector of one zero for each slot of AMSGrad that is not used. */
function isUnused({ shape }: StoredWeight): boolean {
  return shape.length === 1 && shape[0] === 1;
}

function misfitOf(places: readonly Place[], weights: readonly (StoredWeight | null)[]): string | null {
  if (weights.length !== places.length) {
    return `the file has ${weights.length} tensors for it, the optimizer has ${places.length}`;
  }
  for (const [i, place] of places.entries()) {
    const weight = weights[i] ?? null;
    if (weight === null) continue;
    const wanted = place.kind === "number" ? [] : place.shape;
    if (!tf.util.arraysEqual([...weight.shape], [...wanted])) {
      return `${weight.name} is stored as [${weight.shape.join(", ")}], its place has [${wanted.join(", ")}]`;
    }
  }
  return null;
}

export async function put(
  optimizer: KerasOptimizer,
  place: Place,
  weight: StoredWeight | null,
): Promise<void> {
  if (weight === null) return;
  const values = numbersOf(await weight.read());
  if (place.kind === "number") return place.set(values[0] ?? 0);
  const slot = optimizer.slotsOf(place.variable)[place.slot]!;
  const tensor = tf.tensor(values, slot.shape, "float32");
  slot.assign(tensor);
  tensor.dispose();
}

function numbersOf(values: WeightArray): Float32Array {
  if (values instanceof Float32Array) return values;
  return Float32Array.from(values as ArrayLike<number | bigint | string>, Number);
}
