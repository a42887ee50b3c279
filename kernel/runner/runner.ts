import { type DebugEvent, type DebugRequest, type DebugResponse, response } from "../debugger/dap.js";
import type { CellFailure, CellOutcome, FromRunner, LiveValues, TensorCount, ToRunner } from "./messages.js";
import type { RunnerOptions } from "./runner-options.js";
import { RunnerProcess } from "./runner-process.js";

type Work = Extract<ToRunner, { cell: number }>;

/** What a cell says while it runs, or after. */
export type RunnerOutput = Exclude<
  FromRunner,
  { type: "ready" | "done" | "live" | "exit" | "interrupt_waits" | "debug_reply" | "debug_event" }
>;

export interface RunnerEvents {
  output(message: RunnerOutput): void;
  /** Text from the runner itself, for the latest cell; `stderr` also for notices. */
  nativeOutput(name: "stdout" | "stderr", text: string): void;
  debugEvent(event: DebugEvent): void;
  /** What variables are, where that has changed, and which names that cells declare have no value. */
  live(values: LiveValues, unset: readonly string[]): void;
  /** The variables, comms and open questions of the runner are gone; a new one begins. */
  lost(): void;
}

const NOTHING: CellOutcome = { status: "ok", userExpressions: {}, payload: [] };
/** Of what the runner wrote last, to say why it died. */
const LAST_WORDS = 4096;

/** Where user code runs: one runner process after another, so that the connection outlives each. */
export class Runner {
  private process: RunnerProcess | null = null;
  private readonly pending = new Map<number, { work: Work; resolve: (outcome: CellOutcome) => void }>();
  private readonly debugging = new Map<
    number,
    { request: DebugRequest; resolve: (response: DebugResponse) => void }
  >();
  private lastDebug = 0;
  /** Whether a front end has turned the debugger on in this process. */
  private debugged = false;
  /** Tensors alive at the end of the latest cell. */
  tensors: TensorCount | null = null;
  private ready = false;
  private exitCode: number | null = null;
  private lastWords = "";
  private stopping = false;

  constructor(
    private readonly options: RunnerOptions,
    private readonly events: RunnerEvents,
  ) {
    this.start();
  }

  /** Process id, for usage; undefined while none runs. */
  get pid(): number | undefined {
    return this.process?.pid;
  }

  /** Runs a cell or a comm handler; its output comes as events before this resolves. Never rejects. */
  run(work: Work): Promise<CellOutcome> {
    if (!this.process) this.start();
    return new Promise((resolve) => {
      this.pending.set(work.cell, { work, resolve });
      this.process!.send(work);
    });
  }

  interrupt(): void {
    this.process?.send({ type: "interrupt" });
  }

  /** Asks the debugger, also while a cell runs or is stopped. Never rejects. @param client session of the front end. */
  debug(request: DebugRequest, client: string): Promise<DebugResponse> {
    if (!this.process) this.start();
    if (request.command === "attach") this.debugged = true;
    const id = ++this.lastDebug;
    return new Promise((resolve) => {
      this.debugging.set(id, { request, resolve });
      this.process!.send({ type: "debug", id, client, request });
    });
  }

  answer(request: number, value: string): void {
    this.process?.send({ type: "input_reply", request, value });
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await this.process?.stop();
  }

  get heapLimitMiB(): number {
    return this.options.heapLimitMiB;
  }

  private start(): void {
    this.ready = false;
    this.tensors = null;
    this.exitCode = null;
    this.lastWords = "";
    this.process = new RunnerProcess(this.options, {
      message: (message) => void this.receive(message),
      nativeOutput: (name, text) => {
        if (name === "stderr") this.lastWords = (this.lastWords + text).slice(-LAST_WORDS);
        this.events.nativeOutput(name, text);
      },
      exit: (code, signal) => this.exited(code, signal),
    });
  }

  private async receive(message: FromRunner): Promise<void> {
    if (message.type === "ready") this.ready = true;
    else if (message.type === "exit") this.exitCode = message.code;
    else if (message.type === "live") this.events.live(message.values, message.unset);
    else if (message.type === "interrupt_waits") this.events.nativeOutput("stderr", INTERRUPT_WAITS);
    else if (message.type === "done") {
      this.tensors = message.tensors;
      await this.process?.nativeDrained();
      this.settle(message.cell, message.outcome);
    } else if (message.type === "debug_event") this.events.debugEvent(message.event);
    else if (message.type === "debug_reply") this.debugReply(message);
    else this.events.output(message);
  }

  private debugReply({ id, response }: Extract<FromRunner, { type: "debug_reply" }>): void {
    this.debugging.get(id)?.resolve(response);
    this.debugging.delete(id);
  }

  private settle(cell: number, outcome: CellOutcome): void {
    this.pending.get(cell)?.resolve(outcome);
    this.pending.delete(cell);
  }

  private exited(code: number | null, signal: NodeJS.Signals | null): void {
    this.process = null;
    if (this.stopping) return;
    const failure = this.describeExit(code, signal);
    const cells = [...this.pending.values()].filter(({ work }) => work.type === "execute");
    if (cells.length === 0) this.events.nativeOutput("stderr", `${failure.traceback.join("\n")}\n`);
    this.events.lost();
    for (const { request, resolve } of this.debugging.values())
      resolve(response(request, { message: failure.evalue }));
    this.debugging.clear();
    if (this.debugged) this.events.debugEvent({ seq: 0, type: "event", event: "terminated" });
    this.debugged = false;
    // One that dies before it is ready would die again at once; the next cell tries anew.
    if (this.ready) this.start();
    for (const [cell, { work }] of this.pending)
      this.settle(cell, work.type === "execute" ? { status: "error", error: failure } : NOTHING);
  }

  private describeExit(code: number | null, signal: NodeJS.Signals | null): CellFailure {
    const [evalue, advice] = this.ready ? this.reason(code, signal) : this.startFailure(code, signal);
    const traceback = [`RunnerExit: ${evalue}`, advice];
    return { ename: "RunnerExit", evalue, traceback };
  }

  private reason(code: number | null, signal: NodeJS.Signals | null): [string, string] {
    if (this.exitCode !== null)
      return [`process.exit(${this.exitCode}) was called, which ends the process that runs the cells.`, LOST];
    if (/heap out of memory|Allocation failed/.test(this.lastWords))
      return [`The JavaScript heap is full (limit ${this.options.heapLimitMiB} MiB).`, LOST];
    const how = signal ? `was ended by the signal ${signal}` : `ended with code ${code}`;
    return [`The process that runs the cells ${how}.`, LOST];
  }

  private startFailure(code: number | null, signal: NodeJS.Signals | null): [string, string] {
    const last = this.lastWords.trim();
    return [
      `The process that runs the cells could not start (${signal ?? `code ${code}`}).`,
      last === "" ? "It said nothing. Run the cell again to try once more." : `It said:\n${last}`,
    ];
  }
}

const LOST =
  "A new one has been started and the notebook stays connected, but all variables, imports and loaded models " +
  "are gone: run the cells that made them again.";
const INTERRUPT_WAITS =
  "Interrupt: the cell is inside a call of native code, which cannot be stopped. It ends when that call returns.\n";
