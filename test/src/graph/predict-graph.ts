// predict-graph.js PLACE MODEL: prints how far MODEL's outputs are from those in MODEL.json, for applications.test.ts.
import fs from "node:fs";
import { createRequire } from "node:module";
import * as tf from "@tensorflow/tfjs";
import { openModelFile } from "../../../src/formats/open.js";
import { openGraph } from "../../../src/graph/open-graph.js";
import { readInstallation } from "../../../src/runtime/native/installation.js";
import { switchBackend } from "../../../src/runtime/switch.js";
import type { ReferenceTensor } from "./reference.js";

const [place, model] = process.argv.slice(2) as [string, string];
const { input, output } = JSON.parse(fs.readFileSync(`${model}.json`, "utf8")) as Record<
  "input" | "output",
  ReferenceTensor
>;
const ownRuntime = place === "TensorFlow's runtime";
await switchBackend(ownRuntime ? "native" : place);
const x = tf.tensor(input.values as number[], [...input.shape], input.dtype as "float32");
const y = ownRuntime ? await inTensorFlow() : await inGraph();
const values = await y.data();
const wanted = output.values as number[];
if (values.length !== wanted.length) throw new Error(`${values.length} numbers in place of ${wanted.length}`);
console.log(wanted.reduce((most, value, i) => Math.max(most, Math.abs(values[i]! - value)), 0));

async function inGraph(): Promise<tf.Tensor> {
  const graph = await openGraph(await openModelFile(model));
  return graph.predict(x) as tf.Tensor;
}

/** What libtensorflow makes of the folder, by the binding of the native back end. */
async function inTensorFlow(): Promise<tf.Tensor> {
  const require = createRequire(`${readInstallation()!.package}/package.json`);
  const { loadSavedModel } = require("./dist/saved_model.js") as {
    loadSavedModel(
      path: string,
      tags: string[],
      signature: string,
    ): Promise<{ predict(x: tf.Tensor): tf.Tensor }>;
  };
  return (await loadSavedModel(model, ["serve"], "serving_default")).predict(x);
}
