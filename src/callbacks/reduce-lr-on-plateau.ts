import * as tf from "@tensorflow/tfjs";
import type { Logs } from "../training/running-logs.js";
import { numbersIn } from "./numbers-in.js";
import { learningRateOf, setLearningRate } from "./learning-rate.js";
import { Monitor, type MonitorOptions } from "./monitor.js";
import { refuseUnknown } from "./options.js";

export interface ReduceLROnPlateauOptions extends MonitorOptions {
  /** What the rate is multiplied by, below 1. Default 0.1. */
  readonly factor?: number;
  /** Epochs without a better value before the rate falls. Default 10. */
  readonly patience?: number;
  /** 1 says when the rate falls. */
  readonly verbose?: number;
  /** Epochs after a fall in which nothing is counted. Default 0. */
  readonly cooldown?: number;
  /** The rate never falls below. Default 0. */
  readonly minLr?: number;
}

const KNOWN = ["monitor", "mode", "minDelta", "factor", "patience", "verbose", "cooldown", "minLr"];

/** Lowers the rate when what it looks at gets no better. Follows keras/src/callbacks/reduce_lr_on_plateau.py. */
export class ReduceLROnPlateau extends tf.Callback {
  readonly #monitor: Monitor;
  #best: number | null = null;
  #wait = 0;
  #cooling = 0;

  /** @throws RangeError for an argument that there is not, and for a factor of 1 or more */
  constructor(readonly options: ReduceLROnPlateauOptions = {}) {
    super();
    refuseUnknown("reduceLROnPlateau", options, KNOWN);
    const { factor = 0.1 } = options;
    if (!(factor < 1))
      throw new RangeError(`The factor of reduceLROnPlateau is ${factor}: the rate falls by one below 1.`);
    this.#monitor = new Monitor("reduceLROnPlateau", { minDelta: 1e-4, ...options });
  }

  override async onTrainBegin(): Promise<void> {
    this.#best = null;
    this.#wait = 0;
    this.#cooling = 0;
    return Promise.resolve();
  }

  override async onEpochEnd(epoch: number, logs: Logs = {}): Promise<void> {
    const { patience = 10 } = this.options;
    logs["learning_rate"] = learningRateOf(this.model as tf.LayersModel);
    const current = this.#monitor.valueIn(await numbersIn(logs), "reduceLROnPlateau");
    if (current === null) return;
    if (this.#cooling > 0) {
      this.#cooling--;
      this.#wait = 0;
    }
    if (this.#monitor.improves(current, this.#best)) {
      this.#best = current;
      this.#wait = 0;
    } else if (this.#cooling === 0 && ++this.#wait >= patience) {
      this.#reduce(epoch);
    }
  }

  #reduce(epoch: number): void {
    const { factor = 0.1, minLr = 0, cooldown = 0, verbose = 0 } = this.options;
    const model = this.model as tf.LayersModel;
    const rate = learningRateOf(model);
    if (rate <= Math.fround(minLr)) return;
    const next = Math.max(rate * factor, minLr);
    setLearningRate(model, next);
    if (verbose > 0) console.log(`Epoch ${epoch + 1}: the learning rate falls to ${next}`);
    this.#cooling = cooldown;
    this.#wait = 0;
  }
}
