import * as tf from "@tensorflow/tfjs";
import { typeLabel } from "../formats/proto/data-type.js";
import type { TensorInfo, TensorShapeProto } from "../formats/proto/tensorflow_pb.js";
import { DataType } from "../formats/proto/tensorflow_pb.js";
import { GraphError } from "./graph-error.js";
import { Variable } from "./resources.js";
import { tensorType } from "./tensors.js";
import { decodeText, encodeText } from "./byte-text.js";
import { integersOf } from "./kernels/integers.js";
import { ComplexTensor, retain, StringTensor, WideIntegers, type GraphValue } from "./value.js";

/** One input or output of a graph, by the name that users know. */
export interface TensorSpec {
  readonly name: string;
  /** NumPy's name for the type in the graph: `int64` although tensors here have 32 bits. */
  readonly dtype: string;
  /** null for a dimension that may have any size; null as a whole when not even the rank is known. */
  readonly shape: readonly (number | null)[] | null;
  /** Name of the tensor in the graph, `StatefulPartitionedCall:0`. */
  readonly tensor: string;
  readonly type: DataType;
}

export function specOf(name: string, info: TensorInfo): TensorSpec {
  return {
    name,
    dtype: typeLabel(info.dtype),
    shape: knownShape(info.tensorShape),
    tensor: info.encoding.case === "name" ? info.encoding.value : "",
    type: info.dtype,
  };
}

export function knownShape(shape: TensorShapeProto | undefined): (number | null)[] | null {
  if (shape === undefined || shape.unknownRank) return null;
  return shape.dim.map(({ size }) => (size < 0n ? null : Number(size)));
}

/** `x: float32 [?, 224, 224, 3]` */
export function showSpec({ name, dtype, shape }: TensorSpec): string {
  const dims = shape === null ? "any shape" : `[${shape.map((dim) => dim ?? "?").join(", ")}]`;
  return `${name}: ${dtype} ${dims}`;
}

/**
 * What a user gives: tensors by name, or in order. Integers of 64 bits that tensors do not hold are given as text, in
 * decimal: `tf.tensor(["1700000000123"])`.
 */
export type GraphInputs = tf.Tensor | readonly tf.Tensor[] | Readonly<Record<string, tf.Tensor>>;

/**
 * Puts a user's inputs in the order of the specs and checks them.
 * @throws GraphError G11 that names what is missing, surplus or of another shape.
 */
export function bindInputs(where: string, specs: readonly TensorSpec[], inputs: GraphInputs): GraphValue[] {
  const given = byName(where, specs, inputs);
  const missing = specs.filter(({ name }) => !given.has(name));
  const surplus = [...given.keys()].filter((name) => !specs.some((spec) => spec.name === name));
  if (missing.length > 0 || surplus.length > 0) {
    const parts = [
      missing.length > 0 ? `missing: ${missing.map(showSpec).join(", ")}` : "",
      surplus.length > 0 ? `not an input: ${surplus.join(", ")}` : "",
    ].filter((part) => part !== "");
    throw wrongFeed(where, parts.join("; "), specs);
  }
  return specs.map((spec) => toValue(where, spec, given.get(spec.name)!, specs));
}

function byName(where: string, specs: readonly TensorSpec[], inputs: GraphInputs): Map<string, tf.Tensor> {
  checkGiven(where, specs, inputs);
  if (inputs instanceof tf.Tensor) return byName(where, specs, [inputs]);
  if (!Array.isArray(inputs)) return new Map(Object.entries(inputs as Record<string, tf.Tensor>));
  if (inputs.length > specs.length) throw wrongFeed(where, `${inputs.length} inputs are given`, specs);
  return new Map((inputs as tf.Tensor[]).map((tensor, i) => [specs[i]!.name, tensor]));
}

/** @throws GraphError G11 where inputs are nothing, or a promise of them. */
export function checkGiven(where: string, specs: readonly TensorSpec[], inputs: unknown): void {
  if (inputs === null || typeof inputs !== "object")
    throw wrongFeed(where, `its inputs are given as ${String(inputs)}`, specs);
  if (isPromise(inputs)) throw wrongFeed(where, "its inputs are a promise: await them", specs);
}

function isPromise(value: unknown): boolean {
  return value instanceof Promise;
}

/** @throws GraphError G11 where it is none, or one whose memory was given back. */
export function checkTensor(
  where: string,
  name: string,
  tensor: unknown,
  specs: readonly TensorSpec[],
): asserts tensor is tf.Tensor {
  if (isPromise(tensor)) throw wrongFeed(where, `${name} is a promise: await it`, specs);
  if (!(tensor instanceof tf.Tensor)) throw wrongFeed(where, `${name} is no tensor`, specs);
  if (tensor.isDisposed)
    throw wrongFeed(where, `${name} is disposed: make it again, or dispose of it after the call`, specs);
}

function toValue(
  where: string,
  spec: TensorSpec,
  tensor: tf.Tensor,
  specs: readonly TensorSpec[],
): GraphValue {
  checkTensor(where, spec.name, tensor, specs);
  if (!fitsShape(spec, tensor))
    throw wrongFeed(where, `${spec.name} has the shape [${tensor.shape.join(", ")}]`, specs);
  const wanted = tensorType(spec.type);
  if (tensor.dtype === "string" && WIDE.has(spec.type)) return fromDecimals(where, spec, tensor, specs);
  if (tensor.dtype === "float32" && wanted === "int32") checkWhole(where, spec, tensor, specs);
  // A cast from complex numbers would keep their real parts only.
  const lost = tensor.dtype === "complex64" && wanted !== "complex64";
  if (lost || (wanted === "string") !== (tensor.dtype === "string")) {
    throw wrongFeed(where, `${spec.name} is given as ${tensor.dtype}`, specs);
  }
  return tensor.dtype === wanted || wanted === "string" ? toGraphValue(tensor) : tf.cast(tensor, wanted);
}

const WIDE: ReadonlySet<DataType> = new Set([DataType.DT_INT64, DataType.DT_UINT64, DataType.DT_UINT32]);

function fromDecimals(
  where: string,
  spec: TensorSpec,
  tensor: tf.Tensor,
  specs: readonly TensorSpec[],
): GraphValue {
  const texts = bytesOf(tensor).map(decodeText);
  const wrong = texts.find((text) => !/^-?\d{1,20}$/.test(text));
  if (wrong !== undefined)
    throw wrongFeed(
      where,
      `${spec.name} is given ${JSON.stringify(wrong.slice(0, 40))}, no whole number`,
      specs,
    );
  const values = texts.map(BigInt);
  const fits = values.every(
    (value) => BigInt.asIntN(64, value) === value || BigInt.asUintN(64, value) === value,
  );
  if (!fits) throw wrongFeed(where, `${spec.name} is given a number beyond 64 bits`, specs);
  return integersOf(values, tensor.shape);
}

/** A float holds each whole number up to 2^24; beyond, what is cast may be another than was meant. */
function checkWhole(where: string, spec: TensorSpec, tensor: tf.Tensor, specs: readonly TensorSpec[]): void {
  const lost = tensor.dataSync().find((value) => !(Math.abs(value) <= 2 ** 24));
  if (lost === undefined) return;
  const remedy = WIDE.has(spec.type) ? 'as text, tf.tensor(["1700000000123"]), or ' : "";
  const detail = `${spec.name} is given ${lost} as float32, which does not hold each whole number beyond 2^24: give it ${remedy}as an int32 tensor`;
  throw wrongFeed(where, detail, specs);
}

/** Whether a tensor has the shape that a signature wants. */
export function fitsShape({ shape }: TensorSpec, tensor: tf.Tensor): boolean {
  if (shape === null) return true;
  return shape.length === tensor.rank && shape.every((dim, d) => dim === null || dim === tensor.shape[d]);
}

/** A user's tensor as the graph has it, owned by the graph. */
export function toGraphValue(tensor: tf.Tensor): GraphValue {
  if (tensor.dtype === "string") return new StringTensor(tensor.shape, bytesOf(tensor));
  if (tensor.dtype === "complex64") return new ComplexTensor(tf.real(tensor), tf.imag(tensor));
  return tf.clone(tensor);
}

/** The strings as the back end keeps them: bytes, which need not be text. */
function bytesOf(tensor: tf.Tensor): Uint8Array[] {
  const stored = tf.engine().readSync(tensor.dataId) as unknown as readonly (string | Uint8Array)[];
  return stored.map((element) => (typeof element === "string" ? encodeText(element) : element));
}

function wrongFeed(where: string, detail: string, specs: readonly TensorSpec[]): GraphError {
  const wanted = specs.length === 0 ? "It takes no inputs." : `It takes ${specs.map(showSpec).join(", ")}.`;
  return new GraphError("G11", where, detail, wanted);
}

/** A result as the user gets it: integers that 32 bits do not hold as text, in decimal, as they are given. */
export function toResult(name: string, value: GraphValue): tf.Tensor {
  // A TF1 reference to a variable stands for what it holds now.
  if (value instanceof Variable && value.value !== null) return toResult(name, retain(value.value));
  if (!(value instanceof WideIntegers)) return toTensor(name, value);
  return tf.tensor(value.values.map(String), [...value.shape], "string");
}

/** A result as a layer passes it on. */
export function toTensor(name: string, value: GraphValue): tf.Tensor {
  if (value instanceof tf.Tensor) return value;
  // A TF1 reference to a variable stands for what it holds now.
  if (value instanceof Variable && value.value !== null) return toTensor(name, retain(value.value));
  if (value instanceof StringTensor)
    return tf.tensor(value.values as unknown as string[], [...value.shape], "string");
  if (value instanceof ComplexTensor) {
    const whole = tf.complex(value.real, value.imaginary);
    value.real.dispose();
    value.imaginary.dispose();
    return whole;
  }
  if (value instanceof WideIntegers) {
    throw new GraphError(
      "G11",
      name,
      "it holds an int64 value that does not fit into 32 bits",
      "Ask for another output, or hash ids to fewer than 2^31 before the model.",
    );
  }
  throw new GraphError("G11", name, "it is no tensor but a resource of the graph", "Ask for another output.");
}
