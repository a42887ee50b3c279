// One peer of bench/graph.mjs in a process of its own: measure-graph.mjs WHO FOLDER PREDICTIONS prints {load, predict}.
import { createRequire } from "node:module";
import * as tf from "@tensorflow/tfjs";
import { openModelFile } from "../dist/src/formats/open.js";
import { openGraph } from "../dist/src/graph/open-graph.js";
import { switchBackend } from "../dist/src/runtime/switch.js";

const [who, folder, count] = process.argv.slice(2);
const backend = who === "tfjs-node" ? "native" : who.replace("loadlab ", "");
await switchBackend(backend);
const start = performance.now();
const { shape, dtype, run } = who === "tfjs-node" ? await savedModel() : await graph();
const load = performance.now() - start;
const x = tf.ones([1, ...shape.slice(1)], dtype === "int32" ? "int32" : "float32");
await once();
const times = [];
for (let i = 0; i < Number(count); i++) {
  const before = performance.now();
  await once();
  times.push(performance.now() - before);
}
times.sort((a, b) => a - b);
console.log(JSON.stringify({ load, predict: times[Math.floor(times.length / 2)] }));

async function once() {
  const outputs = await run(x);
  for (const output of Object.values(outputs)) {
    await output.data();
    output.dispose();
  }
}

async function graph() {
  const file = await openModelFile(folder);
  const loaded = await openGraph(file);
  const [{ shape, dtype }] = loaded.inputs;
  const call = loaded.signatures.serving_default;
  return { shape, dtype, run: (input) => call([input]) };
}

/** tfjs-node's own way: TensorFlow's runtime loads the folder and runs its signature. */
async function savedModel() {
  const { readInstallation } = await import("../dist/src/runtime/native/installation.js");
  const require = createRequire(`${readInstallation().package}/package.json`);
  const { loadSavedModel } = require("./dist/saved_model.js");
  const model = await loadSavedModel(folder, ["serve"], "serving_default");
  const [{ shape, dtype }] = model.inputs;
  const given = shape.map((dim) => Number(Array.isArray(dim) ? dim[0] : (dim.array?.[0] ?? dim)));
  return { shape: given, dtype, run: async (input) => wrap(await model.predict(input)) };
}

function wrap(outputs) {
  return outputs instanceof tf.Tensor ? { output: outputs } : outputs;
}
