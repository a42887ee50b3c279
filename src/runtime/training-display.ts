import { randomUUID } from "node:crypto";
import * as tf from "@tensorflow/tfjs";
import { progressBundle, type ProgressState } from "../display/training/progress-bar.js";
import { shortNumber } from "../display/short-number.js";
import { metricNames, trainingChartBundle, type EpochLogs } from "../display/training/training-chart.js";
import type { CellDisplay } from "./cell-display.js";

/** As callbacks of this kind get them: numbers that may still have to be read. */
type Logs = NonNullable<Parameters<tf.Callback["onEpochEnd"]>[1]>;

/** What tfjs-layers tells callbacks at the start (base_callbacks.ts, configureCallbacks). */
interface Params {
  readonly epochs: number;
  readonly initialEpoch: number;
  /** Batches of an epoch; null where they are counted by samples, or not known. */
  readonly steps: number | null;
  readonly samples: number | null;
  readonly batchSize: number | null;
}

/** A front end redraws a whole chart at each update. */
const CHART_MS = 700;
const BAR_MS = 150;

/** A bar with the latest numbers while a model trains, and a chart of loss and metrics from the second epoch on. */
export class TrainingDisplay extends tf.Callback {
  private readonly barId = randomUUID();
  private readonly chartId = randomUUID();
  private readonly started = performance.now();
  private readonly epochs: EpochLogs[] = [];
  private epoch = 0;
  private batches = 0;
  private latest: Readonly<Record<string, number>> = {};
  private barShown = false;
  private chartShown = false;
  private barDrawn = 0;
  private chartDrawn = 0;
  private state: ProgressState["state"] = "running";

  constructor(private readonly place: CellDisplay) {
    super();
  }

  override async onTrainBegin(): Promise<void> {
    this.drawBar();
  }

  override async onEpochBegin(epoch: number): Promise<void> {
    this.epoch = epoch;
  }

  override async onBatchEnd(_batch: number, logs?: Logs): Promise<void> {
    this.batches++;
    if (performance.now() - this.barDrawn < BAR_MS) return;
    this.latest = withoutCounts(await resolved(logs));
    this.drawBar();
  }

  override async onEpochEnd(epoch: number, logs?: Logs): Promise<void> {
    this.latest = await resolved(logs);
    this.epochs.push({ epoch: epoch + 1, logs: this.latest });
    if (performance.now() - this.barDrawn >= BAR_MS) this.drawBar();
    if (performance.now() - this.chartDrawn >= CHART_MS) this.drawChart();
  }

  override async onTrainEnd(): Promise<void> {
    this.end("done");
  }

  /** The last state, also when the training was stopped or failed. */
  end(state: "done" | "stopped"): void {
    // One that was refused has not begun: there is nothing to show.
    if (this.state !== "running" || !this.barShown) return;
    // A training that was told to stop ends as if it were done.
    const { epochs } = this.sizes();
    this.state = this.epochs.length < epochs ? "stopped" : state;
    this.drawBar();
    this.drawChart();
  }

  private sizes(): { epochs: number; batches: number | null } {
    const { epochs = 1, initialEpoch = 0, steps, samples, batchSize } = this.params as unknown as Params;
    const batches = steps ?? (samples && batchSize ? Math.ceil(samples / batchSize) : null);
    return { epochs: epochs - initialEpoch, batches };
  }

  private drawBar(): void {
    this.barDrawn = performance.now();
    const { epochs, batches } = this.sizes();
    const names = metricNames([{ epoch: 0, logs: this.latest }]);
    const numbers = names.map((name) => `${name} ${shortNumber(this.latest[name]!)}`);
    const last = (this.params as unknown as Params).epochs;
    const place = `epoch ${Math.min(this.epoch + 1, last)} of ${last}`;
    const total = batches === null ? null : epochs * batches;
    const bundle = progressBundle({
      label: [place, ...numbers].join("  "),
      // A last batch that is left out, or a data set that ends early, is no reason to stand below the total.
      done: this.state === "done" && total !== null ? total : this.batches,
      total,
      seconds: (performance.now() - this.started) / 1000,
      state: this.state,
    });
    if (this.barShown) this.place.update(this.barId, bundle);
    else this.place.show(this.barId, bundle);
    this.barShown = true;
  }

  private drawChart(): void {
    if (this.epochs.length < 2) return;
    this.chartDrawn = performance.now();
    const bundle = trainingChartBundle(this.epochs);
    if (this.chartShown) this.place.update(this.chartId, bundle);
    else this.place.show(this.chartId, bundle);
    this.chartShown = true;
  }
}

async function resolved(logs: Logs = {}): Promise<Record<string, number>> {
  const values: Record<string, number> = {};
  for (const [name, value] of Object.entries(logs))
    values[name] = typeof value === "number" ? value : (await value.data())[0]!;
  return values;
}

/** A batch's own number and size are no metrics. */
function withoutCounts({ batch: _, size: __, ...metrics }: Record<string, number>): Record<string, number> {
  return metrics;
}
