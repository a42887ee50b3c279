import type { Debugger, Runtime } from "node:inspector";
import { Session } from "node:inspector/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { WORDS } from "../runner/shared-words.js";

/** Where the runner's main thread keeps what the debugger calls (main-thread/target.ts). */
export const TARGET = 'globalThis["loadlab.debugger"]';

/** What the target is called with; `plain` for what can be copied. */
export type Argument = Runtime.CallArgument | { readonly plain: unknown };

/** Remote objects that are looked at once. */
export const LOOK = "look";

/** Time that the process that runs the cells may take to start. */
const START_MS = 20_000;

export interface InspectorEvents {
  paused(pause: Debugger.PausedEventDataType): void;
  scriptParsed(script: Debugger.ScriptParsedEventDataType): void;
}

/**
 * The V8 inspector of the runner's main thread, as its control thread sees it. Requests are answered while the main
 * thread runs JavaScript, waits or is paused; inside a call of native code, when that returns.
 * https://chromedevtools.github.io/devtools-protocol/v8/
 */
export class Inspector {
  #session: Session | null = null;
  #target: string | undefined;

  constructor(
    private readonly words: Int32Array,
    private readonly events: InspectorEvents,
  ) {}

  get connected(): boolean {
    return this.#session !== null;
  }

  connect(): void {
    if (this.#session) return;
    const session = new Session();
    session.on("Debugger.paused", ({ params }) => this.events.paused(params));
    session.on("Debugger.scriptParsed", ({ params }) => this.events.scriptParsed(params));
    session.connectToMainThread();
    this.#session = session;
    Atomics.store(this.words, WORDS.inspected, 1);
  }

  disconnect(): void {
    this.#session?.disconnect();
    this.#session = null;
    this.#target = undefined;
    Atomics.store(this.words, WORDS.inspected, 0);
    Atomics.notify(this.words, WORDS.inspected);
  }

  /** @throws Error of V8, or when the debugger is off. */
  post<Result = object>(method: string, params?: object): Promise<Result> {
    if (!this.#session) return Promise.reject(new Error("The debugger is off."));
    return (this.#session.post as (method: string, params?: object) => Promise<Result>).call(
      this.#session,
      method,
      params,
    );
  }

  /**
   * Calls a function of the target in the main thread, also while that is paused.
   * @param values arguments; remote objects are handed over as they are there.
   * @throws Error with the message of what the function threw.
   */
  async call<Result>(name: string, ...values: Argument[]): Promise<Result> {
    return (await this.#call(name, values, true)).value as Result;
  }

  /** The same for a result that stays there; the caller releases its group. */
  callForObject(name: string, ...values: Argument[]): Promise<Runtime.RemoteObject> {
    return this.#call(name, values, false);
  }

  async #call(name: string, values: readonly Argument[], returnByValue: boolean) {
    const reply = await this.post<Runtime.CallFunctionOnReturnType>("Runtime.callFunctionOn", {
      objectId: await this.#targetId(),
      functionDeclaration: `function (name, ...values) { return this[name](...values); }`,
      arguments: [
        { value: name },
        ...values.map((value) => ("plain" in value ? { value: value.plain } : value)),
      ],
      returnByValue,
      ...(returnByValue ? {} : { objectGroup: LOOK }),
      silent: true,
    });
    if (reply.exceptionDetails) throw new Error(exceptionText(reply.exceptionDetails));
    return reply.result;
  }

  /** Waits while the process still starts. */
  async #targetId(): Promise<string> {
    for (let wait = START_MS; this.#target === undefined; wait -= 50) {
      const request = { expression: TARGET, silent: true };
      const { result } = await this.post<Runtime.EvaluateReturnType>("Runtime.evaluate", request);
      this.#target = result.objectId;
      if (this.#target === undefined) await sleep(50);
      if (wait < 0) throw new Error("The process that runs the cells is still starting.");
    }
    return this.#target;
  }
}

export function exceptionText({ exception, text }: Runtime.ExceptionDetails): string {
  return exception?.description?.split("\n    at ")[0] ?? text;
}

/** A remote value as an argument for another call. */
export function asArgument(remote: Runtime.RemoteObject): Runtime.CallArgument {
  if (remote.objectId) return { objectId: remote.objectId };
  if (remote.unserializableValue) return { unserializableValue: remote.unserializableValue };
  return { value: remote.value as unknown };
}
