import * as tf from "@tensorflow/tfjs";

/** What TensorFlow.js hands to callbacks: losses and metrics by name, some still to be read. */
export type Logs = Record<string, number | tf.Scalar>;

/**
 * Losses and metrics over the batches of an epoch so far, as Keras hands them to callbacks at the end of each batch.
 * What steps report is such that its mean, weighted by samples, is the metric of all: by itself it says nothing.
 */
export class RunningLogs {
  readonly #totals = new Map<string, tf.Scalar>();
  #samples = 0;

  /** Adds a batch, and puts what all make so far in its place. */
  add(logs: Logs): void {
    const size = Number(logs["size"]);
    this.#samples += size;
    for (const [name, value] of Object.entries(logs)) {
      if (typeof value === "number") continue;
      const before = this.#totals.get(name);
      const total = tf.tidy<tf.Scalar>(() => {
        const own = tf.mul<tf.Scalar>(value, size);
        return before ? tf.add(before, own) : own;
      });
      tf.dispose([value, ...(before ? [before] : [])]);
      this.#totals.set(name, total);
      logs[name] = tf.div(total, this.#samples);
    }
  }

  dispose(): void {
    tf.dispose([...this.#totals.values()]);
    this.#totals.clear();
  }
}
