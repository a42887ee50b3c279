import type { CellOutput } from "./cell-output.js";
import type { FrameWriter } from "./frames.js";
import { type Input, InputNotAllowed } from "./input.js";
import type { Bundle, Payload } from "./messages.js";

/** The output of one cell, sent to the kernel process. */
export class FrameOutput implements CellOutput {
  readonly payloads: Payload[] = [];
  private readonly work = new Set<Promise<void>>();

  constructor(
    readonly cell: number,
    private readonly kernel: FrameWriter,
    private readonly stdin: Input,
    private readonly allowStdin: boolean,
  ) {}

  stream(name: "stdout" | "stderr", text: string): void {
    if (text !== "") this.kernel.write({ type: "stream", cell: this.cell, name, text });
  }

  display(bundle: Bundle, options: { displayId?: string; update?: boolean } = {}): void {
    const { displayId, update = false } = options;
    this.kernel.write({
      type: "display",
      cell: this.cell,
      bundle,
      update,
      ...(displayId !== undefined && { displayId }),
    });
  }

  clear(wait: boolean): void {
    this.kernel.write({ type: "clear_output", cell: this.cell, wait });
  }

  payload(payload: Payload): void {
    this.payloads.push(payload);
  }

  async input(prompt: string, { password = false } = {}): Promise<string> {
    this.checkStdin();
    return this.stdin.ask(this.cell, prompt, password);
  }

  /** As `input`, but holds the thread. */
  inputSync(prompt: string, password = false): string {
    this.checkStdin();
    return this.stdin.askSync(this.cell, prompt, password);
  }

  /** Lets the cell end only after `work`, which nobody may be awaiting (`display(x)` without `await`). */
  during(work: () => Promise<void>): Promise<void> {
    const promise = work();
    this.work.add(promise);
    const done = () => void this.work.delete(promise);
    promise.then(done, done);
    return promise;
  }

  /** Resolves when all that was begun with `during` has ended. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.work);
  }

  private checkStdin(): void {
    if (!this.allowStdin) throw new InputNotAllowed();
  }
}
