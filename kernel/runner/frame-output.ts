import type { CellOutput } from "./cell-output.js";
import type { FrameWriter } from "./frame-writer.js";
import { type Input, InputNotAllowed } from "./input.js";
import type { Bundle, FromRunner, Payload } from "./messages.js";
import { OutputOrder } from "./output-order.js";

/** The output of one cell, sent to the kernel process. Its insides stay out of what `console.log` shows. */
export class FrameOutput implements CellOutput {
  readonly #payloads: Payload[] = [];
  readonly #order = new OutputOrder();
  readonly #kernel: FrameWriter;
  readonly #stdin: Input;
  readonly #allowStdin: boolean;
  #interrupts = 0;

  constructor(
    readonly cell: number,
    kernel: FrameWriter,
    stdin: Input,
    allowStdin: boolean,
  ) {
    this.#kernel = kernel;
    this.#stdin = stdin;
    this.#allowStdin = allowStdin;
  }

  stream(name: "stdout" | "stderr", text: string): void {
    if (text !== "") this.write({ type: "stream", cell: this.cell, name, text });
  }

  display(bundle: Bundle, options: { displayId?: string; update?: boolean } = {}): void {
    const { displayId, update = false } = options;
    const id = displayId === undefined ? {} : { displayId };
    this.write({ type: "display", cell: this.cell, bundle, update, ...id });
  }

  clear(wait: boolean): void {
    this.write({ type: "clear_output", cell: this.cell, wait });
  }

  payload(payload: Payload): void {
    this.#order.add(() => this.#payloads.push(payload));
  }

  async input(prompt: string, { password = false } = {}): Promise<string> {
    this.#checkStdin();
    return this.#stdin.ask(this.cell, prompt, password);
  }

  /** As `input`, but holds the thread. */
  inputSync(prompt: string, password = false): string {
    this.#checkStdin();
    return this.#stdin.askSync(this.cell, prompt, password);
  }

  /** Sends a message behind all that was shown before. */
  write(message: FromRunner): void {
    this.#order.add(() => this.#kernel.write(message));
  }

  /**
   * The value of the cell, behind all that was shown before.
   * @param last whether nothing follows but that the cell is done: both are written together then.
   */
  result(bundle: Bundle, last: boolean): void {
    const message = { type: "result", cell: this.cell, bundle } as const;
    this.#order.add(() => (last ? this.#kernel.writeWithNext(message) : this.#kernel.write(message)));
  }

  /** Shows a bundle that may still be in the making; what is shown in the meantime waits behind it. */
  whenFormatted(bundle: Bundle | Promise<Bundle>, show: (bundle: Bundle) => void): void {
    if (!(bundle instanceof Promise)) show(bundle);
    else this.#order.addLater(bundle.then((formatted) => () => show(formatted)));
  }

  /** Resolves when everything has been sent; the pages and next inputs that the cell asked for. */
  async finish(): Promise<readonly Payload[]> {
    await this.#order.settled();
    return this.#payloads;
  }

  /** How often the cell was interrupted while it ran. */
  get interrupts(): number {
    return this.#interrupts;
  }

  /** As `cut`; what the cell awaits or has set timers for does not go on. */
  interrupt(): void {
    this.#interrupts++;
    this.cut();
  }

  /** Sends what is there and forgets what is still in the making. */
  cut(): void {
    this.#order.cut();
  }

  #checkStdin(): void {
    if (!this.#allowStdin) throw new InputNotAllowed();
  }
}
