import * as tf from "@tensorflow/tfjs";
import type { Logs } from "../training/running-logs.js";
import { learningRateOf, setLearningRate } from "./learning-rate.js";

/** Sets the learning rate before each epoch. Follows keras/src/callbacks/learning_rate_scheduler.py. */
export class LearningRateScheduler extends tf.Callback {
  /**
   * @param schedule gives the rate of an epoch, counted from 0, by that of the one before
   * @param options `verbose: 1` says each rate
   */
  constructor(
    readonly schedule: (epoch: number, rate: number) => number,
    readonly options: { readonly verbose?: number } = {},
  ) {
    super();
    if (typeof schedule !== "function")
      throw new TypeError(
        "learningRateScheduler takes a function of the epoch and the rate: (epoch, rate) => rate / 2.",
      );
  }

  /** @throws TypeError where the function gives no number, or the optimizer has a schedule of its own */
  override async onEpochBegin(epoch: number): Promise<void> {
    const model = this.model as tf.LayersModel;
    const rate: unknown = this.schedule(epoch, learningRateOf(model));
    if (typeof rate !== "number" || !Number.isFinite(rate))
      throw new TypeError(
        `The function of learningRateScheduler gave ${String(rate)} for epoch ${epoch}, no learning rate.`,
      );
    setLearningRate(model, rate);
    if ((this.options.verbose ?? 0) > 0) console.log(`Epoch ${epoch + 1}: learning rate ${rate}`);
    return Promise.resolve();
  }

  override async onEpochEnd(_epoch: number, logs: Logs = {}): Promise<void> {
    logs["learning_rate"] = learningRateOf(this.model as tf.LayersModel);
    return Promise.resolve();
  }
}
