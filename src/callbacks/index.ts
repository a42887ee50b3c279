import * as tf from "@tensorflow/tfjs";
import { CSVLogger, type CSVLoggerOptions } from "./csv-logger.js";
import { EarlyStopping, type EarlyStoppingOptions } from "./early-stopping.js";
import { LearningRateScheduler } from "./learning-rate-scheduler.js";
import { ModelCheckpoint, type ModelCheckpointOptions } from "./model-checkpoint.js";
import { ReduceLROnPlateau, type ReduceLROnPlateauOptions } from "./reduce-lr-on-plateau.js";
import { TerminateOnNaN } from "./terminate-on-nan.js";

/**
 * Keras's callbacks for `fit` and `fitDataset`, of loaded models and of others. They may stand in one list with plain
 * objects: `callbacks: [callbacks.earlyStopping({ patience: 3 }), { onEpochEnd: (epoch, logs) => ... }]`.
 */
export const callbacks = {
  earlyStopping: (options?: EarlyStoppingOptions) => new EarlyStopping(options),
  reduceLROnPlateau: (options?: ReduceLROnPlateauOptions) => new ReduceLROnPlateau(options),
  learningRateScheduler: (
    schedule: (epoch: number, rate: number) => number,
    options?: { readonly verbose?: number },
  ) => new LearningRateScheduler(schedule, options),
  modelCheckpoint: (path: string, options?: ModelCheckpointOptions) => new ModelCheckpoint(path, options),
  csvLogger: (path: string, options?: CSVLoggerOptions) => new CSVLogger(path, options),
  terminateOnNaN: () => new TerminateOnNaN(),
};

/** Puts them in the place of TensorFlow.js's own `tf.callbacks`, which has one, without `restoreBestWeights`. */
export function completeCallbacks(): void {
  Object.assign(tf.callbacks, callbacks);
}
