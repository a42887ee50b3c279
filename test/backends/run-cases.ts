/**
 * Runs the cases on one back end and prints their outcomes as JSON: `node run-cases.js wasm`. A back end is one of
 * a whole process, so each is run in its own.
 */
import process from "node:process";
import * as tf from "@tensorflow/tfjs";
import { useBackend } from "../../src/runtime/choose.js";
import { finishGpuWork } from "../../src/runtime/webgpu/finish-work.js";
import type { Outcome } from "./case.js";
import { opCases } from "./op-cases.js";
import { outcomeOf } from "./outcome.js";

const [, , backend = "cpu", only = ""] = process.argv;
// Small tensors stay on the host by default; here the GPU must compute them.
(tf.env() as unknown as { flags: Record<string, unknown> }).flags["WEBGPU_CPU_HANDOFF_SIZE_THRESHOLD"] = 1;
await useBackend(backend);
const outcomes: Record<string, Outcome> = {};
for (const one of opCases().filter(({ name }) => name.includes(only))) {
  outcomes[`${one.group}: ${one.name}`] = await outcomeOf(one);
}
await finishGpuWork();
process.stdout.write(JSON.stringify(outcomes));
