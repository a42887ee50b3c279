import { randomUUID } from "node:crypto";
import type * as tf from "@tensorflow/tfjs";
import type { FormatError } from "../formats/model-file.js";
import { JUPYTER_DISPLAY, type Displayable } from "../display/bundle.js";
import { summaryBundle } from "../display/summary/model-summary.js";
import type { ModelDiagram } from "./report/diagram.js";
import { graphDiagram, layerDiagram } from "./report/model-diagram.js";
import { storedDiagram } from "./report/stored-diagram.js";
import { cardBundle } from "../display/card/problem-card.js";
import { holdsGraph } from "../formats/graph-contents.js";
import type { JsonValue } from "../formats/model-file.js";
import type { UnknownOp } from "../graph/unknown-ops.js";
import type { LoadedGraph } from "../graph/open-graph.js";
import { eachLayer } from "../keras/read-graph.js";
import { whenInterrupted } from "../runtime/memory/current-cell.js";
import { outdatedLayers, unmakeLayers } from "./custom/definitions.js";
import { idleNotes, withoutIdle } from "./idle-decisions.js";
import { disposeWeights, forgetFrom } from "./forget.js";
import { fileName } from "./report/notation.js";
import { LoadError } from "./load-error.js";
import { type LoadFrame, within } from "./load-stack.js";
import { markOrdinary } from "./problems/ordinary.js";
import { makeRecipe, type Recipe } from "./recipe.js";
import {
  argumentOf,
  bestRemedy,
  chooseRemedy,
  numbered,
  problemOf,
  skippingRemedy,
} from "./problems/choose-remedy.js";
import { skeletonSource } from "./drafts/skeleton-source.js";
import { fileReport, recordLoad } from "./report/record-load.js";
import { effectOf } from "./effects.js";
import { TAXONOMY } from "./taxonomy/taxonomy.js";
import { STEPS, type Decision, type Problem, type Remedy, type Step } from "./problem.js";
import type { LoadReport, LoadState, StepReport, Told } from "./report/report.js";
import { tell } from "./tell.js";
import { draftCell, draftLayers } from "./drafts/draft.js";
import { draftName } from "./steps/configure.js";
import type { SkeletonSource } from "./drafts/skeleton.js";
import { runStep } from "./steps/run-step.js";
import { summarizeGraph } from "./report/summarize-graph.js";
import { summarize } from "./report/summarize.js";
import type { StepResult, TrainingWish, Work } from "./work.js";

/** For each call of a session that is under way: what is to be done when the cell is interrupted meanwhile. */
const underWay = new Set<(terminated: boolean) => void>();

whenInterrupted((terminated) => {
  for (const cutShort of underWay) cutShort(terminated);
  if (terminated) underWay.clear(); // no `finally` has run
});

/**
 * One load of one file, step by step. It stops where a decision is needed, keeps what is done, and goes on from
 * there: after a class is registered, `step()` makes only the layers that waited for it.
 */
export class LoadSession implements Displayable {
  /** Unique: a saved card finds its session by it, or finds that it is gone. */
  readonly id = `load-${randomUUID()}`;
  #work: Work & { decisions: Decision[] };
  #results = new Map<Step, StepResult>();
  /** Index of the step that runs next. */
  #at = 0;
  #state: LoadState = "paused";
  #running: Promise<unknown> = Promise.resolve();
  /** How many calls an interrupt has ended: the step of an earlier one no longer counts. */
  #interrupts = 0;
  /** An interrupt may have left layers half made. */
  #isCutShort = false;

  readonly #pausing: boolean;
  /** What each step read and decided, where every step pauses. */
  readonly #told = new Map<Step, Told>();

  /** What a recipe gave. */
  readonly #replayed: readonly Decision[];
  readonly #remarks: string[] = [];
  readonly #listeners = new Set<() => void>();
  /** By code and subject: the numbers of the problems that have waited. */
  readonly #numbers = new Map<string, number>();

  /**
   * @param pausing stop before every step, problems or not
   * @param decisions of a recipe: taken where they fit, without asking
   * @param training what is to be restored of the training; all of it by default
   */
  constructor(
    path: string,
    pausing = false,
    decisions: readonly Decision[] = [],
    training: TrainingWish = { compile: true, optimizer: true },
  ) {
    this.#work = { path, decisions: [...decisions], training };
    this.#pausing = pausing;
    this.#replayed = decisions;
  }

  get state(): LoadState {
    return this.#state;
  }

  /** The loaded model; null until the last step is done, and where the file gave a graph. */
  get model(): tf.LayersModel | null {
    return this.#state === "loaded" ? (this.#work.model ?? null) : null;
  }

  /** The loaded graph of operations, where the file holds no layers or the user chose to run it; else null. */
  get graph(): LoadedGraph | null {
    return this.#state === "loaded" ? (this.#work.runnable ?? null) : null;
  }

  /** The rung of the ladder that was taken, or that the load stands on; null while there is none. */
  get rung(): "layers" | "graph" | "weights" | null {
    if (this.#state === "loaded") return this.#work.rung ?? "layers";
    const { file } = this.#work;
    return file && file.config === null && file.layers.length > 0 && !holdsGraph(file) ? "weights" : null;
  }

  /**
   * Problems that wait for a decision. Each keeps its number through the session: a command of an earlier card never
   * names another problem.
   */
  get waiting(): readonly Problem[] {
    const problems = this.#results.get(STEPS[this.#at]!)?.problems ?? [];
    return problems
      .filter(({ blocking }) => blocking)
      .map((problem) => ({ ...problem, number: this.#numberOf(problem) }));
  }

  #numberOf({ code, subject }: Problem): number {
    const key = JSON.stringify([code, subject]);
    const number = this.#numbers.get(key) ?? this.#numbers.size + 1;
    this.#numbers.set(key, number);
    return number;
  }

  /** Problems with a remedy in force, and those that need none. */
  get settled(): readonly Problem[] {
    return [...this.#results.values()]
      .flatMap(({ problems }) => problems)
      .filter(({ blocking }) => !blocking)
      .map((problem) => markOrdinary(problem, this.#work.origin?.major));
  }

  /** The remedies that were chosen, in order. */
  get decisions(): readonly Decision[] {
    return this.#work.decisions;
  }

  /**
   * Tries the step that waits again and goes on: to the next decision or the end, one step at a time in a session
   * that pauses.
   */
  async step(): Promise<this> {
    return this.#alone(() => this.#advance(this.#pausing ? this.#at + 1 : STEPS.length));
  }

  /** Goes on without pausing until a decision is needed, the model stands, or `until` is done. */
  async run(until: Step = "verify"): Promise<this> {
    return this.#alone(() => this.#advance(STEPS.indexOf(until) + 1));
  }

  /** Tries the step that waits again, and stops there. */
  async retry(): Promise<this> {
    return this.#alone(() => this.#advance(this.#at + 1));
  }

  /**
   * Takes one of the offered remedies and tries again what depends on it.
   * @param which number of the problem on the card, or its subject: the unknown class, the layer's path; or its code
   * @param remedy id of the remedy; may be left out where only one can be applied
   * @param argument what the remedy needs: a path, a shape, arguments; where it suggests something, that is the
   *   default. An object stands for its JSON: an architecture, arguments.
   * @throws RangeError that lists what there is when there is no such problem or remedy, or says what is wrong with
   *   the argument
   */
  async fix(which: number | string, remedy?: string, argument?: string | JsonValue): Promise<this> {
    const problem = this.#problem(which);
    const taken = chooseRemedy(problem, remedy);
    const text = argumentOf(problem, taken, argument, this.#work.graph);
    this.#decide([{ problem, taken, text }]);
    return this.step();
  }

  /** Takes decisions down, and goes back to the first step that they change. */
  #decide(taken: readonly { problem: Problem; taken: Remedy; text: string | undefined }[]): void {
    for (const { problem, taken: remedy, text } of taken) {
      const { code, subject } = problem;
      const argument = text === undefined ? {} : { argument: text };
      this.#work.decisions.push({ code, subject, remedy: remedy.id, ...argument });
    }
    const steps = taken.map(({ taken: remedy }) => STEPS.indexOf(effectOf(remedy.id) ?? STEPS[this.#at]!));
    const first = Math.min(this.#at, ...steps);
    if (first < this.#at) this.#rewind(STEPS[first]!);
  }

  /**
   * Takes for every waiting problem the best remedy that needs nothing from the user and is no stub.
   * @throws RangeError when no problem has one
   */
  async fixAll(): Promise<this> {
    if (this.waiting.length === 0) throw new RangeError("No problem waits for a decision.");
    const taken = this.waiting.flatMap((problem) => {
      const best = bestRemedy(problem);
      return best ? [{ problem, taken: best, text: best.accepted ?? best.suggestion }] : [];
    });
    if (taken.length === 0)
      throw new RangeError("Nothing that waits has a remedy but stubs and what you write.");
    this.#decide(taken);
    return this.step();
  }

  /** Takes for every waiting problem the remedy that needs nothing from the user, a stub where there is no other. */
  async skip(): Promise<this> {
    const taken = this.waiting.map((problem) => {
      const remedy = skippingRemedy(problem);
      if (remedy) return { problem, taken: remedy, text: remedy.accepted ?? remedy.suggestion };
      throw new RangeError(`${problem.code}, ${problem.title}: there is nothing to skip it with.`);
    });
    this.#decide(taken);
    return this.step();
  }

  /**
   * Takes the last decision back; what was made since is made again.
   * @throws RangeError when nothing was decided
   */
  async undo(): Promise<this> {
    if (this.#state === "aborted") throw new RangeError("The load was given up; open the file again.");
    const decision = this.#work.decisions.pop();
    if (!decision) throw new RangeError("There is no decision to take back.");
    return this.#alone(async () => {
      const reached = this.#at;
      // A finished load has closed its file.
      this.#rewind(this.#state === "loaded" ? "identify" : this.#stepOf(decision));
      this.#state = "waiting";
      await this.#advance(this.#pausing ? Math.min(reached + 1, STEPS.length) : STEPS.length);
    });
  }

  /** What the graph knows about an operation that nothing here can run; null when it has no such one. */
  unknownOp(name: string): UnknownOp | null {
    return this.#work.runnable?.unknownOps.find(({ op }) => op === name) ?? null;
  }

  /**
   * What the file knows about a class (or a Lambda, by its layer's name), for a skeleton of it; null when it has no
   * such layer. Names are taken with and without their package.
   */
  source(name: string): SkeletonSource | null {
    return skeletonSource(name, this.#work);
  }

  /**
   * A cell that gives a drafted architecture to a file of weights alone, to be corrected and run; null where the file
   * has its own, or its weights tell nothing.
   */
  draft(): string | null {
    const { file } = this.#work;
    const asked = this.waiting.find(({ remedies }) => remedies.some(({ id }) => id === "draft"));
    const layers = file && (asked || file.config === null) ? draftLayers(file.layers) : [];
    return file && layers.length > 0 ? draftCell(layers, draftName(file.path), asked?.code ?? "F09") : null;
  }

  /** Paths of the model's layers; empty while the file is not read. */
  get layerPaths(): readonly string[] {
    const { graph } = this.#work;
    return graph ? [...eachLayer(graph)].map(({ path }) => path) : [];
  }

  /** The decisions so far, to be taken again on the same file: `openModel(path, { recipe })`. */
  recipe(): Promise<Recipe> {
    return makeRecipe(
      this.#work.path,
      this.#state === "loaded" ? withoutIdle(this.decisions, this.settled) : this.decisions,
    );
  }

  /** Ends the load at its first step: what was to be opened could not be fetched. */
  async refuse(failure: FormatError): Promise<this> {
    this.#work.unreached = failure;
    return this.step();
  }

  /** Adds a sentence to what the card and the summary say. */
  remark(text: string): void {
    this.#remarks.push(text);
  }

  /** What was left out, and which entries of the recipe have nothing to do here. */
  get #notes(): string[] {
    const given = this.#replayed.filter((decision) => this.decisions.includes(decision));
    const idle = idleNotes(given, this.settled, this.#state === "loaded");
    return [...this.#remarks, ...idle, ...(this.#work.notes ?? [])];
  }

  /** Gives up and closes the file. The model, if it stands, stays usable. */
  abort(): void {
    this.#work.file?.close();
    if (this.#state !== "loaded") this.#state = "aborted";
    this.#changed();
  }

  /** Calls back whenever the load stands elsewhere than before. @returns what ends that */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }

  /** The load as it stands, as plain data. */
  report(): LoadReport {
    return {
      session: this.id,
      file: fileReport(this.#work),
      state: this.#state,
      steps: STEPS.map((step, i) => this.#stepReport(step, i)),
      waiting: this.waiting.map(numbered),
      settled: this.settled,
      decisions: [...this.decisions],
      notes: this.#notes,
      summary: this.model ? summarize(this.model) : this.graph ? summarizeGraph(this.graph) : null,
    };
  }

  /** The model as boxes and arrows, also while it does not stand; null where the file has no architecture. */
  diagram(): ModelDiagram | null {
    if (this.model) return layerDiagram(summarize(this.model));
    if (this.graph) return graphDiagram(this.graph);
    return this.#work.graph ? storedDiagram(this.#work.graph, this.waiting) : null;
  }

  /** The summary of the loaded model, or the card of what is in the way. */
  [JUPYTER_DISPLAY](): Record<string, unknown> {
    const report = this.report();
    return (report.summary ? summaryBundle(report.summary) : cardBundle(report)).data;
  }

  /** @throws LoadError when the model does not stand */
  finished(): tf.LayersModel {
    if (!this.model) throw new LoadError(this.report());
    return this.model;
  }

  /** Two calls at the same time run one after the other. */
  async #alone(job: () => Promise<void>): Promise<this> {
    const turn = this.#running.then(job);
    this.#running = turn.catch(() => undefined);
    const cutShort = (terminated: boolean) => this.#cutShort(terminated);
    underWay.add(cutShort);
    try {
      await turn;
    } finally {
      underWay.delete(cutShort);
      this.#changed();
    }
    return this;
  }

  /** The cell was interrupted: the step that runs is not done, and the session stays at it. */
  #cutShort(terminated: boolean): void {
    this.#interrupts++;
    this.#isCutShort = true;
    if (!terminated) return;
    // What was ended where it stood never settles. What still goes on, in a subshell, keeps its own work.
    this.#running = Promise.resolve();
    this.#work = { ...this.#work };
  }

  /** Runs the steps before index `end` that are not done, until one needs a decision. */
  async #advance(end: number): Promise<void> {
    if (this.#state === "loaded" || this.#state === "aborted") return;
    const { connection, model } = this.#work;
    const outdated = outdatedLayers(this.#work);
    if (this.#isCutShort && connection && !model) this.#rewind("resolve");
    else if (outdated.size > 0) this.#remake(outdated);
    this.#isCutShort = false;
    if (this.waiting.length === 0) this.#state = "paused";
    const interrupts = this.#interrupts;
    while (this.#at < Math.min(end, STEPS.length)) {
      const step = STEPS[this.#at]!;
      const result = await this.#run(step);
      if (interrupts !== this.#interrupts) return;
      if (result.again) {
        this.#rewind(result.again);
        continue;
      }
      this.#results.set(step, result);
      this.#told.delete(step);
      if (result.problems.some(({ blocking }) => blocking)) {
        this.#state = this.#isHopeless(result) ? "refused" : "waiting";
        return;
      }
      if (this.#pausing) this.#told.set(step, tell(step, this.#work));
      this.#at++;
      this.#state = "paused";
    }
    if (this.#at === STEPS.length) this.#finish();
  }

  #run(step: Step): Promise<StepResult> {
    const load: LoadFrame = {
      kind: "load",
      name: fileName(this.#work.path),
      view: () => ({ session: this, decisions: this.decisions }),
    };
    const part: LoadFrame = {
      kind: "step",
      name: step,
      view: () => ({ done: STEPS.slice(0, this.#at), settled: this.settled, waiting: this.waiting }),
    };
    return within(load, () => within(part, () => runStep(step, this.#work)));
  }

  /** Without layers, only a remedy can help: no class can be registered for what is not there. */
  #isHopeless({ problems }: StepResult): boolean {
    const layers = this.#at >= STEPS.indexOf("resolve") && this.#work.rung !== "graph";
    return problems.some(
      ({ blocking, remedies, code }) =>
        blocking && remedies.length === 0 && (!layers || TAXONOMY.get(code)?.settledBy === "refused"),
    );
  }

  #finish(): void {
    this.#state = "loaded";
    recordLoad(this.#work, this.settled, this.#notes);
  }

  /** Forgets everything from a step on. */
  #rewind(to: Step): void {
    this.#at = forgetFrom(Math.min(this.#at, STEPS.indexOf(to)), this.#work);
    for (const step of STEPS.slice(this.#at)) this.#results.delete(step);
    this.#state = "waiting";
  }

  /** Makes the layers of a class that was registered anew again, and those behind them; the others stand. */
  #remake(paths: ReadonlySet<string>): void {
    disposeWeights([...unmakeLayers(paths, this.#work).values()]);
    delete this.#work.model;
    delete this.#work.notes;
    this.#at = Math.min(this.#at, STEPS.indexOf("resolve"));
    for (const step of STEPS.slice(this.#at)) this.#results.delete(step);
    this.#state = "waiting";
  }

  /** Where a decision took effect: what stands from there on is made again without it. */
  #stepOf({ code, subject, remedy }: Decision): Step {
    const effect = effectOf(remedy);
    if (effect) return effect;
    const all = [...this.#results.values()].flatMap(({ problems }) => problems);
    return all.find((problem) => problem.code === code && problem.subject === subject)?.step ?? "resolve";
  }

  #problem(which: number | string): Problem {
    return problemOf(which, this.waiting, this.#numbers.size);
  }

  #stepReport(step: Step, index: number): StepReport {
    const note = this.#results.get(step)?.note ?? "";
    const told = this.#told.get(step);
    if (index < this.#at) return { step, state: "done", note, ...(told ? { told } : {}) };
    if (index > this.#at) return { step, state: "ahead", note: "" };
    return { step, state: this.#state === "refused" ? "failed" : "here", note };
  }
}
