import * as tf from "@tensorflow/tfjs";
import type { GraphContents } from "../formats/graph-contents.js";
import type { StoredWeight } from "../formats/model-file.js";
import { dtypeName } from "../formats/proto/data-type.js";
import type { FunctionDef } from "../formats/proto/tensorflow_pb.js";
import { Attributes } from "./attributes.js";
import { customKernel } from "./custom-ops.js";
import { Executor, type GraphState } from "./execute.js";
import {
  flattenFunction,
  flattenGraph,
  flattenPart,
  type Definitions,
  type FlatGraph,
  type FlatStep,
  type FunctionPart,
} from "./flatten.js";
import { loadPictureDecoders } from "./decode-picture.js";
import { GraphError } from "./graph-error.js";
import type { Kernel } from "./kernel.js";
import { decodesPictures } from "./kernels/picture.js";
import { isRefused, KERNELS, refusal } from "./kernels/table.js";
import { LIMITS } from "./limits.js";
import { makeProgram, type Program } from "./program.js";
import { parseSlice, readBindings, type Bindings } from "./restore.js";
import { LookupTable, TensorStore, Variable, type Resource } from "./resources.js";
import { storedTensor } from "./tensors.js";
import { sizeOf } from "./work.js";
import { release, StringTensor, type GraphValue } from "./value.js";

/** Ops after which a variable may hold something else. */
const CHANGES =
  /^(Resource)?(Assign|AssignAdd|AssignSub|AssignVariableOp|AssignAddVariableOp|AssignSubVariableOp|Scatter\w+|StridedSliceAssign|Apply\w+|SparseApply\w+)$|^Stateful|^Rng/;

const VARIABLES = /^(VarHandleOp|Variable|VariableV2)$/;

/** A program with the ops it was made from. */
export interface Prepared {
  readonly flat: FlatGraph;
  readonly program: Program;
}

/** One opened graph: its functions, variables and tables. */
export class GraphSession implements GraphState, Definitions {
  readonly functions: ReadonlyMap<string, FunctionDef>;
  readonly opDefs: GraphContents["opDefs"];
  readonly executor: Executor;
  private readonly effects = new Map<string, boolean>();
  private readonly programs = new Map<string, Prepared>();
  private readonly resources = new Map<string, Resource>();
  private readonly constants = new Map<number, GraphValue>();
  private readonly bindings: Bindings;
  private changing = false;

  /** @throws GraphError F18 when the graph is beyond the limits. */
  constructor(
    readonly contents: GraphContents,
    readonly mostSteps: number = LIMITS.steps,
    readonly mostElements?: number,
  ) {
    const functions = contents.graph.library?.function ?? [];
    const nodes = functions.reduce((n, { nodeDef }) => n + nodeDef.length, contents.graph.node.length);
    if (nodes > LIMITS.nodes) {
      throw new GraphError(
        "F18",
        null,
        `the graph has ${nodes} ops, the limit is ${LIMITS.nodes}`,
        "It is refused.",
      );
    }
    this.storedInConstants = [contents.graph.node, ...functions.map(({ nodeDef }) => nodeDef)]
      .flat()
      .reduce((sum, { attr }) => sum + new Attributes(attr).elementsStored("value"), 0);
    this.functions = new Map(functions.map((definition) => [definition.signature?.name ?? "", definition]));
    this.opDefs = contents.opDefs;
    this.executor = new Executor(this);
    this.bindings = readBindings(contents, this);
  }

  /** Of the constants; a tensor of one repeated value counts as one. */
  private readonly storedInConstants: number;

  get stored(): number {
    let stored = this.storedInConstants;
    for (const resource of this.resources.values())
      if (resource instanceof Variable && resource.value !== null) stored += sizeOf(resource.value);
    return stored;
  }

  get frozen(): boolean {
    return !this.changing;
  }

  kernel(op: string): Kernel | null {
    return customKernel(op) ?? KERNELS.get(op) ?? null;
  }

  /** The program of a function of the graph. */
  program(name: string): Program {
    let prepared = this.programs.get(name);
    if (prepared === undefined) {
      const flat = flattenFunction(name, this);
      prepared = { flat, program: this.compile(flat) };
      this.programs.set(name, prepared);
    }
    return prepared.program;
  }

  /** One object for each value that a variable holds now: another value is another object. */
  variableData(): object[] {
    return [...this.resources.values()].flatMap((resource) =>
      resource instanceof Variable && resource.value instanceof tf.Tensor ? [resource.value.dataId] : [],
    );
  }

  /** The part of the graph between feeds and fetches, and ops to run for their effect. */
  prepare(feeds: readonly string[], fetches: readonly string[], targets: readonly string[] = []): Prepared {
    const flat = flattenGraph(this.contents.graph, feeds, fetches, targets, this);
    return this.adopt(flat);
  }

  /** A function as a whole, called with arguments. */
  prepareFunction(name: string): Prepared {
    return this.adopt(flattenFunction(name, this));
  }

  /** A part of a function, called with its feeds. */
  preparePart(part: FunctionPart): Prepared {
    return this.adopt(flattenPart(part, this));
  }

  /** Some of the results of what was prepared. */
  part({ flat }: Prepared, results: readonly number[]): Prepared {
    const own = { ...flat, results: results.map((i) => flat.results[i]!) };
    return { flat: own, program: this.compile(own) };
  }

  private adopt(flat: FlatGraph): Prepared {
    if (!this.changing && [...this.opsReached(flat)].some((op) => CHANGES.test(op))) {
      this.changing = true;
      this.executor.forget();
    }
    return { flat, program: this.compile(flat) };
  }

  private compile(flat: FlatGraph): Program {
    return makeProgram(
      flat,
      (op) => this.kernel(op),
      (step) => this.hasEffect(step),
    );
  }

  /** Whether an op changes state. */
  private hasEffect({ op, attributes }: Pick<FlatStep, "op" | "attributes">): boolean {
    if (this.kernel(op)?.effect) return true;
    // What says so by its name has none (StatelessIf, StatelessWhile).
    return !op.startsWith("Stateless") && attributes.functions().some((name) => this.functionHasEffect(name));
  }

  private functionHasEffect(name: string): boolean {
    const known = this.effects.get(name);
    if (known !== undefined) return known;
    // A function that calls itself has what the rest of it has.
    this.effects.set(name, false);
    const nodes = this.functions.get(name)?.nodeDef ?? [];
    const found = nodes.some(({ op, attr }) => this.hasEffect({ op, attributes: new Attributes(attr) }));
    this.effects.set(name, found);
    return found;
  }

  /** Ops of a graph and of all functions that it may run. */
  opsReached(flat: FlatGraph): Set<string> {
    const ops = new Set<string>();
    for (const { op } of this.stepsReached(flat)) ops.add(op);
    return ops;
  }

  *stepsReached(flat: FlatGraph): Generator<Pick<FlatStep, "op" | "name" | "attributes" | "inputs">> {
    const open = new Set<string>();
    for (const step of flat.steps) {
      yield step;
      step.attributes.functions().forEach((name) => open.add(name));
    }
    // A set that grows while it is walked: each function once.
    for (const name of open) {
      if (!this.functions.has(name)) continue;
      this.program(name);
      for (const step of this.programs.get(name)!.flat.steps) {
        yield { ...step, name: `${name}/${step.name}` };
        step.attributes.functions().forEach((inner) => open.add(inner));
      }
    }
  }

  /** @throws GraphError F18 when an op would reach outside the graph. */
  refuseOutside(flat: FlatGraph): void {
    const refused = [...this.stepsReached(flat)].filter(({ op }) => isRefused(op));
    const first = refused[0];
    if (first === undefined) return;
    const others = refused.length > 1 ? ` (and ${refused.length - 1} more such ops)` : "";
    const { does, advice } = refusal(first.op);
    throw new GraphError("F18", first.name, `the op ${first.op} ${does}${others}`, advice);
  }

  resource(name: string, make: () => Resource): Resource {
    let resource = this.resources.get(name);
    if (resource === undefined) {
      resource = make();
      // Arrays and stacks belong to one run.
      if (!(resource instanceof TensorStore)) this.resources.set(name, resource);
    }
    return resource;
  }

  /** Only files of the model's own `assets/`, by the path that stood in the graph when it was saved, or by name. */
  readAsset(name: string): Uint8Array | null {
    return this.contents.readAsset(name.slice(name.lastIndexOf("/") + 1));
  }

  /** Values for the feeds that stand for files of `assets/`. */
  assetFeeds(): { names: string[]; values: StringTensor[] } {
    const entries = [...this.contents.assetTensors];
    return {
      names: entries.map(([name]) => name),
      values: entries.map(([, file]) => StringTensor.fromText([], [file])),
    };
  }

  /** Reads the values of the variables and tables that a graph uses and that have none yet. */
  async load(flat: FlatGraph): Promise<void> {
    for (const { op, name, attributes } of [...this.stepsReached(flat)]) {
      if (decodesPictures(op)) await loadPictureDecoders();
      const own = attributes.text("shared_name") || name;
      if (VARIABLES.test(op))
        await this.loadVariable(this.variable(own), this.bindings.variables.get(own), attributes);
      else if (/HashTable/.test(op)) await this.loadTable(own);
    }
  }

  /** Variables that a call reads, that have no value and that it gives none itself; `captured` are its last arguments. */
  unset(flat: FlatGraph, captured: readonly GraphValue[]): string[] {
    const assigned = new Set(
      flat.steps.flatMap(({ op, inputs }) => (op.startsWith("Assign") && inputs[0] ? [inputs[0].step] : [])),
    );
    const first = flat.arguments.length - captured.length;
    const given = captured.map((value, i) => [flat.arguments[first + i], value] as const);
    const own = flat.steps.flatMap(({ op, name, attributes }, step) =>
      VARIABLES.test(op) ? [[step, this.variable(attributes.text("shared_name") || name)] as const] : [],
    );
    const lacking = [...given, ...own].flatMap(([step, value]) =>
      value instanceof Variable && !value.initialized && !assigned.has(step ?? -1) ? [value.name] : [],
    );
    return [...new Set(lacking)];
  }

  /** The variable of a saved object: the one that the graph knows by another name, where both have one tensor. */
  variableOfObject(node: number, name: string): Variable {
    const key = this.contents.variableKeys.get(node);
    if (key === undefined) return this.variable(name);
    const own = [...this.bindings.variables].find(([, part]) => part.key === key)?.[0];
    return this.variable(own ?? key);
  }

  /** The checkpoint's key of the one saved object that calls itself so: Keras's graphs name some variables twice. */
  private keyOfName(name: string): string | null {
    const named = [...this.contents.variableKeys].filter(([node]) => {
      const kind = this.contents.objects?.nodes[node]?.kind;
      return kind?.case === "variable" && kind.value.name === name;
    });
    return named.length === 1 ? named[0]![1] : null;
  }

  /** The constant of a saved object: read once for all functions that captured it, kept until the graph goes. */
  constantOfObject(node: number, read: () => GraphValue | null): GraphValue | null {
    const value = this.constants.get(node) ?? read();
    if (value !== null) this.constants.set(node, value);
    return value;
  }

  variable(name: string): Variable {
    const make = (): Variable => new Variable(name, "The checkpoint has no tensor for it.");
    return this.resource(`variable ${name}`, make) as Variable;
  }

  async loadVariable(
    variable: Variable,
    part: { readonly key: string; readonly slice: string } | undefined,
    declared?: Attributes,
  ): Promise<void> {
    if (variable.initialized) return;
    const key = part?.key ?? this.keyOfName(variable.name) ?? variable.name;
    const stored = this.contents.tensors.get(key);
    if (stored === undefined) return;
    // A name alone can be another variable's: one that holds the path of an asset is called `Variable` too.
    if (part === undefined && declared !== undefined && !fits(stored, declared)) return;
    const value = await storedTensor(stored);
    const slice = parseSlice(part?.slice ?? "");
    if (slice !== null && !isInside(slice, value)) throw damagedSlice(variable.name, part!.slice);
    variable.assign(slice !== null && value instanceof tf.Tensor ? cut(value, slice) : value);
  }

  /** Reads a variable that a function captured. */
  async loadCaptured(values: readonly GraphValue[]): Promise<void> {
    for (const value of values) {
      if (value instanceof Variable) await this.loadVariable(value, this.bindings.variables.get(value.name));
    }
  }

  /** Reads a table that the checkpoint holds, if it does. */
  async loadTable(name: string): Promise<void> {
    const binding = this.bindings.tables.get(name);
    const [keys, values] = [binding?.keys, binding?.values].map((key) =>
      this.contents.tensors.get(key ?? ""),
    );
    if (keys === undefined || values === undefined) return;
    const make = (): LookupTable =>
      new LookupTable(name, keys.dtype === "string", values.dtype === "string", values.shape.slice(1));
    const table = this.resource(`table ${name}`, make) as LookupTable;
    if (table.initialized) return;
    table.put(texts(await keys.read()), texts(await values.read()));
    table.initialized = true;
  }

  /** Runs the ops that fill tables and other resources. */
  async initialize(): Promise<void> {
    if (this.contents.initOps.length === 0) return;
    const assets = this.assetFeeds();
    const flat = flattenGraph(this.contents.graph, assets.names, [], this.contents.initOps, this);
    this.refuseOutside(flat);
    await this.load(flat);
    const program = this.compile(flat);
    await this.executor.runAsync(program, assets.values);
  }

  dispose(): void {
    this.executor.forget();
    for (const resource of this.resources.values())
      if (!(resource instanceof LookupTable)) resource.dispose();
    this.resources.clear();
    this.constants.forEach(release);
    this.constants.clear();
  }
}

/** Whether a stored tensor has the type and shape that the graph declares for a variable. */
function fits(stored: StoredWeight, declared: Attributes): boolean {
  const [type, shape] = [declared.type("dtype"), declared.shape("shape")];
  if (type !== null && dtypeName(type) !== stored.dtype) return false;
  if (shape === null) return true;
  return shape.length === stored.shape.length && shape.every((dim, d) => dim < 0 || dim === stored.shape[d]);
}

function isInside({ begin, size }: { begin: number[]; size: number[] }, value: GraphValue): boolean {
  const shape = value instanceof tf.Tensor ? value.shape : [];
  return (
    begin.length === shape.length &&
    begin.every((from, d) => from >= 0 && size[d]! >= 0 && from + size[d]! <= shape[d]!)
  );
}

function damagedSlice(name: string, slice: string): GraphError {
  const detail = `the part ${JSON.stringify(slice.slice(0, 40))} that it is to be is no part of its stored tensor`;
  return new GraphError("G02", name, detail, "The file is damaged.");
}

function cut(value: tf.Tensor, { begin, size }: { begin: number[]; size: number[] }): GraphValue {
  const part = tf.slice(value, begin, size);
  value.dispose();
  return part;
}

/** Elements as map keys (`LookupTable`): bytes one character each, numbers in decimal. */
function texts(values: ArrayLike<unknown>): string[] {
  return Array.from(values, (value) =>
    typeof value === "string" ? Buffer.from(value, "utf8").toString("latin1") : String(value),
  );
}
