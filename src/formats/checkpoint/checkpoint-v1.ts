import { create } from "@bufbuild/protobuf";
import type { ByteSource } from "../byte-source.js";
import { elementBytes, emptyArray } from "../elements.js";
import { FormatError, type StoredWeight, type WeightArray } from "../model-file.js";
import { dtypeName } from "../proto/data-type.js";
import { decode } from "../proto/decode.js";
import { readTensorProto } from "../proto/tensor-proto.js";
import {
  SavedTensorSlicesSchema,
  TensorShapeProtoSchema,
  type DataType,
  type SavedSlice,
  type SavedSliceMeta,
  type TensorProto,
} from "../proto/tensorflow_pb.js";
import { placeSlice, sliceExtents } from "./slices.js";
import { damaged, endsAsTable, readCutTable, readTable } from "./sstable.js";
import { shapeOf } from "./tensor-bundle.js";

/**
 * The tensors of a checkpoint of version 1 (before TensorFlow 1.0): one table, whose first entry lists the tensors
 * and whose others each hold a slice (tensorflow/core/util/saved_tensor_slice.proto).
 * @throws FormatError F15 when the table is damaged.
 */
export function readCheckpointV1(source: ByteSource, where: string): StoredWeight[] {
  const cut = !endsAsTable(source);
  const first = (cut ? readCutTable(source) : readTable(source, where)).next();
  if (first.done || first.value.key.length > 0)
    throw damaged(where, "its first entry is not a list of tensors");
  const { meta } = decode(SavedTensorSlicesSchema, first.value.value, where);
  if (!meta?.tensor.length) throw indexAlone(where);
  return meta.tensor.flatMap((tensor) => {
    const dtype = dtypeName(tensor.type);
    if (dtype === null) return [];
    const shape = shapeOf(tensor.shape);
    return [
      {
        name: tensor.name,
        path: tensor.name,
        shape,
        dtype,
        byteLength: shape.reduce((n, dim) => n * dim, 1) * elementBytes(dtype),
        whole: !cut,
        read: async () => readTensor(source, where, tensor, shape),
      },
    ];
  });
}

/** The index of version 2 has a header in the place of the list. */
function indexAlone(where: string): FormatError {
  return new FormatError({
    code: "F15",
    title: "A checkpoint's index under another name",
    where,
    detail:
      "it lists the tensors of a checkpoint, whose values are in other files (NAME.data-00000-of-0000N)",
    advice: "Name it NAME.index, as the files with the values are named, and put it beside them.",
  });
}

function readTensor(
  source: ByteSource,
  where: string,
  tensor: SavedSliceMeta,
  shape: readonly number[],
): WeightArray {
  const slices = savedSlices(source, where, tensor.name);
  try {
    return joinSlices(slices, tensor.type, shape);
  } catch (error) {
    if (error instanceof RangeError) throw damaged(`${where}: ${tensor.name}`, error.message, error);
    throw error;
  }
}

/** @throws RangeError when the slices are not the tensor's */
function joinSlices(slices: readonly SavedSlice[], dtype: DataType, shape: readonly number[]): WeightArray {
  const parts = slices.map((slice) => readTensorProto(typed(slice, dtype, shape)));
  const size = shape.reduce((n, dim) => n * dim, 1);
  const numbers = parts[0]?.dtype.startsWith("complex") ? 2 : 1;
  const stored = parts.reduce((n, { values }) => n + values.length / numbers, 0);
  if (parts[0] === undefined || stored !== size)
    throw new RangeError(`its slices hold ${stored} of ${size} elements`);
  if (parts[0].dtype === "string") return parts[0].values.map((bytes) => new TextDecoder().decode(bytes));
  const whole = emptyArray(parts[0].dtype, size);
  for (const [i, part] of parts.entries()) {
    const extents = sliceExtents(slices[i]!.slice!, shape);
    if (part.values.length / numbers !== extents.reduce((n, { length }) => n * length, 1))
      throw new RangeError("a slice stores another number of elements than it covers");
    placeSlice<{ [index: number]: unknown; length: number }>(whole, shape, part.values, extents);
  }
  return whole;
}

/** A slice's values come without type and shape, which stand in the list of tensors (`SavedSlice.data`). */
function typed(slice: SavedSlice, dtype: DataType, shape: readonly number[]): TensorProto {
  const extents = sliceExtents(slice.slice!, shape);
  const dim = extents.map(({ length }) => ({ size: BigInt(length) }));
  return { ...slice.data!, dtype, tensorShape: create(TensorShapeProtoSchema, { dim }) };
}

/** Slices are keyed by an ordered code; reading on from the start is what this rare format is worth. */
function savedSlices(source: ByteSource, where: string, name: string): SavedSlice[] {
  const found: SavedSlice[] = [];
  for (const { key, value } of readTable(source, where)) {
    if (key.length === 0) continue;
    const { data } = decode(SavedTensorSlicesSchema, value, where);
    if (data?.name === name && data.data !== undefined && data.slice !== undefined) found.push(data);
  }
  return found;
}
