import { setTimeout as sleep } from "node:timers/promises";
import { executeContent, type Exchange, type TestClient } from "../client.js";
import { startKernel } from "../start-kernel.js";

/* eslint-disable @typescript-eslint/no-explicit-any -- bodies of the protocol, as front ends read them */

export const TYPESCRIPT = new URL("../../../kernel/cells/index.js", import.meta.url).href;

const PATIENCE_MS = 15_000;

/** A front end that debugs: requests, and the events since the last one that was looked at. */
export class DebugClient {
  private seq = 0;
  private seen = 0;

  constructor(readonly client: TestClient) {}

  /** The whole response. */
  async ask(command: string, given: object = {}): Promise<any> {
    const content = { seq: ++this.seq, type: "request", command, arguments: given };
    return (await this.client.request("debug_request", content, { channel: "control" })).reply.content;
  }

  /** The body of a response. @throws Error when the request failed. */
  async body(command: string, given: object = {}): Promise<any> {
    const { success, message, body } = await this.ask(command, given);
    if (!success) throw new Error(`${command}: ${message}`);
    return body;
  }

  async turnOn(): Promise<void> {
    await this.body("initialize", { clientID: "test", adapterID: "loadlab", linesStartAt1: true });
    await this.body("attach");
  }

  /** Starts a cell with breakpoints, as JupyterLab does it. @returns the id of the request. */
  async run(code: string, breakpoints: readonly object[] = []): Promise<string> {
    const { sourcePath } = await this.body("dumpCell", { code });
    await this.body("setBreakpoints", { source: { path: sourcePath }, breakpoints, sourceModified: false });
    return this.client.send("execute_request", executeContent(code));
  }

  /** The next stop of a cell, or its end when that comes first. */
  async next(cell: string): Promise<{ readonly stop?: any; readonly end?: Exchange }> {
    let end: Exchange | undefined;
    void this.client.exchange(cell).then((exchange) => (end = exchange));
    for (const until = performance.now() + PATIENCE_MS; performance.now() < until; await sleep(5)) {
      const stop = this.event("stopped");
      if (stop) return { stop };
      if (end) return { end };
    }
    throw new Error("Neither a stop nor the end of the cell came.");
  }

  /** The body of the next event of that name, if it has come. */
  event(name: string): any {
    const events = this.client.received.slice(this.seen);
    const at = events.findIndex(
      ({ header, content }) => header.msg_type === "debug_event" && content.event === name,
    );
    if (at < 0) return undefined;
    this.seen += at + 1;
    return events[at]!.content.body;
  }

  /** @throws Error when the cell ends instead. */
  async stopped(cell: string): Promise<any> {
    const { stop } = await this.next(cell);
    if (!stop) throw new Error("The cell ended without a stop.");
    return stop;
  }

  async ended(cell: string): Promise<Exchange> {
    const { end, stop } = await this.next(cell);
    if (!end) throw new Error(`Stopped: ${JSON.stringify(stop)} at ${(await this.frames()).join(" < ")}`);
    return end;
  }

  async go(command: "continue" | "next" | "stepIn" | "stepOut"): Promise<void> {
    await this.body(command, { threadId: 1 });
  }

  /** `name:line` of each frame, innermost first. */
  async frames(): Promise<string[]> {
    const { stackFrames } = await this.body("stackTrace", { threadId: 1 });
    return stackFrames.map(({ name, line }: any) => `${name}:${line}`);
  }

  /** Names and values of the scopes of a frame, by the scope's name. */
  async scopes(frameId = 1): Promise<Record<string, Record<string, string>>> {
    const { scopes } = await this.body("scopes", { frameId });
    const all: Record<string, Record<string, string>> = {};
    for (const { name, variablesReference } of scopes) all[name] = await this.values(variablesReference);
    return all;
  }

  async values(variablesReference: number): Promise<Record<string, string>> {
    const { variables } = await this.body("variables", { variablesReference });
    return Object.fromEntries(variables.map(({ name, value, type }: any) => [name, type ?? value]));
  }

  async evaluate(expression: string, frameId = 1): Promise<string> {
    return (await this.body("evaluate", { expression, frameId, context: "repl" })).result;
  }
}

export async function startDebugging() {
  const { client, stop, kernel, logged } = await startKernel({ engine: TYPESCRIPT });
  return { kernel, logged, client, stop, debug: new DebugClient(client) };
}
