// One back end of bench/runtime.mjs in a process of its own: measure-runtime.mjs BACKEND FILE.keras BATCHES SECONDS TRAIN
// prints {device, driver, load, batches: {N: {first, ops, graph}}, train}: milliseconds; p50 where repeated. `graph` is the
// compiled path of native and cuda.
import * as tf from "@tensorflow/tfjs";
import { openModel } from "../dist/src/index.js";
import { currentBackend } from "../dist/src/runtime/choose.js";
import { compiledRemarks, setCompiled } from "../dist/src/runtime/native/compiled/predictions.js";
import { switchBackend } from "../dist/src/runtime/switch.js";
import { finishGpuWork } from "../dist/src/runtime/webgpu/finish-work.js";

const [backend, file, batches, secondsText, trainText] = process.argv.slice(2);
const seconds = Number(secondsText);
const train = Number(trainText);
await switchBackend(backend);
const compiles = backend === "native" || backend === "cuda";
setCompiled(false);
const start = performance.now();
const session = await openModel(file);
const model = session.model;
if (!model) throw new Error(`${file} does not load: ${session.report?.state}`);
const { device, driver } = currentBackend().device;
const result = { device, driver, load: performance.now() - start, batches: {} };
const [{ shape, dtype }] = model.inputs;

for (const batch of batches.split(",")) {
  const x = inputs(Number(batch));
  const run = () => predict(x, Number(batch));
  const one = { first: await once(run), ops: await median(run) };
  if (compiles) {
    setCompiled(true);
    // The first four run op by op.
    for (let i = 0; i < 4; i++) await run();
    one.compile = await once(run);
    one.graph = await median(run);
    setCompiled(false);
  }
  result.batches[batch] = one;
  x.dispose();
}
if (train > 0) {
  const x = inputs(train);
  const classes = model.outputs[0].shape.at(-1);
  const y = tf.oneHot(tf.zeros([train], "int32"), classes).cast("float32");
  const step = async () => void (await model.trainOnBatch(x, y));
  try {
    await step();
    result.train = await median(step);
  } catch (error) {
    console.error(
      `${backend}: the training step ends with ${String(error.message).split("\n")[0].slice(0, 200)}`,
    );
    result.train = null;
  }
}
result.remarks = compiledRemarks();
await finishGpuWork();
console.log(JSON.stringify(result));

function inputs(batch) {
  const dims = [batch, ...shape.slice(1)];
  return dtype === "int32"
    ? tf.randomUniform(dims, 0, 9000, "int32", 1)
    : tf.randomUniform(dims, 0, 1, "float32", 1);
}

async function predict(x, batchSize) {
  const y = model.predict(x, { batchSize });
  await y.data();
  y.dispose();
}

async function once(run) {
  const before = performance.now();
  await run();
  return performance.now() - before;
}

/** The median of as many runs as fit into the time, three at least unless they take very long. */
async function median(run) {
  const times = [];
  const began = performance.now();
  const spent = () => (performance.now() - began) / 1000;
  while (times.length < 3 || spent() < seconds) {
    times.push(await once(run));
    if (spent() > 4 * seconds) break;
  }
  return times.sort((a, b) => a - b)[Math.floor(times.length / 2)];
}
