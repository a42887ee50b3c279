import type { JsonValue } from "../formats/model-file.js";
import type { CallArgument, LayerCall, LayerSpec, ModelGraph } from "../keras/graph.js";
import { isObject } from "../keras/json.js";
import { isOperation } from "../layers/resolve.js";
import { parameterPairs } from "../ops/tensorflow/call.js";
import { TENSORFLOW_SYMBOLS } from "../ops/tensorflow/symbols.js";
import { SIGNATURES } from "./operation-signatures.js";

/**
 * Operations of `keras.ops` between the layers as Keras 2 would have saved them: layers of TensorFlow functions, which
 * need no class of the user's. Those that TensorFlow computes otherwise, or refuses for the types of their operands,
 * stay what they are (tf_keras/layers/core/tf_op_layer.py).
 */
export function keras2Functions(graph: ModelGraph): ModelGraph {
  const changed = new Map<string, Changed>();
  for (const spec of graph.layers) {
    if (spec.model || !isOperation(spec)) continue;
    const calls = graph.calls.filter(({ layer }) => layer === spec.name);
    const written = calls.map((call) => functionCall(spec, call));
    const [first] = written;
    if (first && written.every((one) => one?.symbol === first.symbol))
      changed.set(spec.name, {
        symbol: first.symbol,
        calls: new Map(written.map((one) => [one!.call.nodeIndex, one!.call])),
      });
  }
  return {
    ...graph,
    layers: graph.layers.map((spec) => {
      const symbol = changed.get(spec.name)?.symbol;
      return symbol === undefined ? spec : functionLayer(spec, symbol);
    }),
    calls: graph.calls.map((call) => changed.get(call.layer)?.calls.get(call.nodeIndex) ?? call),
  };
}

interface Changed {
  readonly symbol: string;
  readonly calls: ReadonlyMap<number, LayerCall>;
}

interface Written {
  readonly symbol: string;
  readonly call: LayerCall;
}

function functionLayer(spec: LayerSpec, symbol: string): LayerSpec {
  return {
    ...spec,
    className: symbol === ITEM ? "SlicingOpLambda" : "TFOpLambda",
    module: null,
    registeredName: null,
    config: { name: spec.name, trainable: true, dtype: "float32", function: symbol },
  };
}

const ITEM = "__operators__.getitem";

/** Operations that have two names in Keras 3, and those that the public name of TensorFlow's function is another for. */
const SAME: Readonly<Record<string, string>> = { Absolute: "Abs", TrueDivide: "Divide" };

const STRUCTURAL = /^(ExpandDims|Squeeze|Transpose|Reshape|Tile|Flip|Stack|Concatenate|Cast)$/;
const LOGICAL = /^Logical/;

/** The first name of each operation's function, with its parameters as pairs of theirs and ours. */
const FUNCTIONS: ReadonlyMap<string, { symbol: string; parameters: readonly (readonly [string, string])[] }> =
  new Map(
    [...TENSORFLOW_SYMBOLS]
      .filter(([symbol]) => !/^(compat|__operators__)/.test(symbol))
      .reverse()
      .map(([symbol, [operation, parameters]]) => [
        operation,
        { symbol, parameters: parameterPairs(parameters) },
      ]),
  );

/** Null where Keras 2 has no such function, or not with these arguments. */
function functionCall(spec: LayerSpec, call: LayerCall): Written | null {
  if (spec.className === "GetItem") return itemCall(call);
  const name = SAME[spec.className] ?? spec.className;
  const signature = SIGNATURES.get(name);
  const target = FUNCTIONS.get(name);
  if (!signature || !target) return null;
  const values = argumentsOf(spec, call, signature);
  if (values === null || [...values.values()].some(isMixed) || !suit(name, values)) return null;
  const theirs = new Map(target.parameters.map(([their, our]) => [our, their]));
  const [first, ...rest] = [...values];
  if (!first || rest.some(([key]) => !theirs.has(key))) return null;
  return {
    symbol: target.symbol,
    call: {
      ...call,
      args: [first[1]],
      kwargs: Object.fromEntries(rest.map(([key, value]) => [theirs.get(key)!, value])),
    },
  };
}

function isMixed(value: CallArgument): boolean {
  return (
    value.kind === "dict" || (value.kind === "list" && value.items.some(({ kind }) => kind !== "tensor"))
  );
}

/** What a call is made on and with, by the names of the operation; null where it says more, or something else. */
function argumentsOf(
  { config }: LayerSpec,
  { args, kwargs }: LayerCall,
  { called, made }: { called: readonly string[]; made: readonly string[] },
): Map<string, CallArgument> | null {
  const values = new Map<string, CallArgument>();
  args.forEach((value, i) => values.set(called[i] ?? `${i}`, value));
  for (const [key, value] of Object.entries(kwargs)) values.set(key, value);
  if (values.size !== called.length || called.some((key) => !values.has(key))) return null;
  for (const [key, value] of Object.entries(config)) {
    if (key === "name" || value === null) continue;
    if (!made.includes(key)) return null;
    values.set(key, { kind: "constant", value });
  }
  return values;
}

/** Whether TensorFlow takes what Keras 3 does: it converts no tensor to the type of another, and is strict about axes. */
function suit(name: string, values: Map<string, CallArgument>): boolean {
  const types = typesOf([...values.values()]);
  if (types.some((type) => type === undefined)) return false;
  const [type] = types;
  if (name === "Where") return suitWhere(values);
  if (new Set(types).size !== 1) return false;
  const isFloat = /float/.test(type!);
  if (LOGICAL.test(name)) return type === "bool";
  if (!isFloat && !STRUCTURAL.test(name)) return false;
  return suitAxes(name, values);
}

function suitWhere(values: Map<string, CallArgument>): boolean {
  const [condition] = typesOf([values.get("condition")!]);
  const types = typesOf([values.get("x1")!, values.get("x2")!]);
  return (
    condition === "bool" && types.length > 0 && new Set(types).size === 1 && /float/.test(types[0] ?? "")
  );
}

/** Lists where TensorFlow wants them; false where it has no such argument. */
function suitAxes(name: string, values: Map<string, CallArgument>): boolean {
  const constant = (key: string) => {
    const value = values.get(key);
    return value?.kind === "constant" ? value.value : null;
  };
  const isWhole = (value: JsonValue) => Number.isInteger(value);
  const areWhole = (value: JsonValue) => Array.isArray(value) && value.every(isWhole);
  switch (name) {
    case "ExpandDims":
    case "Softmax":
    case "LogSoftmax":
    case "Stack":
    case "Concatenate":
      return isWhole(constant("axis"));
    case "Flip": {
      const axis = constant("axis");
      if (isWhole(axis)) values.set("axis", { kind: "constant", value: [axis] });
      return isWhole(axis) || areWhole(axis);
    }
    case "Reshape":
      return areWhole(constant("newshape"));
    case "Cast":
      return typeof constant("dtype") === "string";
    case "Clip":
      return typeof constant("x_min") === "number" && typeof constant("x_max") === "number";
    // Keras 3 takes fewer numbers than there are axes.
    case "Tile":
      return false;
    default:
      return true;
  }
}

/** The element types of the tensors among arguments; undefined for one that the file does not tell. */
function typesOf(values: readonly CallArgument[]): (string | undefined)[] {
  return values.flatMap((value) => {
    if (value.kind === "tensor") return [value.type];
    return value.kind === "list" ? typesOf(value.items) : value.kind === "dict" ? [undefined] : [];
  });
}

/** `x[:, 0]`: the key as Keras 2 writes it. */
function itemCall(call: LayerCall): Written | null {
  const [x, key] = call.args;
  const given = key ?? call.kwargs["key"];
  if (x?.kind !== "tensor" || given?.kind !== "constant") return null;
  const parts = (Array.isArray(given.value) ? given.value : [given.value]).map(keyPart);
  if (parts.some((part) => part === undefined)) return null;
  const slices: CallArgument = { kind: "constant", value: parts as JsonValue[] };
  return { symbol: ITEM, call: { ...call, args: [x], kwargs: { slice_spec: slices } } };
}

function keyPart(part: JsonValue): JsonValue | undefined {
  if (typeof part === "number" || part === null) return part;
  if (!isObject(part)) return undefined;
  if (part["class_name"] === "__ellipsis__") return { class_name: "__ellipsis__" };
  const { config } = part;
  if (part["class_name"] !== "__slice__" || !isObject(config)) return undefined;
  const { start = null, stop = null, step = null } = config;
  return { start, stop, step };
}
