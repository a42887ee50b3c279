import { randomUUID } from "node:crypto";
import { ExecutionQueue } from "./execution-queue.js";
import { History } from "./history.js";
import { CARD_TARGET } from "../src/display/card/card-messages.js";
import { Language } from "./language/language.js";
import type { TypeCheckMode } from "./language/type-check-mode.js";
import { logToStandardError } from "./log.js";
import { lull } from "./lull.js";
import { commInfo } from "./protocol/comm-info.js";
import { commClose, commMsg, commOpen } from "./protocol/comm.js";
import { BadRequest } from "./protocol/content.js";
import { complete } from "./protocol/complete.js";
import { abortExecute, execute } from "./protocol/execute.js";
import { debug } from "./protocol/debug.js";
import type { Handler } from "./protocol/handler.js";
import { history } from "./protocol/history.js";
import { inputReply, type OpenQuestion } from "./protocol/input.js";
import { inspect } from "./protocol/inspect.js";
import { interrupt } from "./protocol/interrupt.js";
import { isComplete } from "./protocol/is-complete.js";
import { kernelInfo } from "./protocol/kernel-info.js";
import { Outputs } from "./protocol/outputs.js";
import { createSubshell, deleteSubshell, listSubshells } from "./protocol/subshell.js";
import { usage } from "./protocol/usage.js";
import { shutdown } from "./protocol/shutdown.js";
import { createRequest, NOBODY, type Parent, type Request } from "./request.js";
import { Runner } from "./runner/runner.js";
import { defaultRunnerOptions, type RunnerOptions } from "./runner/runner-options.js";
import type { BoundSockets } from "./wire/bind.js";
import { type Content, createHeader, type Message } from "./wire/message.js";
import { type RequestChannel, Sockets } from "./wire/sockets.js";

/** Who answers what. */
const HANDLERS: Readonly<Record<RequestChannel, ReadonlyMap<string, Handler>>> = {
  shell: new Map([
    ["kernel_info_request", kernelInfo],
    ["execute_request", execute],
    ["complete_request", complete],
    ["inspect_request", inspect],
    ["is_complete_request", isComplete],
    ["history_request", history],
    ["comm_info_request", commInfo],
    ["comm_open", commOpen],
    ["comm_msg", commMsg],
    ["comm_close", commClose],
    ["interrupt_request", interrupt],
    ["shutdown_request", shutdown], // clients of protocol 5.3 and older ask here
  ]),
  control: new Map([
    ["kernel_info_request", kernelInfo],
    ["interrupt_request", interrupt],
    ["shutdown_request", shutdown],
    ["debug_request", debug],
    ["create_subshell_request", createSubshell],
    ["delete_subshell_request", deleteSubshell],
    ["list_subshell_request", listSubshells],
    ["usage_request", usage],
  ]),
  stdin: new Map([["input_reply", inputReply]]),
};

/** These wait for the cells before them; all others are answered while a cell runs. */
const QUEUED = new Set(["execute_request", "comm_open"]);

/** Comms of ours whose messages wait for the cells before them too, as the same done by a magic would. */
const QUEUED_TARGETS: ReadonlySet<string | undefined> = new Set([CARD_TARGET]);

/** When TypeScript is loaded, which takes a processor for about a second. */
const CALM = { quiet: 300, longest: 5000, idle: true };

type RequestQueue = ExecutionQueue<Request>;

export interface KernelOptions extends Partial<RunnerOptions> {
  /** Where the history is kept for later sessions; in memory alone if left out. */
  readonly historyFile?: string;
  /** Characters of text that one cell may print. */
  readonly outputLimit?: number;
  /** Takes a line for whoever started the kernel; standard error if left out. */
  readonly log?: (text: string) => void;
  /** What is done about type errors at first; nothing if left out. */
  readonly typeCheck?: TypeCheckMode;
}

/** One kernel: its sockets, its queue, its runner. A process can hold several. */
export class Kernel {
  /** One id for all messages of this kernel: JupyterLab drops those of another session. */
  readonly session = randomUUID();
  readonly history: History;
  readonly outputs: Outputs;
  /** Open comms: id to target name. */
  readonly comms = new Map<string, string>();
  /** Questions to the user that have no answer yet. */
  readonly questions: OpenQuestion[] = [];
  readonly runner: Runner;
  readonly language: Language;
  readonly log: (text: string) => void;
  /** Resolves when the kernel has shut down. */
  readonly closed: Promise<void>;

  private readonly sockets: Sockets;
  private readonly mainQueue = this.createQueue();
  private readonly subshellQueues = new Map<string, RequestQueue>();
  /** The queue whose cells are not run, until all that was sent with a failed one has been read. */
  private aborting: RequestQueue | null = null;
  private closing = false;
  private closeOnce: Promise<void> | null = null;
  private markClosed!: () => void;

  private constructor(
    sockets: BoundSockets,
    { log = logToStandardError, typeCheck = "off", historyFile, outputLimit, ...options }: KernelOptions,
  ) {
    this.log = log;
    this.sockets = new Sockets(sockets, this.session, {
      message: (channel, message) => this.receive(createRequest(channel, message)),
      shellDrained: () => (this.aborting = null),
      subscribed: () => this.publishState(),
      trouble: (text) => this.log(text),
    });
    this.history = new History(historyFile ?? null, log);
    this.outputs = new Outputs(this, outputLimit);
    this.closed = new Promise((resolve) => (this.markClosed = resolve));
    this.language = new Language(process.cwd(), typeCheck, log, () => lull(this, CALM));
    this.runner = new Runner(
      { ...defaultRunnerOptions(), ...options },
      {
        output: (message) => this.outputs.receive(message),
        nativeOutput: (name, text) => this.outputs.nativeText(name, text),
        debugEvent: (event) => this.publish(NOBODY, "debug_event", event as unknown as Content),
        live: (values, unset) => this.language.refine(values, unset),
        lost: () => this.forgetRunner(),
      },
    );
  }

  /**
   * Starts the runner; the kernel answers at once.
   * @param sockets of `bindSockets`.
   */
  static start(sockets: BoundSockets, options: KernelOptions = {}): Kernel {
    const kernel = new Kernel(sockets, options);
    kernel.publish(NOBODY, "status", { execution_state: "starting" });
    kernel.sockets.listen();
    return kernel;
  }

  /**
   * For a front end that has just come: JupyterLab does not count the status around its own first requests, and would
   * wait for one after a restart.
   */
  private publishState(): void {
    const execution_state = this.isBusy ? "busy" : "idle";
    this.publish(NOBODY, "status", { execution_state });
  }

  /** Whether a cell of the main queue runs. */
  get isBusy(): boolean {
    return this.mainQueue.isBusy;
  }

  /** Sends to all front ends. */
  publish(
    parent: Parent,
    type: string,
    content: Content,
    extras: { readonly metadata?: Content; readonly buffers?: readonly Uint8Array[] } = {},
  ): void {
    const identities = [Buffer.from(`kernel.${this.session}.${type}`)]; // the topic
    this.sockets.send("iopub", { ...this.message({ ...parent, identities }, type, content), ...extras });
  }

  /** Sends to the client that asked. */
  send(channel: RequestChannel, parent: Parent, type: string, content: Content, msgId?: string): void {
    const message = this.message(parent, type, content);
    const header = msgId === undefined ? message.header : { ...message.header, msg_id: msgId };
    this.sockets.send(channel, { ...message, header });
  }

  /** Ends what runs: a loop, an `await`, an open question. The variables stay. */
  interrupt(): void {
    this.questions.length = 0;
    this.runner.interrupt();
  }

  /** The cells that wait behind one that failed, in its queue, are answered without being run. */
  abortBehind(failed: Request): void {
    // Also those that have arrived but were not read yet: until the channel is drained, or at once if it is.
    if (this.sockets.shellReadable) this.aborting = this.queueOf(failed) ?? null;
    const behind = this.queueOf(failed)?.remove(isExecute) ?? [];
    // The failed one is answered first.
    setImmediate(() => behind.forEach((request) => void this.answer(request, abortExecute)));
  }

  openSubshell(id: string): void {
    this.subshellQueues.set(id, this.createQueue());
  }

  /** What it has begun goes on. @returns false when there is none of that id. */
  closeSubshell(id: string): boolean {
    return this.subshellQueues.delete(id);
  }

  get subshells(): readonly string[] {
    return [...this.subshellQueues.keys()];
  }

  /** Ends the runner and its children; what they showed until then has been sent. */
  async stopRunner(): Promise<void> {
    this.closing = true;
    await this.runner.stop();
    this.outputs.flush();
  }

  /** Closes once the present request has been answered. */
  closeAfterReply(): void {
    setImmediate(() => void this.close());
  }

  /** Ends everything, also without being asked by a client. */
  close(): Promise<void> {
    this.closeOnce ??= this.stopRunner()
      .then(() => this.language.close())
      .then(() => this.sockets.close())
      .then(() => this.markClosed());
    return this.closeOnce;
  }

  private receive(request: Request): void {
    if (this.closing) return;
    if (request.channel === "stdin") return void this.answerQuietly(request);
    if (request.channel === "control") return void this.answer(request);
    const queue = this.queueOf(request);
    if (!queue) void this.answer(request, refuseSubshell);
    else if (queue === this.aborting && isExecute(request)) void this.answer(request, abortExecute);
    else if (this.waitsForCells(request, queue)) queue.add(request);
    else void this.answer(request);
  }

  private createQueue(): RequestQueue {
    return new ExecutionQueue((request) => this.answer(request));
  }

  /** Undefined for a subshell that there is not. */
  private queueOf({ message }: Request): RequestQueue | undefined {
    const id = message.header.subshell_id;
    // JupyterLab gives the comms of each target a subshell of their own.
    return id == null || this.isOfCard(message) ? this.mainQueue : this.subshellQueues.get(id);
  }

  private isOfCard({ content }: Message): boolean {
    return QUEUED_TARGETS.has(this.comms.get(String(content.comm_id)));
  }

  private waitsForCells({ message }: Request, queue: RequestQueue): boolean {
    if (QUEUED.has(message.header.msg_type)) return true;
    if (this.isOfCard(message)) return true;
    // A message on a comm whose comm_open still waits.
    const id = message.content.comm_id;
    return id !== undefined && queue.some((other) => other.message.content.comm_id === id);
  }

  /** The one place where a request becomes busy, reply, idle. */
  private async answer(request: Request, handler = this.handlerOf(request)): Promise<void> {
    const { channel, message, parent } = request;
    const type = message.header.msg_type;
    this.publish(parent, "status", { execution_state: "busy" });
    try {
      const reply = await handler(this, request);
      if (reply) this.send(channel, parent, replyType(type), reply);
    } catch (error) {
      const { name, message: text, stack } = error as Error;
      this.log(`${type} failed: ${error instanceof BadRequest ? text : stack}`);
      const reply = { status: "error", ename: name, evalue: text, traceback: [`${name}: ${text}`] };
      if (type.endsWith("_request")) this.send(channel, parent, replyType(type), reply);
    } finally {
      this.publish(parent, "status", { execution_state: "idle" });
    }
  }

  /** Replies on stdin have neither status nor answer. */
  private async answerQuietly(request: Request): Promise<void> {
    try {
      await this.handlerOf(request)(this, request);
    } catch (error) {
      this.log((error as Error).message);
    }
  }

  private handlerOf({ channel, message }: Request): Handler {
    return HANDLERS[channel].get(message.header.msg_type) ?? refuseUnknown;
  }

  private message({ header, identities }: Parent, type: string, content: Content): Message {
    return {
      identities,
      header: createHeader(type, this.session),
      parentHeader: header,
      metadata: {},
      content,
      buffers: [],
    };
  }

  private forgetRunner(): void {
    this.outputs.flush();
    this.language.forget();
    this.questions.length = 0;
    for (const comm_id of this.comms.keys()) this.publish(NOBODY, "comm_close", { comm_id, data: {} });
    this.comms.clear();
  }
}

const refuseUnknown: Handler = (_kernel, { channel, message }) => {
  throw new BadRequest(`This kernel does not know ${message.header.msg_type} on the ${channel} channel.`);
};

const refuseSubshell: Handler = (_kernel, { message }) => {
  throw new BadRequest(`There is no subshell ${message.header.subshell_id}`);
};

function isExecute({ message }: Request): boolean {
  return message.header.msg_type === "execute_request";
}

function replyType(requestType: string): string {
  return requestType.replace(/_request$/, "_reply");
}
