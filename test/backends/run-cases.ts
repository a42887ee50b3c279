/**
 * Runs the cases on one back end and prints what they gave as JSON: `node run-cases.js wasm [--differences]
 * [--layers]`. A back end is one of a whole process, so each is run in its own.
 */
import process from "node:process";
import * as tf from "@tensorflow/tfjs";
import { useBackend } from "../../src/runtime/choose.js";
import { finishGpuWork } from "../../src/runtime/webgpu/finish-work.js";
import { readCases, runCase } from "../src/layers/layer-cases.js";
import type { BackendOutcomes } from "./case.js";
import { GRADIENT_CASES } from "./gradient-cases.js";
import { differencesOf, gradientsOf } from "./gradients.js";
import { opCases } from "./op-cases.js";
import { outcomeOf } from "./outcome.js";

const [backend = "cpu", ...flags] = process.argv.slice(2);
// Small tensors stay on the host by default; here the GPU must compute them.
(tf.env() as unknown as { flags: Record<string, unknown> }).flags["WEBGPU_CPU_HANDOFF_SIZE_THRESHOLD"] = 1;
const { device } = await useBackend(backend);

const outcomes: BackendOutcomes = { device, operations: {}, gradients: {}, differences: {}, layers: {} };
for (const one of opCases()) outcomes.operations[`${one.group}: ${one.name}`] = await outcomeOf(one);
for (const one of GRADIENT_CASES) outcomes.gradients[one.name] = await gradientsOf(one);
if (flags.includes("--differences")) {
  for (const one of GRADIENT_CASES) {
    outcomes.differences[one.name] = { status: "values", tensors: await differencesOf(one) };
  }
}
if (flags.includes("--layers")) await runLayers(outcomes.layers);
await finishGpuWork();
process.stdout.write(JSON.stringify(outcomes));

async function runLayers(results: Record<string, number | string>): Promise<void> {
  for (const file of ["keras2", "keras3", "operations"]) {
    const { keras, cases } = readCases(file);
    for (const one of cases) {
      const result = await runCase(one, keras).catch((error: Error) => error.message.split("\n")[0]!);
      results[`${file}: ${one.name}`] = result;
    }
  }
}
