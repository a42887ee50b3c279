import * as tf from "@tensorflow/tfjs";
import { DataType } from "../../formats/proto/tensorflow_pb.js";
import type { KernelTable, OpCall } from "../kernel.js";
import { tensorType } from "../tensors.js";
import { retain, StringTensor, Variant, Variants, type GraphValue } from "../value.js";
import { intVector } from "./shape.js";

type Part = tf.Tensor | StringTensor;

/**
 * Ragged and sparse tensors as variants, as `tf.map_fn` and lists hold them: tensorflow/core/ops/ragged_conversion_ops.cc,
 * sparse_ops.cc. A batch of them is a tensor of variants.
 */
export const variants: KernelTable = {
  RaggedTensorToVariant: { host: "all", run: raggedToVariant },
  RaggedTensorFromVariant: {
    host: "all",
    run: raggedFromVariant,
    outputs: ["output_nested_splits", "output_dense_values"],
  },
  SerializeSparse: { run: serializeSparse },
  SerializeManySparse: { host: "all", run: serializeRows },
  DeserializeSparse: {
    host: "all",
    run: deserializeSparse,
    outputs: ["sparse_indices", "sparse_values", "sparse_shape"],
  },
};

/** A hold of its own on each part. */
function variantOf(parts: readonly Part[]): Variant {
  return new Variant(parts.map((part) => (part instanceof tf.Tensor ? tf.keep(tf.clone(part)) : part)));
}

function partAt(call: OpCall, index: number): Part {
  const value = call.value(index);
  return value instanceof StringTensor ? value : call.tensor(index);
}

function numbersOf(part: Part | undefined): number[] {
  return part instanceof tf.Tensor ? Array.from(part.dataSync()) : [];
}

/** Rows `from` to `to` of the first axis. */
function rowsOf(part: Part, from: number, to: number): Part {
  const [, ...inner] = part.shape;
  if (part instanceof tf.Tensor) return tf.slice(part, [from, ...inner.map(() => 0)], [to - from, ...inner]);
  const width = inner.reduce((n, dim) => n * dim, 1);
  return new StringTensor([to - from, ...inner], part.values.slice(from * width, to * width));
}

function concatRows(parts: readonly Part[], type: DataType | null): Part {
  const [first] = parts;
  if (first === undefined)
    return tensorType(type) === "string"
      ? new StringTensor([0], [])
      : tf.tensor1d([], tensorType(type) as "int32");
  if (first instanceof tf.Tensor)
    return parts.length === 1 ? tf.clone(first) : tf.concat(parts as tf.Tensor[]);
  const texts = parts as StringTensor[];
  const rows = texts.reduce((sum, { shape }) => sum + shape[0]!, 0);
  return new StringTensor(
    [rows, ...first.shape.slice(1)],
    texts.flatMap(({ values }) => [...values]),
  );
}

/** Splits from outside in, then the values. Of a batch, each row is a variant of one ragged dimension less. */
function raggedToVariant(call: OpCall): GraphValue {
  const parts = call.inputs.map((_, i) => partAt(call, i));
  if (!call.attributes.bool("batched_input")) return variantOf(parts);
  const [outer, ...rest] = parts;
  const splits = numbersOf(outer);
  const items = splits.slice(1).map((end, i) => variantOf(rowsOfRagged(rest, splits[i]!, end)));
  return new Variants([items.length], items);
}

/** Rows of a ragged tensor: each level's splits say which rows of the next are meant. */
function rowsOfRagged(parts: readonly Part[], from: number, to: number): Part[] {
  const [first, ...rest] = parts;
  if (rest.length === 0) return [rowsOf(first!, from, to)];
  const splits = numbersOf(first).slice(from, to + 1);
  const start = splits[0]!;
  return [intVector(splits.map((end) => end - start)), ...rowsOfRagged(rest, start, splits.at(-1)!)];
}

function raggedFromVariant(call: OpCall): GraphValue[] {
  const value = call.value(0);
  if (!(value instanceof Variants)) return call.variant(0).values.map((part) => retain(part) as GraphValue);
  const { items, shape } = value;
  const ranks = call.attributes.int("output_ragged_rank");
  const given = call.attributes.int("input_ragged_rank", -1);
  const inner = given < 0 ? ranks - shape.length : given;
  if (items.some(({ values }) => values.length !== inner + 1))
    throw call.error("G11", `its items are not ragged in ${inner} dimensions`);
  // Dimensions of the batch but the last have rows of one length.
  const uniform = shape.slice(1).map((length, d) => {
    const rows = shape.slice(0, d + 1).reduce((n, dim) => n * dim, 1);
    return intVector(Array.from({ length: rows + 1 }, (_, i) => i * length));
  });
  const levels = Array.from({ length: inner }, (_, level) =>
    joinedSplits(items.map(({ values }) => numbersOf(values[level]))),
  );
  const lengths = items.map(({ values }) => values[0]!.shape[0]! - (inner > 0 ? 1 : 0));
  return [
    ...uniform,
    intVector(endsOf(lengths)),
    ...levels.map(intVector),
    concatRows(
      items.map(({ values }) => values[inner]!),
      call.attributes.type("Tvalues"),
    ),
  ];
}

function endsOf(lengths: readonly number[]): number[] {
  const ends = [0];
  for (const length of lengths) ends.push(ends.at(-1)! + length);
  return ends;
}

/** Splits one after the other: each list begins where the one before it ended. */
function joinedSplits(lists: readonly number[][]): number[] {
  const joined = [0];
  for (const list of lists) {
    const start = joined.at(-1)!;
    for (const end of list.slice(1)) joined.push(start + end);
  }
  return joined;
}

/** Only as variants: as strings they would be messages of TensorFlow's own. */
function refuseText(call: OpCall): void {
  if (call.attributes.type("out_type") !== DataType.DT_VARIANT)
    throw call.error(
      "O07",
      "sparse tensors as strings are not supported here",
      "Serialize with out_type=tf.variant, or register a function for the op.",
    );
}

function sparseVariants(indices: Part, values: Part, shape: Part): Variant[] {
  return [indices, values, shape].map((part) => variantOf([part]));
}

function serializeSparse(call: OpCall): GraphValue {
  refuseText(call);
  return new Variants([3], sparseVariants(partAt(call, 0), partAt(call, 1), partAt(call, 2)));
}

/** Each row of the first dimension is a sparse tensor of its own. */
function serializeRows(call: OpCall): GraphValue {
  refuseText(call);
  const [rank, values] = [call.shapeOf(2)[0]!, partAt(call, 1)];
  const [indices, [count = 0, ...rest]] = [call.numbers(0), call.numbers(2)];
  call.checkedShape([count]);
  const rows = Array.from({ length: count }, (): number[] => []);
  for (let at = 0; at * rank < indices.length; at++) rows[indices[at * rank]!]?.push(at);
  const items = rows.flatMap((places) => {
    const inner = places.flatMap((at) => indices.slice(at * rank + 1, (at + 1) * rank));
    // The entries of a row stand together.
    const from = places[0] ?? 0;
    return sparseVariants(
      tf.tensor2d(inner, [places.length, rank - 1], "int32"),
      rowsOf(values, from, from + places.length),
      intVector(rest),
    );
  });
  return new Variants([count, 3], items);
}

/** One sparse tensor, or a batch of them as one with dimensions in front. */
function deserializeSparse(call: OpCall): GraphValue[] {
  const value = call.value(0);
  if (!(value instanceof Variants) || value.shape.at(-1) !== 3)
    throw call.error("G11", "its input holds no sparse tensors", "Check what is fed to the graph.");
  const batch = value.shape.slice(0, -1);
  const part = (item: number, which: number): Part => value.items[item * 3 + which]!.values[0]!;
  if (batch.length === 0) return [0, 1, 2].map((which) => retain(part(0, which)) as GraphValue);
  const count = value.items.length / 3;
  const all = Array.from({ length: count }, (_, i) => i);
  const shapes = all.map((i) => numbersOf(part(i, 2)));
  const rank = shapes[0]?.length ?? 0;
  const rows = all.flatMap((i) => {
    const own = numbersOf(part(i, 0));
    const places = Array.from({ length: part(i, 0).shape[0]! }, (_, at) =>
      own.slice(at * rank, (at + 1) * rank),
    );
    return places.map((place) => [...placeIn(batch, i), ...place]);
  });
  const widest = Array.from({ length: rank }, (_, d) => Math.max(0, ...shapes.map((shape) => shape[d]!)));
  return [
    tf.tensor2d(Int32Array.from(rows.flat()), [rows.length, batch.length + rank], "int32"),
    concatRows(
      all.map((i) => part(i, 1)),
      call.attributes.type("dtype"),
    ),
    intVector([...batch, ...widest]),
  ];
}

/** Where element `index` is in a tensor of this shape. */
function placeIn(shape: readonly number[], index: number): number[] {
  const place: number[] = [];
  let rest = index;
  for (let d = shape.length - 1; d >= 0; d--) {
    place.unshift(rest % shape[d]!);
    rest = Math.floor(rest / shape[d]!);
  }
  return place;
}
