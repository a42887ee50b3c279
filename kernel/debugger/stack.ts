import type { Debugger, Runtime } from "node:inspector";
import type { Scope, StackFrame } from "./dap.js";
import { DebugFailure } from "./dap.js";
import { asArgument, exceptionText, type Inspector, TARGET } from "./inspector.js";
import { type Place, type Script, type Scripts, userPlace } from "./scripts.js";

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
  readonly id: number;
  readonly call: Debugger.CallFrame;
  readonly script: Script;
  readonly place: Place;
  /** Calls of packages and of the kernel between this one and the one above it. */
  readonly folded: number;
}

/** A scope of V8's that a number was given out for. */
export interface ScopeReference {
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
  ) {}

  static async of(
    inspector: Inspector,
    scripts: Scripts,
    calls: readonly Debugger.CallFrame[],
  ): Promise<Stack> {
    const frames: Frame[] = [];
    let folded = 0;
    for (const call of calls) {
      const { scriptId, lineNumber, columnNumber = 0 } = call.location;
      const script = await scripts.script(scriptId);
      const place = script && userPlace(script, lineNumber, columnNumber);
      if (!script || !place) {
        folded++;
        continue;
      }
      frames.push({ id: frames.length + 1, call, script, place, folded });
      folded = 0;
    }
    return new Stack(inspector, frames);
  }

  get top(): Frame | undefined {
    return this.frames[0];
  }

  get depth(): number {
    return this.frames.length;
  }

  describe(): StackFrame[] {
    return this.frames.map(({ id, call, script, place, folded }) => ({
      id,
      name: `${functionTitle(call, script)}${folded > 0 && id > 1 ? ` ← ${folded} folded` : ""}`,
      source: { path: script.path, name: script.path.split(/[\\/]/).at(-1) },
      ...place,
    }));
  }

  /** The scopes of a frame, innermost first, last the notebook's own variables. */
  async scopes(frameId: number | undefined): Promise<Scope[]> {
    const frame = this.frame(frameId);
    const scopes: Scope[] = [];
    for (const [scopeNumber, scope] of frame.call.scopeChain.entries()) {
      const names = await this.#userNames(frame, scope);
      if (names.length === 0) continue;
      const reference = await this.inspector.call<number>("locals", asArgument(scope.object), {
        plain: names,
      });
      this.scopeReferences.set(reference, { callFrameId: frame.call.callFrameId, scopeNumber });
      const title = SCOPE_NAMES[scope.type]!;
      scopes.push({
        name: scope.name ? `${title} (${scope.name})` : title,
        variablesReference: reference,
        expensive: false,
      });
    }
    const notebook = await this.inspector.call<number>("notebook");
    return [...scopes, { name: "Globals", variablesReference: notebook, expensive: false }];
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
    const expression = await this.#rewritten(text, frame);
    const { result, exceptionDetails } = await this.inspector.post<Debugger.EvaluateOnCallFrameReturnType>(
      "Debugger.evaluateOnCallFrame",
      {
        callFrameId: frame.call.callFrameId,
        expression,
        objectGroup: STOP,
        silent: true,
        throwOnSideEffect: pure,
      },
    );
    if (exceptionDetails) throw new DebugFailure(exceptionText(exceptionDetails));
    return result;
  }

  /** @throws DebugFailure */
  frame(id: number | undefined): Frame {
    const frame = this.frames[(id ?? 1) - 1];
    if (!frame) throw new DebugFailure(`There is no frame ${id}; the program is stopped elsewhere by now.`);
    return frame;
  }

  async release(): Promise<void> {
    await this.inspector.post("Runtime.releaseObjectGroup", { objectGroup: STOP }).catch(() => {});
  }

  /** Only cells see the notebook's variables. */
  async #rewritten(text: string, frame: Frame): Promise<string> {
    if (frame.script.source?.cellHash == null) return text;
    const hidden = [...(await this.#localNames(frame))];
    try {
      return await this.inspector.call<string>(
        "rewrite",
        { value: text },
        { plain: hidden },
        { value: `${TARGET}.scope` },
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
    if (!(scope.type in SCOPE_NAMES)) return [];
    const names = await this.inspector.call<string[]>("names", asArgument(scope.object));
    const { source } = script;
    const written = source ? names.filter((name) => isWritten(name, source.code)) : names;
    // Functions of the cell are hoisted into its own scope; they are the notebook's.
    const ofCell = scope.type === "local" && functionTitle(call, script) === "(cell)";
    return ofCell ? this.inspector.call<string[]>("withoutNotebook", { plain: written }) : written;
  }
}

/** The function that a cell or a module is compiled to begins with its text. */
function functionTitle({ functionName, functionLocation }: Debugger.CallFrame, { source }: Script): string {
  if (functionName !== "") return functionName;
  const whole =
    source !== null && functionLocation?.lineNumber === 0 && (functionLocation.columnNumber ?? 0) < 20;
  if (!whole) return "(anonymous)";
  return source.cellHash === null ? "(module)" : "(cell)";
}

function isWritten(name: string, text: string): boolean {
  const escaped = name.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
  return new RegExp(`(?<![\\p{ID_Continue}$])${escaped}(?![\\p{ID_Continue}$])`, "u").test(text);
}
