import type { SavedOperations } from "../graph-contents.js";
import type { JsonValue } from "../model-file.js";
import { typeLabel } from "../proto/data-type.js";
import type { MetaGraphDef, NodeDef, StructuredValue, TensorShapeProto } from "../proto/tensorflow_pb.js";
import { fields, items } from "../proto/structured-value.js";
import { DataType } from "../proto/tensorflow_pb.js";
import { producer, type ChildCall, type Operations, type Wiring } from "./between-layers.js";
import {
  isModel,
  NotTold,
  savedCalls,
  tensorLeaves,
  type ModelFunction,
  type SavedCall,
} from "./child-calls.js";
import { argument, theOneWay } from "./saved-way.js";

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

/** Writes a model's calls of its layers as Keras writes a functional model. */
export class ConfigWriter {
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

/** A model as it stands among another's layers. */
export function modelEntry(
  model: WiredModel,
  name: string,
  saved: JsonValue | undefined,
): { [key: string]: JsonValue } {
  const { class_name: className, config } = model.config as { class_name: JsonValue; config: object };
  const trains = (saved as { readonly trainable?: JsonValue } | undefined)?.trainable ?? true;
  return { class_name: className, name, config: { ...config, trainable: trains } as unknown as JsonValue };
}

function outputTypes(call: NodeDef): readonly DataType[] {
  const value = call.attr.find(({ key }) => key === "Tout")?.value?.value;
  return value?.case === "list" ? value.value.type : [];
}

/** What stands alone is not in a list. */
function single(values: readonly JsonValue[]): JsonValue {
  return values.length === 1 ? values[0]! : [...values];
}

function knownShape(shape: TensorShapeProto | undefined, name: string): (number | null)[] {
  if (shape === undefined || shape.unknownRank || shape.dim.length === 0)
    throw new NotTold(`the shape of its input ${name} is not saved`);
  return shape.dim.map(({ size }) => (size < 0n ? null : Number(size)));
}
