import type { JsonValue } from "../formats/model-file.js";
import { CallReader, gathered } from "./read-calls.js";
import type { KerasFinding } from "./finding.js";
import type { CallArgument, LayerCall, LayerSpec, ModelGraph, Structure, TensorRef } from "./graph.js";
import { isObject, stringAt, type JsonObject } from "./json.js";
import { inputsByKey } from "./inputs-by-key.js";
import { readLayer } from "./read-layer.js";
import { kerasTensor, ReferenceReader, savedCalls } from "./read-reference.js";
import type { Reading } from "./read-graph.js";

/** A Functional model (`Model`, `Functional`, or a subclass saved as one) of any major. */
export function readFunctional(
  config: JsonObject,
  className: string,
  path: string,
  reading: Reading,
): ModelGraph {
  const listed = (config["layers"] as JsonValue[]).filter(isObject);
  const references = new ReferenceReader(savedCalls(listed.map((layer) => [nameOf(layer), layer])));
  const model = path === "" ? null : path;
  const inputs = readStructure(config["input_layers"] ?? [], references);
  reading.findings.push(...references.take(model, "input_layers"));
  const saved = [...missingInputs(inputs, listed, path, reading), ...listed];
  const layers = saved.map((layer, i) => readLayer(layer, path, i, reading));
  const names = new Set(layers.map((layer) => layer.name));
  const reader = new CallReader(names, references);
  const calls = layers.flatMap((layer, i) => {
    const own = readCalls(layer, saved[i]!, reader);
    reading.findings.push(...references.take(layer.path, "inbound_nodes"));
    return layer.model ? own.map((call) => inputsByKey(call, layer.model!)) : own;
  });
  const outputs = readStructure(config["output_layers"] ?? [], references);
  reading.findings.push(...references.take(model, "output_layers"));
  const graph: ModelGraph = {
    className,
    name: stringAt(config, "name") ?? (path === "" ? "model" : path.slice(path.lastIndexOf("/") + 1)),
    layers: layers.map((layer) => (isCalledOnList(layer, calls) ? asLayer(layer) : layer)),
    calls,
    inputs,
    outputs,
  };
  return countNodesFromZero(graph, reading);
}

/** Names that layers and operations of keras.ops share, and operations take two tensors one by one. */
const OF_TWO = new Set(["Add", "Subtract", "Multiply", "Maximum", "Minimum", "Dot"]);

function isCalledOnList({ className, module, name }: LayerSpec, calls: readonly LayerCall[]): boolean {
  if (module !== null || !OF_TWO.has(className)) return false;
  return calls.some(({ layer, args }) => layer === name && args.length === 1 && args[0]!.kind === "list");
}

/** What hand-made configs leave out, by which a layer is told from an operation. */
function asLayer(layer: LayerSpec): LayerSpec {
  return { ...layer, config: { trainable: true, ...layer.config } };
}

/**
 * Input layers that the model names as its inputs and its list of layers lacks: they compute nothing, and what they
 * say beside their name, a shape, is found as for an input without one.
 */
function missingInputs(
  inputs: Structure<TensorRef>,
  listed: readonly JsonObject[],
  path: string,
  { findings }: Reading,
): JsonObject[] {
  const names = new Set(listed.map(nameOf));
  const named = structureReferences(inputs).filter(({ unreadable }) => !unreadable);
  const missing = [...new Set(named.map(({ layer }) => layer))].filter((name) => !names.has(name));
  // Where no layer is called on it, it is more likely another name of a layer that is there.
  const used = missing.filter((name) => listed.some((layer) => takes(layer["inbound_nodes"], name)));
  for (const name of used)
    findings.push({
      code: "G02",
      layer: path === "" ? null : path,
      found: `the model's input "${name}" is not among its ${listed.length} layers; an input layer of that name was put there`,
      why: "the list of layers lacks an input layer, which other layers are called on",
      advice: "",
      blocking: false,
    });
  return used.map((name) => ({ class_name: "InputLayer", name, config: { name }, inbound_nodes: [] }));
}

function nameOf(saved: JsonObject): string {
  const { config } = saved;
  return stringAt(saved, "name") ?? (isObject(config) ? stringAt(config, "name") : null) ?? "";
}

/** Whether one of the references that a call's saved form holds is to this layer. */
function takes(value: JsonValue | undefined, name: string): boolean {
  if (Array.isArray(value)) return value[0] === name || value.some((item) => takes(item, name));
  return isObject(value) && Object.values(value).some((item) => takes(item, name));
}

function readCalls(layer: LayerSpec, saved: JsonObject, reader: CallReader): LayerCall[] {
  const nodes = saved["inbound_nodes"];
  if (!Array.isArray(nodes)) return [];
  // An input layer has no calls; Keras 1 writes an empty list for it.
  return nodes
    .filter((node) => !(Array.isArray(node) && node.length === 0))
    .map((node, nodeIndex) => {
      const read = reader.read(node);
      const isSavedHere = isObject(node) && /^(TFOpLambda|SlicingOpLambda)$/.test(layer.className);
      const { args, kwargs } = isSavedHere ? gathered(read) : read;
      return { layer: layer.name, nodeIndex, args, kwargs };
    });
}

/** `input_layers` and `output_layers`: `["x", 0, 0]`, a list of such, or a dict (Keras 3). */
function readStructure(value: JsonValue, references: ReferenceReader): Structure<TensorRef> {
  const tensor = kerasTensor(value);
  const ref = references.read(tensor ? tensor.history : value);
  if (ref) return ref;
  if (Array.isArray(value)) {
    // An empty list beside others stands where a tensor was named.
    const isHole = (item: JsonValue) => Array.isArray(item) && item.length === 0;
    return value.map((item) =>
      isHole(item) ? references.unreadable(item) : readStructure(item, references),
    );
  }
  if (!isObject(value) || tensor) return references.unreadable(value);
  if (value["class_name"] === "__tuple__") return readStructure(value["items"] ?? null, references);
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, readStructure(item, references)]),
  );
}

/**
 * Counts the calls of nested models from 0. Keras 2 counts them from 1 everywhere, because a model's own
 * construction is its node 0 (functional.py `_should_skip_first_node`); Keras 3 does so in `input_layers` and
 * `output_layers` only, and for Functional only (functional.py `get_tensor`). Files that follow neither rule exist
 * (keras PR 19509), so the indices that occur decide where they leave no doubt.
 */
function countNodesFromZero(graph: ModelGraph, reading: Reading): ModelGraph {
  const nested = graph.layers.filter((layer) => layer.model !== null);
  if (nested.length === 0) return graph;
  const callCounts = new Map<string, number>();
  for (const call of graph.calls) callCounts.set(call.layer, (callCounts.get(call.layer) ?? 0) + 1);
  const used = { inside: new Map<string, Set<number>>(), outside: new Map<string, Set<number>>() };
  const note = (where: Map<string, Set<number>>, ref: TensorRef) => {
    const indices = where.get(ref.layer) ?? new Set<number>();
    where.set(ref.layer, indices.add(ref.nodeIndex));
  };
  for (const call of graph.calls) for (const ref of referencesOf(call)) note(used.inside, ref);
  for (const ref of structureReferences(graph.outputs)) note(used.outside, ref);

  const starts = (layer: LayerSpec, where: Map<string, Set<number>>, rule: boolean): number => {
    const indices = where.get(layer.name);
    if (!indices) return 0;
    const calls = callCounts.get(layer.name) ?? 0;
    if (indices.has(0)) return 0;
    if (Math.max(...indices) >= calls) return 1;
    return rule ? 1 : 0;
  };
  const keras2 = reading.origin.major < 3;
  const shift = { inside: new Map<string, number>(), outside: new Map<string, number>() };
  for (const layer of nested) {
    const functional = layer.className !== "Sequential";
    const [inside, outside] = [
      starts(layer, used.inside, keras2),
      starts(layer, used.outside, keras2 || functional),
    ];
    shift.inside.set(layer.name, inside);
    shift.outside.set(layer.name, outside);
    const unlike =
      (used.inside.has(layer.name) && inside !== Number(keras2)) ||
      (used.outside.has(layer.name) && outside !== Number(keras2 || functional));
    if (unlike) reading.findings.push(countedOtherwise(layer, reading));
  }
  const move = (where: Map<string, number>) => (ref: TensorRef) => ({
    ...ref,
    nodeIndex: ref.nodeIndex - (where.get(ref.layer) ?? 0),
  });
  return {
    ...graph,
    calls: graph.calls.map((call) => ({
      ...call,
      args: call.args.map((argument) => mapReferences(argument, move(shift.inside))),
      kwargs: Object.fromEntries(
        Object.entries(call.kwargs).map(([key, argument]) => [
          key,
          mapReferences(argument, move(shift.inside)),
        ]),
      ),
    })),
    outputs: mapStructure(graph.outputs, move(shift.outside)),
  };
}

/** G03, mended: the indices leave no doubt, whatever the major's rule. */
function countedOtherwise(layer: LayerSpec, { origin }: Reading): KerasFinding {
  return {
    code: "G03",
    layer: layer.path,
    found: `calls of "${layer.name}" are not counted as Keras ${origin.major} counts them`,
    why: "majors of Keras count the calls of nested models from different numbers",
    advice: "",
    blocking: false,
  };
}

function mapReferences(argument: CallArgument, change: (ref: TensorRef) => TensorRef): CallArgument {
  switch (argument.kind) {
    case "tensor":
      return { ...argument, ref: change(argument.ref) };
    case "list":
      return { kind: "list", items: argument.items.map((item) => mapReferences(item, change)) };
    case "dict":
      return {
        kind: "dict",
        items: Object.fromEntries(
          Object.entries(argument.items).map(([key, item]) => [key, mapReferences(item, change)]),
        ),
      };
    case "constant":
      return argument;
  }
}

/** The tensors that a call takes, positional before named, in order. */
export function referencesOf(call: LayerCall): TensorRef[] {
  return tensorsOf(call).map(({ ref }) => ref);
}

/** The tensors that a call takes, in the order of `referencesOf`. */
export function tensorsOf(call: LayerCall): (CallArgument & { kind: "tensor" })[] {
  const found: (CallArgument & { kind: "tensor" })[] = [];
  const visit = (argument: CallArgument): void => {
    if (argument.kind === "tensor") found.push(argument);
    else if (argument.kind === "list") argument.items.forEach(visit);
    else if (argument.kind === "dict") Object.values(argument.items).forEach(visit);
  };
  call.args.forEach(visit);
  Object.values(call.kwargs).forEach(visit);
  return found;
}

/** The leaves of an inputs or outputs structure in Keras's order: lists as they stand, dicts by their keys. */
export function structureReferences(structure: Structure<TensorRef>): TensorRef[] {
  if (isReference(structure)) return [structure];
  if (Array.isArray(structure)) return structure.flatMap(structureReferences);
  const entries = Object.entries(structure as Record<string, Structure<TensorRef>>);
  return entries.sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, item]) => structureReferences(item));
}

/** The key of each tensor of a dictionary, in the order of `structureReferences`; empty for any other structure. */
export function outputKeys(structure: Structure<TensorRef>): string[] {
  if (isReference(structure) || Array.isArray(structure)) return [];
  const entries = Object.entries(structure as Record<string, Structure<TensorRef>>);
  return entries.every(([, item]) => isReference(item)) ? entries.map(([key]) => key).sort() : [];
}

function mapStructure(
  structure: Structure<TensorRef>,
  change: (ref: TensorRef) => TensorRef,
): Structure<TensorRef> {
  if (isReference(structure)) return change(structure);
  if (Array.isArray(structure)) return structure.map((item) => mapStructure(item, change));
  return Object.fromEntries(
    Object.entries(structure as Record<string, Structure<TensorRef>>).map(([key, item]) => [
      key,
      mapStructure(item, change),
    ]),
  );
}

function isReference(value: Structure<TensorRef>): value is TensorRef {
  return typeof (value as TensorRef).layer === "string" && typeof (value as TensorRef).nodeIndex === "number";
}
