import * as tf from "@tensorflow/tfjs";
import { currentCell, whenInterrupted } from "./memory/current-cell.js";

/** What TensorFlow.js keeps in its engine while a call runs, and resets in `finally`. */
interface EngineState {
  gradientDepth: number;
  kernelDepth: number;
  activeTape: unknown;
  readonly scopeStack: readonly unknown[];
}

/** What TensorFlow.js keeps in a model while it trains. */
interface Training {
  isTraining: boolean;
}

/** Models whose `fit` runs, and the cell that called it. */
const training = new Map<tf.LayersModel, number | null>();
let watching = false;

/**
 * Lets the user stop `model.fit`: at an interrupt it ends with the batch that it is in, as by
 * `model.stopTraining = true`. Where the interrupt ended a batch midway, what TensorFlow.js would tidy up in
 * `finally` is tidied up here: else the model could not be trained again, and gradients would fail in all later cells.
 */
export function watchTraining(): void {
  if (watching) return;
  watching = true;
  watch("fit");
  watch("fitDataset");
  whenInterrupted((terminated) => {
    if (terminated) resetEngine();
    for (const [model, cell] of training) if (cell === currentCell()) stop(model, terminated);
  });
}

function watch(name: "fit" | "fitDataset"): void {
  const prototype = tf.LayersModel.prototype as unknown as Record<
    string,
    (...args: unknown[]) => Promise<unknown>
  >;
  const original = prototype[name]!;
  prototype[name] = async function (this: tf.LayersModel, ...args) {
    const nested = training.has(this);
    if (!nested) training.set(this, currentCell());
    try {
      return await original.apply(this, args);
    } finally {
      if (!nested) training.delete(this);
    }
  };
}

function stop(model: tf.LayersModel, terminated: boolean): void {
  model.stopTraining = true;
  if (!terminated) return;
  (model as unknown as Training).isTraining = false;
  training.delete(model);
}

/** Between two events no call is inside the engine, so nothing is open but what was cut off. */
function resetEngine(): void {
  const engine = tf.engine();
  const state = engine.state as unknown as EngineState;
  state.gradientDepth = 0;
  state.kernelDepth = 0;
  state.activeTape = null;
  while (state.scopeStack.length > 0) engine.endScope();
}
