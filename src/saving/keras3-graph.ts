import type { JsonValue } from "../formats/model-file.js";
import type { CallArgument, LayerCall, LayerSpec, ModelGraph } from "../keras/graph.js";
import { isObject, stringAt } from "../keras/json.js";
import { parameterPairs } from "../ops/tensorflow/call.js";
import { TENSORFLOW_SYMBOLS } from "../ops/tensorflow/symbols.js";
import { operationModule } from "./operation-module.js";
import { SIGNATURES } from "./operation-signatures.js";
import { FUNCTION_LAYERS, operationName } from "./python-operation.js";

/**
 * A graph as Keras 3 would have it, and the models nested in it: TensorFlow functions between the layers, which Keras 2
 * saves as layers of their own, become operations of `keras.ops` where Keras 3 has the same. The others stay what they
 * are, for the user to define.
 */
export function keras3Graph(graph: ModelGraph): ModelGraph {
  const changed = new Map<string, Operation>();
  const kept = new Map<string, LayerSpec>();
  for (const spec of graph.layers) {
    if (!FUNCTION_LAYERS.test(spec.className)) continue;
    const calls = graph.calls.filter(({ layer }) => layer === spec.name);
    const operation = operationOf(spec, calls);
    if (operation) changed.set(spec.name, operation);
    else kept.set(spec.name, { ...spec, registeredName: operationName(spec.className, calls) });
  }
  return {
    ...graph,
    layers: graph.layers.map((spec) => {
      const written = changed.get(spec.name)?.spec ?? kept.get(spec.name);
      return written ?? { ...spec, model: spec.model && keras3Graph(spec.model) };
    }),
    calls: graph.calls.flatMap((call) => changed.get(call.layer)?.calls.get(call.nodeIndex) ?? [call]),
  };
}

interface Operation {
  readonly spec: LayerSpec;
  readonly calls: ReadonlyMap<number, LayerCall>;
}

/** Null where Keras 3 has no such operation, or not with these arguments. */
function operationOf(spec: LayerSpec, calls: readonly LayerCall[]): Operation | null {
  const symbol = (stringAt(spec.config, "function") ?? "").replace(/^compat\.v1\./, "");
  const written = calls.map((call) =>
    symbol === "__operators__.getitem" ? itemCall(call) : functionCall(symbol, call),
  );
  const [first] = written;
  if (!first || written.some((one) => JSON.stringify(one?.config) !== JSON.stringify(first.config)))
    return null;
  return {
    spec: {
      ...spec,
      className: first.className,
      module: `keras.src.ops.${operationModule(first.className)}`,
      registeredName: first.className,
      config: { name: spec.name, ...first.config },
    },
    calls: new Map(calls.map((call, i) => [call.nodeIndex, written[i]!.call])),
  };
}

interface Written {
  readonly className: string;
  readonly config: Readonly<Record<string, JsonValue>>;
  readonly call: LayerCall;
}

function functionCall(symbol: string, call: LayerCall): Written | null {
  const entry = TENSORFLOW_SYMBOLS.get(symbol);
  const signature = entry && SIGNATURES.get(entry[0]);
  if (!entry || !signature) return null;
  const values = valuesOf(call, parameterPairs(entry[1]));
  const known = new Set([...signature.called, ...signature.made]);
  if ([...values.keys()].some((name) => !known.has(name))) return null;
  const made = signature.made.flatMap((name) => {
    const value = values.get(name);
    return value === undefined ? [] : [[name, value] as const];
  });
  const args = signature.called.map((name) => values.get(name));
  if (args.some((value) => value === undefined)) return null;
  if (made.some(([, value]) => value.kind !== "constant")) return null;
  const config = made.map(([name, value]) => [name, value.kind === "constant" ? value.value : null]);
  return {
    className: entry[0],
    config: Object.fromEntries(config) as Record<string, JsonValue>,
    call: { ...call, args: args as CallArgument[], kwargs: {} },
  };
}

/** The arguments of a call by the names that the operation has for them; `None` says nothing. */
function valuesOf(
  call: LayerCall,
  parameters: readonly (readonly [string, string])[],
): Map<string, CallArgument> {
  const names = new Map(parameters);
  const values = new Map<string, CallArgument>();
  call.args.forEach((value, i) => values.set(parameters[i]?.[1] ?? `${i}`, value));
  for (const [key, value] of Object.entries(call.kwargs)) {
    const isNone = value.kind === "constant" && value.value === null;
    if (key !== "name" && !isNone) values.set(names.get(key) ?? key, plainList(value));
  }
  return values;
}

/** A list of constants is a constant. */
function plainList(value: CallArgument): CallArgument {
  if (value.kind !== "list") return value;
  const items = value.items.flatMap((item) => (item.kind === "constant" ? [item.value] : []));
  return items.length === value.items.length ? { kind: "constant", value: items } : value;
}

/** `x[:, 0]`: the key as Keras 3 writes it. */
function itemCall(call: LayerCall): Written | null {
  const [x, given] = call.args;
  const key = plainKey(call.kwargs["slice_spec"] ?? given);
  if (!x || key === undefined) return null;
  const parts = (Array.isArray(key) ? key : [key]).map(keyPart);
  if (parts.some((part) => part === undefined)) return null;
  return {
    className: "GetItem",
    config: {},
    call: { ...call, args: [x, { kind: "constant", value: parts as JsonValue[] }], kwargs: {} },
  };
}

function plainKey(value: CallArgument | undefined): JsonValue | undefined {
  if (value === undefined) return undefined;
  if (value.kind === "constant") return value.value;
  if (value.kind === "list") {
    const items = value.items.map(plainKey);
    return items.every((item) => item !== undefined) ? items : undefined;
  }
  if (value.kind === "tensor") return undefined;
  const entries = Object.entries(value.items).map(([name, item]) => [name, plainKey(item)] as const);
  return entries.every(([, item]) => item !== undefined)
    ? (Object.fromEntries(entries) as Record<string, JsonValue>)
    : undefined;
}

function keyPart(part: JsonValue): JsonValue | undefined {
  if (typeof part === "number" || part === null) return part;
  if (!isObject(part) || !("start" in part) || !("stop" in part)) return undefined;
  const { start, stop, step = null } = part;
  return { class_name: "__slice__", config: { start: start!, stop: stop!, step } };
}
