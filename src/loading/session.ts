import type * as tf from "@tensorflow/tfjs";
import { JUPYTER_DISPLAY, type Displayable } from "../display/bundle.js";
import { summaryBundle } from "../display/model-summary.js";
import { cardBundle } from "../display/problem-card.js";
import { holdsGraph } from "../formats/graph-contents.js";
import { openModelFile } from "../formats/open.js";
import type { LoadedGraph } from "../graph/open-graph.js";
import { eachLayer } from "../keras/read-graph.js";
import { customObjects } from "./custom-objects.js";
import { isOutdated, subjectOf } from "./definitions.js";
import { evidenceFor } from "./evidence.js";
import { fileName } from "./notation.js";
import { LoadError } from "./load-error.js";
import { makeRecipe, type Recipe } from "./recipe.js";
import { STEPS, type Decision, type Problem, type Remedy, type Step } from "./problem.js";
import type { FileReport, LayerMark, ModelOrigin, LoadReport, LoadState, StepReport } from "./report.js";
import type { SkeletonSource } from "./skeleton.js";
import { bind } from "./steps/bind.js";
import { configure } from "./steps/configure.js";
import { connect } from "./steps/connect.js";
import { identify } from "./steps/identify.js";
import { read } from "./steps/read.js";
import { resolve } from "./steps/resolve.js";
import { train } from "./steps/train.js";
import { verify } from "./steps/verify.js";
import { recordGraph, summarizeGraph } from "./summarize-graph.js";
import { recordLayer, recordOrigin, summarize } from "./summarize.js";
import type { StepResult, TrainingWish, Work } from "./work.js";

const RUN: Readonly<Record<Step, (work: Work) => Promise<StepResult>>> = {
  identify,
  read,
  configure,
  resolve,
  connect,
  bind,
  train,
  verify,
};

let sessions = 0;

/**
 * One load of one file, step by step. It stops where a decision is needed, keeps what is done, and goes on from
 * there: after a class is registered, `step()` makes only the layers that waited for it.
 */
export class LoadSession implements Displayable {
  /** Unique in this process. */
  readonly id = `load-${++sessions}`;
  #work: Work & { decisions: Decision[] };
  #results = new Map<Step, StepResult>();
  /** Index of the step that runs next. */
  #at = 0;
  #state: LoadState = "paused";
  #running: Promise<unknown> = Promise.resolve();

  readonly #pausing: boolean;

  /** What a recipe gave. */
  readonly #replayed: readonly Decision[];
  readonly #remarks: string[] = [];

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

  /** Problems that wait for a decision, as the card numbers them from 1. */
  get waiting(): readonly Problem[] {
    const problems = this.#results.get(STEPS[this.#at]!)?.problems ?? [];
    return problems.filter(({ blocking }) => blocking);
  }

  /** Problems with a remedy in force, and those that need none. */
  get settled(): readonly Problem[] {
    return [...this.#results.values()]
      .flatMap(({ problems }) => problems)
      .filter(({ blocking }) => !blocking);
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
   * Takes one of the offered remedies and tries the step again.
   * @param which number of the problem on the card, or its subject: the unknown class, the layer's path
   * @param remedy id of the remedy; may be left out where only one can be applied
   * @param argument what the remedy needs, e.g. a path
   * @throws RangeError that lists what there is when there is no such problem or remedy
   */
  async fix(which: number | string, remedy?: string, argument?: string): Promise<this> {
    const problem = this.#problem(which);
    const taken = chooseRemedy(problem, remedy);
    if (taken.needs !== undefined && argument === undefined) {
      throw new RangeError(`${taken.id} needs ${taken.needs}.`);
    }
    const { code, subject } = problem;
    this.#work.decisions.push({
      code,
      subject,
      remedy: taken.id,
      ...(argument === undefined ? {} : { argument }),
    });
    return this.step();
  }

  /**
   * Takes for every waiting problem the best remedy that needs nothing from the user and is no stub.
   * @throws RangeError when no problem has one
   */
  async fixAll(): Promise<this> {
    const order = ["exact", "equivalent", "approximate"];
    const taken = this.waiting.flatMap(({ code, subject, remedies }) => {
      const offers = remedies.filter(
        (remedy) => applicable(remedy) && remedy.needs === undefined && order.includes(remedy.fidelity),
      );
      const [best] = offers.toSorted((a, b) => order.indexOf(a.fidelity) - order.indexOf(b.fidelity));
      return best ? [{ code, subject, remedy: best.id }] : [];
    });
    if (taken.length === 0)
      throw new RangeError("Nothing that waits has a remedy but stubs and what you write.");
    this.#work.decisions.push(...taken);
    return this.step();
  }

  /** Takes for every waiting problem the remedy that needs nothing from the user, a stub where there is no other. */
  async skip(): Promise<this> {
    const waiting = this.waiting;
    const taken = waiting.map((problem) => ({
      problem,
      remedy: problem.remedies.findLast((offer) => applicable(offer) && offer.needs === undefined),
    }));
    const stuck = taken.find(({ remedy }) => !remedy);
    if (stuck)
      throw new RangeError(
        `${stuck.problem.code}, ${stuck.problem.title}: there is nothing to skip it with.`,
      );
    for (const { problem, remedy } of taken) {
      this.#work.decisions.push({ code: problem.code, subject: problem.subject, remedy: remedy!.id });
    }
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
      // A finished load has closed its file.
      if (this.#state === "loaded") this.#work.file = await openModelFile(this.#work.path);
      this.#rewind(this.#stepOf(decision));
      await this.#advance(this.#at + 1);
    });
  }

  /**
   * What the file knows about a class (or a Lambda, by its layer's name), for a skeleton of it; null when it has no
   * such layer. Names are taken with and without their package.
   */
  source(name: string): SkeletonSource | null {
    const { graph } = this.#work;
    if (!graph) return null;
    const bare = name.slice(name.lastIndexOf(">") + 1);
    const spec = [...eachLayer(graph)].find(
      (layer) => subjectOf(layer) === name || layer.className.replace(/^.*>/, "") === bare,
    );
    const evidence = spec ? evidenceFor(this.#work, spec.path) : null;
    return spec && evidence ? { spec, evidence } : null;
  }

  /** The decisions so far, to be taken again on the same file: `openModel(path, { recipe })`. */
  recipe(): Promise<Recipe> {
    return makeRecipe(this.#work.path, this.#work.decisions);
  }

  /** Adds a sentence to what the card and the summary say. */
  remark(text: string): void {
    this.#remarks.push(text);
  }

  /** What was left out, and which entries of the recipe have nothing to do here. */
  get #notes(): string[] {
    const applied = new Set(
      this.settled.map(({ code, subject, applied: taken }) => `${code} ${subject} ${taken?.id}`),
    );
    const unused = this.#replayed.filter(
      ({ code, subject, remedy }) => !applied.has(`${code} ${subject} ${remedy}`),
    );
    const idle = unused.map(
      ({ code, subject, remedy }) => `The recipe's ${code} ${subject} ${remedy} has nothing to do here.`,
    );
    return [...this.#remarks, ...idle, ...(this.#work.notes ?? [])];
  }

  /** Gives up and closes the file. The model, if it stands, stays usable. */
  abort(): void {
    this.#work.file?.close();
    if (this.#state !== "loaded") this.#state = "aborted";
  }

  /** The load as it stands, as plain data. */
  report(): LoadReport {
    return {
      session: this.id,
      file: this.#fileReport(),
      state: this.#state,
      steps: STEPS.map((step, i) => this.#stepReport(step, i)),
      waiting: this.waiting.map(numbered),
      settled: this.settled,
      notes: this.#notes,
      summary: this.model ? summarize(this.model) : this.graph ? summarizeGraph(this.graph) : null,
    };
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
    await turn;
    return this;
  }

  /** Runs the steps before index `end` that are not done, until one needs a decision. */
  async #advance(end: number): Promise<void> {
    if (this.#state === "loaded" || this.#state === "aborted") return;
    if (isOutdated(this.#work)) this.#rewind("resolve");
    while (this.#at < Math.min(end, STEPS.length)) {
      const step = STEPS[this.#at]!;
      const result = await RUN[step](this.#work);
      this.#results.set(step, result);
      if (result.problems.some(({ blocking }) => blocking)) {
        this.#state = this.#isHopeless(result) ? "refused" : "waiting";
        return;
      }
      this.#at++;
      this.#state = "paused";
    }
    if (this.#at === STEPS.length) this.#finish();
  }

  /** Without layers, only a remedy can help: no class can be registered for what is not there. */
  #isHopeless({ problems }: StepResult): boolean {
    const layers = this.#at >= STEPS.indexOf("resolve") && this.#work.rung !== "graph";
    return !layers && problems.some(({ blocking, remedies }) => blocking && remedies.length === 0);
  }

  #finish(): void {
    this.#state = "loaded";
    if (this.#work.runnable) {
      // Parts that no signature uses are read when they are asked for, so the file stays open.
      recordGraph(this.#work.runnable, fileName(this.#work.path), this.#origin());
      return;
    }
    const { connection, graph, model, file } = this.#work;
    const custom = customObjects();
    for (const spec of eachLayer(graph!)) {
      const layer = connection!.layers.get(spec.path);
      if (!layer) continue;
      recordLayer(layer, spec.className, this.#markOf(subjectOf(spec), custom.has(subjectOf(spec))));
    }
    recordOrigin(model!, this.#origin());
    recordLayer(model!, graph!.className, null);
    file!.close();
  }

  #origin(): ModelOrigin {
    return {
      file: this.#fileReport(),
      rung: this.#work.rung ?? "layers",
      settled: this.settled,
      notes: this.#notes,
    };
  }

  #markOf(subject: string, custom: boolean): LayerMark | null {
    if (custom) return { kind: "custom", fidelity: "equivalent", detail: "registered by you" };
    const made = this.#work.decisions.findLast((decision) => decision.subject === subject);
    if (made?.remedy === "identity-stub") {
      return { kind: "stub", fidelity: "stub", detail: "lets its input through unchanged" };
    }
    return made?.remedy === "translate"
      ? { kind: "translated", fidelity: "equivalent", detail: "translated from its Python bytecode" }
      : null;
  }

  /** Forgets everything from a step on. Layers are made anew: those that stand hang on what is forgotten. */
  #rewind(to: Step): void {
    this.#at = Math.min(this.#at, STEPS.indexOf(to));
    for (const step of STEPS.slice(this.#at)) this.#results.delete(step);
    delete this.#work.runnable;
    if (this.#at <= STEPS.indexOf("resolve")) delete this.#work.rung;
    if (this.#at <= STEPS.indexOf("connect")) {
      for (const layer of this.#work.connection?.layers.values() ?? []) disposeWeights(layer);
      delete this.#work.connection;
      delete this.#work.adjusted;
      delete this.#work.madeBy;
      delete this.#work.model;
    }
    this.#state = "waiting";
  }

  #stepOf({ code, subject }: Decision): Step {
    const all = [...this.#results.values()].flatMap(({ problems }) => problems);
    return all.find((problem) => problem.code === code && problem.subject === subject)?.step ?? "resolve";
  }

  #problem(which: number | string): Problem {
    const { waiting } = this;
    const found =
      typeof which === "number"
        ? waiting[which - 1]
        : waiting.find(({ subject, code }) => subject === which || code === which);
    if (found) return found;
    const list = waiting.map(({ code, subject }, i) => `${i + 1} (${code} ${subject})`).join(", ");
    throw new RangeError(
      list === ""
        ? "No problem waits for a decision."
        : `There is no problem ${which}. Those that wait: ${list}.`,
    );
  }

  #fileReport(): FileReport {
    const { path, file } = this.#work;
    return {
      path,
      format: file?.format ?? null,
      kerasVersion: file?.kerasVersion ?? null,
      backend: file?.backend ?? null,
      size: file?.size ?? null,
    };
  }

  #stepReport(step: Step, index: number): StepReport {
    const note = this.#results.get(step)?.note ?? "";
    if (index < this.#at) return { step, state: "done", note };
    if (index > this.#at) return { step, state: "ahead", note: "" };
    return { step, state: this.#state === "refused" ? "failed" : "here", note };
  }
}

/** Layers that are made anew leave their variables behind; a model's belong to its layers. */
function disposeWeights(layer: tf.layers.Layer): void {
  if ("layers" in layer) return;
  for (const weight of layer.weights) weight.dispose();
}

/** Commands that refer to the problem by its number on the card. */
function numbered(problem: Problem, index: number): Problem {
  const remedies = problem.remedies.map((remedy) =>
    remedy.command === undefined
      ? remedy
      : { ...remedy, command: remedy.command.replace("fix #", `fix ${index + 1}`) },
  );
  return { ...problem, remedies };
}

/** True for a remedy that can be taken without anything from the user. */
function applicable({ id }: Remedy): boolean {
  return !["register", "skeleton"].includes(id);
}

function chooseRemedy(problem: Problem, id: string | undefined): Remedy {
  const offers = problem.remedies.filter(applicable);
  const taken =
    id === undefined && offers.length === 1 ? offers[0] : offers.find((remedy) => remedy.id === id);
  if (taken) return taken;
  const list = offers.map((remedy) => remedy.id).join(", ");
  throw new RangeError(
    list === ""
      ? `${problem.code} has no remedy to apply. ${problem.advice}`.trim()
      : `${problem.code} offers ${list}${id === undefined ? "; say which" : `, not ${id}`}.`,
  );
}
