import * as tf from "@tensorflow/tfjs";
import { runDataflow } from "./dataflow.js";
import { fuseSteps } from "./fuse.js";
import { GraphError } from "./graph-error.js";
import { roundedResults } from "./half-results.js";
import { describe, isVariable, OpCall, type Kernel, type KernelResult, type Surroundings } from "./kernel.js";
import { LIMITS } from "./limits.js";
import type { Program, Step } from "./program.js";
import { TensorStore, type Resource } from "./resources.js";
import { sizeOf, Work } from "./work.js";
import { release, retain, tensorsOf, WideIntegers, type GraphValue } from "./value.js";

/** Whether values can be read from the back end at once; else reads are awaited. */
export type Reading = "sync" | "async";

/** What all runs of one graph share. */
export interface GraphState {
  /** What runs an op; null for one that is not known. */
  kernel(op: string): Kernel | null;
  program(name: string): Program;
  resource(name: string, make: () => Resource): Resource;
  readAsset(name: string): Uint8Array | null;
  /** Ops that one prediction may run. */
  readonly mostSteps: number;
  /** Elements of the variables and constants that the file stores. */
  readonly stored: number;
  /** Elements that one prediction may make, where the user says so. */
  readonly mostElements?: number;
  /** True while no op of the graph can change a variable: then their values fold into constants. */
  readonly frozen: boolean;
}

/** A program whose constant parts have been computed. */
interface Prepared {
  readonly steps: readonly Step[];
  /** By slot; these values belong to the program. */
  readonly constants: readonly (GraphValue | undefined)[];
}

/** Runs programs. Folded constants are kept from run to run. */
export class Executor {
  private readonly prepared = new Map<Program, Prepared>();

  constructor(readonly state: GraphState) {}

  /** @returns the results; the caller owns them. */
  runSync(program: Program, args: readonly GraphValue[]): GraphValue[] {
    const run = new Run(this, "sync", this.work(args));
    try {
      const running = run.run(program, args);
      for (;;) {
        const next = running.next();
        if (next.done) return next.value;
      }
    } finally {
      run.end();
    }
  }

  async runAsync(program: Program, args: readonly GraphValue[]): Promise<GraphValue[]> {
    const run = new Run(this, "async", this.work(args));
    try {
      const running = run.run(program, args);
      for (;;) {
        const next = running.next();
        if (next.done) return next.value;
        await Promise.all(next.value.map((tensor) => tensor.data()));
      }
    } finally {
      run.end();
    }
  }

  private work(args: readonly GraphValue[]): Work {
    const { stored, mostElements } = this.state;
    const fed = args.map((value) => sizeOf(isVariable(value) ? (value.value ?? value) : value));
    return new Work(
      fed.reduce((sum, size) => sum + size, stored),
      mostElements,
    );
  }

  prepare(program: Program): Prepared {
    let prepared = this.prepared.get(program);
    if (prepared === undefined) this.prepared.set(program, (prepared = this.fold(program)));
    return prepared;
  }

  /** Computes once what depends on constants only. Not in dataflow, where a constant may belong to a loop. */
  private fold(program: Program): Prepared {
    const constants: (GraphValue | undefined)[] = new Array<undefined>(program.slots).fill(undefined);
    if (program.dataflow) return { steps: program.steps, constants };
    const run = new Run(this, "sync", new Work(0, LIMITS.foldedElements + 4 * this.state.stored));
    const steps = program.steps.filter((step) => {
      if (!this.foldable(step) || step.inputs.some((slot) => constants[slot] === undefined)) return true;
      const inputs = step.inputs.map((slot) => constants[slot]!);
      // A TF1 reference stands for the value that its variable has by then.
      if (!this.state.frozen && inputs.some(isVariable)) return true;
      const values = run.fold(step, inputs);
      if (values === null) return true;
      values.forEach((value, i) => {
        const slot = step.outputs[i] ?? -1;
        if (slot >= 0) constants[slot] = keep(value);
        else release(value);
      });
      return false;
    });
    const fused = fuseSteps(steps, constants, program.results);
    const needed = new Set([...fused.flatMap(({ inputs }) => inputs), ...program.results]);
    constants.forEach((value, slot) => {
      if (value === undefined || needed.has(slot)) return;
      release(value);
      constants[slot] = undefined;
    });
    return { steps: fused, constants };
  }

  private foldable({ op, kernel }: Step): boolean {
    if (kernel === null || kernel.effect) return false;
    return !kernel.volatile || (this.state.frozen && op === "ReadVariableOp");
  }

  /** Gives up what was folded: a variable that was taken for constant can change after all. */
  forget(): void {
    for (const { constants } of this.prepared.values()) {
      for (const value of constants) if (value !== undefined) release(value);
    }
    this.prepared.clear();
  }
}

/** One prediction: counts its steps and what they make over all functions and loops. */
export class Run implements Surroundings {
  private steps = 0;
  private depth = 0;
  /** Arrays and stacks of TF1 that were made: what they hold goes when the run ends. */
  private readonly stores = new Set<TensorStore>();

  constructor(
    private readonly executor: Executor,
    readonly reading: Reading,
    private readonly work: Work,
  ) {}

  end(): void {
    for (const store of this.stores) store.dispose();
    this.stores.clear();
  }

  get elementsLeft(): number {
    return this.work.left;
  }

  program(name: string): Program {
    return this.executor.state.program(name);
  }

  resource(name: string, make: () => Resource): Resource {
    return this.executor.state.resource(name, make);
  }

  readAsset(name: string): Uint8Array | null {
    return this.executor.state.readAsset(name);
  }

  *run(program: Program, args: readonly (GraphValue | null)[]): Generator<tf.Tensor[], GraphValue[]> {
    if (++this.depth > LIMITS.callDepth) {
      throw new GraphError(
        "F18",
        null,
        `functions call functions ${LIMITS.callDepth} deep`,
        "It is refused.",
      );
    }
    try {
      return yield* program.dataflow ? runDataflow(program, args, this) : this.inOrder(program, args);
    } finally {
      this.depth--;
    }
  }

  private *inOrder(
    program: Program,
    args: readonly (GraphValue | null)[],
  ): Generator<tf.Tensor[], GraphValue[]> {
    const { steps, constants } = this.executor.prepare(program);
    const values = constants.slice();
    program.arguments.forEach((slot, i) => {
      const arg = args[i];
      if (arg === null || arg === undefined) return;
      if (slot < 0) release(arg);
      else values[slot] = arg;
    });
    const isOwned = (slot: number): boolean => values[slot] !== undefined && values[slot] !== constants[slot];
    try {
      for (const step of steps) {
        const mayTake = (slot: number): boolean => step.last.includes(slot) && isOwned(slot);
        const inputs = step.inputs.map((slot) => values[slot] as GraphValue);
        const call = new OpCall(step, inputs, this, mayTake);
        const outputs = yield* this.step(call);
        for (const slot of step.last) {
          if (!call.taken.has(slot) && isOwned(slot)) release(values[slot]!);
          values[slot] = undefined;
        }
        outputs.forEach((output, i) => {
          const slot = step.outputs[i] ?? -1;
          if (slot >= 0) values[slot] = output;
          else release(output);
        });
      }
      return this.results(program, values, isOwned);
    } finally {
      values.forEach((value, slot) => {
        if (value !== undefined && isOwned(slot)) release(value);
      });
    }
  }

  private results(
    program: Program,
    values: (GraphValue | undefined)[],
    isOwned: (slot: number) => boolean,
  ): GraphValue[] {
    const results = program.results.map((slot, i) => {
      const value = values[slot]!;
      return isOwned(slot) && !program.results.includes(slot, i + 1) ? value : retain(value);
    });
    for (const slot of program.results) values[slot] = undefined;
    return results;
  }

  /** Runs one op: its outputs, owned by the caller. */
  *step(call: OpCall): Generator<tf.Tensor[], readonly GraphValue[]> {
    const { step } = call;
    const { mostSteps } = this.executor.state;
    if (++this.steps > mostSteps) {
      throw call.error("F18", `more than ${mostSteps} ops were run`, "A loop of the graph does not end.");
    }
    // Asked again, since a function may have been registered after the program was made.
    const kernel = step.kernel ?? this.executor.state.kernel(step.op);
    if (kernel === null) throw unknownOp(step);
    if (this.reading === "async") {
      const wanted = hostInputs(kernel, call);
      if (wanted.length > 0) yield wanted;
    }
    try {
      this.work.expect(call);
      const result = inScope(call, () => kernel.run(call));
      // What a function gives was counted in it.
      if (isGenerator(result)) return asList(yield* result);
      for (const value of result) if (value instanceof TensorStore) this.stores.add(value);
      this.count(call, result);
      return result;
    } catch (error) {
      throw inContext(error, call);
    }
  }

  private count(call: OpCall, outputs: readonly GraphValue[]): void {
    try {
      this.work.count(call, outputs);
    } catch (error) {
      outputs.forEach(release);
      throw error;
    }
  }

  /** Runs one op on constants; null where it must wait for its time. */
  fold(step: Step, inputs: readonly GraphValue[]): readonly GraphValue[] | null {
    const call = new OpCall(step, inputs, this, () => false);
    if (inputs.some((value) => value instanceof WideIntegers)) return null;
    if (inputs.some((value) => isVariable(value) && !value.initialized)) return null;
    try {
      this.work.expect(call);
      const result = inScope(call, () => step.kernel!.run(call));
      if (isGenerator(result)) return null;
      this.count(call, result);
      return result;
    } catch {
      // Whatever is wrong here is said when the op's turn comes, and only if it comes.
      return null;
    }
  }
}

/** Runs a kernel and disposes what it made on its way. An output that is an input becomes a value of its own. */
function inScope(
  call: OpCall,
  run: () => KernelResult | Generator<tf.Tensor[], KernelResult>,
): readonly GraphValue[] | Generator<tf.Tensor[], KernelResult> {
  const engine = tf.engine();
  engine.startScope();
  let made: tf.Tensor[] = [];
  try {
    const result = run();
    if (isGenerator(result)) return result;
    // Each output is owned by itself: what is an input still, or an output twice, gets another hold.
    const outputs = roundedResults(call, asList(result)).map((value, i, all) =>
      call.lends(value) || all.indexOf(value) < i ? retain(value) : value,
    );
    made = outputs.flatMap(tensorsOf);
    return outputs;
  } finally {
    engine.endScope(made as unknown as tf.TensorContainer);
  }
}

function asList(result: KernelResult): readonly GraphValue[] {
  return Array.isArray(result) ? (result as readonly GraphValue[]) : [result as GraphValue];
}

function isGenerator(value: unknown): value is Generator<tf.Tensor[], KernelResult> {
  return typeof value === "object" && value !== null && Symbol.iterator in value && "next" in value;
}

function hostInputs(kernel: Kernel, call: OpCall): tf.Tensor[] {
  if (kernel.host === undefined) return [];
  const { host } = kernel;
  const indices =
    host === "all" ? call.inputs.keys() : typeof host === "function" ? host(call.attributes) : host;
  return [...indices]
    .map((i) => call.inputs.at(i))
    .map((value) => (value !== undefined && isVariable(value) ? value.value : value))
    .filter((value) => value instanceof tf.Tensor);
}

function keep(value: GraphValue): GraphValue {
  tensorsOf(value).forEach((tensor) => tf.keep(tensor));
  return value;
}

function unknownOp(step: Step): GraphError {
  return new GraphError(
    "O07",
    step.name,
    `the op ${step.op} is not known`,
    step.op === "XlaCallModule"
      ? "The model comes from JAX, as a program that only XLA runs; export it with jax2tf.convert(..., native_serialization=False)."
      : `Register a function for it: %%register_custom ${step.op}.`,
  );
}

function inContext(error: unknown, call: OpCall): unknown {
  if (error instanceof GraphError || !(error instanceof Error)) return error;
  const inputs = call.inputs.map(describe).join(", ");
  return new GraphError(
    "G11",
    call.step.name,
    `${call.step.op} failed on ${inputs || "no inputs"}: ${error.message}`,
    "Check the shapes and types that are fed to the graph.",
    { cause: error },
  );
}
