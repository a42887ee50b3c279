import type * as tf from "@tensorflow/tfjs";
import type { NodeBackend } from "./node-backend.js";
import type { TensorMetadata } from "./load-binding.js";

/** Numbers of tensorflow/c/tf_datatype.h. */
const FLOAT = 1;
const INT32 = 3;
const INT64 = 9;
/** Types that TensorFlow.js does not have, and the one that holds their values. */
const HELD_AS: ReadonlyMap<number, number> = new Map([
  [2, FLOAT], // double
  [4, INT32], // uint8
  [5, INT32], // int16
  [6, INT32], // int8
  [14, FLOAT], // bfloat16
  [17, INT32], // uint16
  [19, FLOAT], // half
  [22, INT32], // uint32, checked below
  [INT64, INT32], // checked below
]);
const UINT32 = 22;

/** TensorFlow's names of types in a signature, for inputs: from what TensorFlow.js holds to what the graph takes. */
const NUMBER_OF: ReadonlyMap<string, number> = new Map([
  ["DT_DOUBLE", 2],
  ["DT_UINT8", 4],
  ["DT_INT16", 5],
  ["DT_INT8", 6],
  ["DT_INT64", INT64],
  ["DT_BFLOAT16", 14],
  ["DT_UINT16", 17],
  ["DT_HALF", 19],
  ["DT_UINT32", UINT32],
]);

interface Private {
  createOutputTensor(metadata: TensorMetadata): tf.Tensor;
  getInputTensorIds(tensors: readonly tf.Tensor[]): number[];
  getMappedInputTensorIds(
    inputs: readonly tf.Tensor[],
    infos: readonly ({ tfDtype?: string } | null)[],
  ): { tensorIds: number[]; newTensors: number[] };
}

/**
 * Lets tensors of types that TensorFlow.js lacks cross the binding: results are cast to float32 or int32, inputs
 * of a SavedModel to what its signature asks for. tfjs-node itself stores int64 as BigInt64Array in an int32
 * tensor and fails on the others.
 */
export function crossDtypes(prototype: NodeBackend): void {
  const own = prototype as NodeBackend & Private;
  const { createOutputTensor } = own;
  own.createOutputTensor = function (this: NodeBackend & Private, metadata) {
    const held = HELD_AS.get(metadata.dtype);
    if (held === undefined) return createOutputTensor.call(this, metadata);
    return createOutputTensor.call(this, castResult(this, metadata, held));
  };
  own.getMappedInputTensorIds = function (this: NodeBackend & Private, inputs, infos) {
    const tensorIds = this.getInputTensorIds(inputs);
    const newTensors: number[] = [];
    for (const [i, info] of infos.entries()) {
      const wanted = NUMBER_OF.get(info?.tfDtype ?? "");
      if (wanted === undefined) continue;
      const from = inputs[i]!.dtype === "float32" ? FLOAT : INT32;
      tensorIds[i] = cast(this, tensorIds[i]!, from, wanted).id;
      newTensors.push(i);
    }
    return { tensorIds, newTensors };
  };
}

function castResult(backend: NodeBackend, metadata: TensorMetadata, held: number): TensorMetadata {
  if (metadata.dtype === INT64 || metadata.dtype === UINT32) checkRange(backend, metadata);
  const result = cast(backend, metadata.id, metadata.dtype, held);
  backend.binding.deleteTensor(metadata.id);
  return result;
}

/** int32 holds what lies within it: a larger number would change without a word. */
function checkRange(backend: NodeBackend, { id, dtype }: TensorMetadata): void {
  const wide = dtype === INT64 ? id : cast(backend, id, dtype, INT64).id;
  const values = backend.binding.tensorDataSync(wide) as unknown as BigInt64Array;
  if (wide !== id) backend.binding.deleteTensor(wide);
  const outside = values.find((value) => BigInt.asIntN(32, value) !== value);
  if (outside !== undefined) {
    throw new RangeError(
      `TensorFlow returned the integer ${outside}, which does not fit into int32, the only integer type of TensorFlow.js.`,
    );
  }
}

function cast({ binding }: NodeBackend, id: number, from: number, to: number): TensorMetadata {
  const attributes = [
    { name: "SrcT", type: binding.TF_ATTR_TYPE, value: from },
    { name: "DstT", type: binding.TF_ATTR_TYPE, value: to },
    { name: "Truncate", type: (binding as unknown as { TF_ATTR_BOOL: number }).TF_ATTR_BOOL, value: false },
  ];
  return binding.executeOp("Cast", attributes, [id], 1)[0]!;
}
