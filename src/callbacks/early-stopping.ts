import * as tf from "@tensorflow/tfjs";
import type { Logs } from "../training/running-logs.js";
import { numbersIn } from "./numbers-in.js";
import { Monitor, type MonitorOptions } from "./monitor.js";
import { refuseUnknown } from "./options.js";
import { WeightsKept } from "./weights-kept.js";

export interface EarlyStoppingOptions extends MonitorOptions {
  /** Epochs without a better value before training stops. Default 0. */
  readonly patience?: number;
  /** 1 says when training stops. */
  readonly verbose?: number;
  /** A value that must be beaten for the patience to begin anew. */
  readonly baseline?: number;
  /** Whether the model gets back the weights of its best epoch. Default false. */
  readonly restoreBestWeights?: boolean;
  /** Epochs before the first that counts. Default 0. */
  readonly startFromEpoch?: number;
}

const KNOWN = [
  ...["monitor", "mode", "minDelta", "patience", "verbose", "baseline"],
  ...["restoreBestWeights", "startFromEpoch"],
];

/** Stops training when what it looks at gets no better. Follows keras/src/callbacks/early_stopping.py. */
export class EarlyStopping extends tf.Callback {
  readonly #monitor: Monitor;
  readonly #patience: number;
  #wait = 0;
  #best: number | null = null;
  #bestEpoch = 0;
  #stopped = 0;
  #weights: WeightsKept | null = null;

  /** @throws RangeError for an argument that there is not, or a metric of which nobody knows what is better */
  constructor(readonly options: EarlyStoppingOptions = {}) {
    super();
    refuseUnknown("earlyStopping", options, KNOWN);
    this.#monitor = new Monitor("earlyStopping", options);
    this.#patience = options.patience ?? 0;
  }

  override async onTrainBegin(): Promise<void> {
    this.#wait = 0;
    this.#best = null;
    this.#bestEpoch = 0;
    this.#stopped = 0;
    this.#forget();
    return Promise.resolve();
  }

  override async onEpochEnd(epoch: number, logs?: Logs): Promise<void> {
    const current = this.#monitor.valueIn(await numbersIn(logs), "earlyStopping");
    const { startFromEpoch = 0, baseline = null } = this.options;
    if (current === null || epoch < startFromEpoch) return;
    if (!this.#weights) this.#remember(epoch);
    this.#wait++;
    if (this.#monitor.improves(current, this.#best)) {
      this.#best = current;
      this.#remember(epoch);
      if (this.#monitor.improves(current, baseline)) this.#wait = 0;
    } else if (this.#wait >= this.#patience && epoch > 0) {
      this.#stopped = epoch;
      this.#trained.stopTraining = true;
    }
  }

  override async onTrainEnd(): Promise<void> {
    const verbose = (this.options.verbose ?? 0) > 0;
    if (this.#stopped > 0 && verbose) console.log(`Epoch ${this.#stopped + 1}: early stopping`);
    if (this.#weights && verbose)
      console.log(`The weights are those of the best epoch, ${this.#bestEpoch + 1}, again.`);
    this.#weights?.restore();
    this.#forget();
    return Promise.resolve();
  }

  get #trained(): tf.LayersModel {
    return this.model as tf.LayersModel;
  }

  #remember(epoch: number): void {
    this.#bestEpoch = epoch;
    if (this.options.restoreBestWeights !== true) return;
    this.#forget();
    this.#weights = new WeightsKept(this.#trained);
  }

  #forget(): void {
    this.#weights?.dispose();
    this.#weights = null;
  }
}
