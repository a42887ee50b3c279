import type { CellEngine } from "../cells/cell-engine.js";
import { MAGICS } from "../magics/registry.js";
import { interruptCommands } from "../magics/run-command.js";
import { type CellValue, runCell } from "../magics/run-cell.js";
import { cellBegins, cellEnds, cellInterrupted } from "../../src/runtime/memory/current-cell.js";
import { isStarting, nothingStarts } from "../../src/uninterrupted.js";
import type { CellStreams } from "./cell-streams.js";
import type { EngineModule } from "./engine-module.js";
import { FrameOutput } from "./frame-output.js";
import type { FrameWriter } from "./frame-writer.js";
import { type Input, Interrupted } from "./input.js";
import type { Mutex } from "./mutex.js";
import { LiveValueReport } from "./live-values.js";
import type { CellOutcome, ExecuteCell } from "./messages.js";
import { countTensors } from "./count-tensors.js";
import { NeededGlobals, putBackNotice } from "./needed-globals.js";

/** A cell waits so long for a back end that a stopped one before it still starts. */
const START_MS = 10_000;

export interface RunnerParts {
  readonly engine: CellEngine;
  readonly language: EngineModule;
  readonly kernel: FrameWriter;
  readonly input: Input;
  readonly streams: CellStreams;
  /** Held while something must not be terminated. */
  readonly mutex: Mutex;
  /** Folder of the notebook. */
  readonly folder: string;
  /** Called when a cell has run to its end. */
  cellEnds(): void;
}

/** Runs cells and says how each ended, exactly once. */
export class CellRunner {
  private readonly running = new Map<number, FrameOutput>();
  private readonly live: LiveValueReport;
  private readonly globals = new NeededGlobals();

  constructor(private readonly parts: RunnerParts) {
    const { engine, language, kernel } = parts;
    this.live = new LiveValueReport(engine, language.liveValue, (values, unset) =>
      kernel.write({ type: "live", values, unset }),
    );
  }

  /**
   * Runs a cell. To be called from an event of its own, with nothing awaited below it: a termination unwinds all
   * that is on the stack, and what waits there never goes on. So a cell may end by `interrupt` instead.
   * @param onNoted called when nothing can lose the cell any more.
   */
  run(cell: ExecuteCell, onNoted: () => void): void {
    const { kernel, input, streams } = this.parts;
    const output = new FrameOutput(cell.cell, kernel, input, cell.allowStdin);
    this.note(output, onNoted);
    streams.run(output, () => void this.runToEnd(cell, output));
  }

  /** Runs the handler of a comm message; what it starts may go on after, unless it returns what is to be waited for. */
  runHandler(cell: number, handle: () => Promise<void> | undefined, onNoted: () => void): void {
    const { kernel, input, streams } = this.parts;
    const output = new FrameOutput(cell, kernel, input, false);
    this.note(output, onNoted);
    const done = () => this.settle(cell, { status: "ok", userExpressions: {}, payload: [] });
    const waiting = streams.lend(output, handle);
    if (waiting) void waiting.finally(done);
    else done();
  }

  /**
   * Ends the cells that still run; what they wait for may come later and changes nothing.
   * @param terminated whether JavaScript was ended where it stood, with nothing tidied up behind it.
   */
  interrupt(terminated: boolean): void {
    const error = this.parts.language.describeError(new Interrupted());
    for (const output of this.running.values()) {
      output.interrupt();
      this.settle(output.cell, { status: "error", error });
    }
    this.parts.input.interrupt();
    interruptCommands();
    cellInterrupted(terminated);
  }

  /** Both or neither, whatever is terminated: else a cell would be lost, or run again after its interrupt. */
  private note(output: FrameOutput, onNoted: () => void): void {
    this.parts.mutex.hold(() => {
      this.running.set(output.cell, output);
      onNoted();
    });
  }

  private async runToEnd(cell: ExecuteCell, output: FrameOutput): Promise<void> {
    const outcome = await this.outcome(cell, output);
    await output.finish();
    this.parts.cellEnds();
    this.settle(cell.cell, outcome);
  }

  private async outcome(cell: ExecuteCell, output: FrameOutput): Promise<CellOutcome> {
    const { language } = this.parts;
    cellBegins(cell.executionCount);
    try {
      const { hasValue, value } = await this.value(cell, output);
      const last = Object.keys(cell.userExpressions).length === 0;
      if (hasValue && value !== undefined && this.running.has(cell.cell)) {
        this.parts.engine.results.add(cell.executionCount, value);
        output.whenFormatted(language.formatValue(value), (bundle) => {
          if (Object.keys(bundle.data).length > 0) output.result(bundle, last);
        });
      }
      const userExpressions = await this.evaluate(cell);
      return { status: "ok", userExpressions, payload: await output.finish() };
    } catch (error) {
      this.mendGlobals(output, true);
      return { status: "error", error: language.describeError(error, this.parts.engine.scope) };
    } finally {
      cellEnds();
    }
  }

  /** What the cell put in the place of globals is mended at its first `await` and at its end: both run the kernel's code. */
  private async value(cell: ExecuteCell, output: FrameOutput): Promise<CellValue> {
    if (isStarting()) {
      await nothingStarts(START_MS);
      if (!this.running.has(cell.cell)) throw new Interrupted();
    }
    const running = runCell(cell, { ...this.parts, magics: MAGICS, output });
    this.mendGlobals(output);
    try {
      return await running;
    } finally {
      this.mendGlobals(output);
    }
  }

  private mendGlobals(output: FrameOutput, all = false): void {
    const names = this.globals.putBack(all);
    if (names.length > 0) output.stream("stderr", putBackNotice(names));
  }

  /** https://jupyter-client.readthedocs.io/en/stable/messaging.html#execution-results */
  private async evaluate(cell: ExecuteCell): Promise<Record<string, unknown>> {
    const { engine, language } = this.parts;
    const results: Record<string, unknown> = {};
    for (const [name, code] of Object.entries(cell.userExpressions)) {
      try {
        const { value } = await engine.run({
          code,
          executionCount: cell.executionCount,
          expression: name,
        });
        results[name] = { status: "ok", ...(await language.formatValue(value)) };
      } catch (error) {
        results[name] = { status: "error", ...language.describeError(error) };
      }
    }
    return results;
  }

  private settle(cell: number, outcome: CellOutcome): void {
    if (!this.running.has(cell)) return;
    const done = { type: "done", cell, outcome, tensors: countTensors() } as const;
    this.parts.kernel.write(done, () => this.running.delete(cell));
    this.live.soon();
  }
}
