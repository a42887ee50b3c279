import * as tf from "@tensorflow/tfjs";
import type { OutputMetric } from "./compile-config.js";

/**
 * What batches report of a result that changes with each of them. tfjs averages what batches report, weighted by
 * their samples: the report is such that this average is the result over all batches, whatever kind of result it is.
 */
class Reports {
  /** What was reported so far times the samples that it was reported for. */
  #reported = tf.keep(tf.scalar(0));
  #samples = 0;

  /** @param result over all batches so far, the last of which had so many samples */
  next(result: tf.Tensor, samples: number): tf.Scalar {
    this.#samples += samples;
    const reported = tf.keep(tf.mul(result, this.#samples).asScalar());
    const difference = tf.div(tf.sub(reported, this.#reported), samples).asScalar();
    this.#reported.dispose();
    this.#reported = reported;
    return difference;
  }

  dispose(): void {
    this.#reported.dispose();
  }
}

/** A metric over the batches of an epoch. */
export class RunningMetric {
  #totals: tf.Tensor[] | null = null;
  readonly #reports = new Reports();

  constructor(readonly of: OutputMetric) {}

  /** Adds a batch. */
  add(yTrue: tf.Tensor, yPred: tf.Tensor, weights: tf.Tensor | null, samples: number): tf.Scalar {
    const { metric } = this.of;
    const increments = metric.increments(yTrue, yPred, weights);
    const totals = increments.map((increment, i) =>
      tf.keep(this.#totals ? tf.add(this.#totals[i]!, increment) : tf.clone(increment)),
    );
    if (this.#totals) tf.dispose(this.#totals);
    this.#totals = totals;
    return this.#reports.next(metric.result(totals), samples);
  }

  dispose(): void {
    this.#reports.dispose();
    tf.dispose(this.#totals ?? []);
  }
}

/** The mean of what batches give, each counted alike however many samples it has. */
export class MeanOfBatches {
  #total = tf.keep(tf.scalar(0));
  #batches = 0;
  readonly #reports = new Reports();

  add(value: tf.Scalar, samples: number): tf.Scalar {
    const total = tf.keep(tf.add(this.#total, value).asScalar());
    this.#total.dispose();
    this.#total = total;
    this.#batches++;
    return this.#reports.next(tf.div(total, this.#batches), samples);
  }

  dispose(): void {
    this.#reports.dispose();
    this.#total.dispose();
  }
}
