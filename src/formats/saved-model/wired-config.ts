import type { SavedOperations } from "../graph-contents.js";
import type { JsonValue } from "../model-file.js";
import { dtypeName, typeLabel } from "../proto/data-type.js";
import type { MetaGraphDef, NodeDef, StructuredValue, TensorShapeProto } from "../proto/tensorflow_pb.js";
import { fields, items, pythonValue } from "../proto/structured-value.js";
import { DataType } from "../proto/tensorflow_pb.js";
import { producer, readWiring, type ChildCall, type Operations, type Wiring } from "./between-layers.js";
import {
  calledChild,
  calledFunction,
  calledModel,
  childrenOf,
  modelFunction,
  NotTold,
  savedCalls,
  tensorLeaves,
  type Child,
  type ModelFunction,
  type SavedCall,
} from "./child-calls.js";
import type { KerasMetadata } from "./keras-objects.js";

/** The class under which a group of operations of a model's own code stands among its layers. */
export const OPERATIONS_CLASS = "TensorFlowOperations";

/** A subclassed model told as a functional one. */
export interface WiredModel {
  /** As Keras 2 writes a Functional model. */
  readonly config: JsonValue;
  readonly operations: ReadonlyMap<string, SavedOperations>;
  /** Names of its layers and groups of operations. */
  readonly layers: ReadonlySet<string>;
  /** Those of its layers that are subclassed models and told in the same way, by name. */
  readonly nested: ReadonlyMap<string, WiredModel>;
  /** Whether its own function told it, not only those of models inside it. */
  readonly whole: boolean;
}

/**
 * Reads how a subclassed model calls its layers out of the function that was saved with it.
 * @throws NotTold where the function does not tell
 */
export function wireModel(metaGraph: MetaGraphDef, metadata: KerasMetadata): WiredModel {
  return new ModelReader(metaGraph, metadata).read(0, modelFunction(metaGraph, savedCalls(metaGraph, 0)[0]));
}

/**
 * A Functional or Sequential model with the subclassed models among its layers told as models too; null where none
 * is. What calls them with arguments beside tensors leaves them layers.
 */
export function wireInside(
  metaGraph: MetaGraphDef,
  metadata: KerasMetadata,
  saved: JsonValue,
): WiredModel | null {
  try {
    return new ModelReader(metaGraph, metadata).inside(saved);
  } catch (error) {
    if (error instanceof NotTold) return null;
    throw error;
  }
}

/** Reads a model and the subclassed models inside it; those that do not tell stay layers. */
class ModelReader {
  /** Layers that stand in some model: one that stands in two trains in both, which copies of it would not. */
  private readonly placed = new Set<number>();

  constructor(
    private readonly metaGraph: MetaGraphDef,
    private readonly metadata: KerasMetadata,
  ) {}

  read(node: number, model: ModelFunction): WiredModel {
    const { metaGraph, metadata } = this;
    const children = childrenOf(metaGraph, metadata, node);
    const wiring = readWiring(model, children);
    if (wiring.calls.length === 0) throw new NotTold("its function calls none of its layers");
    const calls = byChild(children.values(), wiring.calls);
    this.place([...calls.values()].map((made) => made[0]!.child));
    const nested = new Map(
      [...calls].flatMap(([name, made]) => {
        const inner = this.nested(made, model);
        return inner === null ? [] : [[name, inner] as const];
      }),
    );
    return new ConfigWriter(metaGraph, calls, model, wiring, nested).write(metadata.get(node) ?? {});
  }

  inside(saved: JsonValue): WiredModel | null {
    const { class_name: className, config } = saved as unknown as SavedModelConfig;
    if (!config.layers.every((layer) => typeof layer === "object" && layer !== null)) return null;
    const byName = childrenOf(this.metaGraph, this.metadata, 0);
    const children = [...byName.values()];
    const root = modelFunction(this.metaGraph, savedCalls(this.metaGraph, 0)[0]);
    const calls = root.definition.nodeDef.filter((node) => calledChild(node, byName) !== null);
    this.place(children);
    const called = (way: SavedCall, node: NodeDef): ModelFunction => {
      const given = node.input.map((tensor) =>
        root.captured.has(producer(tensor)) ? producer(tensor) : tensor,
      );
      return calledModel(this.metaGraph, way, { node, given }, root.captured);
    };
    const nested = new Map<string, WiredModel>();
    for (const layer of config.layers) {
      const child = children.find(({ name }) => name === nameOf(layer));
      const counts = className === "Sequential" ? [1] : tensorCounts(layer);
      const call = calls.find((node) => calledChild(node, byName) === child);
      const inner = child && call && counts ? this.told(child, counts, (way) => called(way, call)) : null;
      if (inner) nested.set(child!.name, inner);
    }
    if (nested.size === 0) return null;
    const layers = config.layers.map((layer) => {
      const inner = nested.get(nameOf(layer));
      return inner ? { ...layer, ...modelEntry(inner, nameOf(layer), layer["config"]) } : layer;
    });
    const counted = countedFromOne({ ...config, layers } as unknown as JsonValue, new Set(nested.keys()));
    return {
      config: { ...(saved as object), config: counted },
      operations: new Map(),
      layers: new Set(children.map(({ name }) => name)),
      nested,
      whole: false,
    };
  }

  private place(children: readonly Child[]): void {
    for (const { node, name } of children)
      if (this.placed.has(node)) throw new NotTold(`${name} stands in another model as well`);
    for (const { node } of children) this.placed.add(node);
  }

  /** Null for what is no subclassed model, or does not tell. */
  private nested(calls: readonly ChildCall[], outer: ModelFunction): WiredModel | null {
    const [first] = calls as [ChildCall, ...ChildCall[]];
    const functions = new Set(calls.map(({ node }) => calledFunction(node)));
    if (functions.size > 1) return null;
    return this.told(first.child, [first.inputs.length], (way) =>
      calledModel(this.metaGraph, way, first, outer.captured),
    );
  }

  /**
   * @param counts how many tensors each call takes
   * @param functionOf the function behind a way of calling
   */
  private told(
    child: Child,
    counts: readonly number[],
    functionOf: (way: SavedCall) => ModelFunction,
  ): WiredModel | null {
    if (child.saved["is_graph_network"] !== false || isModel(child)) return null;
    try {
      const ways = savedCalls(this.metaGraph, child.node);
      const [way, ...others] = new Set(counts.map((count) => theOneWay(ways, count, child)));
      return way === undefined || others.length > 0 ? null : this.read(child.node, functionOf(way));
    } catch (error) {
      if (error instanceof NotTold) return null;
      throw error;
    }
  }
}

class ConfigWriter {
  private readonly names = new Set<string>();
  /** Where each tensor comes from, as Keras writes it. */
  private readonly sources = new Map<string, [layer: string, node: number, tensor: number]>();
  private readonly inputTypes = new Map<string, DataType>();

  constructor(
    private readonly metaGraph: MetaGraphDef,
    private readonly calls: ReadonlyMap<string, readonly ChildCall[]>,
    private readonly model: ModelFunction,
    private readonly wiring: Wiring,
    private readonly nested: ReadonlyMap<string, WiredModel>,
  ) {}

  write(root: { readonly [key: string]: JsonValue }): WiredModel {
    for (const { child } of this.wiring.calls) this.names.add(child.name);
    const inputs = this.model.inputs.map((input) => this.input(input));
    const operations = this.wiring.operations.map((group) => ({ group, name: this.nameGroup(group) }));
    const calls = [...this.calls.values()];
    for (const made of calls) this.nameCalls(made);
    const layers = [
      ...inputs,
      ...calls.map((made) => this.childModel(made) ?? this.childLayer(made)),
      ...operations.map(({ group, name }) => this.operationsLayer(group, name)),
    ];
    const config = {
      name: root["name"] ?? "model",
      layers,
      input_layers: single(inputs.map(({ name }) => [name, 0, 0])),
      output_layers: this.outputs(),
    };
    return {
      config: { class_name: "Functional", config } as unknown as JsonValue,
      operations: new Map(operations.map(({ group, name }) => [name, this.savedOperations(group)])),
      layers: this.names,
      nested: this.nested,
      whole: true,
    };
  }

  private input({ argument, key, spec }: ModelFunction["inputs"][number]) {
    const name = this.freeName(key ?? (spec.name || argument));
    this.sources.set(argument, [name, 0, 0]);
    this.inputTypes.set(argument, spec.dtype);
    const config = { name, batch_input_shape: knownShape(spec.shape, name), dtype: typeLabel(spec.dtype) };
    return { class_name: "InputLayer", name, config, inbound_nodes: [] };
  }

  private freeName(wanted: string): string {
    let name = wanted;
    for (let i = 1; this.names.has(name); i++) name = `${wanted}_${i}`;
    this.names.add(name);
    return name;
  }

  private nameGroup(group: Operations): string {
    const name = this.freeName(group.name.replaceAll("/", "_"));
    group.outputs.forEach((tensor, i) => this.sources.set(tensor, [name, 0, i]));
    return name;
  }

  /** Keras 2 counts the calls of a model inside a model from 1. */
  private nameCalls(calls: readonly ChildCall[]): void {
    calls.forEach(({ node, child }, i) => {
      const outputs = node.attr.find(({ key }) => key === "Tout")?.value?.value;
      const count = outputs?.case === "list" ? outputs.value.type.length : 1;
      const first = isModel(child) || this.nested.has(child.name) ? 1 : 0;
      for (let k = 0; k < count; k++) {
        this.sources.set(`${node.name}:output:${k}`, [child.name, first + i, k]);
      }
    });
  }

  private reference(tensor: string): JsonValue {
    const source = this.sources.get(tensor);
    if (source === undefined) throw new NotTold(`nothing tells where ${tensor} comes from`);
    return { class_name: "__keras_tensor__", config: { keras_history: source } };
  }

  private operationsLayer({ ops, inputs }: Operations, name: string) {
    const config = { name, operations: ops.filter((op) => op !== "Const") };
    const tensors = inputs.map((tensor) => this.reference(tensor));
    const args = tensors.length === 1 ? tensors : [tensors];
    return { class_name: OPERATIONS_CLASS, name, config, inbound_nodes: [{ args, kwargs: {} }] };
  }

  /** A subclassed model that was told too: it is called on the tensors of its arguments in their order. */
  private childModel(calls: readonly ChildCall[]) {
    const { name } = calls[0]!.child;
    const model = this.nested.get(name);
    if (model === undefined) return null;
    const inbound = calls.map(({ inputs }) => {
      const tensors = inputs.map((tensor) => this.reference(tensor));
      return { args: tensors.length === 1 ? tensors : [tensors], kwargs: {} };
    });
    return { ...modelEntry(model, name, calls[0]!.child.saved), inbound_nodes: inbound };
  }

  private childLayer(calls: readonly ChildCall[]) {
    const { saved, name, node } = calls[0]!.child;
    const ways = savedCalls(this.metaGraph, node);
    return {
      class_name: saved["class_name"],
      name,
      config: saved["config"],
      inbound_nodes: calls.map((call) => this.inbound(call, ways)),
    };
  }

  /** A call as Keras 3 writes one, which has room for any arguments. */
  private inbound({ inputs, child }: ChildCall, ways: readonly SavedCall[]) {
    const way = theOneWay(ways, inputs.length, child);
    const [args, kwargs] = items(way.signature);
    const tensors = inputs.map((tensor) => this.reference(tensor));
    const positional = items(args).map((value) => argument(value, tensors));
    const named = [...fields(kwargs)].map(([key, value]) => [key, argument(value, tensors)] as const);
    const firstDefault = way.argumentNames.length - way.defaults.length;
    const others = positional.slice(1).flatMap((value, i) => {
      const name = way.argumentNames[i + 1];
      if (name === undefined) throw new NotTold(`an argument of ${child.name} has no name`);
      const standard = way.defaults[i + 1 - firstDefault];
      const same = standard !== undefined && JSON.stringify(argument(standard, [])) === JSON.stringify(value);
      return same ? [] : [[name, value] as const];
    });
    const given = [...others, ...named].filter(([key, value]) => key !== "training" && value !== null);
    return { args: positional.slice(0, 1), kwargs: Object.fromEntries(given) };
  }

  /** The structure that the model gives out, its results in the order of the tensors in it. */
  private outputs(): JsonValue {
    const results = [...this.wiring.results];
    const place = (value: StructuredValue | undefined): JsonValue => {
      const kind = value?.kind;
      if (kind?.case === "tensorSpecValue" || kind?.case === "boundedTensorSpecValue") {
        const tensor = results.shift()!;
        this.reference(tensor);
        return [...this.sources.get(tensor)!];
      }
      if (kind?.case === "dictValue")
        return Object.fromEntries([...fields(value)].map(([key, inner]) => [key, place(inner)]));
      return items(value).map(place);
    };
    const structure = this.model.outputs;
    if (tensorLeaves(structure).length === 0) throw new NotTold("its function gives no tensors");
    return place(structure);
  }

  private savedOperations({ inputs, outputs, captured }: Operations): SavedOperations {
    return {
      function: this.model.definition.signature?.name ?? "",
      inputs: inputs.map((tensor) => ({ tensor, type: this.typeOf(tensor) })),
      outputs,
      captured: captured.map((argument) => ({ argument, node: this.model.captured.get(argument)! })),
      layerCalls: new Set(this.wiring.calls.map(({ node }) => node.name)),
    };
  }

  /** Known of what the model and its layers give; what operations give, they know when they run. */
  private typeOf(tensor: string): DataType | null {
    const input = this.inputTypes.get(tensor);
    if (input !== undefined) return input;
    const call = this.wiring.calls.find(({ node }) => node.name === producer(tensor))?.node;
    return call === undefined ? null : (outputTypes(call)[Number(tensor.split(":")[2] ?? 0)] ?? null);
  }
}

interface SavedModelConfig {
  readonly class_name?: string;
  readonly config: { readonly layers: readonly { readonly [key: string]: JsonValue }[] };
}

function nameOf(layer: { readonly [key: string]: JsonValue }): string {
  const config = layer["config"] as { readonly [key: string]: JsonValue } | undefined;
  return String(layer["name"] ?? config?.["name"] ?? "");
}

/** A model as it stands among another's layers. */
function modelEntry(
  model: WiredModel,
  name: string,
  saved: JsonValue | undefined,
): { [key: string]: JsonValue } {
  const { class_name: className, config } = model.config as { class_name: JsonValue; config: object };
  const trains = (saved as { readonly trainable?: JsonValue } | undefined)?.trainable ?? true;
  return { class_name: className, name, config: { ...config, trainable: trains } as unknown as JsonValue };
}

/** How many tensors each call of a layer takes, as Keras 2 writes calls; null for calls that take more than these. */
function tensorCounts(layer: { readonly [key: string]: JsonValue }): number[] | null {
  const calls = layer["inbound_nodes"];
  if (!Array.isArray(calls) || calls.length === 0) return null;
  const counts = calls.map((call) =>
    Array.isArray(call) && call.every(isPlainReference) ? call.length : null,
  );
  return counts.includes(null) ? null : (counts as number[]);
}

/** `["dense", 0, 0, {}]`: a layer's tensor, without named arguments but `training`, which a saved function has fixed. */
function isPlainReference(value: JsonValue): boolean {
  if (!Array.isArray(value) || typeof value[0] !== "string" || typeof value[1] !== "number") return false;
  return Object.entries(value[3] ?? {}).every(([key, given]) => key === "training" && given !== true);
}

/** Keras 2 counts the calls of models inside a model from 1, those of other layers from 0. */
function countedFromOne(value: JsonValue, models: ReadonlySet<string>): JsonValue {
  if (Array.isArray(value)) {
    const [name, call, ...others] = value;
    if (typeof name === "string" && models.has(name) && typeof call === "number")
      return [name, call + 1, ...others.map((other) => countedFromOne(other, models))];
    return value.map((inner) => countedFromOne(inner, models));
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, countedFromOne(inner, models)]),
  );
}

function outputTypes(call: NodeDef): readonly DataType[] {
  const value = call.attr.find(({ key }) => key === "Tout")?.value?.value;
  return value?.case === "list" ? value.value.type : [];
}

/** What stands alone is not in a list. */
function single(values: readonly JsonValue[]): JsonValue {
  return values.length === 1 ? values[0]! : [...values];
}

/** The calls of each layer that is called, in the order in which the model holds its layers. */
function byChild(children: Iterable<Child>, calls: readonly ChildCall[]): Map<string, ChildCall[]> {
  const found = new Map<string, ChildCall[]>([...children].map(({ name }) => [name, []]));
  for (const call of calls) found.get(call.child.name)!.push(call);
  return new Map([...found].filter(([, made]) => made.length > 0));
}

function isModel({ saved }: Child): boolean {
  const config = saved["config"];
  return typeof config === "object" && config !== null && "layers" in config;
}

/**
 * How a layer was called: the one saved way that takes as many tensors. Two that differ in more than `training`
 * leave open which one was meant.
 */
function theOneWay(ways: readonly SavedCall[], count: number, { name }: Child): SavedCall {
  const fitting = ways.filter(({ signature }) => tensorLeaves(signature).length === count);
  const [first, ...others] = fitting;
  if (first === undefined) throw new NotTold(`no saved call of ${name} takes ${count} tensors`);
  if (others.some((other) => constants(other) !== constants(first)))
    throw new NotTold(`${name} is called in several ways`);
  return first;
}

function constants({ signature, argumentNames }: SavedCall): string {
  const [args, kwargs] = items(signature);
  const shown = [
    ...items(args).map((value, i) => [argumentNames[i] ?? i, argument(value, null)]),
    ...[...fields(kwargs)].map(([key, value]) => [key, argument(value, null)]),
  ];
  return JSON.stringify(
    shown.filter(([key]) => key !== "training").map(([key, value]) => [key, alone(value!)]),
  );
}

/** Recurrent layers are saved as called on a tensor and on a list of one, which is the same call. */
function alone(value: JsonValue): JsonValue {
  return Array.isArray(value) && value.length === 1 ? value[0]! : value;
}

/** An argument with the next of the tensors wherever it holds one; without tensors, a mark in their places. */
function argument(value: StructuredValue | undefined, tensors: JsonValue[] | null): JsonValue {
  const kind = value?.kind;
  switch (kind?.case) {
    case "tensorSpecValue":
    case "boundedTensorSpecValue":
      return tensors === null ? "tensor" : (tensors.shift() ?? null);
    case "listValue":
    case "tupleValue":
      return kind.value.values.map((inner) => argument(inner, tensors));
    case "dictValue":
    case "namedTupleValue":
      return Object.fromEntries([...fields(value)].map(([key, inner]) => [key, argument(inner, tensors)]));
    case "tensorDtypeValue":
      return dtypeName(kind.value);
    default:
      return pythonValue(value) ?? null;
  }
}

function knownShape(shape: TensorShapeProto | undefined, name: string): (number | null)[] {
  if (shape === undefined || shape.unknownRank || shape.dim.length === 0)
    throw new NotTold(`the shape of its input ${name} is not saved`);
  return shape.dim.map(({ size }) => (size < 0n ? null : Number(size)));
}
