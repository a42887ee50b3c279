import assert from "node:assert/strict";
import { create } from "@bufbuild/protobuf";
import * as tf from "@tensorflow/tfjs";
import { AttrValueSchema, DataType } from "../../../src/formats/proto/tensorflow_pb.js";
import { openGraph } from "../../../src/graph/open-graph.js";
import { switchBackend } from "../../../src/runtime/switch.js";
import { constant, graphFile, node, type Node } from "./build-graph.js";

const floats = (name: string, shape: readonly number[], values: readonly number[]): Node =>
  constant(name, {
    dtype: DataType.DT_FLOAT,
    tensorShape: { dim: shape.map((size) => ({ size: BigInt(size) })) },
    floatVal: [...values],
  });

const text = (key: string, value: string): NonNullable<Node["attr"]>[number] => ({
  key,
  value: create(AttrValueSchema, { value: { case: "s", value: new TextEncoder().encode(value) } }),
});

const list = (key: string, values: readonly number[]): NonNullable<Node["attr"]>[number] => ({
  key,
  value: create(AttrValueSchema, { value: { case: "list", value: { i: values.map(BigInt) } } }),
});

const WINDOW = [text("padding", "SAME"), list("strides", [1, 1, 1, 1])];
const FILTER = Array.from({ length: 3 * 3 * 2 * 4 }, (_, i) => Math.sin(i));
const IMAGE = Array.from({ length: 2 * 5 * 5 * 2 }, (_, i) => Math.cos(3 * i));

/** A convolution, then what a batch normalization and an activation become in an export. */
function graph(op: "Conv2D" | "DepthwiseConv2dNative", activation: string): Node[] {
  const shape = op === "Conv2D" ? [3, 3, 2, 4] : [3, 3, 2, 2];
  return [
    node(
      "x",
      "Placeholder",
      [],
      [{ key: "dtype", value: { value: { case: "type", value: DataType.DT_FLOAT } } }],
    ),
    floats("filter", shape, FILTER.slice(0, tf.util.sizeFromShape(shape))),
    floats("before", [4], [0.5, -1, 2, 0]),
    floats("scale", [4], [2, -0.5, 1.5, 3]),
    floats("shift", [1, 1, 1, 4], [0.1, 0.2, -0.3, 4]),
    node("conv", op, ["x", "filter"], WINDOW),
    node("bias", "BiasAdd", ["conv", "before"]),
    node("scaled", "Mul", ["scale", "bias"]),
    node("shifted", "Sub", ["scaled", "shift"]),
    node("passed", "Identity", ["shifted"]),
    node("y", activation, ["passed"]),
  ];
}

function expected(op: string, x: tf.Tensor4D, activation: string): tf.Tensor {
  return tf.tidy(() => {
    const y =
      op === "Conv2D"
        ? tf.conv2d(x, tf.tensor4d(FILTER, [3, 3, 2, 4]), 1, "same")
        : tf.depthwiseConv2d(x, tf.tensor4d(FILTER.slice(0, 36), [3, 3, 2, 2]), 1, "same");
    const scaled = tf.mul(tf.add(y, [0.5, -1, 2, 0]), [2, -0.5, 1.5, 3]);
    const shifted = tf.sub(scaled, [0.1, 0.2, -0.3, 4]);
    return activation === "Relu6"
      ? tf.relu6(shifted)
      : activation === "Relu"
        ? tf.relu(shifted)
        : tf.tanh(shifted);
  });
}

describe("graph: convolutions joined with what follows them", () => {
  after(() => switchBackend("cpu"));

  for (const backend of ["cpu", "wasm"]) {
    for (const op of ["Conv2D", "DepthwiseConv2dNative"] as const) {
      for (const activation of ["Relu", "Relu6", "Tanh"]) {
        it(`${op} to ${activation} on ${backend}: the same numbers, NaN kept, nothing left behind`, async () => {
          await switchBackend(backend);
          const x = tf.tensor4d(IMAGE, [2, 5, 5, 2]);
          const before = tf.memory().numTensors;
          const loaded = await openGraph(graphFile(graph(op, activation)));
          const y = loaded.predict(x) as tf.Tensor;
          const wanted = expected(op, x, activation);
          assert.deepEqual(y.shape, wanted.shape);
          assert.ok(tf.max(tf.abs(tf.sub(y, wanted))).dataSync()[0]! < 1e-5);
          const broken = loaded.predict(tf.fill([1, 5, 5, 2], NaN)) as tf.Tensor;
          assert.ok(broken.dataSync().every(Number.isNaN));
          tf.dispose([y, wanted, broken]);
          loaded.dispose();
          assert.ok(tf.memory().numTensors <= before + 4);
        });
      }
    }
  }

  it("leaves alone what is used twice", async () => {
    await switchBackend("cpu");
    const nodes = [...graph("Conv2D", "Relu"), node("sum", "AddV2", ["y", "scaled"])];
    const loaded = await openGraph(graphFile(nodes));
    const x = tf.tensor4d(IMAGE, [2, 5, 5, 2]);
    const y = loaded.predict(x) as tf.Tensor;
    const filter = tf.tensor4d(FILTER, [3, 3, 2, 4]);
    const scaled = tf.mul(tf.add(tf.conv2d(x, filter, 1, "same"), [0.5, -1, 2, 0]), [2, -0.5, 1.5, 3]);
    const wanted = tf.add(expected("Conv2D", x, "Relu"), scaled);
    assert.ok(tf.max(tf.abs(tf.sub(y, wanted))).dataSync()[0]! < 1e-5);
  });
});
