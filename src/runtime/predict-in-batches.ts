import { randomUUID } from "node:crypto";
import * as tf from "@tensorflow/tfjs";
import { progressBundle } from "../display/progress-bar.js";
import { cellDisplay } from "./cell-display.js";

type Tensors = tf.Tensor | tf.Tensor[];
type PredictLoop = (this: tf.LayersModel, inputs: Tensors, batchSize?: number, verbose?: boolean) => Tensors;

/** A prediction that takes no longer shows no bar. */
const PATIENCE_MS = 1000;
const DRAW_MS = 150;

let watching = false;

/**
 * Lets `model.predict` on many samples show a bar. tfjs-layers cuts the samples into batches itself
 * (engine/training.ts, predictLoop); here each batch is a prediction of its own.
 */
export function watchPredictions(): void {
  if (watching) return;
  watching = true;
  const prototype = tf.LayersModel.prototype as unknown as { predictLoop: PredictLoop };
  const whole = prototype.predictLoop;
  prototype.predictLoop = function (inputs, batchSize = 32, verbose = false) {
    const list = [inputs].flat();
    const samples = list[0]?.shape[0] ?? 0;
    const sameSamples = list.every((input) => input.shape[0] === samples);
    if (samples <= batchSize || !sameSamples || verbose) return whole.call(this, inputs, batchSize, verbose);
    return inBatches(list, samples, batchSize, (batch) => {
      // Looked up again: another way of predicting a batch may have been put in front of this one.
      const given = batch.length === 1 ? batch[0]! : batch;
      const { predictLoop } = this as unknown as { predictLoop: PredictLoop };
      return [predictLoop.call(this, given, batch[0]!.shape[0]!)].flat();
    });
  };
}

function inBatches(
  inputs: readonly tf.Tensor[],
  samples: number,
  batchSize: number,
  predict: (batch: tf.Tensor[]) => tf.Tensor[],
): Tensors {
  const bar = new Bar(samples);
  const results = tf.tidy(() => {
    const parts: tf.Tensor[][] = [];
    for (let at = 0; at < samples; at += batchSize) {
      const count = Math.min(batchSize, samples - at);
      parts.push(tf.tidy(() => predict(inputs.map((input) => tf.slice(input, at, count)))));
      bar.moveTo(at + count);
    }
    return parts[0]!.map((_, i) =>
      tf.concat(
        parts.map((part) => part[i]!),
        0,
      ),
    );
  });
  return results.length === 1 ? results[0]! : results;
}

class Bar {
  private readonly id = randomUUID();
  private readonly started = performance.now();
  private drawn = 0;

  constructor(private readonly total: number) {}

  moveTo(done: number): void {
    const now = performance.now();
    const place = cellDisplay();
    const ended = done >= this.total;
    if (!place || (this.drawn === 0 && (ended || now - this.started < PATIENCE_MS))) return;
    if (!ended && now - this.drawn < DRAW_MS) return;
    const seconds = (now - this.started) / 1000;
    const state = ended ? "done" : "running";
    const bundle = progressBundle({ label: "predict", done, total: this.total, seconds, state });
    if (this.drawn === 0) place.show(this.id, bundle);
    else place.update(this.id, bundle);
    this.drawn = now;
  }
}
