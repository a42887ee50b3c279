import * as tf from "@tensorflow/tfjs";
import type { Logs } from "../training/running-logs.js";
import { numbersIn } from "./numbers-in.js";

/** Stops training at a loss that is no number or infinite. Follows keras/src/callbacks/terminate_on_nan.py. */
export class TerminateOnNaN extends tf.Callback {
  override async onBatchEnd(batch: number, logs?: Logs): Promise<void> {
    const { loss } = await numbersIn(logs);
    if (loss === undefined || Number.isFinite(loss)) return;
    console.warn(`Batch ${batch}: the loss is ${loss}, and training stops.`);
    (this.model as tf.LayersModel).stopTraining = true;
  }
}
