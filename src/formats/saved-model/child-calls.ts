import { childOf, listItems } from "../checkpoint/object-graph.js";
import type { JsonValue } from "../model-file.js";
import type { FunctionDef, MetaGraphDef, NodeDef, StructuredValue } from "../proto/tensorflow_pb.js";
import { fields, items } from "../proto/structured-value.js";
import type { KerasMetadata } from "./keras-objects.js";

/** Why a saved function does not tell how a model calls its layers. */
export class NotTold extends Error {}

/** A layer that a subclassed model holds, as a saved object. */
export interface Child {
  readonly name: string;
  readonly node: number;
  readonly variables: ReadonlySet<number>;
  /** What Keras wrote of it: class and config. */
  readonly saved: { readonly [key: string]: JsonValue };
}

/** Whether a child is a functional or sequential model, whose config holds its layers. */
export function isModel({ saved }: Child): boolean {
  const config = saved["config"];
  return typeof config === "object" && config !== null && "layers" in config;
}

/** The function that computes a subclassed model, with the roles of its arguments. */
export interface ModelFunction {
  readonly definition: FunctionDef;
  /** The leaves of what the model is called on, in the order of the function's first arguments. */
  readonly inputs: readonly { readonly argument: string; readonly key: string | null; readonly spec: Leaf }[];
  /** The saved object behind each other argument. */
  readonly captured: ReadonlyMap<string, number>;
  /** What the model gives out, tensors where the function's results stand. */
  readonly outputs: StructuredValue | undefined;
}

export type Leaf = Extract<
  StructuredValue["kind"],
  { case: "tensorSpecValue" | "boundedTensorSpecValue" }
>["value"];

/** Functions of Keras's layers: `__inference_dense_1_layer_call_and_return_conditional_losses_253`. */
const LAYER_CALL = /^__(?:inference|forward)_(.+)_layer_call_(?:and_return_conditional_losses|fn)_\d+$/;

/** The layers of a model, by the name that TensorFlow makes of theirs in functions. */
export function childrenOf(
  metaGraph: MetaGraphDef,
  metadata: KerasMetadata,
  model: number,
): Map<string, Child> {
  const nodes = metaGraph.objectGraphDef?.nodes ?? [];
  const items = (node: number | undefined, name: string): number[] => {
    const list = node === undefined ? undefined : childOf(nodes, node, name);
    return list === undefined ? [] : listItems(nodes, list);
  };
  const children = new Map<string, Child>();
  for (const node of items(childOf(nodes, model, "keras_api"), "layers")) {
    const saved = metadata.get(node);
    const name = saved?.["name"];
    if (saved === undefined || typeof name !== "string") continue;
    const inFunctions = functionName(name);
    if (children.has(inFunctions)) throw new NotTold(`two of its layers are called ${name}`);
    children.set(inFunctions, { name, node, variables: new Set(items(node, "variables")), saved });
  }
  if (children.size === 0) throw new NotTold("it names no layers");
  return children;
}

/** The layer that an op of the model's function calls; null for any other op. */
export function calledChild(node: NodeDef, children: ReadonlyMap<string, Child>): Child | null {
  return children.get(functionName(LAYER_CALL.exec(calledFunction(node) ?? "")?.[1] ?? "")) ?? null;
}

/** The name of the function that an op calls; null for an op that calls none. */
export function calledFunction(node: NodeDef): string | null {
  const f = node.attr.find(({ key }) => key === "f")?.value?.value;
  return /^(Stateful)?PartitionedCall$/.test(node.op) && f?.case === "func" ? f.value.name : null;
}

/** TensorFlow's names of functions keep a dot or not, by what made them. */
function functionName(name: string): string {
  return name.replaceAll(/[^A-Za-z0-9_]/g, "_");
}

/** The function behind a way in which a model was called. */
export function modelFunction(metaGraph: MetaGraphDef, saved: SavedCall | undefined): ModelFunction {
  const definition = functionOf(metaGraph, saved?.name);
  if (saved === undefined || definition === undefined) throw new NotTold("no function of its call is saved");
  const args = (definition.signature?.inputArg ?? []).map(({ name }) => name);
  const leaves = tensorLeaves(saved.signature);
  return {
    definition,
    inputs: leaves.map(({ key, spec }, i) => ({ argument: args[i] ?? "", key, spec })),
    captured: new Map(args.slice(leaves.length).map((name, i) => [name, saved.boundInputs[i] ?? -1])),
    outputs: saved.outputs,
  };
}

/** The function that a call inside another function leads to, its other arguments being that function's own. */
export function calledModel(
  metaGraph: MetaGraphDef,
  way: SavedCall,
  call: { readonly node: NodeDef; readonly given: readonly string[] },
  captured: ReadonlyMap<string, number>,
): ModelFunction {
  const definition = functionOf(metaGraph, calledFunction(call.node));
  if (definition === undefined) throw new NotTold("no function of its call is saved");
  const args = (definition.signature?.inputArg ?? []).map(({ name }) => name);
  const isTensor = (i: number): boolean => !captured.has(call.given[i] ?? "");
  const tensors = args.filter((_, i) => isTensor(i));
  const leaves = tensorLeaves(way.signature);
  if (tensors.length !== leaves.length) throw new NotTold("its function takes other tensors than its call");
  return {
    definition,
    inputs: leaves.map(({ key, spec }, i) => ({ argument: tensors[i]!, key, spec })),
    captured: new Map(
      args.flatMap((name, i) => (isTensor(i) ? [] : [[name, captured.get(call.given[i]!)!]])),
    ),
    outputs: way.outputs,
  };
}

function functionOf(metaGraph: MetaGraphDef, name: string | null | undefined): FunctionDef | undefined {
  return metaGraph.graphDef?.library?.function.find(({ signature }) => signature?.name === name);
}

/** One way in which a layer was called when it was saved. */
export interface SavedCall {
  readonly name: string;
  /** Positional arguments as a tuple, then named ones as a dict. */
  readonly signature: StructuredValue | undefined;
  readonly outputs: StructuredValue | undefined;
  readonly boundInputs: readonly number[];
  /** Names of the positional arguments, and the defaults of the last of them. */
  readonly argumentNames: readonly string[];
  readonly defaults: readonly StructuredValue[];
}

/** The ways in which a layer or model was called, those for inference first. */
export function savedCalls(metaGraph: MetaGraphDef, node: number): SavedCall[] {
  const objects = metaGraph.objectGraphDef;
  const nodes = objects?.nodes ?? [];
  const reference = childOf(nodes, node, "call_and_return_all_conditional_losses");
  const kind = reference === undefined ? undefined : nodes[reference]?.kind;
  if (objects === undefined || kind?.case !== "function") return [];
  const named = fields(kind.value.functionSpec?.fullargspec);
  const names = items(named.get("args")).flatMap(({ kind: value }) =>
    value.case === "stringValue" && value.value !== "self" ? [value.value] : [],
  );
  const calls = kind.value.concreteFunctions.flatMap((name): SavedCall[] => {
    const concrete = objects.concreteFunctions.find(({ key }) => key === name)?.value;
    if (concrete === undefined) return [];
    const [outputs] = items(concrete.outputSignature);
    return [
      {
        name,
        signature: concrete.canonicalizedInputSignature,
        outputs,
        boundInputs: concrete.boundInputs,
        argumentNames: names,
        defaults: items(named.get("defaults")),
      },
    ];
  });
  return calls.sort((a, b) => Number(isTraining(a)) - Number(isTraining(b)));
}

function isTraining({ signature, argumentNames }: SavedCall): boolean {
  const [args, kwargs] = items(signature);
  const at = argumentNames.indexOf("training");
  const value = at >= 0 ? items(args)[at] : fields(kwargs).get("training");
  return value?.kind.case === "boolValue" && value.kind.value;
}

/** The tensors of a nested value in its order, each with the key of the dict that holds it. */
export function tensorLeaves(
  value: StructuredValue | undefined,
  key: string | null = null,
): { key: string | null; spec: Leaf }[] {
  const kind = value?.kind;
  if (kind?.case === "tensorSpecValue" || kind?.case === "boundedTensorSpecValue")
    return [{ key, spec: kind.value }];
  if (kind?.case === "typeSpecValue") throw new NotTold("it takes or gives tensors that are not dense");
  return [
    ...items(value).flatMap((inner) => tensorLeaves(inner)),
    ...[...fields(value)].flatMap(([name, inner]) => tensorLeaves(inner, name)),
  ];
}
