import * as tf from "@tensorflow/tfjs";
import { DataType } from "../formats/proto/tensorflow_pb.js";
import { KERNELS } from "../graph/kernels/table.js";
import { tensorType } from "../graph/tensors.js";
import type { CallValue } from "../layers/computed-layer.js";
import { attributesFrom, graphOp, type Attribute } from "./graph-op.js";
import { tensor } from "./values.js";

/** Inputs that are places or sizes, by their number. */
const PLACES: ReadonlyMap<string, readonly number[]> = new Map<string, readonly number[]>([
  ["Gather", [1]],
  ["GatherV2", [1, 2]],
  ["GatherNd", [1]],
  ["OneHot", [0, 1]],
  ["CropAndResize", [2, 3]],
  ["ScatterNd", [0, 2]],
  ["SparseSoftmaxCrossEntropyWithLogits", [1]],
  ["InTopK", [1]],
  ["InTopKV2", [1, 2]],
  ["DynamicPartition", [1]],
  ["InvertPermutation", [0]],
  ["ReverseSequence", [1]],
  ["UnravelIndex", [0, 1]],
  ...["Segment", "UnsortedSegment"].flatMap((kind) =>
    ["Sum", "Mean", "Max", "Min", "Prod"].map((name) => [`${kind}${name}`, [1, 2]] as const),
  ),
  ...["Update", "Add", "Sub", "Max", "Min"].map((name) => [`TensorScatter${name}`, [1]] as const),
]);

/** Inputs that are no integers, where the node's type is that of another input. */
const FRACTIONS: ReadonlyMap<string, readonly number[]> = new Map([
  ["InTopK", [0]],
  ["InTopKV2", [0]],
  ["CropAndResize", [1]],
]);

/** Inputs that are conditions. */
const CONDITIONS: ReadonlyMap<string, readonly number[]> = new Map([
  ["Select", [0]],
  ["SelectV2", [0]],
  ["LogicalAnd", [0, 1]],
  ["LogicalOr", [0, 1]],
  ["LogicalNot", [0]],
  ["All", [0]],
  ["Any", [0]],
]);

/** The attribute that says of what type the inputs are. */
const TYPES = ["T", "Tparams", "SrcT", "dtype", "Tidx"];

/**
 * A node of a graph that stands in a model as a layer. TensorFlow.js hands numbers from layer to layer as floats, and a
 * file has constants without a type: each input becomes of the type that the op takes.
 */
export function nodeOp(
  op: string,
  inputs: readonly CallValue[],
  attributes: Readonly<Record<string, Attribute>>,
): tf.Tensor[] {
  const read = attributesFrom(attributes);
  const { host = [] } = KERNELS.get(op)!;
  const fromHost = typeof host === "function" ? host(read) : host;
  const type = TYPES.find((name) => read.has(name));
  const own = type === undefined ? "float32" : tensorType(read.type(type));
  const given = inputs.map((value, i) => {
    if (CONDITIONS.get(op)?.includes(i)) return typed(value, "bool");
    if (FRACTIONS.get(op)?.includes(i)) return typed(value, "float32");
    if (PLACES.get(op)?.includes(i)) return typed(value, "int32");
    // Where all are read, they are what is computed with.
    const place = fromHost !== "all" && fromHost.length < inputs.length && fromHost.includes(i);
    if (place && wholeNumbers(value)) return tensor(value, "int32");
    return place || own === "string" || isComplex(value, read.type(type ?? "T"))
      ? tensor(value)
      : typed(value, own);
  });
  return graphOp(op, given, attributes);
}

function isComplex(value: CallValue, type: DataType | null): boolean {
  if (value instanceof tf.Tensor && value.dtype === "complex64") return true;
  return type === DataType.DT_COMPLEX64 || type === DataType.DT_COMPLEX128;
}

function typed(value: CallValue, dtype: tf.DataType): tf.Tensor {
  const x = tensor(value, dtype);
  if (x.dtype === dtype || x.dtype === "string" || x.dtype === "complex64") return x;
  return dtype === "bool" ? tf.notEqual(x, 0) : tf.cast(x, dtype);
}

function wholeNumbers(value: CallValue): boolean {
  if (value instanceof tf.Tensor) return false;
  return Array.isArray(value) ? (value as CallValue[]).every(wholeNumbers) : Number.isInteger(value);
}
