import * as tf from "@tensorflow/tfjs";
import type { JsonValue } from "../formats/model-file.js";
import { LayerError } from "../keras/finding.js";
import type { LayerSpec } from "../keras/graph.js";
import { brief, isObject, stringAt } from "../keras/json.js";
import { nearestNames } from "../names/nearest-names.js";
import type { CallValue } from "../layers/computed-layer.js";
import type { LayerDefinition } from "../layers/registry.js";
import { OperationLayer } from "./operation-layer.js";
import type { Operation, Values } from "./operation.js";
import { index } from "./slicing.js";
import { OPERATIONS } from "./table.js";
import { parameterPairs, tensorFlowCall, withStrings, type NamedCall } from "./tensorflow-call.js";
import { TENSORFLOW_FUNCTIONS } from "./tensorflow-functions.js";
import { TENSORFLOW_OPS, TENSORFLOW_SYMBOLS } from "./tensorflow-symbols.js";
import { integers, number, tensor } from "./values.js";

/** Calls of TensorFlow functions that Keras 2 turns into layers (tf_keras/layers/core/tf_op_layer.py). */
export const TENSORFLOW_LAYERS: readonly LayerDefinition[] = [
  row("TFOpLambda", ["function"], functionCall),
  row("SlicingOpLambda", ["function"], functionCall),
  row("TensorFlowOpLayer", ["node_def", "constants"], nodeCall),
];

/** Functions and ops that look at a tensor's shape alone. */
const OF_SHAPES = /^(compat\.v1\.)?(shape|shape_n|size|rank|Shape|Size|Rank)$/;

function row(
  className: string,
  args: readonly string[],
  compute: (spec: LayerSpec) => (args: readonly CallValue[], named: Values) => tf.Tensor | tf.Tensor[],
): LayerDefinition {
  return {
    className,
    majors: [2],
    arguments: args,
    // Tensors stay where the call has them.
    callArguments: [],
    create(spec) {
      const run = compute(spec);
      const layer = new OperationLayer(className, spec, {
        outputShape: ([x]) => x!,
        compute: (_, { args: positional, named }) => run(positional, named),
      });
      layer.readsShapes = OF_SHAPES.test(
        stringAt(spec.config, "function") ?? stringAt(nodeOf(spec.config["node_def"]), "op") ?? "",
      );
      layer.trial = operationOf(spec)?.trial;
      return layer;
    },
  };
}

/** `function` is a public name of TensorFlow; only names of the table are known, none is looked up. */
function functionCall(spec: LayerSpec): NamedCall {
  const symbol = (stringAt(spec.config, "function") ?? "").replace(/^compat\.v1\./, "");
  if (symbol === "__operators__.getitem") {
    return (args, named) => index(tensor(args[0]), named["slice_spec"] ?? args[1]);
  }
  const known = tensorFlowCall(symbol);
  const names = [...TENSORFLOW_SYMBOLS.keys(), ...TENSORFLOW_FUNCTIONS.keys()];
  if (!known) throw unknownSymbol(symbol, names, "function");
  return known;
}

/** The operation of Keras that computes a function. */
function operationOf({ config }: LayerSpec): Operation | undefined {
  const entry = TENSORFLOW_SYMBOLS.get(stringAt(config, "function") ?? "");
  return entry && OPERATIONS.get(entry[0]);
}

/** One node of a graph: its op, attributes and the inputs that were constants. */
function nodeCall(spec: LayerSpec): (args: readonly CallValue[]) => tf.Tensor | tf.Tensor[] {
  const node = nodeOf(spec.config["node_def"]);
  const op = stringAt(node, "op") ?? "";
  const attributes = isObject(node["attr"]) ? node["attr"] : {};
  const constants = isObject(spec.config["constants"]) ? spec.config["constants"] : {};
  const inputs = (args: readonly CallValue[]): CallValue[] => {
    const given = args.flatMap((value) => (Array.isArray(value) ? (value as CallValue[]) : [value]));
    const count = given.length + Object.keys(constants).length;
    return Array.from({ length: count }, (_, i) =>
      `${i}` in constants ? constants[`${i}`]! : given.shift()!,
    );
  };
  const special = NODES.get(op);
  if (special) return (args) => special(inputs(args), (name) => attribute(attributes[name]));
  const entry = TENSORFLOW_OPS.get(op);
  const operation = entry && OPERATIONS.get(entry[0]);
  if (!entry || !operation) throw unknownSymbol(op, [...TENSORFLOW_OPS.keys(), ...NODES.keys()], "node_def");
  return (args) => operation.compute(nodeValues(operation, entry, inputs(args), attributes));
}

function nodeValues(
  operation: Operation,
  [, names, settings]: readonly [string, string, string?],
  inputs: readonly CallValue[],
  attributes: { readonly [key: string]: JsonValue },
): Values {
  const values: Record<string, CallValue | undefined> = {};
  const parameters = names.split(" ");
  inputs.forEach((value, i) => (values[parameters[i] ?? `${i}`] = value));
  for (const [name, ours] of parameterPairs(settings ?? "")) {
    const value = attribute(attributes[name]);
    if (value !== null) values[ours] = value;
  }
  // An empty list of axes means all of those of length 1.
  if (operation.name === "Squeeze" && integers(values["axis"]).length === 0) delete values["axis"];
  return withStrings(values);
}

type NodeKernel = (
  inputs: readonly CallValue[],
  attribute: (name: string) => CallValue,
) => tf.Tensor | tf.Tensor[];

/** Ops whose inputs do not line up with an operation's. */
const NODES: ReadonlyMap<string, NodeKernel> = new Map<string, NodeKernel>([
  [
    "ConcatV2",
    (inputs) => {
      const list = inputs.slice(0, -1).map((x) => tensor(x));
      return tf.concat(list, axisOf(inputs.at(-1), list[0]!.rank));
    },
  ],
  [
    "Pack",
    (inputs, attribute) =>
      tf.stack(
        inputs.map((x) => tensor(x)),
        number(attribute("axis"), 0),
      ),
  ],
  [
    "Unpack",
    ([value], attribute) => {
      const x = tensor(value);
      return tf.unstack(x, axisOf(attribute("axis"), x.rank));
    },
  ],
  [
    "Split",
    ([at, value], attribute) => {
      const x = tensor(value);
      return tf.split(x, number(attribute("num_split"), 1), axisOf(at, x.rank));
    },
  ],
  ["AddN", (inputs) => tf.addN(inputs.map((x) => tensor(x)))],
  [
    "StridedSlice",
    ([x, ...bounds], attribute) => {
      const mask = (name: string) => number(attribute(name), 0);
      const [begin, end, strides] = bounds.map((value) => integers(value));
      return tf.stridedSlice(
        tensor(x),
        begin!,
        end!,
        strides!,
        mask("begin_mask"),
        mask("end_mask"),
        mask("ellipsis_mask"),
        mask("new_axis_mask"),
        mask("shrink_axis_mask"),
      );
    },
  ],
]);

function axisOf(value: CallValue | undefined, rank: number): number {
  const at = number(value, 0);
  return at < 0 ? at + rank : at;
}

function nodeOf(value: JsonValue | undefined): { readonly [key: string]: JsonValue } {
  if (isObject(value)) return value;
  if (typeof value !== "string") return {};
  try {
    const parsed = JSON.parse(value) as JsonValue;
    return isObject(parsed) ? parsed : {};
  } catch {
    return {};
  }
}

const TYPES: ReadonlyMap<string, string> = new Map([
  ["DT_BOOL", "bool"],
  ["DT_STRING", "string"],
]);

/** A value of a NodeDef's attribute as JSON has it: numbers as strings, strings in base 64. */
function attribute(value: JsonValue | undefined): CallValue {
  if (!isObject(value)) return null;
  if (typeof value["i"] === "string" || typeof value["i"] === "number") return Number(value["i"]);
  if (typeof value["f"] === "number") return value["f"];
  if (typeof value["b"] === "boolean") return value["b"];
  if (typeof value["s"] === "string") return Buffer.from(value["s"], "base64").toString("utf8");
  const type = value["type"];
  if (typeof type === "string") return TYPES.get(type) ?? (/INT/.test(type) ? "int32" : "float32");
  const list = value["list"];
  if (isObject(list) && Array.isArray(list["i"])) return list["i"].map(Number);
  return null;
}

function unknownSymbol(symbol: string, known: Iterable<string>, argument: string): LayerError {
  const near = nearestNames(symbol, known);
  return new LayerError(
    "C09",
    argument,
    `TensorFlow function ${brief(symbol)}`,
    "no operation is known for it",
    near.length > 0 ? `Register the layer; near ones: ${near.join(", ")}.` : "Register the layer.",
  );
}
