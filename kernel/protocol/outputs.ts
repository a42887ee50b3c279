import type { Kernel } from "../kernel.js";
import { NOBODY, type Parent } from "../request.js";
import type { RunnerOutput } from "../runner/runner.js";
import { publishComm } from "./comm.js";
import { askInput } from "./input.js";

type StreamName = "stdout" | "stderr";

/** Text is collected so long before it is sent on: front ends choke on a message for each line. */
const STREAM_INTERVAL_MS = 100;
/** Cells that have ended and whose late output still finds its way, and as many comm handlers; what is older prints to the latest. */
const REMEMBERED = 1000;

/** Text of one cell beyond this is not shown: a front end could not hold it. */
const OUTPUT_LIMIT = 64 * 2 ** 20;

interface Opened {
  readonly silent: boolean;
  /** Of a cell; a comm handler has none. */
  readonly executionCount?: number;
}

interface OpenCell extends Opened {
  readonly parent: Parent;
  /** Characters of text so far. */
  printed: number;
  /** Plain text of its result. */
  result: string | null;
}

/**
 * What cells show, on its way from the runner to the front ends: each output under the request that it belongs to,
 * in order, also when the cell has ended.
 * https://jupyter-client.readthedocs.io/en/stable/messaging.html#messages-on-the-iopub-pub-sub-channel
 */
export class Outputs {
  private readonly cells = new Map<number, OpenCell>();
  private latest = 0;
  private readonly running = new Set<number>();
  private readonly ended = { cells: [] as number[], handlers: [] as number[] };
  private text: { cell: number; name: StreamName; parts: string[] } | null = null;
  private sentAt = 0;
  private timer: NodeJS.Timeout | null = null;
  /** @param limit of text per cell, in characters. */
  constructor(
    private readonly kernel: Kernel,
    private readonly limit = OUTPUT_LIMIT,
  ) {}

  /** Begins the output of a request. @returns the id by which the runner names it. */
  open(parent: Parent, { silent, executionCount }: Opened): number {
    const cell = ++this.latest;
    const count = executionCount === undefined ? {} : { executionCount };
    this.cells.set(cell, { parent, silent, ...count, printed: 0, result: null });
    this.running.add(cell);
    return cell;
  }

  /**
   * The request is done. While it runs it is not forgotten, however many comm messages come meanwhile.
   * @returns the plain text of its result, for the history.
   */
  close(id: number): string | null {
    this.flush();
    this.running.delete(id);
    const { executionCount, result } = this.cell(id);
    const ended = executionCount === undefined ? this.ended.handlers : this.ended.cells;
    if (ended.push(id) > REMEMBERED) this.cells.delete(ended.shift()!);
    return result;
  }

  /** Text of no cell: native code, child processes. It is taken for the latest cell's that runs. */
  nativeText(name: StreamName, text: string): void {
    const isCell = (id: number) => this.cells.get(id)?.executionCount !== undefined;
    this.append([...this.running].findLast(isCell) ?? this.latest, name, text);
  }

  receive(message: RunnerOutput): void {
    if (message.type === "stream") return this.append(message.cell, message.name, message.text);
    this.flush();
    const cell = this.cell(message.cell);
    const { parent, silent } = cell;
    if (message.type === "input_request") return askInput(this.kernel, parent, message);
    if (message.type === "comm") return publishComm(this.kernel, parent, message.message);
    if (silent) return;
    if (message.type === "display") this.publishDisplay(parent, message);
    else if (message.type === "result") this.publishResult(cell, message);
    else this.kernel.publish(parent, "clear_output", { wait: message.wait });
  }

  /** Sends the text that was collected. */
  flush(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    if (!this.text) return;
    const { cell, name, parts } = this.text;
    const { parent, silent } = this.cell(cell);
    this.text = null;
    this.sentAt = performance.now();
    if (!silent) this.kernel.publish(parent, "stream", { name, text: parts.join("") });
  }

  private append(cell: number, name: StreamName, text: string): void {
    const { printed } = this.cell(cell);
    this.cell(cell).printed += text.length;
    if (printed > this.limit) return;
    this.collect(cell, name, text.slice(0, this.limit - printed));
    if (printed + text.length > this.limit) this.collect(cell, "stderr", limitNotice(this.limit));
  }

  private collect(cell: number, name: StreamName, text: string): void {
    if (this.text && (this.text.cell !== cell || this.text.name !== name)) this.flush();
    this.text ??= { cell, name, parts: [] };
    this.text.parts.push(text);
    const age = performance.now() - this.sentAt;
    this.timer ??= setTimeout(() => this.flush(), Math.max(0, STREAM_INTERVAL_MS - age));
  }

  private cell(id: number): OpenCell {
    return (
      this.cells.get(id) ??
      this.cells.get(this.latest) ?? { parent: NOBODY, silent: false, printed: 0, result: null }
    );
  }

  private publishDisplay(parent: Parent, message: Extract<RunnerOutput, { type: "display" }>): void {
    const { bundle, displayId, update } = message;
    const transient = displayId === undefined ? {} : { display_id: displayId };
    this.kernel.publish(parent, update ? "update_display_data" : "display_data", { ...bundle, transient });
  }

  private publishResult(cell: OpenCell, { bundle }: Extract<RunnerOutput, { type: "result" }>): void {
    const plain = bundle.data["text/plain"];
    cell.result = typeof plain === "string" ? plain : null;
    const execution_count = cell.executionCount ?? this.kernel.history.executionCount;
    this.kernel.publish(cell.parent, "execute_result", { ...bundle, execution_count });
    this.kernel.language.result(execution_count);
  }
}

function limitNotice(limit: number): string {
  return (
    `\n[loadlab] This cell has printed more than ${limit.toLocaleString("en")} characters; the rest is not shown. ` +
    `The environment variable LOADLAB_OUTPUT_LIMIT sets another limit (characters per cell), for example in the ` +
    `"env" of the kernelspec.\n`
  );
}
