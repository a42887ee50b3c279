import type {
  CallArgument,
  LayerCall,
  LayerSpec,
  ModelGraph,
  Structure,
  TensorRef,
} from "../../keras/graph.js";
import { referencesOf, structureReferences } from "../../keras/read-functional.js";
import { waitingLayers } from "../../keras/check-graph.js";
import { locate } from "../report/evidence.js";
import { inputReaching } from "../shapes/likely-input-shape.js";
import { parseShape } from "../shapes/shape-argument.js";
import type { Decision } from "../problem.js";
import type { Work } from "../work.js";
import { mapLayers, type Edited } from "./edited.js";
import { activationArguments } from "../problems/activation-arguments.js";

/** `input-shape null,28,28,1`: the batch shape of an input that has none, or a wrong one. */
export function inputShape(graph: ModelGraph, { subject, argument }: Decision): Edited | null {
  if (argument === undefined) return null;
  const shape = parseShape(argument);
  const path = inputPath(graph, subject);
  let found = false;
  const edited = mapLayers(graph, (spec) => {
    if (spec.path !== path) return spec;
    found = true;
    return { ...spec, config: { ...spec.config, batch_shape: shape, batch_input_shape: shape } };
  });
  return found
    ? {
        graph: edited,
        done: `its shape is [${shape.map((n) => n ?? "null").join(", ")}]`,
        fidelity: "equivalent",
      }
    : null;
}

/** The path of an input layer: the layer itself, or the input that reaches it. */
function inputPath(graph: ModelGraph, path: string): string | null {
  const found = locate(graph, path);
  if (!found || found.spec.className === "InputLayer") return found?.spec.path ?? null;
  return inputReaching(found.spec, found.graph)?.input.path ?? null;
}

/**
 * `connect NAME`, or `connect NAME:1` for its second call: what is connected to a layer or a call that is not there
 * takes this one instead. So does, of layers that wait for each other (G01), what one of them takes from the others.
 */
export function connectTo(graph: ModelGraph, { code, subject, argument }: Decision): Edited | null {
  if (argument === undefined) return null;
  const whole = ownerOf(graph, subject, argument);
  const [, before, digits] = /^(.*):(\d+)$/.exec(argument) ?? [];
  const [name, nodeIndex] =
    whole || before === undefined ? [argument, 0] : ([before, Number(digits)] as const);
  const owner = whole ?? ownerOf(graph, subject, name);
  if (!owner || nodeIndex >= callCount(owner.graph, name)) return null;
  const edited = mapGraph(graph, owner, (part) => {
    const stuck = code === "G01" ? waitingLayers(part) : new Set<string>();
    const move = (ref: TensorRef): TensorRef =>
      ref.nodeIndex >= 0 && ref.nodeIndex < callCount(part, ref.layer) && !stuck.has(ref.layer)
        ? ref
        : { layer: name, nodeIndex, tensorIndex: ref.layer === name ? ref.tensorIndex : 0 };
    const only = (call: LayerCall) => subject === "model" || pathOf(part, call.layer) === subject;
    return {
      ...part,
      calls: part.calls.map((call) => (only(call) ? mapCall(call, move) : call)),
      ...(subject === "model" || subject === owner.path
        ? { outputs: mapStructure(part.outputs, move), inputs: mapStructure(part.inputs, move) }
        : {}),
    };
  });
  return { graph: edited, done: `connected to ${argument}`, fidelity: "approximate" };
}

/**
 * The call of a layer that is likeliest meant where one is missing: the one whose output nothing takes, else the last
 * that there is up to the one that was asked for.
 */
export function likeliestCall(graph: ModelGraph, name: string, wanted: number): number {
  const taken = new Set(
    [...graph.calls.flatMap(referencesOf), ...structureReferences(graph.outputs)]
      .filter(({ layer }) => layer === name)
      .map((ref) => ref.nodeIndex),
  );
  const calls = callCount(graph, name);
  const free = Array.from({ length: calls }, (_, i) => i).filter((i) => !taken.has(i));
  return free[0] ?? Math.max(0, Math.min(wanted, calls - 1));
}

/** How often a layer is called; an input counts as called once, one that is not there never. */
function callCount(graph: ModelGraph, name: string): number {
  const spec = graph.layers.find((layer) => layer.name === name);
  if (spec?.className === "InputLayer") return 1;
  return graph.calls.filter(({ layer }) => layer === name).length;
}

/** `input NAME`: an input layer that the model does not list is one of its inputs, behind the others. */
export function inputAt(graph: ModelGraph, { argument }: Decision): Edited | null {
  const spec = graph.layers.find(({ name, className }) => name === argument && className === "InputLayer");
  if (!spec) return null;
  const inputs = [...structureReferences(graph.inputs), { layer: spec.name, nodeIndex: 0, tensorIndex: 0 }];
  return { graph: { ...graph, inputs }, done: `${spec.name} is an input too`, fidelity: "equivalent" };
}

/** `output NAME`: the model ends at this layer. */
export function outputAt(graph: ModelGraph, { argument }: Decision, work: Work): Edited | null {
  const spec = graph.layers.find(({ name }) => name === argument);
  if (!spec) return null;
  const ref = { layer: spec.name, nodeIndex: 0, tensorIndex: 0 };
  return {
    graph: pruned({ ...graph, outputs: ref }, work),
    done: `the output is that of ${spec.name}`,
    fidelity: "approximate",
  };
}

/** `cut`: the model ends before a layer; its outputs are the tensors that reach it. */
export function cutAt(graph: ModelGraph, decision: Decision, work: Work): Edited | null {
  const activation =
    decision.code === "C16" ? activationArguments(graph, decision.subject)[0]?.path : undefined;
  const subject = activation ?? decision.subject;
  const root = graph.layers.find(
    (spec) => spec.path === subject || subject.startsWith(`${spec.path}/`) || spec.className === subject,
  );
  const call = root && graph.calls.find(({ layer }) => layer === root.name);
  const known = new Set(graph.layers.map(({ name }) => name));
  const reaching = call ? referencesOf(call).filter(({ layer }) => known.has(layer)) : [];
  if (!root || reaching.length === 0) return null;
  return {
    graph: pruned({ ...graph, outputs: reaching.length === 1 ? reaching[0]! : reaching }, work),
    done: `the model ends before ${root.name}: its output is what reaches that layer`,
    fidelity: "stub",
  };
}

/** Without the layers that no output needs; their stored weights are left alone. */
function pruned(graph: ModelGraph, work: Work): ModelGraph {
  const needed = new Set<string>();
  const open = structureReferences(graph.outputs).map(({ layer }) => layer);
  while (open.length > 0) {
    const name = open.pop()!;
    if (needed.has(name)) continue;
    needed.add(name);
    for (const call of graph.calls)
      if (call.layer === name) open.push(...referencesOf(call).map(({ layer }) => layer));
  }
  const left = graph.layers.filter(({ name }) => !needed.has(name));
  work.leftOut = new Set([...(work.leftOut ?? []), ...left.map(({ name }) => name)]);
  const inputs = structureReferences(graph.inputs).filter(({ layer }) => needed.has(layer));
  return {
    ...graph,
    layers: graph.layers.filter(({ name }) => needed.has(name)),
    calls: graph.calls.filter(({ layer }) => needed.has(layer)),
    inputs: inputs.length === 1 ? inputs[0]! : inputs,
  };
}

/** The graph, nested or the root, that a path's layer stands in, where it has a layer of that name to connect to. */
function ownerOf(
  graph: ModelGraph,
  subject: string,
  name: string,
): { path: string; graph: ModelGraph } | null {
  const has = (part: ModelGraph) => part.layers.some((layer) => layer.name === name);
  const visit = (part: ModelGraph, path: string): { path: string; graph: ModelGraph } | null => {
    if (
      has(part) &&
      (subject === "model" || path === subject || part.layers.some((spec) => spec.path === subject))
    )
      return { path, graph: part };
    for (const spec of part.layers) {
      const found = spec.model && visit(spec.model, spec.path);
      if (found) return found;
    }
    return null;
  };
  return visit(graph, "");
}

function mapGraph(
  graph: ModelGraph,
  owner: { graph: ModelGraph },
  change: (graph: ModelGraph) => ModelGraph,
): ModelGraph {
  if (graph === owner.graph) return change(graph);
  const layers = graph.layers.map((spec): LayerSpec =>
    spec.model ? { ...spec, model: mapGraph(spec.model, owner, change) } : spec,
  );
  return { ...graph, layers };
}

function pathOf(graph: ModelGraph, name: string): string | undefined {
  return graph.layers.find((spec) => spec.name === name)?.path;
}

function mapCall(call: LayerCall, move: (ref: TensorRef) => TensorRef): LayerCall {
  const visit = (argument: CallArgument): CallArgument => {
    switch (argument.kind) {
      case "tensor":
        return { kind: "tensor", ref: move(argument.ref) };
      case "list":
        return { kind: "list", items: argument.items.map(visit) };
      case "dict":
        return { kind: "dict", items: mapValues(argument.items, visit) };
      case "constant":
        return argument;
    }
  };
  return { ...call, args: call.args.map(visit), kwargs: mapValues(call.kwargs, visit) };
}

function mapValues<T>(items: Readonly<Record<string, T>>, change: (item: T) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(items).map(([key, item]) => [key, change(item)]));
}

function mapStructure(
  structure: Structure<TensorRef>,
  move: (ref: TensorRef) => TensorRef,
): Structure<TensorRef> {
  if ("nodeIndex" in structure && typeof structure.nodeIndex === "number")
    return move(structure as TensorRef);
  if (Array.isArray(structure)) return structure.map((item) => mapStructure(item, move));
  return Object.fromEntries(
    Object.entries(structure as Record<string, Structure<TensorRef>>).map(([key, item]) => [
      key,
      mapStructure(item, move),
    ]),
  );
}
