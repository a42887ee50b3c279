import type { ByteSource } from "../byte-source.js";
import type { StoredWeight, WeightArray } from "../model-file.js";
import { dtypeName, elementBytes } from "../proto/data-type.js";
import { decode } from "../proto/decode.js";
import { readTensorProto } from "../proto/tensor-proto.js";
import { SavedTensorSlicesSchema, type SavedSlice, type SavedSliceMeta } from "../proto/tensorflow_pb.js";
import { placeSlice, sliceExtents } from "./slices.js";
import { damaged, readTable } from "./sstable.js";
import { shapeOf } from "./tensor-bundle.js";

/**
 * The tensors of a checkpoint of version 1 (before TensorFlow 1.0): one table, whose first entry lists the tensors
 * and whose others each hold a slice (tensorflow/core/util/saved_tensor_slice.proto).
 * @throws FormatError F15 when the table is damaged.
 */
export function readCheckpointV1(source: ByteSource, where: string): StoredWeight[] {
  const first = readTable(source, where).next();
  if (first.done || first.value.key.length > 0)
    throw damaged(where, "its first entry is not a list of tensors");
  const meta = decode(SavedTensorSlicesSchema, first.value.value, where).meta;
  return (meta?.tensor ?? []).flatMap((tensor) => {
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
        whole: true,
        read: async () => readTensor(source, where, tensor, shape),
      },
    ];
  });
}

function readTensor(
  source: ByteSource,
  where: string,
  tensor: SavedSliceMeta,
  shape: readonly number[],
): WeightArray {
  const slices = savedSlices(source, where, tensor.name);
  const parts = slices.map((slice) => readTensorProto(slice.data!));
  const first = parts[0];
  if (first === undefined) throw damaged(`${where}: ${tensor.name}`, "none of its slices is in the file");
  if (first.dtype === "string") return first.values.map((bytes) => new TextDecoder().decode(bytes));
  const whole = emptyLike(
    first.values,
    shape.reduce((n, dim) => n * dim, 1),
  );
  for (const [i, part] of parts.entries()) {
    if (part.dtype === "string") continue;
    placeSlice(whole, shape, part.values, sliceExtents(slices[i]!.slice!, shape));
  }
  return whole;
}

function emptyLike<T extends object>(array: T, length: number): T {
  return new (array.constructor as new (length: number) => T)(length);
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
