import { items } from "../formats/proto/structured-value.js";
import { DataType, type TypeSpecProto } from "../formats/proto/tensorflow_pb.js";
import { typeLabel } from "../formats/proto/data-type.js";
import { knownShape, type TensorSpec } from "./signature.js";

/** tensorflow/core/protobuf/struct.proto, TypeSpecProto.TypeSpecClass */
const SPARSE = 1;
const RAGGED = 3;

/** A tensor that something that is no tensor for TensorFlow consists of, without its name's beginning. */
type Part = Pick<TensorSpec, "dtype" | "shape" | "type"> & { readonly suffix: string };

/**
 * The tensors that a sparse or ragged tensor consists of, in the order in which functions take and give them
 * (`tf.nest.flatten(..., expand_composites=True)`); null for another type.
 */
export function compositeParts({ typeSpecClass, typeState }: TypeSpecProto): readonly Part[] | null {
  const [shaped, typed, ...rest] = items(typeState);
  const shape = shaped?.kind.case === "tensorShapeValue" ? knownShape(shaped.kind.value) : null;
  const type = typed?.kind.case === "tensorDtypeValue" ? typed.kind.value : DataType.DT_FLOAT;
  if (typeSpecClass === SPARSE)
    return [
      part("indices", DataType.DT_INT64, [null, shape?.length ?? null]),
      part("values", type, [null]),
      part("dense_shape", DataType.DT_INT64, [shape?.length ?? null]),
    ];
  if (typeSpecClass !== RAGGED) return null;
  const [ranked, split] = rest;
  const rank = ranked?.kind.case === "int64Value" ? Number(ranked.kind.value) : 1;
  const splits = split?.kind.case === "tensorDtypeValue" ? split.kind.value : DataType.DT_INT64;
  const names = Array.from({ length: rank }, (_, i) => (rank === 1 ? "row_splits" : `row_splits_${i}`));
  const values = part("values", type, shape === null ? null : [null, ...shape.slice(rank + 1)]);
  return [values, ...names.map((suffix) => part(suffix, splits, [null]))];
}

function part(suffix: string, type: DataType, shape: TensorSpec["shape"]): Part {
  return { suffix, type, dtype: typeLabel(type), shape };
}
