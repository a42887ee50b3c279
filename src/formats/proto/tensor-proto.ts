import type { WeightArray, WeightDtype } from "../model-file.js";
import { baseType, dtypeName, typeLabel } from "./data-type.js";
import { bfloatToFloat, elementBytes, elementsFrom, emptyArray, halfToFloat } from "../elements.js";
import { DataType, type TensorProto } from "./tensorflow_pb.js";

/** Bytes that one stored value may be repeated to; real constants stay far below. */
const REPEATED = 2 ** 28;
const REFERENCE = 8;

export interface ProtoTensor {
  readonly dtype: Exclude<WeightDtype, "string">;
  readonly shape: readonly number[];
  readonly values: Exclude<WeightArray, string[]>;
}

/** Strings stay the bytes that they are. */
export interface ProtoStrings {
  readonly dtype: "string";
  readonly shape: readonly number[];
  readonly values: Uint8Array[];
}

/**
 * The values of a TensorProto: raw content, or a list whose last value fills the rest (tensor.proto).
 * @throws RangeError when values and shape do not agree, or the type is none of numbers, bools and strings.
 */
export function readTensorProto(tensor: TensorProto): ProtoTensor | ProtoStrings {
  const type = baseType(tensor.dtype);
  const dtype = dtypeName(type);
  if (dtype === null) throw new RangeError(`a constant of type ${typeLabel(type)} has no values to read`);
  const shape = (tensor.tensorShape?.dim ?? []).map((dim) => Number(dim.size));
  const size = shape.reduce((n, dim) => n * dim, 1);
  if (tensor.tensorShape?.unknownRank || shape.some((dim) => dim < 0) || !Number.isSafeInteger(size)) {
    throw new RangeError(`a constant has the shape [${shape.join(", ")}]`);
  }
  if (dtype === "string") return { dtype, shape, values: fillStrings(tensor.stringVal, size) };
  if (tensor.tensorContent.length > 0) {
    if (tensor.tensorContent.length !== size * elementBytes(dtype)) {
      throw new RangeError(
        `a constant of shape [${shape.join(", ")}] and type ${dtype} has ${tensor.tensorContent.length} bytes`,
      );
    }
    return { dtype, shape, values: elementsFrom(tensor.tensorContent, dtype) };
  }
  return { dtype, shape, values: fill(listedValues(tensor, type), size, dtype) };
}

function listedValues(tensor: TensorProto, type: DataType): readonly (number | bigint | boolean)[] {
  switch (type) {
    case DataType.DT_FLOAT:
      return tensor.floatVal;
    case DataType.DT_DOUBLE:
      return tensor.doubleVal;
    case DataType.DT_HALF:
      return [...halfToFloat(Uint16Array.from(tensor.halfVal))];
    case DataType.DT_BFLOAT16:
      return [...bfloatToFloat(Uint16Array.from(tensor.halfVal))];
    case DataType.DT_INT64:
      return tensor.int64Val;
    case DataType.DT_UINT64:
      return tensor.uint64Val;
    case DataType.DT_UINT32:
      return tensor.uint32Val;
    case DataType.DT_BOOL:
      return tensor.boolVal;
    case DataType.DT_COMPLEX64:
      return tensor.scomplexVal;
    case DataType.DT_COMPLEX128:
      return tensor.dcomplexVal;
    case DataType.DT_FLOAT8_E4M3FN:
    case DataType.DT_FLOAT8_E5M2:
      throw new RangeError(`a constant of type ${typeLabel(type)} lists its values, which is not read`);
    default:
      return tensor.intVal;
  }
}

function fill(
  values: readonly (number | bigint | boolean)[],
  size: number,
  dtype: Exclude<WeightDtype, "string">,
): Exclude<WeightArray, string[]> {
  const parts = dtype.startsWith("complex") ? 2 : 1;
  checkCount(values.length / parts, size, elementBytes(dtype));
  const wide = dtype === "int64" || dtype === "uint64";
  const array = emptyArray(dtype, size);
  for (let i = 0; i < values.length; i++) array[i] = wide ? BigInt(values[i]!) : Number(values[i]!);
  // The last value stands for all that follow.
  for (let i = values.length; i < array.length && values.length >= parts; i++) array[i] = array[i - parts]!;
  return array;
}

function fillStrings(values: readonly Uint8Array[], size: number): Uint8Array[] {
  checkCount(values.length, size, REFERENCE);
  const last = values.at(-1) ?? new Uint8Array(0);
  return Array.from({ length: size }, (_, i) => values[i] ?? last);
}

function checkCount(stored: number, size: number, bytes: number): void {
  if (stored > size) throw new RangeError(`a constant of ${size} elements stores ${stored}`);
  if (size > stored && size * bytes > REPEATED) {
    throw new RangeError(`a constant declares ${size} elements and stores ${stored}`);
  }
}
