import type { Debugger as V8 } from "node:inspector";
import { setTimeout as sleep } from "node:timers/promises";
import type { Breakpoints, UserBreakpoint } from "./breakpoints.js";
import { readable } from "../cells/errors/readable-message.js";
import { CaughtErrors } from "./caught-errors.js";
import { DebugFailure } from "./dap.js";
import { asArgument, type Inspector } from "./inspector.js";
import { logParts } from "./log-message.js";
import type { RunningPart } from "./main-thread/hooks.js";
import type { DescribedValue } from "./main-thread/target.js";
import { FOREIGN, isDebuggerStatement, type Script, type Scripts } from "./scripts.js";
import { Stack } from "./stack.js";

export type Step = "stepOver" | "stepInto" | "stepOut";

interface StopDetails {
  readonly reason: "breakpoint" | "step" | "exception" | "pause" | "entry";
  readonly description?: string;
  readonly text?: string;
  readonly hitBreakpointIds?: readonly number[];
}

export interface PauseEvents {
  /** A load is to stop at parts that begin no deeper than this; 0 for none. */
  loadDepth(depth: number): void;
  /** Stops in magics and loads so far. */
  partStops(): number;
  stopped(details: StopDetails): void;
  continued(): void;
}

/** What is stopped has ended before, unless native code called it. */
const END_MS = 100;

/** Deeper than any load. */
const DEEPEST = 1000;

/** Where a step began: it is over when another line or another call is reached. */
interface Stepping {
  readonly how: Step;
  readonly line: number | undefined;
  readonly function: string | undefined;
  readonly depth: number;
  /** The part of a load at which it began: the next part ends it, or the user's code where it goes into that. */
  readonly part: RunningPart | null;
}

/** Decides which pauses of V8 are stops of the user's, and goes on from the others. */
export class Pauses {
  #stack: Stack | null = null;
  #stepping: Stepping | null = null;
  #filters: readonly string[] = [];
  #exception: V8.PausedEventDataType["data"] | null = null;
  #suspended = false;
  #paused = false;
  /** V8's breakpoint at the beginning of the script in which a step is to end. */
  #start: string | null = null;
  #partStops = 0;
  /** The latest pause was in code of Node, of a package or of the kernel. */
  #inForeign = false;
  /** A step from here may leave a generator by `yield`: for V8 it would end when somebody asks for the next value. */
  #mayYield = false;
  /** The user asked for a stop at whatever runs next. */
  #requested = false;
  readonly #caught: CaughtErrors;

  constructor(
    private readonly inspector: Inspector,
    private readonly scripts: Scripts,
    private readonly breakpoints: Breakpoints,
    private readonly events: PauseEvents,
  ) {
    this.#caught = new CaughtErrors(inspector, scripts);
  }

  /** The calls at which the program is stopped; null while it runs. */
  get stack(): Stack | null {
    return this.#stack;
  }

  /** @throws DebugFailure while the program runs. */
  stopped(): Stack {
    if (!this.#stack) throw new DebugFailure("Nothing is stopped.");
    return this.#stack;
  }

  /** V8 foresees wrongly what the kernel will catch: it reports all, and we tell which the user's code catches. */
  async catchExceptions(filters: readonly string[]): Promise<void> {
    this.#filters = filters;
    const state = filters.length > 0 ? "all" : "none";
    await this.inspector.post("Debugger.setPauseOnExceptions", { state });
    // Whoever awaits the function that stops or throws is shown, and may catch it.
    await this.inspector.post("Debugger.setAsyncCallStackDepth", { maxDepth: 16 });
    await this.#setForeign(false);
  }

  /**
   * Code that is not the user's is stepped over. Errors thrown in it are seen only while it is not marked so.
   */
  async #setForeign(stepping: boolean): Promise<void> {
    const patterns = stepping || this.#filters.length === 0 ? FOREIGN : [];
    await this.inspector.post("Debugger.setBlackboxPatterns", { patterns });
  }

  async paused(pause: V8.PausedEventDataType): Promise<void> {
    this.#paused = true;
    try {
      const details = this.#suspended ? null : await this.#details(pause);
      if (details) this.events.stopped(details);
      else await this.#resume();
    } catch {
      await this.#resume(); // the inspector has gone, or V8 went on by itself
    }
  }

  /** What a stop is to the user; null when the program is to go on. */
  async #details(pause: V8.PausedEventDataType): Promise<StopDetails | null> {
    const stack = await Stack.of(this.inspector, this.scripts, pause);
    const [innermost] = pause.callFrames;
    const isUsers = stack.top?.script != null && stack.top.call === innermost;
    this.#inForeign = !isUsers && !this.scripts.isPart(innermost!.location.scriptId);
    this.#mayYield = false;
    if (!stack.top) return null;
    const details = await this.#stopOf(pause, stack);
    if (!details) {
      if (isUsers && this.#stepping) this.#mayYield = await stack.mayYield(this.#stepping.how === "stepOver");
      return null;
    }
    this.#stack = stack;
    this.#exception = details.reason === "exception" ? pause.data : null;
    this.#stepping = null;
    this.#requested = false;
    this.events.loadDepth(0);
    await this.#forgetStart();
    return details;
  }

  async #stopOf(pause: V8.PausedEventDataType, stack: Stack): Promise<StopDetails | null> {
    const isError = pause.reason === "exception" || pause.reason === "promiseRejection";
    if (isError && stack.top!.part) return null; // the loader's own, which becomes a problem on the card
    if (isError)
      return (await this.#stopsAtError(pause)) ? { reason: "exception", ...errorText(pause.data) } : null;
    const hit = this.breakpoints.hit(pause.hitBreakpoints ?? []);
    const reached = hit.length > 0 ? await this.#reached(hit, stack) : null;
    if (reached) {
      const { ids, trouble } = reached;
      return {
        reason: "breakpoint",
        hitBreakpointIds: ids,
        ...(trouble && { description: trouble, text: trouble }),
      };
    }
    if (this.scripts.isPart(pause.callFrames[0]!.location.scriptId)) return this.#partStop();
    if (this.#start && pause.hitBreakpoints?.includes(this.#start)) return { reason: "step" };
    if (this.#stepping) return this.#isStepDone(stack) ? { reason: "step" } : null;
    if (this.#requested) return { reason: "pause" };
    const { script, place } = stack.top!;
    return script && isDebuggerStatement(script, place) ? { reason: "breakpoint" } : null;
  }

  /** V8 also pauses on its way out of the code that stops; that counts once. */
  #partStop(): StopDetails | null {
    const stops = this.events.partStops();
    if (stops === this.#partStops) return null;
    this.#partStops = stops;
    return { reason: this.#stepping ? "step" : "breakpoint" };
  }

  async #stopsAtError(pause: V8.PausedEventDataType): Promise<boolean> {
    if (this.#filters.length === 0) return false;
    return this.#filters.includes("all") || !(await this.#caught.isCaught(pause));
  }

  #isStepDone(stack: Stack): boolean {
    const { how, line, function: from, depth, part } = this.#stepping!;
    const top = stack.top!;
    if (top.script === null) return false;
    if (part) return how === "stepInto";
    if (how === "stepOut") return stack.depth < depth || functionOf(top.call) !== from;
    return top.place.line !== line || functionOf(top.call) !== from || stack.depth !== depth;
  }

  /** Which of the breakpoints count, by their conditions; null when none does. */
  async #reached(hit: readonly UserBreakpoint[], stack: Stack) {
    const ids: number[] = [];
    let trouble: string | undefined;
    for (const breakpoint of hit) {
      const { condition, hitCondition, logMessage } = breakpoint.wanted;
      try {
        if (condition && !(await this.#isTrue(condition, stack))) continue;
        breakpoint.hits++;
        if (hitCondition && !countsNow(hitCondition, breakpoint.hits)) continue;
        if (logMessage) await this.#log(logMessage, stack);
        else ids.push(breakpoint.id);
      } catch (error) {
        trouble = `The condition of the breakpoint failed: ${(error as Error).message}`;
        ids.push(breakpoint.id);
      }
    }
    return ids.length > 0 ? { ids, trouble } : null;
  }

  async #isTrue(condition: string, stack: Stack): Promise<boolean> {
    const result = await stack.evaluate(`!!(${condition})`, undefined);
    return result.value === true;
  }

  async #log(message: string, stack: Stack): Promise<void> {
    let line = "";
    for (const { text, isExpression } of logParts(message))
      line += isExpression ? await this.#shown(text, stack) : text;
    await this.inspector.call("log", { value: line });
  }

  async #shown(expression: string, stack: Stack): Promise<string> {
    try {
      const remote = await stack.evaluate(expression, undefined);
      if (typeof remote.value === "string") return remote.value;
      return (await this.inspector.call<DescribedValue>("describe", asArgument(remote))).value;
    } catch (error) {
      return `{${expression}: ${(error as Error).message}}`;
    }
  }

  exceptionInfo() {
    const { description = "", className = "Error" } = (this.#exception ?? {}) as {
      description?: string;
      className?: string;
    };
    if (!this.#exception) throw new DebugFailure("The program is not stopped at an error.");
    return {
      exceptionId: className,
      description: readable(description.split("\n    at ")[0]!),
      breakMode: this.#filters.includes("all") ? "always" : "unhandled",
    };
  }

  /** https://microsoft.github.io/debug-adapter-protocol/specification#Requests_Next and its like */
  async step(how: Step): Promise<void> {
    const { top, depth } = this.stopped();
    this.#stepping = {
      how,
      line: top?.place.line,
      function: top && functionOf(top.call),
      depth,
      part: top?.part ?? null,
    };
    this.#mayYield = await this.stopped().mayYield(how === "stepOver");
    this.events.loadDepth(loadDepthOf(how, this.stopped()));
    await this.#leave();
    await this.#setForeign(true);
    await this.#resume();
  }

  get stepping(): boolean {
    return this.#stepping !== null;
  }

  /** Has a step that goes on end at the beginning of a script. */
  async stopAtStart(script: Script): Promise<void> {
    const { how, part } = this.#stepping ?? {};
    if (!how || how === "stepOut" || (how === "stepOver" && part && !isBelow(script, part))) return;
    const location = await this.breakpoints.firstPlace(script);
    if (!location) return;
    const { breakpointId } = await this.inspector
      .post<V8.SetBreakpointReturnType>("Debugger.setBreakpoint", { location })
      .catch(() => ({ breakpointId: null })); // the user has one there
    this.#start = breakpointId;
  }

  async #forgetStart(): Promise<void> {
    const breakpointId = this.#start;
    this.#start = null;
    if (breakpointId !== null) await this.inspector.post("Debugger.removeBreakpoint", { breakpointId });
  }

  async goOn(): Promise<void> {
    this.#stepping = null;
    this.#requested = false;
    this.events.loadDepth(0);
    if (!this.#paused) return;
    await this.#leave();
    await this.#setForeign(false);
    await this.#resume();
  }

  /** Stops at the next statement of the user's that runs. */
  async request(): Promise<void> {
    if (this.#stack) return;
    this.#requested = true;
    await this.#setForeign(true);
    await this.inspector.post("Debugger.pause");
  }

  /** A cell is over: a step that left it has nowhere to end. */
  cellEnded(): void {
    this.#stepping = null;
    this.#requested = false;
    this.events.loadDepth(0);
  }

  /**
   * Ends what is stopped, where it stands. Until `restore` nothing stops.
   * @returns whether anything was.
   */
  async suspend(): Promise<boolean> {
    this.#suspended = true;
    await this.inspector.post("Debugger.setSkipAllPauses", { skip: true });
    const isStopped = this.#stack !== null;
    await this.#leave();
    // Asked while it is paused, for code of few lines would have come to its end; answered when it has ended.
    const ended = isStopped && this.inspector.post("Runtime.terminateExecution").catch(() => {});
    await this.goOn();
    if (ended) await Promise.race([ended, sleep(END_MS)]);
    return isStopped;
  }

  async restore(): Promise<void> {
    this.#suspended = false;
    await this.inspector.post("Debugger.setSkipAllPauses", { skip: false });
  }

  /** Ends a stop for the front ends. */
  async #leave(): Promise<void> {
    const stack = this.#stack;
    if (!stack) return;
    this.#stack = null;
    this.#exception = null;
    await this.inspector.call("forget");
    await stack.release();
    this.events.continued();
  }

  /** V8 also steps into what Node does for each promise, though it is told not to. */
  #action(): "resume" | Step {
    if (!this.#stepping) return this.#requested ? "stepInto" : "resume"; // on to the user's code
    const { how, part } = this.#stepping;
    if (!part) return this.#inForeign || this.#mayYield ? "stepOut" : how;
    return how === "stepInto" && part.name.startsWith("layer ") && !this.#inForeign ? "stepInto" : "resume";
  }

  /** Goes on from a pause: by the step that is under way, if one is. */
  async #resume(): Promise<void> {
    if (!this.#paused) return;
    this.#paused = false;
    await this.inspector.post(`Debugger.${this.#action()}`).catch(() => {});
  }
}

/** At which parts of a load a step may end: any that it goes into, else the next of the same depth. */
function loadDepthOf(how: Step, stack: Stack): number {
  if (how === "stepInto") return DEEPEST;
  return how === "stepOver" ? stack.loadDepth : Math.max(0, stack.loadDepth - (stack.top?.part ? 1 : 0));
}

function isBelow({ source }: Script, { line }: RunningPart): boolean {
  return (source?.lineOffset ?? 0) + 1 > line;
}

function errorText(data: V8.PausedEventDataType["data"]): Partial<StopDetails> {
  const { description } = (data ?? {}) as { description?: string };
  const text = description?.split("\n    at ")[0];
  return text ? { description: "Paused on an exception", text: readable(text) } : {};
}

function functionOf({ functionLocation, functionName }: V8.CallFrame): string {
  const { scriptId, lineNumber, columnNumber } = functionLocation ?? {};
  return [scriptId, lineNumber, columnNumber, functionName].join(":");
}

/** `5` and `= 5`: the fifth time; `>= 5`, `> 5`, `< 5`, `<= 5`; `% 5`: every fifth time. */
function countsNow(condition: string, hits: number): boolean {
  const match = /^\s*(>=|<=|==?|>|<|%)?\s*(\d+)\s*$/.exec(condition);
  if (!match) throw new Error(`'${condition}' is no number of hits; write 5, >= 5 or % 5.`);
  const limit = Number(match[2]);
  switch (match[1]) {
    case ">=":
      return hits >= limit;
    case "<=":
      return hits <= limit;
    case ">":
      return hits > limit;
    case "<":
      return hits < limit;
    case "%":
      return hits % limit === 0;
    default:
      return hits === limit;
  }
}
