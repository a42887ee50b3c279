import * as tf from "@tensorflow/tfjs";
import { JUPYTER_DISPLAY } from "../display/bundle.js";
import { historyText } from "../display/training/training-chart.js";
import { callbackInstances } from "../training/callback-instances.js";
import { completeCallbacks } from "../callbacks/index.js";
import { cellDisplay } from "./cell-display.js";
import { forgetGradients } from "./memory/backpropagation.js";
import { currentCell, whenInterrupted } from "./memory/current-cell.js";
import { TrainingDisplay } from "./training-display.js";
import { leaveNameScopes } from "./name-scopes.js";

/** What TensorFlow.js keeps in its engine while a call runs, and resets in `finally`. */
interface EngineState {
  gradientDepth: number;
  kernelDepth: number;
  /** Of `tf.profile`: each operation is then timed and noted. */
  profiling: boolean;
  readonly scopeStack: readonly unknown[];
}

/** What TensorFlow.js keeps in a model while it trains. */
interface Training {
  isTraining: boolean;
}

interface Running {
  /** That called `fit`. */
  readonly cell: number | null;
  readonly display: TrainingDisplay | null;
}

/** Models whose `fit` runs. */
const training = new Map<tf.LayersModel, Running>();
let watching = false;

/**
 * Lets the user stop `model.fit`: at an interrupt it ends with the batch that it is in, as by
 * `model.stopTraining = true`. Where the interrupt ended a batch midway, what TensorFlow.js would tidy up in
 * `finally` is tidied up here: else the model could not be trained again, and gradients would fail in all later cells.
 */
export function watchTraining(): void {
  if (watching) return;
  watching = true;
  completeCallbacks();
  // What `fit` returns is most often the last thing in a cell, below its chart: not to be shown in all its numbers.
  Object.defineProperty(tf.History.prototype, JUPYTER_DISPLAY, {
    value(this: tf.History) {
      return { "text/plain": historyText(this.history) };
    },
    configurable: true,
  });
  watch("fit", 2);
  watch("fitDataset", 1);
  whenInterrupted((terminated) => {
    if (terminated) {
      resetEngine();
      leaveNameScopes();
    }
    for (const [model, running] of training)
      if (running.cell === currentCell()) stop(model, running, terminated);
  });
}

type Callbacks = tf.ModelFitArgs["callbacks"];
interface FitArguments {
  readonly verbose?: number;
  readonly yieldEvery?: tf.ModelFitArgs["yieldEvery"];
  readonly callbacks?: Callbacks;
}

function watch(name: "fit" | "fitDataset", place: number): void {
  const prototype = tf.LayersModel.prototype as unknown as Record<
    string,
    (...args: unknown[]) => Promise<unknown>
  >;
  const original = prototype[name]!;
  prototype[name] = async function (this: tf.LayersModel, ...args) {
    if (training.has(this)) return original.apply(this, args);
    const given = (args[place] ?? {}) as FitArguments;
    const shown = given.verbose === 0 ? null : cellDisplay();
    const display = shown && new TrainingDisplay(shown);
    const callbacks = callbackInstances(given.callbacks, given.yieldEvery);
    // First: what an epoch ended with is shown too where a function of the user fails at it.
    args[place] = { ...given, callbacks: display ? [display, ...callbacks] : callbacks };
    training.set(this, { cell: currentCell(), display });
    try {
      const result = await original.apply(this, args);
      noteNaN(name, result);
      return result;
    } finally {
      display?.end("stopped");
      training.delete(this);
    }
  };
}

/** A loss that is no number stays so: all weights are by then. Below the chart, and where nothing is shown while it trains. */
function noteNaN(method: string, result: unknown): void {
  const losses = result instanceof tf.History ? (result.history["loss"] ?? []) : [];
  const first = losses.findIndex((loss) => Number.isNaN(loss));
  if (first < 0) return;
  cellDisplay()?.note(
    `${method}(): the loss is NaN in epoch ${first + 1}, and the weights may be too. Look for NaN in the data ` +
      "(x.isNaN().any()), values that are not scaled, or a learning rate that is too high.",
  );
}

function stop(model: tf.LayersModel, { display }: Running, terminated: boolean): void {
  model.stopTraining = true;
  if (!terminated) return;
  (model as unknown as Training).isTraining = false;
  display?.end("stopped");
  training.delete(model);
}

/** Between two events no call is inside the engine, so nothing is open but what was cut off. */
function resetEngine(): void {
  const engine = tf.engine();
  const state = engine.state as unknown as EngineState;
  state.gradientDepth = 0;
  state.kernelDepth = 0;
  state.profiling = false;
  forgetGradients();
  while (state.scopeStack.length > 0) engine.endScope();
}
