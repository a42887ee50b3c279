import { mkdir } from "node:fs/promises";
import nodePath from "node:path";
import * as tf from "@tensorflow/tfjs";
import type { Logs } from "../training/running-logs.js";
import { numbersIn } from "./numbers-in.js";
import { fileName } from "./file-name.js";
import { Monitor, type MonitorOptions } from "./monitor.js";
import { refuseUnknown } from "./options.js";

export interface ModelCheckpointOptions extends Omit<MonitorOptions, "minDelta"> {
  /** Whether only a model is saved that is better than all before. Default false. */
  readonly saveBestOnly?: boolean;
  /** `epoch`, the default, or a number of batches. */
  readonly saveFreq?: "epoch" | number;
  /** A value that the first model to be saved must beat. */
  readonly initialValueThreshold?: number;
  /** 1 says each file that is written. */
  readonly verbose?: number;
}

const KNOWN = ["monitor", "mode", "saveBestOnly", "saveFreq", "initialValueThreshold", "verbose"];

/** Saves the model while it trains. Follows keras/src/callbacks/model_checkpoint.py. */
export class ModelCheckpoint extends tf.Callback {
  readonly #monitor: Monitor | null;
  #best: number | null;
  #epoch = 0;
  #batches = 0;

  /**
   * @param path of the file, which is written over; `{epoch:02d}` and `{val_loss:.2f}` in it are filled in. Its ending
   *   is one that `saveModel` takes
   * @throws RangeError for an argument that there is not, or a metric of which nobody knows what is better
   */
  constructor(
    readonly path: string,
    readonly options: ModelCheckpointOptions = {},
  ) {
    super();
    if ("saveWeightsOnly" in options || path.endsWith(".weights.h5"))
      throw new RangeError(
        "modelCheckpoint saves whole models: leave saveWeightsOnly out, and end the path in .keras or .h5.",
      );
    refuseUnknown("modelCheckpoint", options, KNOWN);
    const { saveFreq = "epoch" } = options;
    if (saveFreq !== "epoch" && !(Number.isInteger(saveFreq) && saveFreq > 0))
      throw new RangeError(
        `modelCheckpoint has saveFreq ${JSON.stringify(saveFreq)}: give "epoch" or a number of batches.`,
      );
    this.#monitor = options.saveBestOnly === true ? new Monitor("modelCheckpoint", options) : null;
    this.#best = options.initialValueThreshold ?? null;
  }

  override async onEpochBegin(epoch: number): Promise<void> {
    this.#epoch = epoch;
    return Promise.resolve();
  }

  override async onBatchEnd(batch: number, logs?: Logs): Promise<void> {
    const { saveFreq = "epoch" } = this.options;
    if (saveFreq === "epoch" || ++this.#batches < saveFreq) return;
    this.#batches = 0;
    await this.#save({ ...(await numbersIn(logs)), batch: batch + 1 });
  }

  override async onEpochEnd(_epoch: number, logs?: Logs): Promise<void> {
    if ((this.options.saveFreq ?? "epoch") === "epoch") await this.#save(await numbersIn(logs));
  }

  async #save(logs: Readonly<Record<string, number>>): Promise<void> {
    if (!this.#isBest(logs)) return;
    const path = fileName(this.path, { ...logs, epoch: this.#epoch + 1 });
    await mkdir(nodePath.dirname(path), { recursive: true });
    // Not before it is needed: writing takes much to load.
    const { saveModel } = await import("../saving/save-model.js");
    await saveModel(this.model as tf.LayersModel, path, { overwrite: true });
    if ((this.options.verbose ?? 0) > 0) console.log(`Epoch ${this.#epoch + 1}: saved as ${path}`);
  }

  /** Where nothing was measured, all are saved, as by Keras. */
  #isBest(logs: Readonly<Record<string, number>>): boolean {
    const current = this.#monitor?.valueIn(logs, "modelCheckpoint") ?? null;
    if (!this.#monitor || current === null) return true;
    if (!this.#monitor.improves(current, this.#best)) return false;
    this.#best = current;
    return true;
  }
}
