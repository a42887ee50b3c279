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
import type { LoadedGraph } from "../graph/loaded-graph.js";
import { eachLayer } from "../keras/read-graph.js";
import { whenInterrupted } from "../runtime/memory/current-cell.js";
import { registeredIn } from "./custom/registered-in.js";
import { idleNotes, withoutIdle } from "./idle-decisions.js";
import { fileName } from "../notation.js";
import { LoadError } from "./load-error.js";
import type { LoadFrame } from "./load-stack.js";
import { LoadProgress } from "./progress.js";
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
import { fileReport } from "./report/record-load.js";
import { STEPS, type Decision, type Problem, type Step } from "./problem.js";
import type { LoadReport, LoadState } from "./report/report.js";
import { draftCell, draftLayers } from "./drafts/draft.js";
import { draftName } from "./steps/configure.js";
import type { SkeletonSource } from "./drafts/skeleton.js";
import { summarizeGraph } from "./report/summarize-graph.js";
import { summarize } from "./report/summarize.js";
import type { TrainingWish } from "./work.js";

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
  #running: Promise<unknown> = Promise.resolve();
  readonly #progress: LoadProgress;
  readonly #pausing: boolean;

  /** What a recipe gave. */
  readonly #replayed: readonly Decision[];
  readonly #remarks: string[] = [];
  readonly #listeners = new Set<() => void>();

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
    const view = () => ({ session: this, decisions: this.decisions });
    const work = { path, decisions: [...decisions], training };
    const frame: LoadFrame = { kind: "load", name: fileName(path), view };
    this.#progress = new LoadProgress(work, pausing, frame, () => this.#notes);
    this.#pausing = pausing;
    this.#replayed = decisions;
  }

  get state(): LoadState {
    return this.#progress.state;
  }

  /** The loaded model; null until the last step is done, and where the file gave a graph. */
  get model(): tf.LayersModel | null {
    return this.state === "loaded" ? (this.#progress.work.model ?? null) : null;
  }

  /** The loaded graph of operations, where the file holds no layers or the user chose to run it; else null. */
  get graph(): LoadedGraph | null {
    return this.state === "loaded" ? (this.#progress.work.runnable ?? null) : null;
  }

  /** The rung of the ladder that was taken, or that the load stands on; null while there is none. */
  get rung(): "layers" | "graph" | "weights" | null {
    if (this.state === "loaded") return this.#progress.work.rung ?? "layers";
    const { file } = this.#progress.work;
    return file && file.config === null && file.layers.length > 0 && !holdsGraph(file) ? "weights" : null;
  }

  /**
   * Problems that wait for a decision. Each keeps its number through the session: a command of an earlier card never
   * names another problem.
   */
  get waiting(): readonly Problem[] {
    return this.#progress.waiting;
  }

  /** Problems with a remedy in force, and those that need none. */
  get settled(): readonly Problem[] {
    return this.#progress.settled;
  }

  /** The remedies that were chosen, in order. */
  get decisions(): readonly Decision[] {
    return this.#progress.work.decisions;
  }

  /**
   * Tries the step that waits again and goes on: to the next decision or the end, one step at a time in a session
   * that pauses.
   */
  async step(): Promise<this> {
    return this.#alone(() => this.#progress.advance(this.#pausing ? this.#progress.at + 1 : STEPS.length));
  }

  /** Goes on without pausing until a decision is needed, the model stands, or `until` is done. */
  async run(until: Step = "verify"): Promise<this> {
    return this.#alone(() => this.#progress.advance(STEPS.indexOf(until) + 1));
  }

  /** Tries the step that waits again, and stops there. */
  async retry(): Promise<this> {
    return this.#alone(() => this.#progress.advance(this.#progress.at + 1));
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
    const text = argumentOf(problem, taken, argument, this.#progress.work.graph);
    this.#progress.decide([{ problem, taken, text }]);
    return this.step();
  }

  /**
   * Takes for every waiting problem the best remedy that needs nothing from the user and is neither a stub nor a guess.
   * @throws RangeError when no problem has one; it names the guesses
   */
  async fixAll(): Promise<this> {
    if (this.waiting.length === 0) throw new RangeError("No problem waits for a decision.");
    const taken = this.waiting.flatMap((problem) => {
      const best = bestRemedy(problem);
      return best ? [{ problem, taken: best, text: best.accepted ?? best.suggestion }] : [];
    });
    if (taken.length === 0) throw new RangeError(nothingToTake(this.waiting));
    this.#progress.decide(taken);
    return this.step();
  }

  /** Takes for every waiting problem the remedy that needs nothing from the user, a stub where there is no other. */
  async skip(): Promise<this> {
    const taken = this.waiting.map((problem) => {
      const remedy = skippingRemedy(problem);
      if (remedy) return { problem, taken: remedy, text: remedy.accepted ?? remedy.suggestion };
      throw new RangeError(`${problem.code}, ${problem.title}: ${nothingToSkip(numbered(problem))}`);
    });
    this.#progress.decide(taken);
    return this.step();
  }

  /**
   * Takes the last decision back; what was made since is made again.
   * @throws RangeError when nothing was decided
   */
  async undo(): Promise<this> {
    if (this.state === "aborted") throw new RangeError("The load was given up; open the file again.");
    const decision = this.#progress.work.decisions.pop();
    if (!decision) throw new RangeError("There is no decision to take back.");
    return this.#alone(async () => {
      const reached = this.#progress.at;
      this.#progress.takeBack(decision);
      await this.#progress.advance(this.#pausing ? Math.min(reached + 1, STEPS.length) : STEPS.length);
    });
  }

  /** What the graph knows about an operation that nothing here can run; null when it has no such one. */
  unknownOp(name: string): UnknownOp | null {
    return this.#progress.work.runnable?.unknownOps.find(({ op }) => op === name) ?? null;
  }

  /**
   * What the file knows about a class (or a Lambda, by its layer's name), for a skeleton of it; null when it has no
   * such layer. Names are taken with and without their package.
   */
  source(name: string): SkeletonSource | null {
    return skeletonSource(name, this.#progress.work);
  }

  /**
   * A cell that gives a drafted architecture to a file of weights alone, to be corrected and run; null where the file
   * has its own, or its weights tell nothing.
   */
  draft(): string | null {
    const { file } = this.#progress.work;
    const asked = this.waiting.find(({ remedies }) => remedies.some(({ id }) => id === "draft"));
    const layers = file && (asked || file.config === null) ? draftLayers(file.layers) : [];
    return file && layers.length > 0 ? draftCell(layers, draftName(file.path), asked?.code ?? "F09") : null;
  }

  /** Paths of the model's layers; empty while the file is not read. */
  get layerPaths(): readonly string[] {
    const { graph } = this.#progress.work;
    return graph ? [...eachLayer(graph)].map(({ path }) => path) : [];
  }

  /** The user's own classes and functions that the model has: a recipe holds decisions, not code. */
  get registered(): readonly string[] {
    return registeredIn(this.#progress.work);
  }

  /** The decisions so far, to be taken again on the same file: `openModel(path, { recipe })`. */
  recipe(): Promise<Recipe> {
    return makeRecipe(
      this.#progress.work.path,
      this.state === "loaded" ? withoutIdle(this.decisions, this.settled) : this.decisions,
    );
  }

  /** Ends the load at its first step: what was to be opened could not be fetched. */
  async refuse(failure: FormatError): Promise<this> {
    this.#progress.work.unreached = failure;
    return this.step();
  }

  /** Adds a sentence to what the card and the summary say. */
  remark(text: string): void {
    this.#remarks.push(text);
  }

  /** What was left out, and which entries of the recipe have nothing to do here. */
  get #notes(): string[] {
    const given = this.#replayed.filter((decision) => this.decisions.includes(decision));
    const idle = idleNotes(given, this.settled, this.state === "loaded");
    const { notes = [], weightNotes = [] } = this.#progress.work;
    return [...this.#remarks, ...idle, ...weightNotes, ...notes];
  }

  /** Gives up and closes the file. The model, if it stands, stays usable. */
  abort(): void {
    this.#progress.work.file?.close();
    this.#progress.abort();
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
      file: fileReport(this.#progress.work),
      state: this.state,
      steps: STEPS.map((step, i) => this.#progress.stepReport(step, i)),
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
    return this.#progress.work.graph ? storedDiagram(this.#progress.work.graph, this.waiting) : null;
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
    const cutShort = (terminated: boolean) => {
      this.#progress.cutShort(terminated);
      // What was ended where it stood never settles.
      if (terminated) this.#running = Promise.resolve();
    };
    underWay.add(cutShort);
    try {
      await turn;
    } finally {
      underWay.delete(cutShort);
      this.#changed();
    }
    return this;
  }

  #problem(which: number | string): Problem {
    return problemOf(which, this.waiting, this.#progress.known);
  }
}

/** Of a guess the answer may be another model. */
function nothingToSkip({ remedies }: Problem): string {
  const guesses = remedies.filter(({ isGuess }) => isGuess).map(({ id, command }) => command ?? id);
  return guesses.length === 0
    ? "there is nothing to skip it with."
    : `there is nothing to skip it with but a guess, which is taken by its name: ${guesses.join(", or ")}.`;
}

function nothingToTake(waiting: readonly Problem[]): string {
  const guesses = waiting.flatMap(({ remedies }) => remedies.filter(({ isGuess }) => isGuess));
  if (guesses.length === 0) return "Nothing that waits has a remedy but stubs and what you write.";
  const ids = [...new Set(guesses.map(({ id }) => id))].join(", ");
  return `Nothing that waits has a remedy but stubs, what you write, and guesses, which are taken by their names: ${ids}.`;
}
