import { outdatedLayers, unmakeLayers } from "./custom/definitions.js";
import { effectOf } from "./effects.js";
import { disposeWeights, forgetFrom } from "./forget.js";
import { type LoadFrame, within } from "./load-stack.js";
import { STEPS, type Decision, type Problem, type Remedy, type Step } from "./problem.js";
import { markOrdinary } from "./problems/ordinary.js";
import { recordLoad } from "./report/record-load.js";
import type { LoadState, StepReport, Told } from "./report/report.js";
import { runStep } from "./steps/run-step.js";
import { TAXONOMY } from "./taxonomy/taxonomy.js";
import { tell } from "./tell.js";
import type { StepResult, Work } from "./work.js";

/** How far a load has come: what its steps have made and found, and how it goes on and back. */
export class LoadProgress {
  work: Work & { decisions: Decision[] };
  #results = new Map<Step, StepResult>();
  /** Index of the step that runs next. */
  at = 0;
  state: LoadState = "paused";
  /** How many calls an interrupt has ended: the step of an earlier one no longer counts. */
  #interrupts = 0;
  /** An interrupt may have left layers half made. */
  #isCutShort = false;

  readonly #pausing: boolean;
  /** What each step read and decided, where every step pauses. */
  readonly #told = new Map<Step, Told>();

  /** By code and subject: the numbers of the problems that have waited. */
  readonly #numbers = new Map<string, number>();
  readonly #frame: LoadFrame;
  readonly #notes: () => readonly string[];

  /**
   * @param pausing note of each step what it read and decided
   * @param frame the load, in the stack of a debugger
   * @param notes what is to be told of the model, once it stands
   */
  constructor(
    work: Work & { decisions: Decision[] },
    pausing: boolean,
    frame: LoadFrame,
    notes: () => readonly string[],
  ) {
    this.work = work;
    this.#pausing = pausing;
    this.#frame = frame;
    this.#notes = notes;
  }

  /** Problems of the step that waits; each keeps its number. */
  get waiting(): readonly Problem[] {
    const problems = this.#results.get(STEPS[this.at]!)?.problems ?? [];
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

  /** How many problems have had a number. */
  get known(): number {
    return this.#numbers.size;
  }

  get settled(): readonly Problem[] {
    return [...this.#results.values()]
      .flatMap(({ problems }) => problems)
      .filter(({ blocking }) => !blocking)
      .map((problem) => markOrdinary(problem, this.work.origin?.major));
  }

  /** Takes decisions down, and goes back to the first step that they change. */
  decide(taken: readonly { problem: Problem; taken: Remedy; text: string | undefined }[]): void {
    for (const { problem, taken: remedy, text } of taken) {
      const { code, subject } = problem;
      const argument = text === undefined ? {} : { argument: text };
      this.work.decisions.push({ code, subject, remedy: remedy.id, ...argument });
    }
    const steps = taken.map(({ taken: remedy }) => STEPS.indexOf(effectOf(remedy.id) ?? STEPS[this.at]!));
    const first = Math.min(this.at, ...steps);
    if (first < this.at) this.#rewind(STEPS[first]!);
  }

  /** Goes back to where a decision that is no longer there took effect. */
  takeBack(decision: Decision): void {
    // A finished load has closed its file.
    this.#rewind(this.state === "loaded" ? "identify" : this.#stepOf(decision));
  }

  abort(): void {
    if (this.state !== "loaded") this.state = "aborted";
  }

  /** The cell was interrupted: the step that runs is not done, and the session stays at it. */
  cutShort(terminated: boolean): void {
    this.#interrupts++;
    this.#isCutShort = true;
    if (!terminated) return;
    // What still goes on, in a subshell, keeps its own work.
    this.work = { ...this.work };
  }

  /** Runs the steps before index `end` that are not done, until one needs a decision. */
  async advance(end: number): Promise<void> {
    if (this.state === "loaded" || this.state === "aborted") return;
    const { connection, model } = this.work;
    const outdated = outdatedLayers(this.work);
    if (this.#isCutShort && connection && !model) this.#rewind("resolve");
    else if (outdated.size > 0) this.#remake(outdated);
    this.#isCutShort = false;
    if (this.waiting.length === 0) this.state = "paused";
    const interrupts = this.#interrupts;
    while (this.at < Math.min(end, STEPS.length)) {
      const step = STEPS[this.at]!;
      const result = await this.#run(step);
      if (interrupts !== this.#interrupts) return;
      if (result.again) {
        this.#rewind(result.again);
        continue;
      }
      this.#results.set(step, result);
      this.#told.delete(step);
      if (result.problems.some(({ blocking }) => blocking)) {
        this.state = this.#isHopeless(result) ? "refused" : "waiting";
        return;
      }
      if (this.#pausing) this.#told.set(step, tell(step, this.work));
      this.at++;
      this.state = "paused";
    }
    if (this.at === STEPS.length) this.#finish();
  }

  #run(step: Step): Promise<StepResult> {
    const part: LoadFrame = {
      kind: "step",
      name: step,
      view: () => ({ done: STEPS.slice(0, this.at), settled: this.settled, waiting: this.waiting }),
    };
    return within(this.#frame, () => within(part, () => runStep(step, this.work)));
  }

  /** Without layers, only a remedy can help: no class can be registered for what is not there. */
  #isHopeless({ problems }: StepResult): boolean {
    const layers = this.at >= STEPS.indexOf("resolve") && this.work.rung !== "graph";
    return problems.some(
      ({ blocking, remedies, code }) =>
        blocking && remedies.length === 0 && (!layers || TAXONOMY.get(code)?.settledBy === "refused"),
    );
  }

  #finish(): void {
    this.state = "loaded";
    recordLoad(this.work, this.settled, this.#notes());
  }

  /** Forgets everything from a step on. */
  #rewind(to: Step): void {
    this.at = forgetFrom(Math.min(this.at, STEPS.indexOf(to)), this.work);
    for (const step of STEPS.slice(this.at)) this.#results.delete(step);
    this.state = "waiting";
  }

  /** Makes the layers of a class that was registered anew again, and those behind them; the others stand. */
  #remake(paths: ReadonlySet<string>): void {
    disposeWeights([...unmakeLayers(paths, this.work).values()]);
    delete this.work.model;
    delete this.work.notes;
    this.at = Math.min(this.at, STEPS.indexOf("resolve"));
    for (const step of STEPS.slice(this.at)) this.#results.delete(step);
    this.state = "waiting";
  }

  /** Where a decision took effect: what stands from there on is made again without it. */
  #stepOf({ code, subject, remedy }: Decision): Step {
    const effect = effectOf(remedy);
    if (effect) return effect;
    const all = [...this.#results.values()].flatMap(({ problems }) => problems);
    return all.find((problem) => problem.code === code && problem.subject === subject)?.step ?? "resolve";
  }

  stepReport(step: Step, index: number): StepReport {
    const note = this.#results.get(step)?.note ?? "";
    const told = this.#told.get(step);
    if (index < this.at) return { step, state: "done", note, ...(told ? { told } : {}) };
    if (index > this.at) return { step, state: "ahead", note: "" };
    return { step, state: this.state === "refused" ? "failed" : "here", note };
  }
}
