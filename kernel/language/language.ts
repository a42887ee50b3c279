import { setTimeout as sleep } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import type { Answers, Completions, Finding, FromWorker, Question } from "./messages.js";
import type { LiveValues } from "../runner/messages.js";
import { typeCheckModeIn, type TypeCheckMode } from "./type-check-mode.js";

/** Each question makes a new type checker: with the default, most of the time would go into collecting old ones. */
const YOUNG_GENERATION_MB = 24;

/** What the worker is told and has no answer that anyone waits for. */
type Note = Extract<Question, { type: "add" | "refine" | "forget" | "result" }>;

interface Undiagnosed {
  readonly executionCount: number;
  resolve(findings: readonly Finding[]): void;
  reject(error: Error): void;
}

/** So long nothing new has been told before the worker hears of it: cells that follow each other need the processor. */
const NOTES_MS = 30;
/** As many are told at once, though more follow: else the first question after a long run waits for all of them. */
const MOST_NOTES = 100;
/** Cells that are checked at once: completion and hover, which the user waits for, come in between. */
const DIAGNOSED_AT_ONCE = 5;
/** Whose variables may not have been told yet. */
const LATEST_CELLS = 5;
/** A worker that is in native code is not waited for longer at the end. */
const END_MS = 500;

/** `_`, `__` and `___`. */
const LATEST = 3;

/**
 * What the kernel process knows about the language: questions to a worker thread that holds TypeScript's language
 * service. It starts with the first question or by `start`, and starts again if it dies.
 */
export class Language {
  #worker: Worker | null = null;
  #starting: Promise<void> | null = null;
  /** Whether it has loaded TypeScript. */
  #isReady = false;
  #id = 0;
  readonly #waiting = new Map<number, { resolve(answer: unknown): void; reject(error: Error): void }>();
  /** Cells so far that are of use, by execution count, for a worker that starts anew. */
  readonly #cells = new Map<number, Extract<Question, { type: "add" }>>();

  /** What the worker is to hear before the next question. */
  #notes: Note[] = [];
  #notesTimer: NodeJS.Timeout | null = null;

  #live: LiveValues = {};
  #unset: readonly string[] = [];
  /** Cells that had the latest results. */
  #results: readonly number[] = [];
  #closed = false;
  /** Cells that are to be checked. */
  #undiagnosed: Undiagnosed[] = [];
  #diagnosing = false;

  constructor(
    readonly folder: string,
    /** What is done about type errors; `%typecheck` in a cell changes it for those that follow. */
    public typeCheck: TypeCheckMode,
    readonly log: (text: string) => void,
    /** Resolves when a processor is free for loading TypeScript; at once if left out. */
    readonly calm: () => Promise<void> = () => Promise.resolve(),
  ) {}

  /** Loads TypeScript in the background when cells leave the processor alone. Resolves when it has begun. */
  startSoon(): Promise<void> {
    if (this.#worker) return Promise.resolve();
    this.#starting ??= this.calm().then(() => {
      this.#starting = null;
      if (!this.#closed) this.start();
    });
    return this.#starting;
  }

  /** Loads TypeScript now. */
  start(): void {
    if (this.#worker) return;
    const worker = new Worker(new URL("./worker.js", import.meta.url), {
      workerData: { folder: this.folder },
      stdout: false,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
    });
    this.#worker = worker;
    worker.unref();
    worker.on("message", (message: FromWorker) => this.#settle(message));
    worker.on("error", (error) => this.log(`The language worker failed: ${error.stack ?? error.message}`));
    worker.on("exit", () => this.#forget(worker));
    for (const cell of this.#cells.values()) this.#post(cell);
    this.#post({ type: "refine", values: this.#live, unset: this.#unset });
    for (const executionCount of this.#results) this.#post({ type: "result", executionCount });
  }

  /** Tells of a cell that is about to run. */
  add(code: string, executionCount: number): void {
    this.typeCheck = typeCheckModeIn(code) ?? this.typeCheck;
    const question = { type: "add", code, executionCount } as const;
    this.#cells.delete(executionCount); // the order is that of the runs
    this.#cells.set(executionCount, question);
    this.#note(question);
  }

  /** Tells what variables hold now. @param unset names that cells declare and that have no value. */
  refine(values: LiveValues, unset: readonly string[]): void {
    Object.assign(this.#live, values);
    this.#unset = unset;
    this.#note({ type: "refine", values, unset });
  }

  /** Tells that all variables are gone, with the process that had them. */
  forget(): void {
    this.#cells.clear();
    this.#live = {};
    this.#unset = [];
    this.#results = [];
    this.#note({ type: "forget" });
  }

  /** Tells that a cell had a result: it becomes `_`. */
  result(executionCount: number): void {
    this.#results = [...this.#results, executionCount].slice(-LATEST);
    this.#note({ type: "result", executionCount });
  }

  /**
   * Completions at an offset. While the worker loads TypeScript: those that can be told without, at once.
   * @throws Error when the worker fails on the question.
   */
  async complete(code: string, cursor: number): Promise<Completions> {
    const first = this.#isReady ? null : await this.#firstCompletions(code, cursor);
    if (!first) return this.ask({ type: "complete", code, cursor });
    void this.startSoon();
    return first;
  }

  async #firstCompletions(code: string, cursor: number): Promise<Completions | null> {
    const { firstCompletions } = await import("./first-answers.js");
    const latest = [...this.#cells.values()].slice(-LATEST_CELLS).map((cell) => cell.code);
    return firstCompletions(code, cursor, this.folder, this.#live, latest, this.#unset);
  }

  /** @throws Error when the worker fails on the question. */
  ask<Q extends Exclude<Question, Note>>(question: Q): Promise<Answers[Q["type"]]> {
    this.start();
    this.#tell();
    return new Promise((resolve, reject) => {
      const id = this.#post(question);
      this.#waiting.set(id, { resolve: resolve as (answer: unknown) => void, reject });
    });
  }

  /** Type errors of a cell. Cells that are asked for together are checked together, which takes one program. */
  diagnose(executionCount: number): Promise<readonly Finding[]> {
    return new Promise((resolve, reject) => {
      this.#undiagnosed.push({ executionCount, resolve, reject });
      if (!this.#diagnosing) void this.#diagnoseAll();
    });
  }

  async #diagnoseAll(): Promise<void> {
    this.#diagnosing = true;
    await null; // for those that are asked for at the same moment
    while (this.#undiagnosed.length > 0) {
      const some = this.#undiagnosed.splice(0, DIAGNOSED_AT_ONCE);
      try {
        const findings = this.#closed
          ? []
          : await this.ask({ type: "diagnose", executionCounts: counts(some) });
        for (const [i, { resolve }] of some.entries()) resolve(findings[i] ?? []);
      } catch (error) {
        for (const { reject } of some) reject(error as Error);
      }
    }
    this.#diagnosing = false;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#waiting.clear(); // who asked is gone too
    this.#notes = [];
    await Promise.race([this.#worker?.terminate(), sleep(END_MS, undefined, { ref: false })]);
  }

  /** A worker that starts later hears all anew. */
  #note(note: Note): void {
    if (!this.#worker) return;
    this.#notes.push(note);
    if (this.#notes.length >= MOST_NOTES) return this.#tell();
    this.#notesTimer ??= setTimeout(() => this.#tell(), NOTES_MS).unref();
    this.#notesTimer.refresh();
  }

  #tell(): void {
    if (this.#notesTimer) clearTimeout(this.#notesTimer);
    this.#notesTimer = null;
    for (const note of this.#notes.splice(0)) this.#post(note);
  }

  #post(question: Question): number {
    this.#worker!.postMessage({ id: ++this.#id, question });
    return this.#id;
  }

  #settle(message: FromWorker): void {
    if ("ready" in message) {
      this.#isReady = true;
      return;
    }
    const { id, answer, error } = message;
    if (isCounts(answer)) for (const executionCount of answer) this.#cells.delete(executionCount);
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error === undefined) waiting?.resolve(answer);
    else if (waiting) waiting.reject(new Error(error));
    else this.log(`The language worker failed: ${error}`);
  }

  #forget(worker: Worker): void {
    if (this.#worker === worker) this.#worker = null;
    this.#isReady = false;
    this.#notes = [];
    for (const { reject } of this.#waiting.values()) reject(new Error("The language worker has ended."));
    this.#waiting.clear();
  }
}

function counts(cells: readonly Undiagnosed[]): number[] {
  return cells.map(({ executionCount }) => executionCount);
}

/** The answer to an added cell; no other is a list of numbers. */
function isCounts(answer: unknown): answer is Answers["add"] {
  return Array.isArray(answer) && typeof answer[0] === "number";
}
