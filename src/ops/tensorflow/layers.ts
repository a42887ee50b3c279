import * as tf from "@tensorflow/tfjs";
import type { JsonValue } from "../../formats/model-file.js";
import { LayerError } from "../../keras/finding.js";
import type { LayerSpec } from "../../keras/graph.js";
import { brief, isObject, stringAt } from "../../keras/json.js";
import { nearestNames } from "../../names/nearest-names.js";
import type { CallValue } from "../../layers/computed-layer.js";
import { withComplex } from "../complex-call.js";
import { elementTypeName } from "../../layers/arguments/element-types.js";
import type { LayerDefinition } from "../../layers/registry.js";
import { byteTypeOfFunction } from "../byte-arithmetic.js";
import { attributeFrom, isPureOp, pureOps, type Attribute } from "../graph-op.js";
import { unitMatrices } from "../linear.js";
import { nodeOp } from "../node-op.js";
import { OperationLayer, ofNarrowType } from "../operation-layer.js";
import type { Operation, Values } from "../operation.js";
import { FUNCTION } from "../refused.js";
import { index } from "../slicing.js";
import { OPERATIONS } from "../table.js";
import { tensorFlowCall, type NamedCall } from "./call.js";
import { TENSORFLOW_FUNCTIONS } from "./functions.js";
import { TENSORFLOW_SYMBOLS } from "./symbols.js";
import { tensor } from "../values.js";

/** Calls of TensorFlow functions that Keras 2 turns into layers (tf_keras/layers/core/tf_op_layer.py). */
export const TENSORFLOW_LAYERS: readonly LayerDefinition[] = [
  row("TFOpLambda", ["function"], functionCall),
  row("SlicingOpLambda", ["function"], functionCall),
  row("TensorFlowOpLayer", ["node_def", "constants"], nodeCall),
];

/** Functions and ops that look at a tensor's shape alone. */
const OF_SHAPES = /^(compat\.v1\.)?(shape|shape_n|size|rank|Shape|Size|Rank)$/;

/** Functions whose result is of a type that the call names. */
const OF_TYPE = /^(cast|saturate_cast|dtypes\.saturate_cast|image\.convert_image_dtype|bitcast)$/;

/** Functions that read of which type their input is. */
const OF_SOURCE =
  /^(bitcast|image\.(convert_image_dtype|adjust_(brightness|contrast|gamma|hue|saturation)|rgb_to_grayscale))$/;

/** Functions that move elements, and leave each as it is. */
const KEEPS_TYPE =
  /^(identity|pad|clip_by_value|abs|sign|floordiv|floormod|math\.(maximum|minimum|abs|sign|floordiv|floormod|reduce_max|reduce_min)|reshape|transpose|squeeze|expand_dims|reverse|roll|tile|repeat|slice|gather|gather_nd|ensure_shape|stop_gradient|broadcast_to|concat|stack|unstack|split|convert_to_tensor|__operators__\.getitem|image\.(flip_left_right|flip_up_down|rot90|transpose|central_crop|crop_to_bounding_box|pad_to_bounding_box|resize_with_crop_or_pad|grayscale_to_rgb|rgb_to_grayscale|adjust_(brightness|contrast|gamma|hue|saturation)))$/;

function symbolOf({ config }: LayerSpec): string {
  return (stringAt(config, "function") ?? "").replace(/^compat\.v1\./, "");
}

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
      const layer: OperationLayer = new OperationLayer(className, spec, {
        outputShape: ([x]) => x!,
        compute(_, { args: positional, named }) {
          const symbol = symbolOf(spec);
          if (OF_TYPE.test(symbol))
            layer.outputType = elementTypeName(named["dtype"] ?? named["type"] ?? positional[1]);
          // Only the layer knows of which type its input was: tfjs has no more than one for all integers.
          const source = OF_SOURCE.test(symbol) ? { source: layer.inputTypes[0] ?? null } : {};
          const made = run(positional, { ...named, ...source });
          const type = byteTypeOfFunction(symbol, layer.inputTypes);
          if (type !== null && made instanceof tf.Tensor) layer.outputType = type;
          return ofNarrowType(layer, made, type);
        },
      });
      layer.keepsType = KEEPS_TYPE.test(symbolOf(spec));
      layer.readsShapes = OF_SHAPES.test(
        stringAt(spec.config, "function") ?? stringAt(nodeOf(spec.config["node_def"]), "op") ?? "",
      );
      layer.trial = trialOf(spec);
      return layer;
    },
  };
}

/** `function` is a public name of TensorFlow; only names of the table are known, none is looked up. */
function functionCall(spec: LayerSpec): NamedCall {
  const symbol = symbolOf(spec);
  if (symbol === "__operators__.getitem") {
    return withComplex(symbol, (args, named) => index(tensor(args[0]), named["slice_spec"] ?? args[1]));
  }
  // Few functions of TensorFlow 1 take other arguments than those of today.
  const known = tensorFlowCall(stringAt(spec.config, "function") ?? "") ?? tensorFlowCall(symbol);
  const names = [...TENSORFLOW_SYMBOLS.keys(), ...TENSORFLOW_FUNCTIONS.keys()];
  if (!known) throw unknownSymbol(symbol, names, "function");
  return known;
}

/** Ops of matrices that have an inverse. */
const INVERTIBLE =
  /^(MatrixInverse|Cholesky|MatrixSolve|MatrixSolveLs|MatrixTriangularSolve|LogMatrixDeterminant|MatrixSquareRoot|Lu)$/;

/** What a function takes where it does not take zeros. */
function trialOf({ config }: LayerSpec): Operation["trial"] {
  const symbol = stringAt(config, "function") ?? "";
  if (INVERTIBLE.test(stringAt(nodeOf(config["node_def"]), "op") ?? "")) return unitMatrices;
  const entry = TENSORFLOW_SYMBOLS.get(symbol);
  return entry ? OPERATIONS.get(entry[0])?.trial : TENSORFLOW_FUNCTIONS.get(symbol)?.trial;
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
  if (!isPureOp(op)) throw unknownSymbol(op, pureOps(), "node_def");
  return (args) => nodeOp(op, inputs(args), attributesOf(attributes));
}

/** A node's attributes as its file has them: those of protobuf's JSON that are read here. */
function attributesOf(attributes: { readonly [key: string]: JsonValue }): Record<string, Attribute> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [name, attributeFrom(value)] as const),
  );
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

/** Functions that call a function. */
const OF_FUNCTIONS =
  /^(scan|foldl|foldr|map_fn|cond|case|switch_case|while_loop|vectorized_map|py_function|numpy_function)$/;

function unknownSymbol(symbol: string, known: Iterable<string>, argument: string): LayerError {
  const near = nearestNames(symbol, known);
  return new LayerError(
    "C09",
    argument,
    `TensorFlow function ${brief(symbol)}`,
    OF_FUNCTIONS.test(symbol) ? FUNCTION : "no operation is known for it",
    near.length > 0 ? `Register the layer; near ones: ${near.join(", ")}.` : "Register the layer.",
  );
}
