import type { CallArgument, LayerCall, LayerSpec, ModelGraph, TensorRef } from "../keras/graph.js";
import { referencesOf } from "../keras/read-functional.js";
import { eachLayer } from "../keras/read-graph.js";

/**
 * A graph without the masks that Keras 3 writes into it: Keras 2 passes them along by itself. Operations that made
 * nothing but masks go with them.
 * @param stopAtStates whether the graph is of a Keras that hands no mask to a layer that is given its states: a layer
 *   before it then takes the mask away in Keras 2
 */
export function impliedMasks(graph: ModelGraph, stopAtStates: boolean): ModelGraph {
  const calls = graph.calls.map((call) => withoutMasks(call, graph));
  const implied = withoutMaskMakers({ ...graph, calls });
  return stopAtStates ? withStops(implied) : implied;
}

const MASKS = new Set(["mask", "query_mask", "key_mask", "value_mask"]);

/** A mask that the program gave itself stays: an input, numbers, one of a sequence that no layer masks. */
function withoutMasks(call: LayerCall, graph: ModelGraph): LayerCall {
  const implied = (name: string, argument: CallArgument) =>
    MASKS.has(name) &&
    (argument.kind === "constant"
      ? argument.value === null
      : isMade(argument, graph) && isMasked(call, graph));
  const kwargs = Object.fromEntries(Object.entries(call.kwargs).filter((named) => !implied(...named)));
  return { ...call, kwargs };
}

function isMade(mask: CallArgument, graph: ModelGraph): boolean {
  const source =
    mask.kind === "tensor" ? graph.layers.find(({ name }) => name === mask.ref.layer) : undefined;
  return source !== undefined && MAKERS.has(source.className);
}

/** Whether a layer on the way to any of the call's sequences makes a mask. */
function isMasked({ args, kwargs }: LayerCall, graph: ModelGraph): boolean {
  const sequences = Object.entries(kwargs).filter(([name]) => !MASKS.has(name));
  const given = { args, kwargs: Object.fromEntries(sequences), layer: "", nodeIndex: 0 };
  return referencesOf(given).some((ref) => mayBeMasked(ref, graph));
}

/** Operations that masks are made with. */
const MAKERS = new Set(["NotEqual", "LogicalAnd", "LogicalOr", "Any", "All"]);

/** Without those that nothing takes any more, from the last to the first. */
function withoutMaskMakers(graph: ModelGraph): ModelGraph {
  const outputs = JSON.stringify(graph.outputs);
  let { layers, calls } = graph;
  for (;;) {
    const used = new Set(calls.flatMap((call) => referencesOf(call).map(({ layer }) => layer)));
    const gone = new Set(
      layers
        .filter(({ name, className }) => MAKERS.has(className) && !used.has(name) && !outputs.includes(name))
        .map(({ name }) => name),
    );
    if (gone.size === 0) return { ...graph, layers, calls };
    layers = layers.filter(({ name }) => !gone.has(name));
    calls = calls.filter(({ layer }) => !gone.has(layer));
  }
}

const RECURRENT = /^(SimpleRNN|LSTM|GRU|RNN|Bidirectional|CuDNNLSTM|CuDNNGRU)$/;

/** A Permute of no effect before each layer that Keras 2 would give a mask beside its states: it hands none on. */
function withStops(graph: ModelGraph): ModelGraph {
  const stops: { spec: LayerSpec; call: LayerCall }[] = [];
  const calls = graph.calls.map((call) => {
    const spec = graph.layers.find(({ name }) => name === call.layer)!;
    const [sequence] = call.args;
    if (!RECURRENT.test(spec.className) || !takesStates(call) || sequence?.kind !== "tensor") return call;
    if (!mayBeMasked(sequence.ref, graph)) return call;
    const stop = stopBefore(spec, sequence, stops.length);
    stops.push(stop);
    const unmasked: TensorRef = { layer: stop.spec.name, nodeIndex: 0, tensorIndex: 0 };
    return { ...call, args: [{ kind: "tensor" as const, ref: unmasked }, ...call.args.slice(1)] };
  });
  if (stops.length === 0) return graph;
  return {
    ...graph,
    layers: [...graph.layers, ...stops.map(({ spec }) => spec)],
    calls: [...calls, ...stops.map(({ call }) => call)],
  };
}

function takesStates({ kwargs }: LayerCall): boolean {
  const states = kwargs["initial_state"];
  return states !== undefined && !(states.kind === "constant" && states.value === null);
}

function stopBefore(spec: LayerSpec, sequence: CallArgument, index: number) {
  const name = `${spec.name}_without_mask_${index}`;
  const path = `${spec.path.slice(0, spec.path.length - spec.name.length)}${name}`;
  return {
    spec: {
      className: "Permute",
      name,
      path,
      module: null,
      registeredName: null,
      config: { dims: [1, 2] },
      buildConfig: null,
      model: null,
      inner: {},
    },
    call: { layer: name, nodeIndex: 0, args: [sequence], kwargs: {} },
  };
}

/** Whether a layer on the way to a tensor makes a mask. */
function mayBeMasked(ref: TensorRef, graph: ModelGraph): boolean {
  const seen = new Set<string>();
  const open = [ref.layer];
  while (open.length > 0) {
    const name = open.pop()!;
    if (seen.has(name)) continue;
    seen.add(name);
    const spec = graph.layers.find((layer) => layer.name === name);
    if (spec && (spec.model ? [...eachLayer(spec.model)] : [spec]).some(makesMask)) return true;
    for (const call of graph.calls)
      if (call.layer === name) open.push(...referencesOf(call).map(({ layer }) => layer));
  }
  return false;
}

function makesMask({ className, config }: LayerSpec): boolean {
  return className === "Masking" || config["mask_zero"] === true;
}
