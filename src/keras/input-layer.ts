import * as tf from "@tensorflow/tfjs";
import type { JsonValue } from "../formats/model-file.js";
import { tensorName } from "./apply-call.js";
import { elementTypeName, setElementType } from "../layers/arguments/element-types.js";
import { LayerError } from "./finding.js";
import type { LayerSpec, ModelGraph } from "./graph.js";
import { declaredInputShape } from "./read-sequential.js";
import { brief } from "./json.js";

/** The arguments that say an input's shape, in any major's spelling. */
const INPUT_SHAPES = ["batch_shape", "batch_input_shape", "input_shape", "shape"] as const;

export type BatchShape = (number | null)[];

/** Makes an input layer; every dtype becomes one that tfjs has. */
export function inputLayer(spec: LayerSpec, shape: BatchShape): tf.layers.Layer {
  const layer = tf.layers.inputLayer({
    name: tensorName(spec.name),
    batchInputShape: shape,
    dtype: inputDtype(spec),
  });
  layer.name = spec.name;
  const type = elementTypeName(spec.config["dtype"] ?? spec.config["input_dtype"]);
  setElementType(layer.output as tf.SymbolicTensor, type);
  return layer;
}

/**
 * The batch shape of an input: what the file says, else what a caller passes, else the input of the nested model
 * that comes next, else what the next layer's stored kernel allows (taxonomy G06, G07).
 * @param kernel shape of the next layer's first stored weight
 * @throws LayerError G07 when nothing tells it
 */
export function inputShapeOf(
  spec: LayerSpec,
  next: LayerSpec | null,
  called: BatchShape | null,
  kernel: readonly number[] | null,
): BatchShape {
  const declared = declaredInputShape(spec.config);
  if (declared) return checked(declared, spec);
  if (called) return called;
  const unreadable = INPUT_SHAPES.find((key) => (spec.config[key] ?? null) !== null);
  if (unreadable !== undefined) throw noShape(unreadable, spec.config[unreadable]!, spec);
  const first = next?.model?.layers[0];
  if (first?.className === "InputLayer")
    return inputShapeOf(first, next?.model?.layers[1] ?? null, null, kernel);
  const inferred = next && kernel ? inputShapeFromKernel(next, kernel) : null;
  if (inferred) return inferred;
  throw new LayerError(
    "G07",
    "batch_input_shape",
    `the input "${spec.name}" has no shape`,
    "the model was saved before it was built, and its first layer's weights do not tell what goes in",
    "Say which shape the model takes.",
  );
}

/** What tfjs says where weights would get a length that is not known. */
const UNKNOWN_LENGTH = /comprised of positive integers/;

/**
 * A layer whose weights need a length that the model's input leaves open: what has to be said is the input's shape.
 * Null where the layer failed for another reason.
 * @param reaching the tensors that the layer is called on
 */
export function openLength(
  error: unknown,
  spec: LayerSpec,
  reaching: readonly { readonly shape: BatchShape }[],
  graph: ModelGraph,
): LayerError | null {
  if (!(error instanceof Error) || !UNKNOWN_LENGTH.test(error.message)) return null;
  const unknown = reaching.find(({ shape }) => shape.slice(1).some((n) => n === null || Number.isNaN(n)));
  if (!unknown) return null;
  const open = graph.layers.find(
    ({ className, config }) =>
      className === "InputLayer" && (declaredInputShape(config)?.slice(1).includes(null) ?? true),
  );
  const shape = unknown.shape.map((n) => (n === null || Number.isNaN(n) ? "open" : n)).join(", ");
  return new LayerError(
    open ? "G07" : "G11",
    open ? "batch_input_shape" : undefined,
    `"${spec.name}" gets [${shape}], and its weights need each length behind the batch`,
    open
      ? `the shape of the input "${open.name}" leaves lengths open`
      : "the layers before it do not fit the input",
    "Say the shape that the model takes, batch first.",
    { cause: error },
    open?.path ?? spec.path,
  );
}

function checked(shape: readonly unknown[], spec: LayerSpec): BatchShape {
  const whole = shape.every((n) => n === null || (typeof n === "number" && Number.isInteger(n) && n >= 0));
  if (whole) return shape as BatchShape;
  throw noShape("batch_shape", shape as JsonValue[], spec);
}

function noShape(argument: string, value: JsonValue, spec: LayerSpec): LayerError {
  return new LayerError(
    "A24",
    argument,
    `${argument} = ${brief(value)}`,
    "a shape is a list of lengths, null where a length is free",
    `Correct the shape of ${spec.name}.`,
  );
}

/** The batch shape that a stored kernel allows: the kernels whose first layer fixes the number of features that it takes. */
export function inputShapeFromKernel(next: LayerSpec, kernel: readonly number[]): BatchShape | null {
  const channels = kernel.at(-2)!;
  if (next.className === "Dense" && kernel.length === 2) return [null, kernel[0]!];
  if (next.className === "MultiHeadAttention" && kernel.length === 3) return [null, null, kernel[0]!];
  if (next.className === "Embedding") return [null, null];
  if (/^(LSTM|GRU|SimpleRNN)$/.test(next.className) && kernel.length === 2) return [null, null, kernel[0]!];
  if (/^(Separable|Depthwise)?Conv[123]D$/.test(next.className)) {
    return [null, ...kernel.slice(0, -2).map(() => null), channels];
  }
  return null;
}

function inputDtype(spec: LayerSpec): tf.DataType {
  const saved = spec.config["dtype"] ?? spec.config["input_dtype"];
  if (typeof saved !== "string") return "float32";
  if (saved === "string") return "string";
  if (saved === "bool") return "bool";
  return /^u?int/.test(saved) ? "int32" : "float32";
}
