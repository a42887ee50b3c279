import * as tf from "@tensorflow/tfjs";
import { withChange } from "../with-change.js";
import type { Dataset } from "./dataset-weights.js";
import type { Logs } from "./running-logs.js";

/** Each how many epochs, or after which of them, counted from 1, there is a validation. */
export type Frequency = number | readonly number[];

/** The parts of tfjs's model that validate (tfjs-layers/src/engine/training.ts). */
interface Validating {
  readonly metricsNames: readonly string[];
  testLoop(...args: unknown[]): tf.Scalar[];
  evaluate(...args: unknown[]): tf.Scalar | tf.Scalar[];
  evaluateDataset(dataset: Dataset, args?: object): Promise<tf.Scalar | tf.Scalar[]>;
}

/** Which epochs of a training have a validation, and where it stands. */
export class ValidationFrequency {
  epoch = 0;
  /** What `fitDataset` validates on. */
  held: Dataset | null = null;
  readonly #frequency: Frequency;

  /** @throws RangeError for another kind of value */
  constructor(frequency: unknown) {
    const given = [frequency].flat();
    if (given.length === 0 || !given.every((each) => Number.isInteger(each) && Number(each) > 0))
      throw new RangeError(
        `validationFreq is ${JSON.stringify(frequency)}: give a number of epochs, or a list of epochs counted from 1.`,
      );
    this.#frequency = frequency as Frequency;
  }

  get due(): boolean {
    const count = this.epoch + 1;
    return typeof this.#frequency === "number"
      ? count % this.#frequency === 0
      : this.#frequency.includes(count);
  }
}

const frequencies = new WeakMap<object, ValidationFrequency>();

/** Which epoch of a model's training begins. */
export function beginEpoch(model: tf.LayersModel, epoch: number): void {
  const frequency = frequencies.get(model);
  if (frequency) frequency.epoch = epoch;
}

/** Takes from an epoch's logs what a validation would say that it has not. */
export function leaveOutUnvalidated(model: tf.LayersModel, logs: Logs): void {
  if (frequencies.get(model)?.due !== false) return;
  for (const [name, value] of Object.entries(logs)) {
    if (!name.startsWith("val_")) continue;
    if (typeof value !== "number") value.dispose();
    Reflect.deleteProperty(logs, name);
  }
}

/** Runs a training of the model with its validations at that frequency. */
export async function validatedAt<T>(
  model: { readonly isTraining: boolean },
  frequency: ValidationFrequency,
  run: () => Promise<T>,
): Promise<T> {
  // Another training that goes on keeps its own: TensorFlow.js refuses the second.
  if (model.isTraining) return run();
  // In the place of one that a stop has left.
  frequencies.set(model, frequency);
  try {
    return await run();
  } finally {
    frequencies.delete(model);
  }
}

/** TensorFlow.js validates after each epoch; what is left out of the logs need not be computed. */
export function skipValidations(model: Validating): void {
  const unmeasured = () => model.metricsNames.map(() => tf.scalar(NaN));
  const [test, evaluate] = [model.testLoop.bind(model), model.evaluate.bind(model)];
  let evaluating = false;
  model.testLoop = (...args) =>
    frequencies.get(model)?.due === false && !evaluating ? unmeasured() : test(...args);
  model.evaluate = (...args) => {
    const change = () => {
      evaluating = true;
      return () => void (evaluating = false);
    };
    return withChange(change, () => evaluate(...args));
  };
  const evaluateDataset = model.evaluateDataset.bind(model);
  model.evaluateDataset = async (dataset, args) => {
    const frequency = frequencies.get(model);
    return frequency?.due === false && frequency.held === dataset
      ? unmeasured()
      : evaluateDataset(dataset, args);
  };
}
