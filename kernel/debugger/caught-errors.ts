import type { Debugger as V8, Runtime } from "node:inspector";
import type { Inspector } from "./inspector.js";
import type { Scripts } from "./scripts.js";

/**
 * Tells whether an error that is being thrown will be caught by code of the notebook or of a package. V8 foretells
 * only whether anyone catches it, and the kernel itself always does.
 */
export class CaughtErrors {
  readonly #texts = new Map<string, string[]>();

  constructor(
    private readonly inspector: Inspector,
    private readonly scripts: Scripts,
  ) {}

  async isCaught({ callFrames, asyncStackTrace }: V8.PausedEventDataType): Promise<boolean> {
    // Below the kernel's own calls stands nothing of the user's that would get the error.
    for (const call of callFrames) {
      if (this.scripts.isKernel(call.location.scriptId)) return false;
      if (await this.#isGuarded(call.location, functionScope(call))) return true;
    }
    for (let trace = asyncStackTrace; trace; trace = trace.parent)
      for (const call of trace.callFrames) {
        if (this.scripts.isKernel(call.scriptId)) return false;
        if (await this.#isGuardedAsync(call)) return true;
      }
    return false;
  }

  /** Functions that wait for this one: only those of the user, of which the whole text is short. */
  async #isGuardedAsync({ scriptId, lineNumber, columnNumber }: Runtime.CallFrame): Promise<boolean> {
    return (await this.scripts.script(scriptId))
      ? this.#isGuarded({ scriptId, lineNumber, columnNumber }, null)
      : false;
  }

  async #isGuarded(location: V8.Location, within: V8.Scope | null): Promise<boolean> {
    const lines = await this.#lines(location.scriptId);
    const start = within?.startLocation ?? { lineNumber: 0, columnNumber: 0 };
    const end = within?.endLocation ?? { lineNumber: lines.length - 1, columnNumber: Infinity };
    const text = lines.slice(start.lineNumber, end.lineNumber + 1);
    if (text.length === 0) return false;
    text[text.length - 1] = text.at(-1)!.slice(0, end.columnNumber);
    text[0] = text[0]!.slice(start.columnNumber ?? 0);
    const line = location.lineNumber - start.lineNumber;
    const column = (location.columnNumber ?? 0) - (line === 0 ? (start.columnNumber ?? 0) : 0);
    // A function's scope begins at its parameters.
    const head = within ? "function _" : "";
    return this.inspector.call<boolean>(
      "isGuarded",
      { value: head + text.join("\n") },
      { value: line },
      { value: line === 0 ? column + head.length : column },
    );
  }

  async #lines(scriptId: string): Promise<string[]> {
    const known = this.#texts.get(scriptId);
    if (known) return known;
    const { scriptSource } = await this.inspector.post<V8.GetScriptSourceReturnType>(
      "Debugger.getScriptSource",
      { scriptId },
    );
    const lines = scriptSource.split("\n");
    this.#texts.set(scriptId, lines);
    return lines;
  }
}

function functionScope({ scopeChain }: V8.CallFrame): V8.Scope | null {
  return scopeChain.find(({ type, startLocation }) => type === "local" && startLocation) ?? null;
}
