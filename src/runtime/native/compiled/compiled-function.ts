import os from "node:os";
import * as tf from "@tensorflow/tfjs";
import type { TensorMetadata } from "../load-binding.js";
import type { NodeBackend } from "../node-backend.js";
import { batchRules, sameRecording, type ConstantRule } from "./batch-terms.js";
import { CompiledGraph } from "./compiled-graph.js";
import { halveRecurrences } from "./halve-recurrences.js";
import { record } from "./record.js";
import { NotCompilable, type Recording } from "./recording.js";
import { writeGraph } from "./write-graph.js";

type Compute = (inputs: readonly tf.Tensor[]) => tf.Tensor[];

/** What a function does for inputs of one shape, the batch size apart. */
interface Form {
  /** Computations so far, op by op. */
  runs: number;
  /** Those of the weights that the graph holds; a changed weight has another. */
  weights: readonly object[];
  compiled: Compiled | null;
  /** Why it stays op by op. */
  refused: string | null;
}

/** What a graph is written from. */
interface Plan {
  readonly recording: Recording;
  readonly rules: readonly ConstantRule[];
  /** Null for any. */
  readonly batch: number | null;
}

interface Compiled {
  readonly graph: CompiledGraph;
  /** Null for any. */
  readonly batch: number | null;
}

/** Graphs that one function may hold: each holds the weights. */
const MOST_FORMS = 4;
/**
 * Bytes of constants that are written into a graph, where TensorFlow can compute with them beforehand. It copies them some
 * fifty times on the way: 400 MB take 20 seconds.
 */
const MOST_WRITTEN = 128 * 2 ** 20;
/** A weight that is given instead is at least so large, in bytes. */
const WORTH_GIVING = 4096;
/** float32, TensorFlow's number: those of other types are small. */
const FLOAT = 1;
/** Of the largest number. A GPU multiplies numbers of ten bits (TF32), and rounds elsewhere in a graph. */
const TOLERANCE = { cpu: 1e-3, gpu: 1e-2 };

/** Runs to see which of two graphs is faster. */
const TIMED = 3;

interface Storage {
  getInputTensorIds(tensors: readonly tf.Tensor[]): number[];
  createOutputTensor(metadata: TensorMetadata): tf.Tensor;
}

/**
 * A function on tensors that runs op by op at first and then as one TensorFlow graph, where that is possible. The graph
 * is checked against the ops once.
 */
export class CompiledFunction {
  private readonly forms = new Map<string, Form>();
  private refused: string | null = null;

  /**
   * @param weights something for each weight that is another object when the weight has changed
   * @param said is told why it stays op by op, as a part of a sentence
   */
  constructor(
    private readonly backend: NodeBackend,
    private readonly compute: Compute,
    private readonly weights: () => readonly object[],
    private readonly said: (why: string) => void,
    /** How often it runs op by op first: making a graph takes as long as some ten runs. */
    private readonly before = 1,
    /** Whether a graph that XLA compiles is tried too, which takes seconds for each batch size. */
    private readonly triesXla = false,
  ) {}

  run(inputs: readonly tf.Tensor[]): tf.Tensor[] {
    if (this.refused !== null) return this.compute(inputs);
    const form = this.form(inputs);
    const batch = inputs[0]!.shape[0]!;
    if (form.refused !== null) return this.compute(inputs);
    if (form.compiled && !sameObjects(form.weights, this.weights())) this.forget(form);
    const { compiled } = form;
    if (compiled && (compiled.batch === null || compiled.batch === batch)) {
      try {
        return this.runGraph(compiled, inputs);
      } catch {
        // An index outside, no memory: op by op it is said of which layer, or goes after all.
        return this.compute(inputs);
      }
    }
    form.runs++;
    return form.runs <= this.before ? this.compute(inputs) : this.compile(form, inputs);
  }

  /** Lets it compute op by op for good. */
  refuse(why: string): void {
    this.refused = why;
    this.said(why);
  }

  /** Whether a graph of it is ready. */
  get compiled(): boolean {
    return [...this.forms.values()].some(({ compiled }) => compiled !== null);
  }

  dispose(): void {
    for (const form of this.forms.values()) this.forget(form);
    this.forms.clear();
  }

  private get device(): "gpu" | "cpu" {
    return this.backend.isUsingGpuDevice ? "gpu" : "cpu";
  }

  private form(inputs: readonly tf.Tensor[]): Form {
    const key = inputs.map(({ shape, dtype }) => `${dtype}[${shape.slice(1)}]/${shape.length}`).join();
    const known = this.forms.get(key);
    if (known) return known;
    if (this.forms.size === MOST_FORMS) {
      const [oldest, form] = this.forms.entries().next().value!;
      this.forget(form);
      this.forms.delete(oldest);
    }
    const form: Form = { runs: 0, weights: [], compiled: null, refused: null };
    this.forms.set(key, form);
    return form;
  }

  private forget(form: Form): void {
    form.compiled?.graph.dispose();
    form.compiled = null;
    form.runs = 0;
  }

  private runGraph({ graph }: Compiled, inputs: readonly tf.Tensor[]): tf.Tensor[] {
    const storage = this.backend as unknown as Storage;
    const results = graph.run(storage.getInputTensorIds(inputs));
    return results.map((metadata) => storage.createOutputTensor(metadata));
  }

  /** Computes, and compiles by the way: the result is the ops' own, and the graph must give the same. */
  private compile(form: Form, inputs: readonly tf.Tensor[]): tf.Tensor[] {
    const expected = this.compute(inputs);
    this.forget(form);
    form.weights = this.weights();
    form.runs = this.before + 1;
    try {
      const plan = this.plan(inputs);
      const plain = this.checked(plan, false, inputs, expected);
      // A stop before this line leaves none that was not checked.
      form.compiled = this.triesXla ? this.faster(plain, plan, inputs, expected) : plain;
    } catch (error) {
      this.forget(form);
      const why = error instanceof NotCompilable ? error.message : `TensorFlow refused: ${oneLine(error)}`;
      form.refused = why;
      this.said(why);
    }
    return expected;
  }

  /**
   * Where activations are large, a GPU spends most of its time on reading and writing them between operations; XLA
   * makes one kernel of many. Whether that pays is measured, since its products may be slower.
   * @returns the graph to keep; the other is let go
   */
  private faster(
    plain: Compiled,
    plan: Plan,
    inputs: readonly tf.Tensor[],
    expected: readonly tf.Tensor[],
  ): Compiled {
    let other: Compiled | null = null;
    try {
      other = this.checked(plan, true, inputs, expected);
      if (this.time(other, inputs) < this.time(plain, inputs)) [plain, other] = [other, plain];
    } catch {
      // A part of CUDA that compiles is missing, or an operation has no form for XLA.
    }
    other?.graph.dispose();
    return plain;
  }

  /** A graph that gives what the operations give. */
  private checked(
    plan: Plan,
    xla: boolean,
    inputs: readonly tf.Tensor[],
    expected: readonly tf.Tensor[],
  ): Compiled {
    const made = this.load(plan, xla);
    try {
      this.check(made, inputs, expected);
      return made;
    } catch (error) {
      made.graph.dispose();
      throw error;
    }
  }

  /** The shortest of a few runs, in milliseconds. */
  private time(compiled: Compiled, inputs: readonly tf.Tensor[]): number {
    const times = Array.from({ length: TIMED }, () => {
      const began = performance.now();
      tf.tidy(() => void this.runGraph(compiled, inputs));
      return performance.now() - began;
    });
    return Math.min(...times);
  }

  private plan(inputs: readonly tf.Tensor[]): Plan {
    const batch = inputs[0]!.shape[0]!;
    if (inputs.some(({ shape, dtype }) => shape[0] !== batch || dtype === "string")) {
      throw new NotCompilable("its inputs have no common batch of numbers");
    }
    // Other sizes than the one that it is checked with.
    const [small, large] = batch === 2 || batch === 3 ? [5, 7] : [2, 3];
    const a = this.recordAt(small, inputs);
    const rules = batchRules(a, this.recordAt(large, inputs));
    if (rules) return { recording: a, rules, batch: null };
    const here = this.recordAt(batch, inputs);
    if (!sameRecording(here, this.recordAt(batch, inputs))) {
      throw new NotCompilable("it computes with other numbers from one call to the next");
    }
    const fixed = here.constants.map((constant): ConstantRule => ({ kind: "fixed", constant }));
    return { recording: here, rules: fixed, batch };
  }

  private recordAt(size: number, inputs: readonly tf.Tensor[]): Recording {
    const samples = inputs[0]!.shape[0]!;
    const rows = Array.from({ length: size }, (_, i) => i % samples);
    const resized = tf.tidy(() => {
      const index = tf.tensor1d(rows, "int32");
      return inputs.map((input) => tf.gather(input, index));
    });
    try {
      const recording = record(this.backend, resized, this.compute);
      const alone = this.backend.isUsingGpuDevice || os.availableParallelism() === 1;
      return alone ? recording : halveRecurrences(recording);
    } finally {
      tf.dispose(resized);
    }
  }

  private load({ recording, rules, batch }: Plan, xla: boolean): Compiled {
    const { isUsingGpuDevice: gpu, binding } = this.backend;
    const given = this.toGive(recording, rules);
    // Without a copy on the CPU; on a GPU they would travel each time.
    const target = { xla, readsOutside: xla || gpu, keepsGiven: gpu };
    const written = writeGraph(recording, rules, given, batch === null, target);
    const ids = written.given.map((i) => recording.constants[i]!.id);
    return { graph: new CompiledGraph(binding, written, ids), batch };
  }

  /** The weights, where there is too much to write it all down. */
  private toGive({ constants }: Recording, rules: readonly ConstantRule[]): Set<number> {
    const sizes = constants.map(({ shape }) => 4 * shape.reduce((a, b) => a * b, 1));
    const total = sizes.reduce((a, b) => a + b, 0);
    if (total <= MOST_WRITTEN) return new Set();
    const held = this.idsOfWeights();
    const given = constants.flatMap(({ id, dtype }, i) =>
      rules[i]!.kind === "fixed" && dtype === FLOAT && sizes[i]! >= WORTH_GIVING && held.has(id) ? [i] : [],
    );
    const rest = total - given.reduce((sum, i) => sum + sizes[i]!, 0);
    if (rest > MOST_WRITTEN)
      throw new NotCompilable(`${Math.round(rest / 2 ** 20)} MiB in it are no weights`);
    return new Set(given);
  }

  /** Weights stay where they are until they change, and then the graph is made anew. */
  private idsOfWeights(): Set<number> {
    const storage = this.backend as unknown as {
      tensorMap: { has(id: object): boolean; get(id: object): { id: number } };
    };
    const here = this.weights().filter((dataId) => storage.tensorMap.has(dataId));
    return new Set(here.map((dataId) => storage.tensorMap.get(dataId).id));
  }

  private check(compiled: Compiled, inputs: readonly tf.Tensor[], expected: readonly tf.Tensor[]): void {
    const tolerance = TOLERANCE[this.device];
    tf.tidy(() => {
      const got = this.runGraph(compiled, inputs);
      for (const [i, wanted] of expected.entries()) {
        const result = got[i]!;
        const same = String(result.shape) === String(wanted.shape) && result.dtype === wanted.dtype;
        if (same && closeTo(numbers(result), numbers(wanted), tolerance)) continue;
        throw new NotCompilable("the graph's result was not that of the operations");
      }
    });
  }
}

function numbers(tensor: tf.Tensor): ArrayLike<number> {
  return tensor.dataSync() as unknown as ArrayLike<number>;
}

function closeTo(got: ArrayLike<number>, wanted: ArrayLike<number>, tolerance: number): boolean {
  let scale = 0;
  for (let i = 0; i < wanted.length; i++)
    if (Math.abs(wanted[i]!) < Infinity) scale = Math.max(scale, Math.abs(wanted[i]!));
  for (let i = 0; i < wanted.length; i++) {
    const [a, b] = [got[i]!, wanted[i]!];
    if (!Object.is(a, b) && !(Math.abs(a - b) <= tolerance * scale) && a !== b) return false;
  }
  return true;
}

function sameObjects(a: readonly object[], b: readonly object[]): boolean {
  return a.length === b.length && a.every((one, i) => one === b[i]);
}

function oneLine(error: unknown): string {
  return String((error as Error).message ?? error)
    .replace(/\s+/g, " ")
    .trim()
    .slice(0, 300);
}
