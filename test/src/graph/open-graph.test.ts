import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { inspect } from "node:util";
import * as tf from "@tensorflow/tfjs";
import { formatValue } from "../../../kernel/cells/values/format-value.js";
import { openModelFile } from "../../../src/formats/open.js";
import { registerGraphOp } from "../../../src/graph/custom-ops.js";
import type { FunctionInputs } from "../../../src/graph/choose-concrete.js";
import { GraphError } from "../../../src/graph/graph-error.js";
import { openGraph } from "../../../src/graph/open-graph.js";
import type { GraphFunction, LoadedGraph } from "../../../src/graph/loaded-graph.js";
import { openModel } from "../../../src/loading/open.js";
import { switchBackend } from "../../../src/runtime/switch.js";
import { graphFile, node } from "./build-graph.js";
import { FIXTURES, readReference, type Reference, type ReferenceTensor } from "./reference.js";

const TOLERANCE = 1e-5;

interface SavedCall {
  readonly path: string;
  readonly inputs: readonly ReferenceTensor[];
  readonly options: Readonly<Record<string, string | number | boolean>>;
  readonly output: ReferenceTensor;
}

/** Names of the outputs of a graph that names none. */
async function outputs(nodes: Parameters<typeof graphFile>[0]): Promise<string[]> {
  return (await openGraph(graphFile(nodes))).outputs.map(({ name }) => name);
}

describe("graph: TensorFlow's own numbers", function () {
  this.timeout(60_000);
  before(() => tf.setBackend("cpu"));

  for (const name of fs.readdirSync(FIXTURES)) {
    if (name === "keras2_checkpoint" || !fs.existsSync(path.join(FIXTURES, name, "reference.json"))) continue;
    it(name, async () => {
      const reference = readReference(name);
      const graph = await open(name, reference);
      assert.deepEqual(graph.unknownOps, []);
      const call = functionOf(graph, reference);
      compare(call(inputsOf(name, reference)), reference);
      graph.dispose();
    });
  }
});

describe("graph: running", function () {
  this.timeout(60_000);
  before(() => tf.setBackend("cpu"));

  for (const name of ["export_lstm", "module_loops", "tf1_gradients", "export_transformer"]) {
    it(`keeps no tensors from call to call: ${name}`, async () => {
      const reference = readReference(name);
      const graph = await open(name, reference);
      const call = functionOf(graph, reference);
      const inputs = inputsOf(name, reference);
      const run = (): void => Object.values(call(inputs)).forEach((tensor) => tensor.dispose());
      run();
      const before = tf.memory().numTensors;
      run();
      run();
      assert.equal(tf.memory().numTensors, before);
      graph.dispose();
    });
  }

  it("gives everything back when it is disposed", async () => {
    const before = tf.memory().numTensors;
    const graph = await open("export_dense", readReference("export_dense"));
    const output = graph.predict(tf.zeros([1, 4])) as tf.Tensor;
    output.dispose();
    graph.dispose();
    assert.equal(tf.memory().numTensors, before + 1);
  });

  it("gives the same when reads are awaited", async () => {
    for (const name of ["module_loops", "frozen_control_flow", "export_lstm"]) {
      const reference = readReference(name);
      const graph = await open(name, reference);
      compare(await functionOf(graph, reference).async(inputsOf(name, reference)), reference);
      graph.dispose();
    }
  });

  it("keeps the state of variables between calls and signatures", async () => {
    const graph = await open("module_counter", readReference("module_counter"));
    const add = (by: number): number =>
      graph.signatures["add"]!({ by: tf.scalar(by) })["count"]!.dataSync()[0]!;
    assert.deepEqual([add(1), add(2), add(3)], [1, 3, 6]);
    graph.signatures["reset"]!({});
    assert.equal(add(5), 5);
    graph.dispose();
  });

  it("takes inputs by name, in order, and alone", async () => {
    const reference = readReference("export_two_inputs");
    const graph = await open("export_two_inputs", reference);
    const { a, b } = inputsOf("export_two_inputs", reference) as { a: tf.Tensor; b: tf.Tensor };
    compare(graph.signatures["serving_default"]!([a, b]), reference);
    compare(graph.predict({ b, a }) as tf.NamedTensorMap, reference);
    graph.dispose();
  });

  it("keeps what a function captured from call to call, and gives it back with the graph", async () => {
    const file = await openModelFile(path.join(FIXTURES, "module_signatures"));
    const x = tf.tensor1d([3, 4]);
    const before = tf.memory().numTensors;
    const graph = await openGraph(file);
    for (let i = 0; i < 3; i++) {
      const { output_0: y } = graph.functions["two"]!([x, x]);
      assert.deepEqual([...y!.dataSync()], [-3, -4]);
      y!.dispose();
    }
    graph.dispose();
    assert.equal(tf.memory().numTensors, before);
  });

  it("says which inputs are missing, surplus or of another shape", async () => {
    const graph = await open("export_two_inputs", readReference("export_two_inputs"));
    const good = tf.zeros([2, 3]);
    const failing: [Parameters<LoadedGraph["predict"]>[0], RegExp][] = [
      [{ a: good }, /missing: b: float32 \[\?, 3\]/],
      [{ a: good, b: good, c: good }, /not an input: c/],
      [{ a: good, b: tf.zeros([2, 4]) }, /b has the shape \[2, 4\]/],
      [{ a: good, b: tf.tensor(["x"]) }, /b (has the shape|is given as string)/],
      [[good, good, good], /3 inputs are given/],
    ];
    for (const [inputs, message] of failing) {
      assert.throws(
        () => graph.predict(inputs),
        (error) => error instanceof GraphError && message.test(error.message),
      );
    }
    graph.dispose();
  });

  it("runs of a function that was traced for several types, shapes and Python arguments the one that fits", async () => {
    const folder = path.join(FIXTURES, "module_signatures");
    const graph = await openGraph(await openModelFile(folder));
    const calls = JSON.parse(fs.readFileSync(path.join(folder, "calls.json"), "utf8")) as SavedCall[];
    assert.ok(calls.length >= 10);
    for (const { path: name, inputs, options, output } of calls) {
      const called = graph.functions[name]!;
      const tensors = inputs.map(({ values, shape, dtype }) =>
        tf.tensor(values as number[], [...shape], dtype),
      );
      const way = called.concrete.find(({ inputs: specs }) => specs.length === tensors.length)!;
      const named = Object.fromEntries(way.inputs.map((spec, i) => [spec.name, tensors[i]!]));
      close(called({ ...named, ...options })["output_0"]!, output, name);
      const awaited = await called.async({ ...named, ...options });
      close(awaited["output_0"]!, output, name);
    }
    const x = tf.zeros([3]);
    const refused: [string, FunctionInputs, RegExp][] = [
      ["wave", { x }, /wave: 4 of its signatures take these tensors.*Give it by name.*kind = "sin"/],
      ["wave", { x, kind: "tan" }, /none of its 4 signatures takes what is given.*kind = "cos"/],
      ["child.call", { x: tf.zeros([2, 2]) }, /1 of its signatures takes these tensors.*more = 3/],
      ["child.call", tf.tensor(["a"]), /none of its 3 signatures/],
      ["add", [x, x], /none of its 3 .*\(x: int32 \[\]\) or \(x: float32 \[\]\) or/],
    ];
    for (const [name, inputs, message] of refused) {
      assert.throws(
        () => graph.functions[name]!(inputs),
        (error) => error instanceof GraphError && error.code === "G11" && message.test(error.message),
      );
    }
    graph.dispose();
  });

  it("says what is no input: nothing, a promise, a tensor whose memory was given back", async () => {
    const graph = await open("export_conv", readReference("export_conv"));
    const [{ name }, call] = [graph.inputs[0]!, graph.signatures["serving_default"]!];
    const gone = tf.zeros([1]);
    gone.dispose();
    const refused: [unknown, RegExp][] = [
      [undefined, /missing: /],
      [null, /its inputs are given as null\. It takes /],
      [Promise.resolve(tf.zeros([1])), /its inputs are a promise: await them/],
      [{ [name]: Promise.resolve(gone) }, /is a promise: await it/],
      [gone, /is disposed: make it again/],
    ];
    for (const [inputs, message] of refused) {
      const isSaid = (error: Error): boolean => error instanceof GraphError && message.test(error.message);
      assert.throws(() => call(inputs as tf.Tensor), isSaid);
      await assert.rejects(graph.predictAsync(inputs as tf.Tensor), isSaid);
      for (const other of Object.values(graph.functions))
        assert.throws(() => other(inputs as tf.Tensor), GraphError);
    }
    const feeds = { [graph.inputs[0]!.tensor]: gone };
    await assert.rejects(graph.execute(feeds, [graph.outputs[0]!.tensor]), /is disposed/);
    assert.throws(() => call(tf.zeros([1]), "y" as unknown as string[]), /no list of names/);
    await assert.rejects(openGraph("model" as never), /model is no opened model file/);
    graph.dispose();
  });

  it("is printed as its inputs and outputs in a line, not as its insides", async () => {
    const graph = await openGraph(await openModelFile(path.join(FIXTURES, "keras2_named_calls")));
    const call =
      "serving_default(x float32 (None, 3), y float32 (None, 3), z float32 (None, 3)) → only float32 (None, 3)";
    assert.equal(inspect(graph), `Graph ${call}, 9 parameters`);
    assert.equal(inspect(graph.signatures["serving_default"]), call);
    graph.dispose();
    const { graph: loaded } = await openModel(path.join(FIXTURES, "module_affine"));
    const shown = formatValue(loaded) as Promise<{ data: Record<string, string> }>;
    assert.match(
      (await shown).data["text/plain"]!,
      /module_affine \(signature .*SavedModel, loaded as graph/,
    );
  });

  it("groups its ops by scope, with the parameters that each reads", async () => {
    const graph = await open("export_conv", readReference("export_conv"));
    assert.equal(graph.parameters, 620);
    const scope = graph.scopes.find(({ name }) => /depthwise_conv2d/.test(name))!;
    assert.equal(scope.parameters, 80);
    assert.ok(scope.kinds.includes("DepthwiseConv2dNative") && scope.kinds.includes("BiasAdd"));
    graph.dispose();
  });

  it("names the op at which a prediction fails", async () => {
    const graph = await open("frozen_control_flow", readReference("frozen_control_flow"));
    await assert.rejects(
      () => graph.execute({ "x:0": tf.zeros([3, 2]) }, ["no/such/op:0"]),
      (error) => error instanceof GraphError && error.code === "G02" && /no\/such\/op/.test(error.message),
    );
    graph.dispose();
  });

  it("gives complex outputs on wasm, which TensorFlow.js has no complex tensors for", async () => {
    await switchBackend("wasm");
    const graph = await openGraph(
      graphFile([
        node("x", "Placeholder"),
        node("minus", "Neg", ["x"]),
        node("z", "Complex", ["x", "minus"]),
      ]),
    );
    const [z] = (await graph.execute({ "x:0": tf.tensor1d([1, 2]) }, ["z:0"])) as [tf.Tensor];
    assert.equal(z.dtype, "complex64");
    assert.deepEqual([...(await z.data())], [1, -1, 2, -2]);
    graph.dispose();
    await switchBackend("cpu");
  });

  it("reads the text form of a graph", async () => {
    const file = await openModelFile(path.join(FIXTURES, "frozen_control_flow", "graph.pbtxt"));
    const reference = readReference("frozen_control_flow");
    const graph = await openGraph(file);
    compare(graph.predict(inputsOf("frozen_control_flow", reference)) as tf.NamedTensorMap, reference);
    graph.dispose();
  });

  it("runs a meta graph beside a TF1 checkpoint", async () => {
    const file = await openModelFile(path.join(FIXTURES, "tf1_saved_model", "checkpoint", "model.ckpt-3"));
    const reference = readReference("tf1_saved_model");
    const graph = await openGraph(file);
    assert.deepEqual(
      graph.outputs.map(({ name }) => name),
      ["y"],
    );
    compare({ y: graph.predict(inputsOf("tf1_saved_model", reference)) as tf.Tensor }, reference);
    graph.dispose();
    file.close();
  });

  it("guesses as outputs what comes of an input, else all that nothing uses", async () => {
    const spare = [node("w", "VariableV2"), node("w/read", "Identity", ["w"])];
    const used = [node("x", "Placeholder"), node("y", "Relu", ["x"]), node("z", "Abs", ["y"])];
    assert.deepEqual(await outputs([...spare, ...used]), ["z"]);
    assert.deepEqual(await outputs(spare), ["w/read"]);
  });

  it("guesses as outputs what is computed of an input's values, not what is left of its size", async () => {
    const sized = [
      node("x", "Placeholder"),
      node("rnn/Shape", "Shape", ["x"]),
      node("rnn/stack", "Pack", ["rnn/Shape", "rnn/Shape"]),
    ];
    assert.deepEqual(await outputs([...sized, node("y", "Relu", ["x"])]), ["y"]);
    assert.deepEqual(await outputs(sized), ["rnn/stack"]);
  });

  it("guesses no output inside loops, conditions and summaries", async () => {
    const loop = [
      node("x", "Placeholder"),
      ...["", "_1"].flatMap((end) => [
        node(`l/Enter${end}`, "Enter", ["x"], [{ key: "frame_name", value: { value: text("l") } }]),
        node(`l/Merge${end}`, "Merge", [`l/Enter${end}`, `l/Next${end}`]),
        node(`l/Switch${end}`, "Switch", [`l/Merge${end}`, "l/Cond"]),
        node(`l/Next${end}`, "NextIteration", [`l/Switch${end}:1`]),
        node(`l/Exit${end}`, "Exit", [`l/Switch${end}`]),
      ]),
      node("l/Less", "Less", ["l/Merge", "l/Merge"]),
      node("l/Cond", "LoopCond", ["l/Less"]),
    ];
    assert.deepEqual(await outputs([...loop, node("y", "Relu", ["l/Exit_1"])]), ["y"]);
    assert.deepEqual(await outputs(loop), ["l/Exit", "l/Exit_1"]);
    const branches = [
      node("x", "Placeholder"),
      node("flag", "Placeholder"),
      node("c/Switch", "Switch", ["flag", "flag"]),
      node("c/switch_t", "Identity", ["c/Switch:1"]),
      node("y", "Relu", ["x"]),
      node("y/shape", "Shape", ["y"]),
      node("tag", "Const"),
      node("seen", "HistogramSummary", ["tag", "y"]),
      node("all", "MergeSummary", ["seen"]),
    ];
    assert.deepEqual(await outputs(branches), ["y"]);
  });

  it("guesses of a graph for training what is compared with the labels", async () => {
    const graph = await openGraph(
      graphFile([
        node("x", "Placeholder"),
        node("labels", "Placeholder"),
        node("w", "VariableV2"),
        node("w/read", "Identity", ["w"]),
        node("scores", "MatMul", ["x", "w/read"]),
        node("class", "ArgMax", ["scores", "axis"]),
        node("axis", "Const"),
        node("loss/Reshape", "Relu", ["scores"]),
        node("loss/Sub", "Sub", ["loss/Reshape", "labels"]),
        node("right", "Equal", ["class", "labels"]),
        node("gradients/loss", "Neg", ["loss/Sub"]),
        node("train", "ApplyGradientDescent", ["w", "axis", "clip"]),
        node("clip", "Relu", ["gradients/loss"]),
      ]),
    );
    assert.deepEqual(
      [graph.inputs, graph.outputs].map((specs) => specs.map(({ name }) => name)),
      [["x"], ["scores", "class"]],
    );
  });

  it("lists ops it does not know and what they feed, runs the rest, and takes a function for one", async () => {
    const file = await openModelFile(path.join(FIXTURES, "frozen_control_flow", "graph.pb"));
    const contents = (file as unknown as { contents: { graph: { node: { name: string; op: string }[] } } })
      .contents;
    contents.graph.node.find(({ name }) => name === "y")!.op = "MyAddition";
    const graph = await openGraph(file);
    const [unknown] = graph.unknownOps;
    assert.deepEqual(
      { ...unknown, attributes: [] },
      { op: "MyAddition", nodes: ["y"], inputs: 2, attributes: [], feeds: ["y"] },
    );
    const reference = readReference("frozen_control_flow");
    const inputs = inputsOf("frozen_control_flow", reference);
    const [nested] = await graph.execute({ "x:0": inputs["x"]! }, ["nested:0"]);
    close(nested!, reference.outputs["nested"]!, "nested");
    assert.throws(() => graph.predict(inputs), /MyAddition is not known.*%%register_custom MyAddition/);
    registerGraphOp("MyAddition", ([a, b]) => tf.add(a!, b!));
    try {
      compare(graph.predict(inputs) as tf.NamedTensorMap, reference);
      assert.deepEqual(graph.unknownOps, []);
    } finally {
      registerGraphOp("MyAddition", null);
      graph.dispose();
    }
  });
});

function text(value: string): { case: "s"; value: Uint8Array } {
  return { case: "s", value: new TextEncoder().encode(value) };
}

async function open(name: string, { signature }: Reference): Promise<LoadedGraph> {
  const frozen = path.join(FIXTURES, name, "graph.pb");
  const file = await openModelFile(fs.existsSync(frozen) ? frozen : path.join(FIXTURES, name));
  const graph = await openGraph(file, signature === "graph" || signature === "both" ? undefined : signature);
  file.close();
  return graph;
}

function functionOf(graph: LoadedGraph, { signature }: Reference): GraphFunction {
  const found = graph.signatures[signature] ?? graph.functions[signature];
  if (found !== undefined) return found;
  const named = (outputs: tf.Tensor | tf.NamedTensorMap): tf.NamedTensorMap =>
    outputs instanceof tf.Tensor ? { [graph.outputs[0]!.name]: outputs } : outputs;
  const call = (inputs: Parameters<GraphFunction>[0]): tf.NamedTensorMap => named(graph.predict(inputs));
  const async_ = async (inputs: Parameters<GraphFunction>[0]): Promise<tf.NamedTensorMap> =>
    named(await graph.predictAsync(inputs));
  return Object.assign(call, { async: async_, inputs: graph.inputs, outputs: graph.outputs });
}

function inputsOf(name: string, { inputs }: Reference): Record<string, tf.Tensor> {
  return Object.fromEntries(
    Object.entries(inputs).map(([key, { values, shape, dtype }]) => {
      // Serialized messages are no text: the reference has them in base64.
      const bytes =
        name === "module_examples" ? values.map((text) => Buffer.from(String(text), "base64url")) : null;
      const data = bytes === null ? values : bytes.map((buffer) => new Uint8Array(buffer));
      return [key, tf.tensor(data as number[], [...shape], dtype)];
    }),
  );
}

function compare(outputs: tf.NamedTensorMap, reference: Reference): void {
  for (const [name, expected] of Object.entries(reference.outputs)) {
    assert.ok(outputs[name] !== undefined, `no output ${name}, only ${Object.keys(outputs).join(", ")}`);
    close(outputs[name], expected, name);
  }
}

function close(actual: tf.Tensor, expected: ReferenceTensor, name: string): void {
  assert.deepEqual(actual.shape, expected.shape, name);
  const values = actual.dataSync();
  if (expected.dtype === "string") {
    assert.deepEqual(Array.from(values as unknown as string[]), expected.values, name);
    return;
  }
  for (let i = 0; i < values.length; i++) {
    const difference = Math.abs(values[i]! - Number(expected.values[i]));
    assert.ok(
      difference <= TOLERANCE,
      `${name}[${i}] is ${values[i]}, TensorFlow's is ${expected.values[i]}`,
    );
  }
}
