import { type MessagePort, receiveMessageOnPort } from "node:worker_threads";
import type { FrameWriter } from "./frame-writer.js";
import type { ToRunner } from "./messages.js";
import { WORDS } from "./shared-words.js";
import { OwnError } from "../../src/own-error.js";

type InputReply = Extract<ToRunner, { type: "input_reply" }>;

/** The front end of this cell has no stdin: nobody can be asked. */
export class InputNotAllowed extends OwnError {
  override readonly name = "InputNotAllowed";
  constructor() {
    super(
      "This front end does not take input (allow_stdin is false), so nobody can be asked. " +
        "Run the cell in JupyterLab, the notebook or a console, or give the value in the code.",
    );
  }
}

export class Interrupted extends OwnError {
  override readonly name = "KeyboardInterrupt";
  constructor() {
    super("The cell was interrupted. Its variables are still there.");
    this.stack = `${this.name}: ${this.message}`; // where it was stopped is not where this is made
  }
}

/** Asks the user for a line of text, awaited or waited for. */
export class Input {
  private readonly pending = new Map<number, PromiseWithResolvers>();
  private requests = 0;

  constructor(
    private readonly kernel: FrameWriter,
    private readonly port: MessagePort,
    private readonly words: Int32Array,
  ) {
    port.on("message", (reply: InputReply) => this.settle(reply));
    port.unref();
  }

  ask(cell: number, prompt: string, password: boolean): Promise<string> {
    const request = this.send(cell, prompt, password);
    return new Promise((resolve, reject) => this.pending.set(request, { resolve, reject }));
  }

  /** Holds the thread until the user has answered; an interrupt ends it. */
  askSync(cell: number, prompt: string, password: boolean): string {
    const request = this.send(cell, prompt, password);
    for (;;) {
      const seen = Atomics.load(this.words, WORDS.inputReplies);
      const reply = receiveMessageOnPort(this.port)?.message as InputReply | undefined;
      if (reply?.request === request) return reply.value;
      if (reply) this.settle(reply);
      else Atomics.wait(this.words, WORDS.inputReplies, seen);
    }
  }

  interrupt(): void {
    for (const { reject } of this.pending.values()) reject(new Interrupted());
    this.pending.clear();
  }

  private send(cell: number, prompt: string, password: boolean): number {
    const request = ++this.requests;
    this.kernel.write({ type: "input_request", cell, request, prompt, password });
    return request;
  }

  private settle({ request, value }: InputReply): void {
    this.pending.get(request)?.resolve(value);
    this.pending.delete(request);
  }
}

interface PromiseWithResolvers {
  resolve(value: string): void;
  reject(error: Error): void;
}
