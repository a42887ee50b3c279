import * as tf from "@tensorflow/tfjs";
import type { Attributes } from "./attributes.js";
import { GraphError } from "./graph-error.js";
import { LIMITS } from "./limits.js";
import type { LookupTable, Resource, TensorStore, Variable } from "./resources.js";
import type { Program, Step } from "./program.js";
import {
  ComplexTensor,
  retain,
  StringTensor,
  TensorList,
  Variant,
  Variants,
  WideIntegers,
  type GraphValue,
} from "./value.js";

/** What runs an op: its inputs in, its outputs out, in the order of TensorFlow's op definition. */
export interface Kernel {
  /** A generator for ops that run functions; it gives up control where a value must be read first. */
  run(call: OpCall): KernelResult | Generator<tf.Tensor[], KernelResult>;
  /** Inputs whose values, not only shapes, decide what is done: they are read before `run`. */
  readonly host?: readonly number[] | "all" | ((attributes: Attributes) => readonly number[]);
  /** Names of the outputs, for an op with several of different meaning; function bodies refer to them. */
  readonly outputs?: readonly string[];
  /** Elements that come of its inputs, or as much work; asked before it runs, where it can be more than they are. */
  readonly work?: (call: OpCall) => number;
  /** Whether a run changes state: then the op is never left out. */
  readonly effect?: boolean;
  /** Whether two runs on equal inputs may differ: then the op is never folded into a constant. */
  readonly volatile?: boolean;
}

export type KernelResult = GraphValue | readonly GraphValue[];

export type KernelTable = Readonly<Record<string, Kernel>>;

/** What a call may reach outside its inputs. */
export interface Surroundings {
  /** The program of a function of the graph. */
  program(name: string): Program;
  /** Runs a program on values that it takes over; null for an argument that it does not need. */
  run(program: Program, args: readonly (GraphValue | null)[]): Generator<tf.Tensor[], GraphValue[]>;
  resource(name: string, make: () => Resource): Resource;
  /** Elements that the run may still make. */
  readonly elementsLeft: number;
  /** A file of the model's `assets/`; null when there is none of that name. */
  readAsset(name: string): Uint8Array | null;
}

/** One op at work. */
export class OpCall {
  /** Slots whose values went to the kernel for good. */
  readonly taken = new Set<number>();
  /** Values that the kernel got another hold on. */
  private readonly held = new Set<GraphValue>();

  constructor(
    readonly step: Step,
    readonly inputs: readonly GraphValue[],
    readonly surroundings: Surroundings,
    /** Whether this is the last use of a slot's value, so that the kernel may have it. */
    private readonly mayTake: (slot: number) => boolean,
  ) {}

  /** An input as a value of one's own: the value itself on its last use, else another hold on it. */
  take(index: number): GraphValue {
    const slot = this.step.inputs[index]!;
    const value = this.input(index);
    if (!this.mayTake(slot) || this.taken.has(slot)) {
      const own = retain(value);
      this.held.add(own);
      return own;
    }
    this.taken.add(slot);
    return value;
  }

  /** Whether a value is an input that still belongs to the graph. */
  lends(value: GraphValue): boolean {
    if (this.held.has(value)) return false;
    return this.inputs.some((input, i) => input === value && !this.taken.has(this.step.inputs[i]!));
  }

  get attributes(): Attributes {
    return this.step.attributes;
  }

  /** Number of inputs. */
  get count(): number {
    return this.inputs.length;
  }

  input(index: number): GraphValue {
    const value = this.inputs[index];
    if (value === undefined) throw this.error("G11", `input ${index} is missing`);
    return value;
  }

  /** An input; of a TF1 reference to a variable, what it holds. */
  value(index: number): GraphValue {
    const value = this.input(index);
    return isVariable(value) ? this.valueOf(value) : value;
  }

  tensor(index: number): tf.Tensor {
    const value = this.value(index);
    if (value instanceof tf.Tensor) return value;
    if (value instanceof WideIntegers) throw this.overflow();
    if (value instanceof ComplexTensor) throw this.complexRefused(index);
    throw this.error("G11", `input ${index} is ${describe(value)}, not a numeric tensor`);
  }

  tensors(from = 0, to = this.count): tf.Tensor[] {
    return Array.from({ length: to - from }, (_, i) => this.tensor(from + i));
  }

  strings(index: number): StringTensor {
    const value = this.value(index);
    if (value instanceof StringTensor) return value;
    throw this.error("G11", `input ${index} is ${describe(value)}, not a string tensor`);
  }

  list(index: number): TensorList {
    const value = this.input(index);
    if (value instanceof TensorList) return value;
    throw this.error("G11", `input ${index} is ${describe(value)}, not a list of tensors`);
  }

  variant(index: number): Variant {
    const value = this.input(index);
    if (value instanceof Variant) return value;
    throw this.error("G11", `input ${index} is ${describe(value)}, not a ragged variant`);
  }

  /** The numbers of an input, read to the host. Integers beyond 53 bits come out at the nearest. */
  numbers(index: number): number[] {
    const value = this.value(index);
    if (value instanceof WideIntegers) return value.values.map(Number);
    return Array.from(this.tensor(index).dataSync());
  }

  /** The one number of an input. */
  number(index: number): number {
    return this.numbers(index)[0] ?? 0;
  }

  shapeOf(index: number): readonly number[] {
    const value = this.value(index);
    return "shape" in value ? value.shape : [];
  }

  /** A TF1 reference to a variable stands for its value. */
  valueOf(variable: Variable): GraphValue {
    if (variable.value !== null) return variable.value;
    throw this.error("W05", `the variable ${variable.name} has no value`, variable.absence);
  }

  variable(index: number): Variable {
    return this.resourceOf(index, "variable") as Variable;
  }

  /** The whole numbers that a variable holds, e.g. the state of a random generator. */
  stateOf(index: number): bigint[] {
    const value = this.valueOf(this.variable(index));
    if (value instanceof WideIntegers) return [...value.values];
    return Array.from((value as tf.Tensor).dataSync(), (number) => BigInt(number));
  }

  table(index: number): LookupTable {
    return this.resourceOf(index, "table") as LookupTable;
  }

  store(index: number): TensorStore {
    return this.resourceOf(index, "store") as TensorStore;
  }

  private resourceOf(index: number, kind: Resource["kind"]): Resource {
    const value = this.input(index);
    if ("kind" in value && value.kind === kind) return value;
    throw this.error("G11", `input ${index} is ${describe(value)}, not a ${kind}`);
  }

  /** @throws GraphError when a shape that the graph computed is beyond the limit. */
  checkedShape(shape: readonly number[]): number[] {
    const size = shape.reduce((n, dim) => n * dim, 1);
    const most = Math.min(LIMITS.elements, this.surroundings.elementsLeft);
    if (shape.some((dim) => !(dim >= 0)) || size > most) {
      throw this.error(
        "G11",
        `it asks for a tensor of shape [${shape.join(", ")}]; up to ${Math.floor(most)} elements can be made here`,
        "Feed fewer rows at once; if there are few, a size in the graph is damaged.",
      );
    }
    return [...shape];
  }

  private complexRefused(index: number): GraphError {
    const { op } = this.step;
    const detail = `input ${index} is complex, and this op is computed of real numbers only here`;
    return this.error("O07", detail, `Register a function for it: %%register_custom ${op}.`);
  }

  overflow(): GraphError {
    return this.error(
      "G11",
      "an int64 value does not fit into 32 bits, and no back end computes with more",
      "Feed smaller ids, or hash them to fewer than 2^31 before the model.",
    );
  }

  error(code: string, detail: string, advice = "Check what is fed to the graph."): GraphError {
    return new GraphError(code, this.step.name, `${this.step.op}: ${detail}`, advice);
  }
}

export function isVariable(value: GraphValue): value is Variable {
  return "kind" in value && value.kind === "variable";
}

export function describe(value: GraphValue): string {
  if (value instanceof tf.Tensor) return `a ${value.dtype} tensor of shape [${value.shape.join(", ")}]`;
  if (value instanceof StringTensor) return `a string tensor of shape [${value.shape.join(", ")}]`;
  if (value instanceof WideIntegers) return "an int64 tensor";
  if (value instanceof TensorList) return "a list of tensors";
  if (value instanceof Variant || value instanceof Variants) return "a variant";
  if (value instanceof ComplexTensor) return `a complex tensor of shape [${value.shape.join(", ")}]`;
  return `a ${value.kind}`;
}
