import type { Debugger, Runtime } from "node:inspector";
import type { Scope, StackFrame } from "./dap.js";
import { DebugFailure } from "./dap.js";
import { cellPathOfHash } from "./cell-path.js";
import { asArgument, exceptionText, type Inspector, TARGET } from "./inspector.js";
import type { RunningPart } from "./main-thread/hooks.js";
import { type Place, type Script, type Scripts, userPlace } from "./scripts.js";

/** An expression that takes longer is ended: nothing else of the debugger would be answered meanwhile. */
const EVALUATION_MS = 10_000;
const TOO_LONG = `Ended after ${EVALUATION_MS / 1000} seconds, which is all that an expression has while the program is stopped.`;

/** Remote objects of one stop, released together. */
const STOP = "stop";
/** What the scopes of V8 are called, without those that every frame shares. */
const SCOPE_NAMES: Partial<Record<Debugger.Scope["type"], string>> = {
  local: "Local",
  block: "Block",
  catch: "Catch",
  closure: "Closure",
  with: "With",
};

interface Frame {
  /** From 1, innermost first. */
  readonly id: number;
  readonly name: string;
  readonly path: string;
  readonly place: Place;
  /** The call itself; for a part of a load, the innermost one of all. */
  readonly call: Debugger.CallFrame;
  /** Null for a part of a load. */
  readonly script: Script | null;
  readonly part: RunningPart | null;
}

/** A call that waits for what is stopped: V8 remembers where it stands, not its variables. */
interface WaitingCall {
  readonly name: string;
  readonly path: string;
  readonly place: Place;
}

/** A scope of V8's that a number was given out for. */
export interface ScopeReference {
  readonly frameId: number;
  readonly callFrameId: string;
  readonly scopeNumber: number;
}

/** The calls of the user's code at which the main thread is paused, innermost first. */
export class Stack {
  /** Scopes by the number under which their variables were handed out. */
  readonly scopeReferences = new Map<number, ScopeReference>();
  #locals = new Map<number, Promise<Set<string>>>();

  private constructor(
    private readonly inspector: Inspector,
    private readonly frames: readonly Frame[],
    private readonly waiting: readonly WaitingCall[],
  ) {}

  static async of(
    inspector: Inspector,
    scripts: Scripts,
    { callFrames: calls, asyncStackTrace }: Debugger.PausedEventDataType,
  ): Promise<Stack> {
    const frames: Omit<Frame, "id">[] = [];
    let parts: readonly RunningPart[] | null = null;
    let folded = 0;
    for (const call of calls) {
      const { scriptId, lineNumber, columnNumber = 0 } = call.location;
      const script = await scripts.script(scriptId);
      const place = script && userPlace(script, lineNumber, columnNumber);
      if (script && place) {
        const note = folded > 0 && frames.length > 0 ? ` ← ${folded} folded` : "";
        frames.push({
          name: functionTitle(call, script) + note,
          path: script.path,
          place,
          call,
          script,
          part: null,
        });
        folded = 0;
      } else if (scripts.isKernel(scriptId) && parts === null) {
        parts = await runningParts(inspector, frames.at(-1)?.call);
        frames.push(...parts.map((part) => partFrame(part, calls[0]!)));
        folded = 0;
      } else folded++;
    }
    return new Stack(
      inspector,
      frames.map((frame, index) => ({ ...frame, id: index + 1 })),
      await waitingCalls(scripts, asyncStackTrace),
    );
  }

  get top(): Frame | undefined {
    return this.frames[0];
  }

  get depth(): number {
    return this.frames.length;
  }

  /** How deep in a load the program is: its parts, outside of the user's code in them. */
  get loadDepth(): number {
    return this.frames.filter(({ part }) => part !== null && part.index >= 0).length;
  }

  describe(): StackFrame[] {
    const waiting = this.waiting.map((call, index) => ({ ...call, id: this.depth + index + 1 }));
    return [...this.frames, ...waiting].map(({ id, name, path, place }) => ({
      id,
      name,
      source: { path, name: path.split(/[\\/]/).at(-1) },
      ...place,
    }));
  }

  /** The scopes of a frame, innermost first, last the notebook's own variables. */
  async scopes(frameId: number | undefined): Promise<Scope[]> {
    const frame = this.#waitingAt(frameId) ? null : this.frame(frameId);
    if (!frame) return this.#globals();
    const own = frame.part ? await this.#partScope(frame.part) : await this.#callScopes(frame);
    return [...own, ...(await this.#globals())];
  }

  async #globals(): Promise<Scope[]> {
    const notebook = await this.inspector.call<number>("notebook");
    return [{ name: "Globals", variablesReference: notebook, expensive: false }];
  }

  #waitingAt(id: number | undefined): WaitingCall | undefined {
    return id === undefined ? undefined : this.waiting[id - 1 - this.depth];
  }

  async #partScope({ name, index }: RunningPart): Promise<Scope[]> {
    if (index === -1) return [];
    const variablesReference = await this.inspector.call<number>("part", { value: index });
    return [{ name: name.split(" ")[0]!, variablesReference, expensive: false }];
  }

  async #callScopes(frame: Frame): Promise<Scope[]> {
    const scopes: Scope[] = [];
    for (const [scopeNumber, scope] of frame.call.scopeChain.entries()) {
      const names = await this.#userNames(frame, scope);
      const receiver =
        scope.type === "local" && frame.call.this.objectId ? [asArgument(frame.call.this)] : [];
      if (names.length + receiver.length === 0) continue;
      const values = [asArgument(scope.object), { plain: names }, ...receiver];
      const reference = await this.inspector.call<number>("locals", ...values);
      const { callFrameId } = frame.call;
      this.scopeReferences.set(reference, { frameId: frame.id, callFrameId, scopeNumber });
      const title = SCOPE_NAMES[scope.type]!;
      const name = scope.name ? `${title} (${scope.name})` : title;
      scopes.push({ name, variablesReference: reference, expensive: false });
    }
    return scopes;
  }

  /**
   * Evaluates TypeScript as it would read at that frame.
   * @throws DebugFailure with what it threw.
   */
  async evaluate(
    text: string,
    frameId: number | undefined,
    { pure = false } = {},
  ): Promise<Runtime.RemoteObject> {
    const frame = this.frame(frameId);
    const expression = await this.#rewritten(text, frame, pure);
    const { result, exceptionDetails } = await this.inspector
      .post<Debugger.EvaluateOnCallFrameReturnType>("Debugger.evaluateOnCallFrame", {
        callFrameId: frame.call.callFrameId,
        expression,
        objectGroup: STOP,
        silent: true,
        throwOnSideEffect: pure,
        timeout: EVALUATION_MS,
      })
      .catch((error: Error) => {
        throw new DebugFailure(/terminated/.test(error.message) ? TOO_LONG : error.message);
      });
    if (exceptionDetails) throw new DebugFailure(exceptionText(exceptionDetails));
    return result;
  }

  /**
   * Sets a variable of a scope of V8's.
   * @throws DebugFailure
   */
  async setVariable(scope: ScopeReference, name: string, value: Runtime.CallArgument): Promise<void> {
    const { frameId, callFrameId, scopeNumber } = scope;
    const frame = this.frame(frameId);
    const chain = await Promise.all(
      frame.call.scopeChain.slice(0, scopeNumber + 1).map((one) => this.#userNames(frame, one)),
    );
    const inner = chain.findIndex((names) => names.includes(name));
    if (!chain[scopeNumber]!.includes(name)) throw new DebugFailure(`There is no '${name}' in this scope.`);
    const change = { callFrameId, scopeNumber, variableName: name, newValue: value };
    const refused = await this.inspector.post("Debugger.setVariableValue", change).then(
      () => null,
      (error: Error) => error.message,
    );
    if (refused === null) return;
    // V8 sets no parameters beside destructured ones; an assignment does.
    if (inner !== scopeNumber)
      throw new DebugFailure(`'${name}' cannot be set while an inner '${name}' hides it.`);
    await this.inspector.call("hold", value);
    const { exceptionDetails } = await this.inspector.post<Debugger.EvaluateOnCallFrameReturnType>(
      "Debugger.evaluateOnCallFrame",
      { callFrameId, expression: `void (${name} = ${TARGET}.held)`, silent: true },
    );
    if (exceptionDetails) throw new DebugFailure(exceptionText(exceptionDetails));
  }

  /** @throws DebugFailure */
  frame(id: number | undefined): Frame {
    const waiting = this.#waitingAt(id);
    if (waiting)
      throw new DebugFailure(
        `${waiting.name.split(" ")[0]} is not running now, and its variables are out of reach until it goes on: ` +
          `set a breakpoint behind line ${waiting.place.line} of it.`,
      );
    const frame = this.frames[(id ?? 1) - 1];
    if (!frame) throw new DebugFailure(`There is no frame ${id}; the program is stopped elsewhere by now.`);
    return frame;
  }

  /** Whether what runs next may leave a plain generator by `yield`; with a call in it, `calls` decides. */
  async mayYield(calls: boolean): Promise<boolean> {
    const { script, place } = this.top ?? {};
    if (!script?.source || !place) return false;
    const { code, lineOffset } = script.source;
    if (!code.includes("yield")) return false;
    const [line, column] = [place.line - 1 - lineOffset, place.column - 1];
    return this.inspector.call<boolean>(
      "mayYield",
      ...[code, line, column, calls].map((value) => ({ value })),
    );
  }

  async release(): Promise<void> {
    await this.inspector.post("Runtime.releaseObjectGroup", { objectGroup: STOP }).catch(() => {});
  }

  /** Only cells see the notebook's variables. */
  async #rewritten(text: string, frame: Frame, pure: boolean): Promise<string> {
    if (frame.script && frame.script.source?.cellHash == null) return text;
    const hidden = frame.script ? [...(await this.#localNames(frame))] : [];
    try {
      return await this.inspector.call<string>(
        "rewrite",
        { value: text },
        { plain: hidden },
        { value: `${TARGET}.${pure ? "seen" : "scope"}` },
      );
    } catch (error) {
      throw new DebugFailure((error as Error).message);
    }
  }

  /** Names of the frame that hide the notebook's. */
  #localNames(frame: Frame): Promise<Set<string>> {
    const known = this.#locals.get(frame.id);
    if (known) return known;
    const names = Promise.all(frame.call.scopeChain.map((scope) => this.#userNames(frame, scope)));
    const locals = names.then((lists) => new Set(lists.flat()));
    this.#locals.set(frame.id, locals);
    return locals;
  }

  /** Without what compiling added: every name of the user's stands in the text. */
  async #userNames({ script, call }: Frame, scope: Debugger.Scope): Promise<string[]> {
    if (script === null || !(scope.type in SCOPE_NAMES)) return [];
    const names = await this.inspector.call<string[]>("names", asArgument(scope.object));
    const { source } = script;
    const written = source ? names.filter((name) => isWritten(name, source.code)) : names;
    // Functions of the cell are hoisted into its own scope; they are the notebook's.
    const ofCell = scope.type === "local" && functionTitle(call, script) === "(cell)";
    return ofCell ? this.inspector.call<string[]>("withoutNotebook", { plain: written }) : written;
  }
}

/** What the load does around the code that stopped; a layer's own code may be what calls it. */
function runningParts(inspector: Inspector, caller: Debugger.CallFrame | undefined): Promise<RunningPart[]> {
  const receiver = caller?.this.objectId ? [asArgument(caller.this)] : [];
  return inspector.call<RunningPart[]>("parts", ...receiver);
}

/** What awaits the code that is stopped, or has begun it with a timer or the like; the kernel's part is left out. */
async function waitingCalls(
  scripts: Scripts,
  outermost: Runtime.StackTrace | undefined,
): Promise<WaitingCall[]> {
  const all: { readonly call: Runtime.CallFrame; readonly why: string }[] = [];
  for (let trace = outermost; trace; trace = trace.parent)
    all.push(...trace.callFrames.map((call) => ({ call, why: trace!.description ?? "async" })));
  const waiting: WaitingCall[] = [];
  for (const [index, { call, why }] of all.entries()) {
    const script = await scripts.script(call.scriptId);
    const place = script && userPlace(script, call.lineNumber, call.columnNumber);
    if (!script || !place) continue;
    const caller = all[index + 1]?.call.scriptId;
    const isWhole = caller === undefined || scripts.isKernel(caller);
    const name = call.functionName || (isWhole ? wholeTitle(script) : "(anonymous)");
    waiting.push({ name: `${name} ← ${why}`, path: script.path, place });
  }
  return waiting;
}

function partFrame(part: RunningPart, call: Debugger.CallFrame): Omit<Frame, "id"> {
  const place = { line: part.line, column: 1 };
  return { name: part.name, path: cellPathOfHash(part.cellHash), place, call, script: null, part };
}

/** The function that a cell or a module is compiled to begins with its text. */
function functionTitle({ functionName, functionLocation }: Debugger.CallFrame, { source }: Script): string {
  if (functionName !== "") return functionName;
  const whole =
    source !== null && functionLocation?.lineNumber === 0 && (functionLocation.columnNumber ?? 0) < 20;
  return whole ? wholeTitle({ source }) : "(anonymous)";
}

function wholeTitle({ source }: Pick<Script, "source">): string {
  return source?.cellHash == null ? "(module)" : "(cell)";
}

function isWritten(name: string, text: string): boolean {
  const escaped = name.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
  return new RegExp(`(?<![\\p{ID_Continue}$])${escaped}(?![\\p{ID_Continue}$])`, "u").test(text);
}
