import { randomUUID } from "node:crypto";
import * as tf from "@tensorflow/tfjs";
import { progressBundle, type ProgressState } from "../display/training/progress-bar.js";
import { cellDisplay } from "./cell-display.js";
import { whenInterrupted } from "./memory/current-cell.js";

type Tensors = tf.Tensor | tf.Tensor[];
type PredictLoop = (this: tf.LayersModel, inputs: Tensors, batchSize?: number, verbose?: boolean) => Tensors;

/** A prediction that takes no longer shows no bar. */
const PATIENCE_MS = 1000;
const DRAW_MS = 150;

let watching = false;
/** Of the prediction that runs: an interrupt ends it without `finally`. */
let running: Bar | null = null;

/**
 * Lets `model.predict` on many samples show a bar. tfjs-layers cuts the samples into batches itself
 * (engine/training.ts, predictLoop); here each batch is a prediction of its own.
 */
export function watchPredictions(): void {
  if (watching) return;
  watching = true;
  whenInterrupted(() => stopBar());
  const prototype = tf.LayersModel.prototype as unknown as { predictLoop: PredictLoop };
  const whole = prototype.predictLoop;
  prototype.predictLoop = function (inputs, batchSize = 32, verbose = false) {
    const list = [inputs].flat();
    const samples = list[0]?.shape[0] ?? 0;
    refuseUnequal(this, list);
    if (samples === 0 && list.length > 0)
      return withoutSamples(list, (one) => whole.call(this, one, 1, verbose));
    if (samples <= batchSize || verbose) return whole.call(this, inputs, batchSize, verbose);
    return inBatches(list, samples, batchSize, (batch) => {
      // Looked up again: another way of predicting a batch may have been put in front of this one.
      const given = batch.length === 1 ? batch[0]! : batch;
      const { predictLoop } = this as unknown as { predictLoop: PredictLoop };
      return [predictLoop.call(this, given, batch[0]!.shape[0]!)].flat();
    });
  };
}

/** The rows that are there would be taken, and the others passed over. */
function refuseUnequal(model: tf.LayersModel, inputs: readonly tf.Tensor[]): void {
  if (new Set(inputs.map(({ shape }) => shape[0])).size <= 1) return;
  const told = inputs.map(({ shape }, i) => `${shape[0]} for ${JSON.stringify(model.inputNames[i])}`);
  throw new Error(
    `predict() was given other numbers of samples for each input: ${told.join(", ")}. Give as many for each.`,
  );
}

/** Results of no samples have the shapes of those of one, which is computed and left out. */
function withoutSamples(inputs: readonly tf.Tensor[], predict: (one: Tensors) => Tensors): Tensors {
  const results = tf.tidy(() => {
    const one = inputs.map(({ shape, dtype }) =>
      tf.fill([1, ...shape.slice(1)], dtype === "string" ? "" : 0, dtype as "float32"),
    );
    return [predict(one.length === 1 ? one[0]! : one)].flat().map((y) => tf.slice(y, 0, 0));
  });
  return results.length === 1 ? results[0]! : results;
}

function inBatches(
  inputs: readonly tf.Tensor[],
  samples: number,
  batchSize: number,
  predict: (batch: tf.Tensor[]) => tf.Tensor[],
): Tensors {
  const bar = new Bar(samples);
  running = bar;
  const compute = (): tf.Tensor[] => {
    const parts: tf.Tensor[][] = [];
    for (let at = 0; at < samples; at += batchSize) {
      const count = Math.min(batchSize, samples - at);
      const part = tf.tidy(() => predict(inputs.map((input) => tf.slice(input, at, count))));
      parts.push(part);
      bar.moveTo(at + count, part[0]!);
    }
    return parts[0]!.map((_, i) =>
      tf.concat(
        parts.map((part) => part[i]!),
        0,
      ),
    );
  };
  try {
    const results = tf.tidy(compute);
    return results.length === 1 ? results[0]! : results;
  } finally {
    stopBar();
  }
}

/** Says of a bar that stands below its end that nothing moves it any more. */
function stopBar(): void {
  running?.stop();
  running = null;
}

/** A GPU takes on more than it has done: a bar would run ahead of it, and a stop would leave it at work. */
function finish(result: tf.Tensor): void {
  if (result.size > 0) tf.tidy(() => tf.slice(tf.reshape(result, [-1]), 0, 1).dataSync());
}

class Bar {
  private readonly id = randomUUID();
  private readonly started = performance.now();
  private looked = this.started;
  /** Batches since the last look, and after how many the next one is. */
  private batches = 0;
  private enough = 1;
  private drawn = 0;
  private done = 0;

  constructor(private readonly total: number) {}

  /** @param last of what the samples so far gave */
  moveTo(done: number, last: tf.Tensor): void {
    this.done = done;
    const ended = done >= this.total;
    this.batches++;
    if (ended ? this.drawn === 0 : this.batches < this.enough) return;
    this.look(last);
    if (this.drawn === 0 && this.looked - this.started < PATIENCE_MS) return;
    this.draw(ended ? "done" : "running");
  }

  /** By what the batches so far took in all: handing them to a GPU takes a moment. */
  private look(last: tf.Tensor): void {
    finish(last);
    const now = performance.now();
    this.enough = Math.max(1, Math.floor((DRAW_MS * this.batches) / Math.max(now - this.looked, 0.1)));
    this.looked = now;
    this.batches = 0;
  }

  stop(): void {
    if (this.drawn > 0 && this.done < this.total) this.draw("stopped");
  }

  private draw(state: ProgressState["state"]): void {
    const place = cellDisplay();
    if (!place) return;
    const seconds = (performance.now() - this.started) / 1000;
    const bundle = progressBundle({ label: "predict", done: this.done, total: this.total, seconds, state });
    if (this.drawn === 0) place.show(this.id, bundle);
    else place.update(this.id, bundle);
    this.drawn = performance.now();
  }
}
