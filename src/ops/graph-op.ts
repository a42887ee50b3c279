import { create, fromJson, type JsonValue as ProtobufJson } from "@bufbuild/protobuf";
import * as tf from "@tensorflow/tfjs";
import { AttrEntrySchema, AttrValueSchema, type AttrValue } from "../formats/proto/tensorflow_pb.js";
import type { JsonValue } from "../formats/model-file.js";
import { Attributes } from "../graph/attributes.js";
import { KERNELS } from "../graph/kernels/table.js";
import { OpCall, type Surroundings } from "../graph/kernel.js";
import { LIMITS } from "../graph/limits.js";
import { ComplexTensor, StringTensor, WideIntegers, type GraphValue } from "../graph/value.js";

/** An attribute of an op: `{ case: "i", value: 3n }`. */
export type Attribute = AttrValue["value"];

export const whole = (value: number): Attribute => ({ case: "i", value: BigInt(Math.trunc(value)) });
export const real = (value: number): Attribute => ({ case: "f", value });
export const flag = (value: boolean): Attribute => ({ case: "b", value });
export const text = (value: string): Attribute => ({ case: "s", value: new TextEncoder().encode(value) });
export const reals = (values: readonly number[]): Attribute => ({
  case: "list",
  value: create(AttrValueSchema, { value: { case: "list", value: { f: [...values] } } }).value
    .value as Extract<Attribute, { case: "list" }>["value"],
});
export const wholes = (values: readonly number[]): Attribute => ({
  case: "list",
  value: create(AttrValueSchema, {
    value: { case: "list", value: { i: values.map((value) => BigInt(Math.trunc(value))) } },
  }).value.value as Extract<Attribute, { case: "list" }>["value"],
});

/** Of protobuf's JSON: whole numbers as text, bytes in base 64; nothing of what it does not hold. */
export function attributeFrom(value: JsonValue): Attribute {
  try {
    return fromJson(AttrValueSchema, value as ProtobufJson, { ignoreUnknownFields: true }).value;
  } catch {
    return { case: undefined };
  }
}

/** Outside of a graph there are neither functions nor variables nor files. */
const NOTHING: Surroundings = {
  program: outside,
  run: outside,
  resource: outside,
  elementsLeft: LIMITS.elements,
  readAsset: () => null,
};

function outside(): never {
  throw new Error("the op reaches for what only a whole graph has");
}

/** Whether a graph's op computes of its inputs alone. */
export function isPureOp(op: string): boolean {
  const kernel = KERNELS.get(op);
  return kernel !== undefined && kernel.effect !== true;
}

/** Their names. */
export function pureOps(): string[] {
  return [...KERNELS.keys()].filter(isPureOp);
}

/**
 * An op of TensorFlow, computed as in a graph.
 * @param inputs in the order of the op's definition, of the types that it takes
 * @param attributes those that are not the default
 * @throws Error where the op does not take the inputs
 */
export function graphOp(
  op: string,
  inputs: readonly tf.Tensor[],
  attributes: Readonly<Record<string, Attribute>> = {},
): tf.Tensor[] {
  const kernel = KERNELS.get(op)!;
  const step = {
    name: op,
    op,
    attributes: attributesFrom(attributes),
    kernel,
    inputs: inputs.map((_, i) => i),
    outputs: [],
    last: [],
    controls: [],
  };
  const call = new OpCall(step, inputs.map(valueOf), NOTHING, () => false);
  if ((kernel.work?.(call) ?? 0) > LIMITS.elements) throw new Error("it asks for too large a tensor");
  const result = kernel.run(call);
  if (isGenerator(result)) return outside();
  return ([result].flat() as GraphValue[]).map(tensorOf);
}

/** Its only result. */
export function graphTensor(...call: Parameters<typeof graphOp>): tf.Tensor {
  return graphOp(...call)[0]!;
}

export function attributesFrom(attributes: Readonly<Record<string, Attribute>>): Attributes {
  return new Attributes(
    Object.entries(attributes).map(([key, value]) =>
      create(AttrEntrySchema, { key, value: create(AttrValueSchema, { value }) }),
    ),
  );
}

function isGenerator(result: object): result is Generator {
  return Symbol.iterator in result && "next" in result;
}

function valueOf(x: tf.Tensor): GraphValue {
  if (x.dtype === "complex64") return new ComplexTensor(tf.real(x), tf.imag(x));
  if (x.dtype !== "string") return x;
  return StringTensor.fromText(x.shape, Array.from(x.dataSync() as unknown as string[]));
}

function tensorOf(value: GraphValue): tf.Tensor {
  if (value instanceof tf.Tensor) return value;
  if (value instanceof ComplexTensor) return tf.complex(value.real, value.imaginary);
  if (value instanceof StringTensor) return tf.tensor(value.text(), [...value.shape], "string");
  if (value instanceof WideIntegers) throw new Error("an integer beyond 32 bits, which no back end holds");
  return outside();
}
