import { strict as assert } from "node:assert";
import { execFile } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { nativePlace } from "../../backends/places.js";

const run = promisify(execFile);
const here = dirname(fileURLToPath(import.meta.url));
const runtime = join(here, "../../../src/runtime");

/** What writes and runs graphs by itself, without a CompiledFunction that decides when. */
const GRAPHS = [
  ["record", "record"],
  ["batchRules", "batch-terms"],
  ["writeGraph", "write-graph"],
  ["CompiledGraph", "compiled-graph"],
]
  .map(([name, file]) => {
    const module = JSON.stringify(join(runtime, `native/compiled/${file}.js`));
    return `const { ${name} } = await import(${module});`;
  })
  .join("\n");

/** What the last of these processes wrote to descriptor 2. */
let stderr = "";

/** Runs code on native in a process of its own; `say(value)` adds to what comes back. */
async function onNative(code: string): Promise<unknown[]> {
  const script = `
    import * as tf from "@tensorflow/tfjs";
    import { useBackend } from ${JSON.stringify(join(runtime, "choose.js"))};
    import { displayThrough } from ${JSON.stringify(join(runtime, "cell-display.js"))};
    import { setCompiled, pauseCompiled, compiledRemarks } from ${JSON.stringify(join(runtime, "native/compiled/predictions.js"))};
    await useBackend("native");
    const said = [], notes = [];
    const say = (value) => said.push(value);
    displayThrough({ note: (line) => notes.push(line), show() {}, update() {} });
    const dense = (units, more) => tf.layers.dense({ units, kernelInitializer: tf.initializers.randomNormal({ seed: 7 }), ...more });
    /** Largest difference between what the model predicts now and what it gives op by op. */
    const apart = (model, x) => {
      const got = model.predict(x);
      pauseCompiled(true);
      const wanted = model.predict(x);
      pauseCompiled(false);
      return tf.max(tf.abs(tf.sub(got, wanted))).dataSync()[0];
    };
    ${code}
    console.log(JSON.stringify(said));`;
  const written = await run(process.execPath, [
    "--no-force-async-hooks-checks",
    "--input-type=module",
    "-e",
    script,
  ]);
  ({ stderr } = written);
  return JSON.parse(written.stdout) as unknown[];
}

describe("compiled predictions on native", () => {
  before(function () {
    const place = nativePlace();
    if ("missing" in place) {
      console.log(`      skipped: ${place.missing}`);
      this.skip();
    }
  });

  it("are stopped while they are recorded, and nothing is recorded any more", async () => {
    const found = await onNative(`
      const { endMidway, forEver } = await import(${JSON.stringify(join(here, "../end-midway.js"))});
      const { isRecording, record } = await import(${JSON.stringify(join(runtime, "native/compiled/record.js"))});
      const { binding } = tf.backend();
      let began = false;
      endMidway(() => record(tf.backend(), [tf.ones([2])], (xs) => {
        began = isRecording();
        tf.add(...xs, 1);
        forEver();
      }));
      say(began);
      say(isRecording());
      say(tf.backend().binding === binding);
      say(tf.engine().state.scopeStack.length);`);
    assert.deepEqual(found, [true, false, true, 0]);
  });

  it("run one graph for any batch size, with the numbers of the operations", async () => {
    const [ran, differences] = await onNative(`
      const model = tf.sequential({ layers: [dense(8, { inputShape: [5, 4], activation: "relu" }), tf.layers.lstm({ units: 3 }), dense(2)] });
      const ops = () => {
        const { binding } = tf.backend();
        let count = 0;
        tf.backend().binding = Object.create(binding, { executeOp: { value: (...call) => (count++, binding.executeOp(...call)) } });
        model.predict(tf.ones([9, 5, 4]));
        tf.backend().binding = binding;
        return count;
      };
      const first = ops();
      for (let i = 0; i < 4; i++) model.predict(tf.ones([4, 5, 4]));
      say([first > 50, ops()]);
      const differences = [];
      for (const batch of [1, 2, 9, 40]) {
        const x = tf.randomNormal([batch, 5, 4]);
        model.predict(x);
        model.predict(x);
        differences.push(apart(model, x) < 1e-6);
      }
      say(differences);`);
    assert.deepEqual(ran, [true, 0]);
    assert.deepEqual(differences, [true, true, true, true]);
  });

  it("take long recurrences in two halves of any batch", async () => {
    const [operations, differences] = await onNative(`
      const { layers } = await import(${JSON.stringify(join(runtime, "../index.js"))});
      const model = tf.sequential({ layers: [
        layers.lstm({ units: 64, return_sequences: true, batchInputShape: [null, 6, 3] }),
        layers.bidirectional({ layer: layers.lstm({ units: 64 }) }),
      ] });
      const batches = [5, 1, 2, 3, 8].map((size) => tf.randomNormal([size, 6, 3], 0, 1, "float32", size));
      for (let i = 0; i < 4; i++) model.predict(batches[0]);
      const { binding } = tf.backend();
      let ops = 0;
      const found = batches.map((x, i) => {
        if (i === 1) tf.backend().binding = Object.create(binding, { executeOp: { value: (...call) => (ops++, binding.executeOp(...call)) } });
        return model.predict(x);
      });
      tf.backend().binding = binding;
      setCompiled(false);
      say(ops);
      say(found.map((y, i) => tf.max(tf.abs(tf.sub(y, model.predict(batches[i])))).dataSync()[0] < 1e-5));`);
    assert.equal(operations, 0);
    assert.deepEqual(differences, [true, true, true, true, true]);
  });

  it("follow the weights when they change", async () => {
    const [trained, zeros] = await onNative(`
      const model = tf.sequential({ layers: [dense(8, { inputShape: [4], activation: "relu" }), dense(1)] });
      model.compile({ loss: "meanSquaredError", optimizer: "sgd" });
      const x = tf.randomNormal([32, 4], 0, 1, "float32", 3);
      for (let i = 0; i < 6; i++) model.predict(x);
      const before = model.predict(x).dataSync()[0];
      await model.fit(x, tf.sum(x, 1, true), { epochs: 1, verbose: 0 });
      say([model.predict(x).dataSync()[0] !== before, apart(model, x) < 1e-6]);
      for (let i = 0; i < 6; i++) model.predict(x);
      model.setWeights(model.getWeights().map((weight) => tf.zerosLike(weight)));
      say(model.predict(x).dataSync()[0]);`);
    assert.deepEqual(trained, [true, true]);
    assert.equal(zeros, 0);
  });

  it("give way, in words, to a class of the user and to states", async () => {
    const [counts, states, notes] = await onNative(`
      class Count extends tf.layers.Layer {
        calls = 0;
        call(x) { return tf.add([x].flat()[0], ++this.calls); }
        computeOutputShape(shape) { return shape; }
        static get className() { return "Count"; }
      }
      const counting = tf.sequential({ layers: [dense(1, { inputShape: [2], kernelInitializer: "zeros" }), new Count({})] });
      say([1, 2, 3, 4, 5, 6, 7].map(() => counting.predict(tf.ones([1, 2])).dataSync()[0]));
      const stateful = tf.sequential({ layers: [tf.layers.lstm({ units: 2, stateful: true, batchInputShape: [2, 3, 1] })] });
      const states = [1, 2, 3, 4, 5, 6].map(() => stateful.predict(tf.ones([2, 3, 1])).dataSync()[0]);
      say(new Set(states).size);
      say(notes);`);
    assert.deepEqual(counts, [1, 2, 3, 4, 5, 6, 7]);
    assert.equal(states, 6);
    const [first, second] = notes as string[];
    assert.match(first!, /computes op by op: the class of its layer count\w* is yours/);
    assert.match(second!, /keeps states from one call to the next/);
  });

  it("say of an index outside what the operations say", async () => {
    const [compiled, eager] = await onNative(`
      const model = tf.sequential({ layers: [tf.layers.embedding({ inputDim: 20, outputDim: 4, inputShape: [5] })] });
      for (let i = 0; i < 7; i++) model.predict(tf.ones([2, 5], "int32"));
      const wrong = () => { try { model.predict(tf.fill([2, 5], 25, "int32")); return "nothing"; } catch (error) { return error.message; } };
      say(wrong());
      pauseCompiled(true);
      say(wrong());`);
    assert.match(String(eager), /25/);
    assert.equal(compiled, eager);
  });

  it("compiled by XLA, as on a GPU, give the operations' numbers, and tell an index outside", async () => {
    const [differences, wrong] = await onNative(`
      ${GRAPHS}
      const model = tf.sequential({ layers: [tf.layers.embedding({ inputDim: 20, outputDim: 4, inputShape: [5] }), tf.layers.flatten(), dense(3, { activation: "tanh" }), tf.layers.layerNormalization()] });
      const backend = tf.backend();
      const compute = ([x]) => [model.apply(x)];
      const recorded = (batch) => record(backend, [tf.ones([batch, 5], "int32")], compute);
      const [a, b] = [recorded(2), recorded(3)];
      const written = writeGraph(a, batchRules(a, b), new Set(), true, { xla: true, readsOutside: true, keepsGiven: true });
      const graph = new CompiledGraph(backend.binding, written, []);
      const run = (x) => graph.run(backend.getInputTensorIds([x])).map((one) => backend.createOutputTensor(one))[0];
      say([1, 4, 4, 9].map((batch) => {
        const x = tf.randomUniform([batch, 5], 0, 20, "int32", batch);
        return tf.max(tf.abs(tf.sub(run(x), compute([x])[0]))).dataSync()[0] < 1e-6;
      }));
      // TensorFlow's own gather on the CPU refuses it in other words; XLA's takes the last row.
      try { say(run(tf.fill([4, 5], 25, "int32")).shape); } catch (error) { say(error.message); }`);
    assert.deepEqual(differences, [true, true, true, true]);
    assert.equal(wrong, "An index lies outside of the tensor that it is for.");
  });

  it("hold large weights in variables, as on a GPU, with XLA or without", async () => {
    const [differences, once] = await onNative(`
      ${GRAPHS}
      const model = tf.sequential({ layers: [dense(30, { inputShape: [20], activation: "elu" }), dense(3)] });
      const backend = tf.backend();
      const compute = ([x]) => [model.apply(x)];
      const recorded = (batch) => record(backend, [tf.ones([batch, 20])], compute);
      const [a, b] = [recorded(2), recorded(3)];
      const large = new Set(a.constants.flatMap(({ shape }, i) => (shape.length === 2 ? [i] : [])));
      say([true, false].flatMap((xla) => {
        const written = writeGraph(a, batchRules(a, b), large, true, { xla, readsOutside: true, keepsGiven: true });
        const graph = new CompiledGraph(backend.binding, written, written.given.map((i) => a.constants[i].id));
        if (xla) said.push(written.once.inputNames.length);
        return [1, 4, 4].map((batch) => {
          const x = tf.randomNormal([batch, 20]);
          const got = graph.run(backend.getInputTensorIds([x])).map((one) => backend.createOutputTensor(one))[0];
          return tf.max(tf.abs(tf.sub(got, compute([x])[0]))).dataSync()[0] < 1e-5;
        });
      }));
      said.reverse();`);
    assert.equal(once, 2);
    assert.deepEqual(differences, [true, true, true, true, true, true]);
  });

  it("keep the faster of the graph and the one that XLA compiles", async () => {
    const [same] = await onNative(`
      const { CompiledFunction } = await import(${JSON.stringify(join(runtime, "native/compiled/compiled-function.js"))});
      const model = tf.sequential({ layers: [dense(8, { inputShape: [4], activation: "elu" }), dense(2)] });
      const compute = ([x]) => [model.apply(x)];
      const refusals = [];
      const made = new CompiledFunction(tf.backend(), compute, () => model.weights.map((w) => w.read().dataId), (why) => refusals.push(why), 1, true);
      const x = tf.randomNormal([6, 4]);
      for (let i = 0; i < 3; i++) made.run([x]);
      const most = tf.max(tf.abs(tf.sub(made.run([x])[0], compute([x])[0]))).dataSync()[0];
      say([made.compiled, refusals, most < 1e-6]);`);
    assert.deepEqual(same, [true, [], true]);
  });

  it("are made without the lines that TensorFlow writes meanwhile, and lose no others", async () => {
    const [given] = await onNative(`
      const { writeSync } = await import("node:fs");
      const { quietly } = await import(${JSON.stringify(join(runtime, "native/load-binding.js"))});
      say(quietly(() => (writeSync(2, "meanwhile\\n"), 7)));
      try { quietly(() => { throw new Error("thrown"); }); } catch (error) { writeSync(2, error.message + " after\\n"); }`);
    assert.equal(given, 7);
    assert.doesNotMatch(stderr, /meanwhile/);
    assert.match(stderr, /thrown after/);
  });

  it("can be switched off", async () => {
    const [remarks] = await onNative(`
      setCompiled(false);
      const model = tf.sequential({ layers: [dense(1, { inputShape: [2] })] });
      for (let i = 0; i < 3; i++) model.predict(tf.ones([1, 2]));
      say(compiledRemarks());`);
    assert.match(String(remarks), /compiled graphs are off \(%backend native --compiled on\)/);
  });
});
