import * as tf from "@tensorflow/tfjs";
import { KerasOptimizer } from "../training/optimizers/keras-optimizer.js";

/** Where TensorFlow.js's own optimizers have their rate; SGD and momentum have more made from it. */
interface Rated {
  learningRate?: unknown;
  setLearningRate?(rate: number): void;
}

/** @throws TypeError where the optimizer has no rate */
export function learningRateOf(model: tf.LayersModel): number {
  const { optimizer } = model;
  if (optimizer instanceof KerasOptimizer) return optimizer.currentRate();
  const rate = (optimizer as unknown as Rated).learningRate;
  if (typeof rate === "number") return rate;
  throw new TypeError(`${optimizer.getClassName()} has no learning rate that a callback could change.`);
}

/** @throws TypeError where the optimizer has no rate, or a schedule changes it */
export function setLearningRate(model: tf.LayersModel, rate: number): void {
  learningRateOf(model);
  const optimizer = model.optimizer as unknown as Rated;
  if (optimizer.setLearningRate) optimizer.setLearningRate(rate);
  else optimizer.learningRate = rate;
}
