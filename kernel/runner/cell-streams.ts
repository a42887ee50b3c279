import { AsyncLocalStorage } from "node:async_hooks";
import { Console } from "node:console";
import type { Writable } from "node:stream";
import { disableAsyncHookChecks } from "./async-hook-checks.js";
import type { FrameOutput } from "./frame-output.js";

/**
 * Sends what user code prints to the cell that it belongs to: the cell that started the timer, promise or
 * callback in which it runs, else the latest cell.
 */
export class CellStreams {
  private readonly storage = new AsyncLocalStorage<FrameOutput>();
  private latest: FrameOutput | null = null;

  /** Runs `work` so that everything it starts, now or later, prints to `output`. */
  run<T>(output: FrameOutput, work: () => T): T {
    this.latest = output;
    return this.lend(output, work);
  }

  /** As `run`, but what has no cell of its own goes on printing to the latest one. */
  lend<T>(output: FrameOutput, work: () => T): T {
    return this.storage.run(output, () => {
      disableAsyncHookChecks();
      return work();
    });
  }

  /** Interrupts so far of the cell whose code this is, for `mayGoOn`; 0 for code of none. */
  readonly awaits = (): number => this.storage.getStore()?.interrupts ?? 0;

  /** Whether the cell whose code this is has not been interrupted since. */
  mayGoOn(mark: number): boolean {
    return this.awaits() === mark;
  }

  /** Id of the cell that runs here; 0 before the first. */
  get cell(): number {
    return this.current?.cell ?? 0;
  }

  /** Null before the first cell. */
  get current(): FrameOutput | null {
    return this.storage.getStore() ?? this.latest;
  }

  /** Takes over `process.stdout` and `process.stderr`, and so `console`, which writes to them. */
  capture(): void {
    this.redirect(process.stdout, "stdout");
    this.redirect(process.stderr, "stderr");
    // Node's own console adds and removes a listener for errors at each call, which is half of what printing costs.
    const { stdout, stderr } = process;
    Object.assign(console, new Console({ stdout, stderr, ignoreErrors: false }));
    // Node's own clears terminals alone.
    console.clear = () => this.current?.clear(false);
  }

  private redirect(stream: Writable, name: "stdout" | "stderr"): void {
    const past = stream.write.bind(stream) as typeof stream.write;
    const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
    const write = (chunk: unknown, encoding?: unknown, callback?: unknown) => {
      const output = this.current;
      if (!output) return past(chunk, encoding as BufferEncoding, callback as () => void);
      if (typeof chunk === "string") {
        const plain = typeof encoding !== "string" || /^utf-?8$/i.test(encoding);
        output.stream(name, plain ? chunk : Buffer.from(chunk, encoding as BufferEncoding).toString());
      } else {
        output.stream(name, decoder.decode(chunk as Uint8Array, { stream: true }));
      }
      const done = callback ?? encoding;
      if (typeof done === "function") process.nextTick(done);
      return true;
    };
    stream.write = write as typeof stream.write;
  }
}
