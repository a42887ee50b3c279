import { create, toBinary } from "@bufbuild/protobuf";
import { SavedModelSchema } from "../../../formats/proto/tensorflow_pb.js";
import type { OpAttribute } from "../load-binding.js";
import { bytes, type ConstantRule, type Term } from "./batch-terms.js";
import {
  attributeValue,
  shape,
  shapeProto,
  tensorOf,
  type,
  type AttrEntry,
  type AttrValue,
  type Tensor,
} from "./graph-values.js";
import type { RecordedConstant, RecordedOp, Recording, Source } from "./recording.js";

/** A NodeDef (core/framework/node_def.proto). */
interface Node {
  readonly name: string;
  readonly op: string;
  readonly input: string[];
  readonly device?: string;
  readonly attr: AttrEntry[];
}

/** The tag of the one graph in the file. */
export const TAG = "serve";

/** TensorFlow's version of graphs that all of 2.13 and later read (core/public/version.h). */
const PRODUCER = 1087;
const INT32 = 3;
const BOOL = 10;

/** The node that has a value when all variables have theirs. */
const KEPT = "kept";

/** Where operations have the indices that they refuse outside of a tensor. */
const INDICES: ReadonlyMap<string, number> = new Map([
  ["GatherV2", 1],
  ["GatherNd", 1],
  ["ScatterNd", 0],
  ["SparseToDense", 0],
  ["TensorScatterUpdate", 1],
]);

/** A graph in TensorFlow's own form, and how it is called. */
export interface WrittenGraph {
  /** `saved_model.pb` */
  readonly file: Uint8Array;
  /** Constants that are not written down, by their place in the recording. */
  readonly given: readonly number[];
  /** The inputs, and what is given where it is given at each call. */
  readonly inputNames: readonly string[];
  /** What is given once, before the first call, and the node that takes it; null where nothing is. */
  readonly once: { readonly inputNames: readonly string[]; readonly outputName: string } | null;
  readonly outputNames: readonly string[];
  /** Booleans behind the outputs: true where an index lies outside of a tensor. */
  readonly checkNames: readonly string[];
}

/** Where and how a graph is going to run. */
export interface GraphTarget {
  /** TensorFlow reads what lies outside of a tensor as zeros, and says nothing. */
  readonly readsOutside: boolean;
  /** What is given stays in variables of the graph; else it is fed at each call. */
  readonly keepsGiven: boolean;
  /** Its operations are put together and compiled by XLA where it can (tensorflow/compiler/jit). */
  readonly xla: boolean;
}

/**
 * Writes a recording as a SavedModel without values of variables.
 * @param rules what stands for each constant; with one that depends on the batch, the first axis of each input is open
 * @param given constants that are not written down: the caller gives them
 * @param target with `readsOutside` the caller looks at the checks after each run
 */
export function writeGraph(
  recording: Recording,
  rules: readonly ConstantRule[],
  given: ReadonlySet<number>,
  anyBatch: boolean,
  target: GraphTarget,
): WrittenGraph {
  const writer = new GraphWriter(recording, rules, given, anyBatch, target);
  const node = writer.nodes();
  const model = create(SavedModelSchema, {
    savedModelSchemaVersion: 1n,
    metaGraphs: [
      {
        metaInfoDef: { tags: [TAG], tensorflowVersion: "2.13.0" },
        graphDef: { node, versions: { producer: PRODUCER, minConsumer: 12 } },
      },
    ],
  });
  const inputs = recording.inputs.map((_, i) => `x${i}`);
  const placeholders = [...given].map((i) => `c${i}${target.keepsGiven ? "g" : ""}`);
  return {
    file: toBinary(SavedModelSchema, model),
    given: [...given],
    inputNames: target.keepsGiven ? inputs : [...inputs, ...placeholders],
    once: target.keepsGiven && given.size > 0 ? { inputNames: placeholders, outputName: KEPT } : null,
    outputNames: recording.outputs.map((_, i) => `y${i}`),
    checkNames: writer.checks,
  };
}

class GraphWriter {
  /** Names of nodes that say whether an index lies outside. */
  readonly checks: string[] = [];
  private readonly list: Node[] = [];
  /** Names of nodes that take what is given into variables. */
  private readonly assignments: string[] = [];
  private readonly literals = new Map<string, string>();
  private batch: string | null = null;

  constructor(
    private readonly recording: Recording,
    private readonly rules: readonly ConstantRule[],
    private readonly given: ReadonlySet<number>,
    private readonly anyBatch: boolean,
    private readonly target: GraphTarget,
  ) {}

  nodes(): Node[] {
    const { inputs, ops, outputs } = this.recording;
    inputs.forEach(({ shape, dtype }, i) => {
      const open = this.anyBatch ? [-1, ...shape.slice(1)] : shape;
      this.placeholder(`x${i}`, open, dtype);
    });
    this.rules.forEach((rule, i) => this.constant(`c${i}`, rule, i));
    ops.forEach((op, i) => this.op(`o${i}`, op));
    outputs.forEach(({ source, dtype }, i) =>
      this.add(`y${i}`, "Identity", [nameOf(source)], { T: type(dtype) }),
    );
    if (this.assignments.length > 0) {
      const done = this.assignments.map((name) => `^${name}`);
      this.add(KEPT, "Identity", [this.number(0), ...done], { T: type(INT32) });
    }
    return this.target.xla ? this.list.map(forXla) : this.list;
  }

  private add(
    name: string,
    op: string,
    input: readonly string[],
    attributes: Readonly<Record<string, AttrValue>>,
  ): string {
    const attr = Object.entries(attributes).map(([key, value]): AttrEntry => ({ key, value }));
    this.list.push({ name, op, input: [...input], attr });
    return name;
  }

  private placeholder(name: string, dims: readonly number[], dtype: number): void {
    this.add(name, "Placeholder", [], { dtype: type(dtype), shape: shape(dims) });
  }

  private op(name: string, { name: op, attributes, inputs }: RecordedOp): void {
    const attr = attributes.map((attribute): AttrEntry => ({
      key: attribute.name,
      value: attributeValue(attribute),
    }));
    const device = this.needsCpu(name, op, inputs, attributes) ? "/device:CPU:0" : "";
    this.list.push({ name, op, device, input: this.inputs(op, inputs), attr });
  }

  /** Whether the CPU has to look for indices outside. Those into a weight are looked at where they are. */
  private needsCpu(
    name: string,
    op: string,
    inputs: readonly Source[],
    attributes: readonly OpAttribute[],
  ): boolean {
    const place = INDICES.get(op);
    if (!this.target.readsOutside || place === undefined || inputs[place]!.kind === "constant") return false;
    const length = op === "GatherV2" ? this.gatheredLength(inputs, attributes) : null;
    if (length === null) return true;
    this.check(name, nameOf(inputs[place]!), length);
    return false;
  }

  /** How many rows there are to gather from; null where that is not known beforehand, or the indices are no int32. */
  private gatheredLength(
    [from, , along]: readonly Source[],
    attributes: readonly OpAttribute[],
  ): number | null {
    const value = (key: string) => attributes.find(({ name }) => name === key)?.value;
    if (from?.kind !== "constant" || along?.kind !== "constant") return null;
    if (Number(value("batch_dims") ?? 0) !== 0 || value("Tindices") !== INT32) return null;
    const [rows, axes] = [this.rules[from.index]!, this.rules[along.index]!];
    if (rows.kind !== "fixed" || axes.kind !== "fixed") return null;
    const axis = Number((axes.constant.values() as unknown as ArrayLike<number | bigint>)[0]);
    return rows.constant.shape.at(axis) ?? null;
  }

  private check(name: string, indices: string, length: number): void {
    const int32 = { T: type(INT32) };
    const below = this.add(`${name}b`, "Less", [indices, this.number(0)], int32);
    const above = this.add(`${name}a`, "GreaterEqual", [indices, this.number(length)], int32);
    const outside = this.add(`${name}o`, "LogicalOr", [below, above], {});
    const flat = this.add(`${name}f`, "Reshape", [outside, this.numbers([-1])], {
      T: type(BOOL),
      Tshape: type(INT32),
    });
    const any = this.add(`${name}k`, "Any", [flat, this.numbers([0])], { Tidx: type(INT32) });
    this.checks.push(any);
  }

  /** A reshape takes -1 for the one size that depends on the batch, which lets TensorFlow infer shapes. */
  private inputs(op: string, inputs: readonly Source[]): string[] {
    const target = inputs[1];
    if (op === "Reshape" && target?.kind === "constant") {
      const rule = this.rules[target.index]!;
      if (rule.kind === "terms") {
        const open = rule.terms.filter(({ factor }) => factor !== 0);
        const fixed = rule.terms.filter(({ factor }) => factor === 0);
        if (open.length === 1 && open[0]!.offset === 0 && fixed.every(({ offset }) => offset > 0)) {
          const sizes = rule.terms.map(({ factor, offset }) => (factor === 0 ? offset : -1));
          return [nameOf(inputs[0]!), this.numbers(sizes)];
        }
      }
    }
    return inputs.map(nameOf);
  }

  private constant(name: string, rule: ConstantRule, index: number): void {
    switch (rule.kind) {
      case "fixed":
        if (!this.given.has(index)) this.literal(name, tensorOf(rule.constant));
        else if (this.target.keepsGiven) this.variable(name, rule.constant);
        else this.placeholder(name, rule.constant.shape, rule.constant.dtype);
        return;
      case "terms":
        this.terms(name, rule.terms, rule.shape);
        return;
      case "fill":
        this.add(name, "Fill", [this.terms(`${name}d`, rule.dims), this.first(name, rule.constant, [])], {
          T: type(rule.constant.dtype),
          index_type: type(INT32),
        });
        return;
      case "rows": {
        const row = rule.constant.shape.slice(1);
        const dims = [{ factor: 1, offset: 0 }, ...row.map((offset) => ({ factor: 0, offset }))];
        this.add(name, "BroadcastTo", [this.first(name, rule.constant, row), this.terms(`${name}d`, dims)], {
          T: type(rule.constant.dtype),
          Tidx: type(INT32),
        });
        return;
      }
      case "range":
        this.add(name, "Range", [this.number(0), this.batchSize(), this.number(1)], { Tidx: type(INT32) });
        return;
    }
  }

  private variable(name: string, constant: RecordedConstant): void {
    const dtype = { dtype: type(constant.dtype) };
    const handle = this.add(`${name}h`, "VarHandleOp", [], {
      ...dtype,
      shape: shape(constant.shape),
      shared_name: { value: { case: "s", value: Buffer.from(name) } },
    });
    this.add(name, "ReadVariableOp", [handle], dtype);
    this.placeholder(`${name}g`, constant.shape, constant.dtype);
    this.assignments.push(this.add(`${name}s`, "AssignVariableOp", [handle, `${name}g`], dtype));
  }

  /** The first of equal rows, or the one value of a constant that is full of it. */
  private first(name: string, constant: RecordedConstant, dims: readonly number[]): string {
    const all = bytes(constant)[0]!;
    const count = dims.reduce((a, b) => a * b, 1);
    const total = constant.shape.reduce((a, b) => a * b, 1);
    const content = all.subarray(0, (all.length / total) * count);
    return this.literal(`${name}v`, {
      dtype: constant.dtype,
      tensorShape: shapeProto(dims),
      tensorContent: content,
    });
  }

  private terms(name: string, terms: readonly Term[], dims: readonly number[] = [terms.length]): string {
    const vector = (values: readonly number[]) => this.numbers(values, dims);
    const scaled = this.add(
      `${name}m`,
      "Mul",
      [vector(terms.map(({ factor }) => factor)), this.batchSize()],
      { T: type(INT32) },
    );
    return this.add(name, "AddV2", [scaled, vector(terms.map(({ offset }) => offset))], { T: type(INT32) });
  }

  /** The batch size, as a scalar, from the first input. */
  private batchSize(): string {
    if (this.batch !== null) return this.batch;
    const sizes = this.add("bs", "Shape", ["x0"], {
      T: type(this.recording.inputs[0]!.dtype),
      out_type: type(INT32),
    });
    const bounds = [this.numbers([0]), this.numbers([1]), this.numbers([1])];
    this.batch = this.add("b", "StridedSlice", [sizes, ...bounds], {
      T: type(INT32),
      Index: type(INT32),
      shrink_axis_mask: { value: { case: "i", value: 1n } },
    });
    return this.batch;
  }

  private number(value: number): string {
    return this.numbers([value], []);
  }

  private numbers(values: readonly number[], dims: readonly number[] = [values.length]): string {
    const key = `${dims}:${values}`;
    const known = this.literals.get(key);
    if (known) return known;
    const content = Buffer.from(Int32Array.from(values).buffer);
    const name = this.literal(`n${this.literals.size}`, {
      dtype: INT32,
      tensorShape: shapeProto(dims),
      tensorContent: content,
    });
    this.literals.set(key, name);
    return name;
  }

  private literal(name: string, tensor: Tensor): string {
    return this.add(name, "Const", [], {
      dtype: type(tensor.dtype!),
      value: { value: { case: "tensor", value: tensor } },
    });
  }
}

const OUTSIDE_XLA: ReadonlySet<string> = new Set([
  "Const",
  "Placeholder",
  "VarHandleOp",
  "ReadVariableOp",
  "AssignVariableOp",
]);

/** Constants stay outside, and are given to what is compiled: XLA would copy them into it. */
function forXla(node: Node): Node {
  if (node.device || node.name === KEPT || OUTSIDE_XLA.has(node.op)) return node;
  const compiled: AttrEntry = { key: "_XlaCompile", value: { value: { case: "b", value: true } } };
  return { ...node, attr: [...node.attr, compiled] };
}

function nameOf(source: Source): string {
  switch (source.kind) {
    case "input":
      return `x${source.index}`;
    case "constant":
      return `c${source.index}`;
    case "op":
      return source.output === 0 ? `o${source.index}` : `o${source.index}:${source.output}`;
  }
}
