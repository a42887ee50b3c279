import type * as tf from "@tensorflow/tfjs";
import { GraphError } from "./graph-error.js";
import { OpCall } from "./kernel.js";
import type { Program, Step } from "./program.js";
import type { Run } from "./execute.js";
import { release, retain, type GraphValue } from "./value.js";

/**
 * TF1 control flow: ops run when their inputs have come, in frames (loops) and iterations; a branch that is not
 * taken sends dead values (tensorflow/core/common_runtime/executor.cc).
 */
export function* runDataflow(
  program: Program,
  args: readonly (GraphValue | null)[],
  run: Run,
): Generator<tf.Tensor[], GraphValue[]> {
  const flow = new Dataflow(program, run);
  try {
    return yield* flow.run(args);
  } finally {
    flow.dispose();
  }
}

const DEAD = Symbol("dead");
type Token = GraphValue | typeof DEAD;

/** One pass through a loop's body; the outermost frame has one. */
interface Iteration {
  readonly frame: Frame;
  readonly number: number;
  readonly arrived: Map<Step, Arrivals>;
}

interface Frame {
  readonly name: string;
  readonly parent: Iteration | null;
  readonly iterations: Iteration[];
  /** Loop invariants: they enter every iteration. */
  readonly invariants: { readonly slot: number; readonly token: Token; readonly step: Step }[];
}

interface Arrivals {
  readonly inputs: (Token | undefined)[];
  missing: number;
  dead: boolean;
  done: boolean;
}

interface Consumer {
  readonly step: Step;
  readonly input: number;
}

class Dataflow {
  private readonly consumers = new Map<number, Consumer[]>();
  private readonly waiting = new Map<Step, Step[]>();
  private readonly frames = new Map<string, Frame>();
  private readonly ready: { step: Step; at: Iteration }[] = [];
  private readonly made = new Set<GraphValue>();
  private readonly found = new Map<number, Token>();

  constructor(
    private readonly program: Program,
    private readonly execution: Run,
  ) {
    for (const step of program.steps) {
      step.inputs.forEach((slot, input) => {
        const known = this.consumers.get(slot) ?? [];
        known.push({ step, input });
        this.consumers.set(slot, known);
      });
      for (const control of new Set(step.controls)) {
        const before = program.steps[control]!;
        this.waiting.set(before, [...(this.waiting.get(before) ?? []), step]);
      }
    }
  }

  *run(args: readonly (GraphValue | null)[]): Generator<tf.Tensor[], GraphValue[]> {
    const root: Iteration = { frame: newFrame("", null), number: 0, arrived: new Map() };
    root.frame.iterations.push(root);
    for (const step of this.program.steps) {
      if (step.inputs.length === 0 && step.controls.length === 0) this.ready.push({ step, at: root });
    }
    this.program.arguments.forEach((slot, i) => {
      const arg = args[i];
      if (arg === null || arg === undefined) return;
      this.made.add(arg);
      if (slot >= 0) this.deliver(slot, arg, root);
    });
    while (this.ready.length > 0) {
      const { step, at } = this.ready.shift()!;
      yield* this.perform(step, at);
    }
    return this.program.results.map((slot) => this.result(slot));
  }

  private result(slot: number): GraphValue {
    const token = this.found.get(slot);
    if (token !== undefined && token !== DEAD) return retain(token);
    const step = this.program.steps.find(({ outputs }) => outputs.includes(slot));
    throw new GraphError(
      "G01",
      step?.name ?? null,
      token === DEAD ? "it is in a branch that was not taken" : "its inputs never came",
      "Choose another output of the graph.",
    );
  }

  private *perform(step: Step, at: Iteration): Generator<tf.Tensor[], void> {
    const arrivals = at.arrived.get(step);
    const inputs = arrivals?.inputs ?? [];
    const op = step.op.replace(/^Ref/, "");
    // A trigger fires whether what it waits for was taken or not: the gradient of a branch in a loop goes on by it.
    if (arrivals?.dead && op !== "Merge" && op !== "ControlTrigger") {
      this.sendDead(step, op, at);
      return;
    }
    switch (op) {
      case "Switch": {
        const condition = this.condition(step, inputs as GraphValue[]);
        if (this.execution.reading === "async") yield [condition];
        const taken = condition.dataSync()[0] ? 1 : 0;
        this.send(step, 1 - taken, DEAD, at);
        this.send(step, taken, inputs[0]!, at);
        break;
      }
      case "Merge": {
        const live = inputs.findIndex((token) => token !== undefined && token !== DEAD);
        this.send(step, 0, live < 0 ? DEAD : inputs[live]!, at);
        break;
      }
      case "Enter":
        this.enter(step, inputs[0]!, at);
        return;
      // What waits for these stands outside of the loop, and in its next pass.
      case "Exit":
        if (at.frame.parent === null) return;
        this.send(step, 0, inputs[0]!, at.frame.parent);
        this.sendControl(step, at.frame.parent, false);
        return;
      case "NextIteration": {
        const next = this.nextIteration(at);
        this.send(step, 0, inputs[0]!, next);
        this.sendControl(step, next, false);
        return;
      }
      default: {
        const call = new OpCall(step, inputs as GraphValue[], this.execution, () => false);
        const outputs = yield* this.execution.step(call);
        outputs.forEach((value) => this.made.add(value));
        step.outputs.forEach((_, i) => this.send(step, i, outputs[i] ?? DEAD, at));
        this.sendControl(step, at, false);
        return;
      }
    }
    this.sendControl(step, at, false);
  }

  /** Of a Switch; a TF1 reference stands for its value. */
  private condition(step: Step, inputs: readonly GraphValue[]): tf.Tensor {
    return new OpCall(step, inputs, this.execution, () => false).tensor(1);
  }

  private sendDead(step: Step, op: string, at: Iteration): void {
    // The end of a pass that was not made, and of a loop that goes on, send nothing.
    if (op === "NextIteration" || op === "Exit") return;
    if (op === "Enter") {
      this.enter(step, DEAD, at);
      return;
    }
    step.outputs.forEach((_, i) => this.send(step, i, DEAD, at));
    this.sendControl(step, at, true);
  }

  private enter(step: Step, token: Token, at: Iteration): void {
    const name = `${at.frame.name}/${at.number}/${step.attributes.text("frame_name")}`;
    let frame = this.frames.get(name);
    if (frame === undefined) {
      this.frames.set(name, (frame = newFrame(name, at)));
      frame.iterations.push({ frame, number: 0, arrived: new Map() });
    }
    const slot = step.outputs[0] ?? -1;
    if (step.attributes.bool("is_constant")) {
      frame.invariants.push({ slot, token, step });
      for (const iteration of frame.iterations) this.sendInvariant(slot, token, step, iteration);
    } else {
      this.send(step, 0, token, frame.iterations[0]!);
      this.sendControl(step, frame.iterations[0]!, token === DEAD);
    }
  }

  private nextIteration(at: Iteration): Iteration {
    const { frame } = at;
    let next = frame.iterations[at.number + 1];
    if (next === undefined) {
      next = { frame, number: at.number + 1, arrived: new Map() };
      frame.iterations.push(next);
      for (const { slot, token, step } of frame.invariants) this.sendInvariant(slot, token, step, next);
    }
    return next;
  }

  private sendInvariant(slot: number, token: Token, step: Step, at: Iteration): void {
    if (slot >= 0) this.deliver(slot, token, at);
    this.sendControl(step, at, token === DEAD);
  }

  private send(step: Step, output: number, token: Token, at: Iteration): void {
    const slot = step.outputs[output] ?? -1;
    if (slot >= 0) this.deliver(slot, token, at);
  }

  private deliver(slot: number, token: Token, at: Iteration): void {
    if (at.frame.parent === null && this.program.results.includes(slot)) this.found.set(slot, token);
    for (const { step, input } of this.consumers.get(slot) ?? []) this.arrive(step, input, token, at);
  }

  private sendControl(step: Step, at: Iteration, dead: boolean): void {
    for (const next of this.waiting.get(step) ?? []) this.arrive(next, null, dead ? DEAD : null, at);
  }

  /** An input (by number) or a control signal (null) comes to a step. */
  private arrive(step: Step, input: number | null, token: Token | null, at: Iteration): void {
    let arrivals = at.arrived.get(step);
    if (arrivals === undefined) {
      const missing = step.inputs.length + new Set(step.controls).size;
      arrivals = {
        inputs: new Array<undefined>(step.inputs.length).fill(undefined),
        missing,
        dead: false,
        done: false,
      };
      at.arrived.set(step, arrivals);
    }
    if (input !== null) arrivals.inputs[input] = token as Token;
    arrivals.missing--;
    if (token === DEAD) arrivals.dead = true;
    if (arrivals.done) return;
    // A merge goes on with the first live value.
    const merge = step.op === "Merge" || step.op === "RefMerge";
    if (arrivals.missing > 0 && !(merge && token !== DEAD && input !== null)) return;
    arrivals.done = true;
    this.ready.push({ step, at });
  }

  dispose(): void {
    for (const value of this.made) release(value);
    this.made.clear();
  }
}

function newFrame(name: string, parent: Iteration | null): Frame {
  return { name, parent, iterations: [], invariants: [] };
}
