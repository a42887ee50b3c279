import { Breakpoints } from "./breakpoints.js";
import { WORDS } from "../runner/shared-words.js";
import { compileFor } from "./compiling.js";
import { CELL_PATHS, cellPath, cellPathOfHash } from "./cell-path.js";
import {
  DebugFailure,
  type DebugEvent,
  type DebugRequest,
  type DebugResponse,
  response,
  type SourceBreakpoint,
} from "./dap.js";
import { EXCEPTION_FILTERS } from "./exception-filter.js";
import { Inspector } from "./inspector.js";
import type { CompiledNotice, MagicNotice } from "./main-thread/hooks.js";
import { Pauses } from "./pauses.js";
import { Scripts, sourceText } from "./scripts.js";
import { Values } from "./values.js";

/** The arguments of a request; what they hold is checked where it is read. */
type Arguments = Readonly<Record<string, any>>; // eslint-disable-line @typescript-eslint/no-explicit-any -- as DAP types them
type Command = (this: Debugger, given: Arguments, client: string) => unknown;

const THREAD = 1;

export interface DebuggerEvents {
  event(event: DebugEvent): void;
  /** Whether compiled code is to wait for its breakpoints. */
  debugging(on: boolean): void;
  /** Ends what runs. */
  interrupt(): void;
}

/**
 * Jupyter's debugger in the runner's control thread: requests of the Debug Adapter Protocol in, requests to V8's
 * inspector of the main thread out. The front ends share one debugger; it goes off when the last has left.
 * https://jupyter-client.readthedocs.io/en/stable/messaging.html#debug-request
 */
export class Debugger {
  readonly #scripts: Scripts;
  readonly #breakpoints: Breakpoints;
  readonly #pauses: Pauses;
  readonly #values: Values;
  readonly #inspector: Inspector;
  readonly #clients = new Set<string>();
  /** Texts of cells that front ends have told, by path. */
  readonly #dumped = new Map<string, string>();
  #filters: string[] = [];
  #last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly words: Int32Array,
    private readonly outside: DebuggerEvents,
  ) {
    this.#inspector = new Inspector(words, {
      paused: (pause) => void this.#pauses.paused(pause),
      scriptParsed: (script) => this.#scripts.parsed(script),
    });
    this.#scripts = new Scripts(this.#inspector);
    this.#breakpoints = new Breakpoints(this.#inspector, this.#scripts);
    this.#pauses = new Pauses(this.#inspector, this.#scripts, this.#breakpoints, {
      partStops: () => Atomics.load(words, WORDS.partStops),
      loadDepth: (depth) => void Atomics.store(words, WORDS.loadDepth, depth),
      stopped: (body) => this.#event("stopped", { threadId: THREAD, allThreadsStopped: true, ...body }),
      continued: () => this.#event("continued", { threadId: THREAD, allThreadsContinued: true }),
    });
    this.#values = new Values(this.#inspector, this.#pauses);
  }

  get started(): boolean {
    return this.#clients.size > 0;
  }

  /** One request after another; never rejects. @param client session of the front end that asks. */
  handle(request: DebugRequest, client: string): Promise<DebugResponse> {
    const answer = this.#last.then(() => this.#answer(request, client));
    this.#last = answer;
    return answer;
  }

  /** What the main thread waits to have dealt with: a source's breakpoints are set before it runs. */
  async notice(notice: CompiledNotice | MagicNotice): Promise<void> {
    if (notice.type === "magic") return this.#magic(notice);
    const script = await this.#scripts.compiled(notice.file, notice.source);
    if (!script) return;
    await this.#breakpoints.bind(script);
    // The next part of the cell in which the user steps.
    if (notice.source.lineOffset > 0) await this.#pauses.stopAtStart(script);
  }

  #magic({ cellHash, line }: MagicNotice): void {
    if (this.#pauses.stepping || this.#breakpoints.standsAt(cellPathOfHash(cellHash), line))
      Atomics.store(this.words, WORDS.stopAtMagic, 1);
  }

  cellEnded(): void {
    this.#pauses.cellEnded();
  }

  /**
   * Ends what is stopped, and lets nothing stop until `interrupted`, so that an interrupt can end it.
   * @returns whether anything was stopped.
   */
  interrupting(): Promise<boolean> {
    return this.started ? this.#pauses.suspend() : Promise.resolve(false);
  }

  interrupted(): Promise<void> {
    return this.started ? this.#pauses.restore() : Promise.resolve();
  }

  /** The process ends: nothing may be left connected. */
  close(): void {
    this.#inspector.disconnect();
  }

  async #answer(request: DebugRequest, client: string): Promise<DebugResponse> {
    try {
      const command = COMMANDS.get(request.command);
      if (!command) throw new DebugFailure(`This debugger does not know the request '${request.command}'.`);
      const wasConnected = this.#inspector.connected;
      if (!wasConnected && LOOKS.has(request.command)) this.#inspector.connect();
      try {
        const body = await command.call(this, (request.arguments ?? {}) as Arguments, client);
        return response(request, { body });
      } finally {
        if (!wasConnected && !this.started) this.#inspector.disconnect();
      }
    } catch (error) {
      return response(request, { message: error instanceof Error ? error.message : String(error) });
    }
  }

  #event(event: string, body: object = {}): void {
    this.outside.event({ seq: 0, type: "event", event, body });
  }

  async attach(client: string): Promise<void> {
    const first = !this.started;
    this.#clients.add(client);
    if (!first) return;
    try {
      await this.#turnOn();
    } catch (error) {
      this.#clients.delete(client);
      throw error;
    }
  }

  async #turnOn(): Promise<void> {
    compileFor("debugger");
    this.#inspector.connect();
    await this.#inspector.post("Debugger.enable", { maxScriptsCacheSize: 10_000_000 });
    await this.#pauses.catchExceptions(this.#filters);
    await this.#breakpoints.bindAll();
    this.outside.debugging(true);
  }

  async detach(client: string): Promise<void> {
    this.#clients.delete(client);
    if (this.started) return;
    compileFor("speed");
    this.outside.debugging(false);
    await this.#pauses.goOn();
    await this.#inspector.post("Debugger.disable").catch(() => {});
    this.#inspector.disconnect();
    this.#scripts.clear();
    this.#event("terminated");
  }

  info() {
    return {
      isStarted: this.started,
      ...CELL_PATHS,
      breakpoints: this.#breakpoints.list(),
      stoppedThreads: this.#pauses.stack ? [THREAD] : [],
      richRendering: true,
      exceptionPaths: EXCEPTION_FILTERS.map(({ filter }) => filter),
      copyToGlobals: true,
    };
  }

  initialized() {
    this.#event("initialized");
    return CAPABILITIES;
  }

  dumpCell(code: string) {
    const sourcePath = cellPath(code);
    this.#dumped.set(sourcePath, code);
    return { sourcePath };
  }

  async setBreakpoints(path: string, wanted: readonly SourceBreakpoint[]) {
    return { breakpoints: await this.#breakpoints.replace(path, wanted) };
  }

  async setExceptionBreakpoints(filters: readonly string[]): Promise<void> {
    this.#filters = [...filters];
    if (this.started) await this.#pauses.catchExceptions(this.#filters);
  }

  async source(path: string) {
    const dumped = this.#dumped.get(path);
    if (dumped !== undefined) return { content: dumped, mimeType: "text/typescript" };
    const [script] = await this.#scripts.ofPath(path);
    if (!script) throw new DebugFailure(`No code is known under ${path}.`);
    return { content: sourceText(script), mimeType: "text/typescript" };
  }

  get values(): Values {
    return this.#values;
  }

  get pauses(): Pauses {
    return this.#pauses;
  }

  async modules() {
    return { modules: this.started ? await this.#inspector.call("modules") : [] };
  }

  endCell(): void {
    this.outside.interrupt();
  }
}

/** Asked with the debugger off too: these look once and are gone. */
const LOOKS = new Set(["inspectVariables", "richInspectVariables", "variables", "source"]);

const CAPABILITIES = {
  supportsConfigurationDoneRequest: true,
  supportsConditionalBreakpoints: true,
  supportsHitConditionalBreakpoints: true,
  supportsLogPoints: true,
  supportsEvaluateForHovers: true,
  supportsSetVariable: true,
  supportsModulesRequest: true,
  supportsTerminateRequest: true,
  supportsExceptionInfoRequest: true,
  exceptionBreakpointFilters: EXCEPTION_FILTERS,
};

/** https://microsoft.github.io/debug-adapter-protocol/specification, and Jupyter's additions to it. */
const COMMANDS: ReadonlyMap<string, Command> = new Map<string, Command>(
  Object.entries({
    initialize() {
      return this.initialized();
    },
    attach(_, client) {
      return this.attach(client);
    },
    disconnect(_, client) {
      return this.detach(client);
    },
    terminate() {
      this.endCell();
    },
    configurationDone() {},
    debugInfo() {
      return this.info();
    },
    dumpCell({ code }) {
      return this.dumpCell(text(code, "code"));
    },
    setBreakpoints({ source, breakpoints }) {
      return this.setBreakpoints(text(source?.path, "source.path"), breakpoints ?? []);
    },
    setExceptionBreakpoints({ filters }) {
      return this.setExceptionBreakpoints(filters ?? []);
    },
    source({ source }) {
      return this.source(text(source?.path, "source.path"));
    },
    threads: () => ({ threads: [{ id: THREAD, name: "main" }] }),
    async stackTrace({ startFrame = 0, levels }) {
      const frames = this.pauses.stack?.describe() ?? [];
      const end = levels ? startFrame + levels : undefined;
      return { stackFrames: frames.slice(startFrame, end), totalFrames: frames.length };
    },
    async scopes({ frameId }) {
      return { scopes: await this.pauses.stopped().scopes(frameId) };
    },
    variables({ variablesReference, start, count }) {
      return this.values.variables(variablesReference, start, count);
    },
    setVariable({ variablesReference, name, value }) {
      return this.values.setVariable(variablesReference, text(name, "name"), text(value, "value"));
    },
    evaluate({ expression, frameId, context }) {
      return this.values.evaluate(text(expression, "expression"), frameId, context);
    },
    async continue() {
      await this.pauses.goOn();
      return { allThreadsContinued: true };
    },
    next() {
      return this.pauses.step("stepOver");
    },
    stepIn() {
      return this.pauses.step("stepInto");
    },
    stepOut() {
      return this.pauses.step("stepOut");
    },
    pause() {
      return this.pauses.request();
    },
    exceptionInfo() {
      return this.pauses.exceptionInfo();
    },
    inspectVariables() {
      return this.values.inspectVariables();
    },
    richInspectVariables({ variableName, frameId }) {
      return this.values.richInspectVariables(text(variableName, "variableName"), frameId);
    },
    copyToGlobals({ srcVariableName, dstVariableName, srcFrameId }) {
      return this.values.copyToGlobals(
        text(srcVariableName, "srcVariableName"),
        text(dstVariableName, "dstVariableName"),
        srcFrameId,
      );
    },
    modules() {
      return this.modules();
    },
  } satisfies Record<string, Command>),
);

/** @throws DebugFailure */
function text(value: unknown, name: string): string {
  if (typeof value !== "string") throw new DebugFailure(`"${name}" must be a string.`);
  return value;
}
