/** What a callback looks at, and in which direction it gets better. */
export interface MonitorOptions {
  /** A loss or metric as the history names it. Default `val_loss`. */
  readonly monitor?: string;
  /** Whether less or more is better. `auto`, the default, goes by the name. */
  readonly mode?: "auto" | "min" | "max";
  /** By how much a value must be better to count as such. */
  readonly minDelta?: number;
}

const RISES =
  /(^|_)(acc|accuracy|auc|precision|recall|f1|f1_score|fbeta_score|iou|r2_score|cosine_similarity|similarity|true_positives|true_negatives)(_at_\w+)?(_\d+)?$|_at_(precision|recall|sensitivity|specificity)(_\d+)?$/;
const FALLS =
  /(^|_)(loss|mse|mae|mape|msle|rmse|error|crossentropy|hinge|poisson|kld|kl_divergence|logcosh|log_cosh|huber|false_positives|false_negatives)(_\d+)?$/;

/** Follows keras/src/callbacks/monitor_callback.py. */
export class Monitor {
  readonly name: string;
  readonly #rises: boolean;
  readonly #delta: number;

  /**
   * @param callback as errors name it
   * @throws RangeError for another mode, and where the name does not tell what is better
   */
  constructor(callback: string, { monitor = "val_loss", mode = "auto", minDelta = 0 }: MonitorOptions) {
    if (!["auto", "min", "max"].includes(mode))
      throw new RangeError(`${callback} has no mode ${JSON.stringify(mode)}: give "auto", "min" or "max".`);
    if (mode === "auto" && RISES.test(monitor) === FALLS.test(monitor))
      throw new RangeError(
        `${callback} cannot tell whether more or less of ${monitor} is better: give mode: "max" or mode: "min".`,
      );
    this.name = monitor;
    this.#rises = mode === "auto" ? RISES.test(monitor) : mode === "max";
    this.#delta = Math.abs(minDelta);
  }

  /** Null where nothing of that name was measured in this epoch; says so, once. */
  valueIn(logs: Readonly<Record<string, number>>, callback: string): number | null {
    const value = logs[this.name];
    if (value !== undefined) return value;
    console.warn(
      `${callback} looks at ${this.name}, which this epoch has not: there are ${Object.keys(logs).join(", ")}.`,
    );
    return null;
  }

  improves(value: number, reference: number | null): boolean {
    if (reference === null) return true;
    return this.#rises ? value - this.#delta > reference : value + this.#delta < reference;
  }
}
