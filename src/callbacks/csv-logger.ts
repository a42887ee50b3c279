import { appendFile, stat, writeFile } from "node:fs/promises";
import * as tf from "@tensorflow/tfjs";
import type { Logs } from "../training/running-logs.js";
import { numbersIn } from "./numbers-in.js";
import { refuseUnknown } from "./options.js";

export interface CSVLoggerOptions {
  /** Between the values. Default a comma. */
  readonly separator?: string;
  /** Whether lines are added to a file that is there, in place of a new one. Default false. */
  readonly append?: boolean;
}

/** Writes a line with losses and metrics after each epoch. Follows keras/src/callbacks/csv_logger.py. */
export class CSVLogger extends tf.Callback {
  #columns: readonly string[] | null = null;
  #headed = false;

  /** @throws RangeError for an argument that there is not */
  constructor(
    readonly path: string,
    readonly options: CSVLoggerOptions = {},
  ) {
    super();
    refuseUnknown("csvLogger", options, ["separator", "append"]);
  }

  override async onTrainBegin(): Promise<void> {
    this.#columns = null;
    const there = await stat(this.path).catch(() => null);
    this.#headed = this.options.append === true && there !== null && there.size > 0;
    if (!this.#headed) await writeFile(this.path, "");
  }

  override async onEpochEnd(epoch: number, logs?: Logs): Promise<void> {
    const values = await numbersIn(logs);
    this.#columns ??= columnsOf(Object.keys(values).sort());
    if (!this.#headed) await this.#write(["epoch", ...this.#columns]);
    this.#headed = true;
    await this.#write([epoch, ...this.#columns.map((name) => values[name] ?? "NA")]);
  }

  async #write(cells: readonly (string | number)[]): Promise<void> {
    await appendFile(this.path, `${cells.join(this.options.separator ?? ",")}\r\n`);
  }
}

/** What is measured on data to validate on has its place also where the first epochs have none. */
function columnsOf(names: readonly string[]): readonly string[] {
  const validated = names.some((name) => name.startsWith("val_"));
  return validated ? names : [...names, ...names.map((name) => `val_${name}`)];
}
