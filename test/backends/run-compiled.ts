/**
 * Runs the small model around each layer as one TensorFlow graph, at the batch size that it was made from and at
 * another, against the operations one by one: `node run-compiled.js [BACKEND] [EVERY]` takes each EVERYth case. Prints
 * JSON.
 */
import process from "node:process";
import * as tf from "@tensorflow/tfjs";
import { useBackend } from "../../src/runtime/choose.js";
import { CompiledFunction } from "../../src/runtime/native/compiled/compiled-function.js";
import { setCompiled } from "../../src/runtime/native/compiled/predictions.js";
import type { NodeBackend } from "../../src/runtime/native/node-backend.js";
import { asTensor } from "../src/keras/reference.js";
import { finishGpuWork } from "../../src/runtime/webgpu/finish-work.js";
import { buildCase, readCases, type LayerCase } from "../src/layers/layer-cases.js";

export interface CompiledOutcome {
  compiled: number;
  /** How many stay op by op, by the reason. */
  readonly byOps: Record<string, number>;
  /** Cases whose graph gives other numbers than the operations. */
  readonly wrong: string[];
  /** Cases whose operations refuse the other batch size too. */
  refused: number;
}

const TOLERANCE = 1e-4;
const [backend = "native", every = 1] = [process.argv[2], Number(process.argv[3] ?? 1)];
await useBackend(backend);
setCompiled(false);
const outcome: CompiledOutcome = { compiled: 0, byOps: {}, wrong: [], refused: 0 };
for (const file of ["keras2", "keras3", "operations"]) {
  const { keras, cases } = readCases(file);
  for (const [i, one] of cases.entries()) {
    if (i % every !== 0) continue;
    await check(`${file}: ${one.name}`, one, keras);
  }
}
await finishGpuWork();
process.stdout.write(JSON.stringify(outcome));

async function check(name: string, one: LayerCase, keras: string): Promise<void> {
  const model = await buildCase(one, keras).catch((error: Error) => error.message);
  if (typeof model === "string") return;
  const compute = (inputs: readonly tf.Tensor[]) =>
    [model.apply(inputs.length === 1 ? inputs[0]! : [...inputs], { training: false })].flat() as tf.Tensor[];
  const weights = () => model.weights.map((weight) => (weight.read() as tf.Tensor).dataId);
  let reason = "";
  const compiled = new CompiledFunction(
    tf.backend() as NodeBackend,
    compute,
    weights,
    (why) => (reason = why),
  );
  tf.engine().startScope();
  try {
    const inputs = one.inputs.map(asTensor);
    const rows = tf.tensor1d([0, ...Array.from(inputs[0]!.shape[0]! > 1 ? [1, 0, 1] : [0, 0, 0])], "int32");
    const others = inputs.map((input) =>
      input.dtype === "string" || input.rank === 0 ? input : tf.gather(input, rows),
    );
    compiled.run(inputs);
    compiled.run(inputs);
    if (!compiled.compiled) {
      outcome.byOps[reason] = (outcome.byOps[reason] ?? 0) + 1;
      return;
    }
    outcome.compiled++;
    const difference = Math.max(
      apart(compiled.run(inputs), compute(inputs)),
      apart(compiled.run(others), compute(others)),
    );
    if (!(difference <= TOLERANCE)) outcome.wrong.push(`${name}: ${difference}`);
  } catch {
    outcome.refused++;
  } finally {
    compiled.dispose();
    tf.engine().endScope();
    model.dispose();
  }
}

/** The largest difference, relative above 1; NaN where shapes differ. */
function apart(got: readonly tf.Tensor[], wanted: readonly tf.Tensor[]): number {
  return wanted.reduce((most, expected, i) => {
    if (String(got[i]!.shape) !== String(expected.shape)) return NaN;
    const [a, b] = [got[i]!.dataSync(), expected.dataSync()] as unknown as Float32Array[];
    let worst = most;
    b!.forEach((value, k) => {
      if (a![k] !== value && !(Number.isNaN(a![k]) && Number.isNaN(value)))
        worst = Math.max(worst, Math.abs(a![k]! - value) / Math.max(1, Math.abs(value)));
    });
    return worst;
  }, 0);
}
