// A cell may put its own in the place of the global ones.
import { clearTimeout, setTimeout } from "node:timers";
import { randomUUID } from "node:crypto";
import { progressBundle, type ProgressState } from "../../src/display/training/progress-bar.js";
import type { Bundle } from "./messages.js";

export interface ProgressOptions {
  /** Stands before the bar. */
  readonly label?: string;
  /** How many there are; taken from an array, set or map if left out. */
  readonly total?: number;
}

/** A bar that the caller moves. It ends at its total, by `close` or at the end of a `using` block. */
export interface ProgressBar extends Disposable {
  /** How much is done; setting it moves the bar. */
  value: number;
  label: string;
  /** Moves the bar by so much, by 1 if left out. */
  advance(by?: number): void;
  /** Leaves the bar as it stands. */
  close(): void;
}

export interface ProgressFunction {
  /** `for (const x of progress(items))` shows a bar while the loop goes on. */
  <T>(items: Iterable<T>, options?: ProgressOptions): Iterable<T>;
  /** The same for `for await`. */
  <T>(items: AsyncIterable<T>, options?: ProgressOptions): AsyncIterable<T>;
  /** A bar for this many, moved by `advance()`. */
  (total: number, options?: ProgressOptions): ProgressBar;
}

interface Place {
  show(displayId: string, bundle: Bundle): void;
  update(displayId: string, bundle: Bundle): void;
}

/** A front end has other things to do than to draw a bar: the first moves at once, then each so many milliseconds. */
const AT_ONCE = 10;
const INTERVAL_MS = 100;

export function createProgress(place: Place): ProgressFunction {
  const bar = (total: number | null, { label = "" }: ProgressOptions) => new Bar(place, label, total);
  const progress = (
    items: number | Iterable<unknown> | AsyncIterable<unknown>,
    options: ProgressOptions = {},
  ): unknown => {
    if (typeof items === "number") return bar(items, options);
    const total = options.total ?? countOf(items);
    if (Symbol.iterator in items) return stepped(items, () => bar(total, options));
    if (Symbol.asyncIterator in items) return steppedAsync(items, () => bar(total, options));
    throw new TypeError("progress takes a number, or something to loop over: progress(100), progress(list).");
  };
  return progress as ProgressFunction;
}

function countOf(items: object): number | null {
  const { length, size } = items as { length?: unknown; size?: unknown };
  return typeof length === "number" ? length : typeof size === "number" ? size : null;
}

function* stepped(items: Iterable<unknown>, open: () => ProgressBar): Iterable<unknown> {
  using bar = open();
  for (const item of items) {
    yield item;
    bar.advance();
  }
}

async function* steppedAsync(items: AsyncIterable<unknown>, open: () => ProgressBar): AsyncIterable<unknown> {
  using bar = open();
  for await (const item of items) {
    yield item;
    bar.advance();
  }
}

class Bar implements ProgressBar {
  readonly #id = randomUUID();
  readonly #started = performance.now();
  #drawn = performance.now();
  #value = 0;
  #label: string;
  #closed = false;
  #draws = 0;
  #later: NodeJS.Timeout | undefined;

  constructor(
    readonly place: Place,
    label: string,
    readonly total: number | null,
  ) {
    this.#label = label;
    place.show(this.#id, progressBundle(this.#state()));
  }

  get value(): number {
    return this.#value;
  }

  set value(value: number) {
    this.#value = Number(value);
    this.#draw(this.#value === this.total);
  }

  get label(): string {
    return this.#label;
  }

  set label(label: string) {
    this.#label = String(label);
    this.#draw(false);
  }

  advance(by = 1): void {
    this.value += by;
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#draw(true);
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #draw(now: boolean): void {
    const early = performance.now() - this.#drawn < INTERVAL_MS && this.#draws >= AT_ONCE;
    if (!now && early) {
      this.#later ??= setTimeout(() => this.#draw(true), INTERVAL_MS).unref();
      return;
    }
    clearTimeout(this.#later);
    this.#later = undefined;
    this.#draws++;
    this.#drawn = performance.now();
    this.place.update(this.#id, progressBundle(this.#state()));
  }

  #state(): ProgressState {
    const complete = this.total === null ? this.#closed : this.#value >= this.total;
    const state = complete ? "done" : this.#closed ? "stopped" : "running";
    const seconds = (performance.now() - this.#started) / 1000;
    return { label: this.#label, done: this.#value, total: this.total, seconds, state };
  }
}
