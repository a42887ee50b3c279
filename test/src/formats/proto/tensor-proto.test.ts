import assert from "node:assert/strict";
import { create } from "@bufbuild/protobuf";
import { placeSlice } from "../../../../src/formats/checkpoint/slices.js";
import { DataType, TensorProtoSchema } from "../../../../src/formats/proto/tensorflow_pb.js";
import { readTensorProto } from "../../../../src/formats/proto/tensor-proto.js";

const shape = (...sizes: number[]) => ({ dim: sizes.map((size) => ({ size: BigInt(size) })) });

describe("formats/proto: values of a TensorProto", () => {
  it("reads complex numbers that are listed, the last one for all that follow", () => {
    // tf.constant([1+2j, 3-4j, 3-4j]) as tf.make_tensor_proto writes it, and the same shortened.
    for (const scomplexVal of [
      [1, 2, 3, -4, 3, -4],
      [1, 2, 3, -4],
    ]) {
      const tensor = create(TensorProtoSchema, {
        dtype: DataType.DT_COMPLEX64,
        tensorShape: shape(3),
        scomplexVal,
      });
      assert.deepEqual(readTensorProto(tensor).values, Float32Array.of(1, 2, 3, -4, 3, -4));
    }
    const wide = { dtype: DataType.DT_COMPLEX128, tensorShape: shape(1), dcomplexVal: [0.5, -1] };
    assert.deepEqual(readTensorProto(create(TensorProtoSchema, wide)).values, Float64Array.of(0.5, -1));
  });

  it("refuses more values than the shape has, and lists of float8", () => {
    const many = { dtype: DataType.DT_COMPLEX64, tensorShape: shape(1), scomplexVal: [1, 2, 3, 4] };
    assert.throws(() => readTensorProto(create(TensorProtoSchema, many)), /1 elements stores 2/);
    const eight = { dtype: DataType.DT_FLOAT8_E5M2, tensorShape: shape(1) };
    assert.throws(() => readTensorProto(create(TensorProtoSchema, eight)), /not read/);
  });

  it("puts slices of complex numbers where they belong", () => {
    const whole = new Float32Array(8);
    const extents = [
      { start: 0, length: 2 },
      { start: 1, length: 1 },
    ];
    placeSlice(whole, [2, 2], Float32Array.of(1, 2, 3, 4), extents);
    assert.deepEqual(whole, Float32Array.of(0, 0, 1, 2, 0, 0, 3, 4));
  });
});
