import assert from "node:assert/strict";
import * as tf from "@tensorflow/tfjs";
import { DataType } from "../../../src/formats/proto/tensorflow_pb.js";
import { graphOp } from "../../../src/ops/graph-op.js";
import { ensureBackend } from "../../../src/runtime/choose.js";

function computed(op: string, x: number[]): number[] {
  return Array.from(graphOp(op, [tf.tensor1d(x)])[0]!.dataSync());
}

function near(actual: readonly number[], expected: readonly number[]): void {
  assert.equal(actual.length, expected.length);
  expected.forEach((value, i) => {
    const close = Math.abs(actual[i]! - value) <= 1e-5 * Math.abs(value);
    assert.ok(close || Object.is(actual[i], value), `${i}: ${actual[i]}, not ${value}`);
  });
}

/** Expected numbers are those of TensorFlow 2.21. */
describe("special functions where numbers are very large, small or none", () => {
  before(() => ensureBackend());

  it("scales Bessel's modified functions beyond what the plain ones hold", () => {
    near(
      computed("BesselI0e", [0, 1, 31, 1000, -1e30]),
      [1, 0.46575961, 0.0719465, 0.01261724, 3.9894228e-16],
    );
    near(computed("BesselI1e", [1, -1000]), [0.20791042, -0.01261093]);
  });

  it("gives Bessel's functions of infinities, of nothing, and close to 0", () => {
    near(computed("BesselJ0", [Infinity, 1e-30, NaN]), [NaN, 1, NaN]);
    near(computed("BesselJ1", [-Infinity, 1e-30]), [NaN, 5e-31]);
  });

  it("finds normal numbers far out in the lower tail", () => {
    near(computed("Ndtri", [1e-30, 0.001, 0.5, 0.999]), [-11.464024, -3.0902323, 0, 3.0902323]);
  });

  it("draws TensorFlow's truncated normal numbers of 64 bits", () => {
    const inputs = [tf.tensor1d([6], "int32"), tf.tensor1d([4, 10], "int32")];
    const dtype = { case: "type", value: DataType.DT_DOUBLE } as const;
    const [drawn] = graphOp("StatelessTruncatedNormal", inputs, { dtype });
    const expected = [-1.12736515, -1.06056898, -1.82740558, 0.1936441, -0.62426105, 1.11640269];
    near(Array.from(drawn!.dataSync()), expected);
  });

  it("raises whole numbers to powers exactly, and to none below 0", () => {
    const powers = (base: number[], exponents: number[]) => {
      const T = { case: "type", value: DataType.DT_INT32 } as const;
      const [result] = graphOp("Pow", [tf.tensor1d(base, "int32"), tf.tensor1d(exponents, "int32")], { T });
      return Array.from(result!.dataSync());
    };
    assert.deepEqual(powers([3, -7, 0, -1, 2], [19, 11, 0, 4099, 33]), [1162261467, -1977326743, 1, -1, 0]);
    assert.throws(() => powers([1], [-2]), /raised to a negative power/);
  });

  it("flattens a batch of none as any other", () => {
    const shaped = (shape: number[], lengths: number[]) =>
      graphOp("Reshape", [tf.zeros(shape), tf.tensor1d(lengths, "int32")])[0]!.shape;
    assert.deepEqual(shaped([0, 2, 3], [0, -1]), [0, 6]);
    assert.deepEqual(shaped([0, 2, 3], [-1, 6]), [0, 6]);
    assert.deepEqual(shaped([0, 0], [0, -1, 5]), [0, 0, 5]);
  });
});
