import type { Debugger } from "node:inspector";
import type { Breakpoint, SourceBreakpoint } from "./dap.js";
import type { Inspector } from "./inspector.js";
import { type Place, type Script, type Scripts, userPlace } from "./scripts.js";

/** A breakpoint as the user set it, with what came of it. */
export interface UserBreakpoint {
  readonly id: number;
  readonly wanted: SourceBreakpoint;
  /** Times that it was reached. */
  hits: number;
}

interface CodePlace {
  readonly place: Place;
  readonly location: Debugger.Location;
}

/** Breakpoints by the path of their source; they wait there for code that has not been compiled yet. */
export class Breakpoints {
  readonly #wanted = new Map<string, UserBreakpoint[]>();
  /** What V8 was told, by place: one breakpoint of V8's for all of the user's that share it. */
  readonly #set = new Map<string, { readonly id: string; readonly of: Set<UserBreakpoint> }>();
  #lastId = 0;

  constructor(
    private readonly inspector: Inspector,
    private readonly scripts: Scripts,
  ) {}

  /** Takes the place of all breakpoints of that source. https://microsoft.github.io/debug-adapter-protocol/specification#Requests_SetBreakpoints */
  async replace(path: string, wanted: readonly SourceBreakpoint[]): Promise<Breakpoint[]> {
    await this.#remove(this.#wanted.get(path) ?? []);
    const breakpoints = wanted.map((one) => ({ id: ++this.#lastId, wanted: one, hits: 0 }));
    if (breakpoints.length > 0) this.#wanted.set(path, breakpoints);
    else this.#wanted.delete(path);
    const scripts = breakpoints.length > 0 && this.inspector.connected ? await this.scripts.ofPath(path) : [];
    const lines = await this.#bind(scripts, breakpoints);
    return breakpoints.map(({ id, wanted }) => {
      const line = lines.get(id);
      if (scripts.length === 0 || line !== undefined)
        return { id, verified: true, line: line ?? wanted.line, source: { path } };
      return {
        id,
        verified: false,
        line: wanted.line,
        message: "There is no code at this line or below it.",
      };
    });
  }

  /** Sets what waits for a script that has just been compiled. */
  async bind(script: Script): Promise<void> {
    await this.#bind([script], this.#wanted.get(script.path) ?? []);
  }

  /** Sets all of them again, after the debugger was off. */
  async bindAll(): Promise<void> {
    this.#set.clear();
    for (const [path, breakpoints] of this.#wanted)
      await this.#bind(await this.scripts.ofPath(path), breakpoints);
  }

  /** The user's breakpoints behind those that V8 names. */
  hit(ids: readonly string[]): UserBreakpoint[] {
    return [...this.#set.values()].filter(({ id }) => ids.includes(id)).flatMap(({ of }) => [...of]);
  }

  /** Whether one stands at that line, where a magic begins. */
  standsAt(path: string, line: number): boolean {
    return this.#wanted.get(path)?.some(({ wanted }) => wanted.line === line) ?? false;
  }

  /** Where the code of a script begins. */
  async firstPlace(script: Script): Promise<Debugger.Location | undefined> {
    return firstPlace(await this.#places(script), script, (script.source?.lineOffset ?? 0) + 1)?.location;
  }

  /** For `debugInfo`: what a front end shows after it was reloaded. */
  list(): { source: string; breakpoints: SourceBreakpoint[] }[] {
    return [...this.#wanted].map(([source, breakpoints]) => ({
      source,
      breakpoints: breakpoints.map(({ wanted }) => wanted),
    }));
  }

  /** @returns the line of each breakpoint that found a place. */
  async #bind(
    scripts: readonly Script[],
    breakpoints: readonly UserBreakpoint[],
  ): Promise<Map<number, number>> {
    const lines = new Map<number, number>();
    if (breakpoints.length === 0) return lines;
    for (const script of scripts) {
      const places = await this.#places(script);
      for (const breakpoint of breakpoints) {
        const first = firstPlace(places, script, breakpoint.wanted.line);
        if (!first) continue;
        await this.#setAt(first.location, breakpoint);
        lines.set(breakpoint.id, first.place.line);
      }
    }
    return lines;
  }

  /** Where V8 can stop in a script. */
  async #places(script: Script): Promise<CodePlace[]> {
    const { locations } = await this.inspector.post<Debugger.GetPossibleBreakpointsReturnType>(
      "Debugger.getPossibleBreakpoints",
      { start: { scriptId: script.id, lineNumber: 0, columnNumber: 0 } },
    );
    return locations.flatMap(({ scriptId, lineNumber, columnNumber = 0 }) => {
      const place = userPlace(script, lineNumber, columnNumber);
      return place ? [{ place, location: { scriptId, lineNumber, columnNumber } }] : [];
    });
  }

  async #setAt(location: Debugger.Location, breakpoint: UserBreakpoint): Promise<void> {
    const key = `${location.scriptId}:${location.lineNumber}:${location.columnNumber}`;
    const known = this.#set.get(key);
    if (known) return void known.of.add(breakpoint);
    const { breakpointId } = await this.inspector.post<Debugger.SetBreakpointReturnType>(
      "Debugger.setBreakpoint",
      { location },
    );
    this.#set.set(key, { id: breakpointId, of: new Set([breakpoint]) });
  }

  async #remove(breakpoints: readonly UserBreakpoint[]): Promise<void> {
    for (const [key, { id, of }] of this.#set) {
      for (const breakpoint of breakpoints) of.delete(breakpoint);
      if (of.size > 0) continue;
      this.#set.delete(key);
      if (this.inspector.connected)
        await this.inspector.post("Debugger.removeBreakpoint", { breakpointId: id });
    }
  }
}

/** The first place on a line, or on the next line that has one. */
function firstPlace(places: readonly CodePlace[], { source }: Script, line: number): CodePlace | undefined {
  if (line <= (source?.lineOffset ?? 0)) return undefined; // it belongs to an earlier part of the cell
  let best: CodePlace | undefined;
  for (const one of places) {
    if (one.place.line < line) continue;
    const before = best && (best.place.line - one.place.line || best.place.column - one.place.column);
    if (before === undefined || before > 0) best = one;
  }
  return best;
}
