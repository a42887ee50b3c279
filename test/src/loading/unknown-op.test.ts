import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fromBinary, toBinary } from "@bufbuild/protobuf";
import * as tf from "@tensorflow/tfjs";
import { GraphDefSchema } from "../../../src/formats/proto/tensorflow_pb.js";
import { registerCustom, unregisterCustom } from "../../../src/loading/custom/custom-objects.js";
import { openModel } from "../../../src/loading/open.js";
import { opSkeleton } from "../../../src/loading/drafts/skeleton.js";
import { FIXTURES } from "../graph/reference.js";

describe("loading: a graph with operations that nobody knows", function () {
  this.timeout(60_000);
  let folder: string;
  before(async () => {
    await tf.setBackend("cpu");
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "unknown-op-"));
  });
  after(() => fs.rmSync(folder, { recursive: true }));
  afterEach(() => unregisterCustom("MyOp"));

  /** The frozen graph of the fixtures, its ops of these names made unknown. */
  function spoiled(...names: string[]): string {
    const graph = fromBinary(
      GraphDefSchema,
      fs.readFileSync(path.join(FIXTURES, "frozen_control_flow", "graph.pb")),
    );
    for (const node of graph.node) if (names.includes(node.name)) node.op = "MyOp";
    const file = path.join(folder, `${names.join("-")}.pb`);
    fs.writeFileSync(file, toBinary(GraphDefSchema, graph));
    return file;
  }

  const input = (): Record<string, tf.Tensor> => ({ x: tf.tensor2d([1, -2, 3, 0.5, 4, -1], [3, 2]) });

  it("waits when no output can be had without it, and goes on once it is registered", async () => {
    const whole = await openModel(path.join(FIXTURES, "frozen_control_flow", "graph.pb"));
    const outputs = whole.graph!.outputs.map(({ name }) => name);
    const expected = whole.graph!.predict(input()) as tf.NamedTensorMap;
    const session = await openModel(spoiled(...outputs.filter((name) => name === "y")));
    assert.equal(session.state, outputs.length === 1 ? "waiting" : "loaded");
    const problems = [...session.waiting, ...session.settled].filter(({ code }) => code === "O07");
    assert.equal(problems.length, 1);
    assert.match(problems[0]!.found, /`y` is of the kind MyOp; the outputs y need it/);
    assert.match(opSkeleton(session.unknownOp("MyOp")!), /%%register_custom MyOp\n[^]*2 inputs; y need it/);
    registerCustom("MyOp", ((inputs: tf.Tensor[]) => tf.add(inputs[0]!, inputs[1]!)) as never);
    await session.step();
    assert.equal(session.state, "loaded");
    const made = session.graph!.predict(input());
    const values = (value: tf.Tensor | tf.NamedTensorMap): number[] => [
      ...(value instanceof tf.Tensor ? value : value["y"]!).dataSync(),
    ];
    assert.deepEqual(values(made), values(expected));
  });

  it("shows the control characters of its name", async () => {
    const graph = fromBinary(
      GraphDefSchema,
      fs.readFileSync(path.join(FIXTURES, "frozen_control_flow", "graph.pb")),
    );
    graph.node.find(({ name }) => name === "y")!.op = "My\u001b[31mOp";
    const file = path.join(folder, "control.pb");
    fs.writeFileSync(file, toBinary(GraphDefSchema, graph));
    const session = await openModel(file);
    const [problem] = [...session.waiting, ...session.settled].filter(({ code }) => code === "O07");
    assert.equal(problem!.title, "The operation My␛[31mOp is not known");
  });

  it("computes the outputs that do not need it meanwhile", async () => {
    const whole = await openModel(path.join(FIXTURES, "export_two_inputs"));
    const call = whole.graph!.signatures["serving_default"]!;
    const inputs = { a: tf.ones([1, 3]), b: tf.ones([1, 3]) };
    assert.deepEqual(Object.keys(call(inputs, ["sum"])), ["sum"]);
    assert.throws(() => call(inputs, ["total"]), /no output total.*It has dense, sum/);
  });

  it("leaves it out when asked to", async () => {
    const file = spoiled("y", "nested");
    const session = await openModel(file);
    if (session.state === "waiting") await session.fix("MyOp", "leave-out");
    assert.equal(session.state, "loaded");
    await assert.rejects(() => session.graph!.predictAsync(input()), /MyOp is not known/);
  });
});
