// npm run bench:layers [SECONDS] [BACKENDS]: layers beside the same in tfjs-layers and in Keras in one run; writes
// docs/benchmarks-layers.md. LOADLAB_PYTHON names a Python that has Keras and TensorFlow; without it Keras is left out.
import { execFileSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { performance } from "node:perf_hooks";
import { layers, tf } from "../dist/src/index.js";
import { BACKENDS } from "../dist/src/runtime/choose.js";

const seconds = Number(process.argv[2] ?? 1);
const wanted = (process.argv[3] ?? "cpu,wasm,native,webgpu").split(",");

/** tfjs needs minutes to draw a large orthogonal matrix. */
const START = { recurrentInitializer: "glorotUniform" };

/** One layer on one input: Keras's class and arguments, and how tfjs-layers has it, where it does. */
const CASES = [
  {
    name: "LSTM, 32 units, 8 x 50 x 16",
    layer: "LSTM",
    arguments: { units: 32 },
    shapes: [[8, 50, 16]],
    ours: () => layers.lstm({ units: 32, ...START }),
    peer: () => tf.layers.lstm({ units: 32, recurrentActivation: "sigmoid", ...START }),
  },
  {
    name: "LSTM, 128 units, 16 x 20 x 32",
    layer: "LSTM",
    arguments: { units: 128 },
    shapes: [[16, 20, 32]],
    ours: () => layers.lstm({ units: 128, ...START }),
    peer: () => tf.layers.lstm({ units: 128, recurrentActivation: "sigmoid", ...START }),
  },
  {
    name: "GRU (reset_after=False), 32 units, 8 x 50 x 16",
    layer: "GRU",
    arguments: { units: 32, reset_after: false },
    shapes: [[8, 50, 16]],
    ours: () => layers.gru({ units: 32, resetAfter: false, ...START }),
    peer: () => tf.layers.gru({ units: 32, recurrentActivation: "sigmoid", resetAfter: false, ...START }),
  },
  {
    name: "GRU (reset_after=True), 32 units, 8 x 50 x 16",
    layer: "GRU",
    arguments: { units: 32 },
    shapes: [[8, 50, 16]],
    ours: () => layers.gru({ units: 32, ...START }),
    peer: null,
  },
  {
    name: "MultiHeadAttention, 4 heads of 16, 8 x 64 x 64",
    layer: "MultiHeadAttention",
    arguments: { num_heads: 4, key_dim: 16 },
    shapes: [
      [8, 64, 64],
      [8, 64, 64],
    ],
    ours: () => layers.multiHeadAttention({ numHeads: 4, keyDim: 16 }),
    peer: null,
  },
  {
    name: "LayerNormalization, 8 x 128 x 256",
    layer: "LayerNormalization",
    arguments: {},
    shapes: [[8, 128, 256]],
    ours: () => layers.layerNormalization({}),
    peer: () => tf.layers.layerNormalization({}),
  },
  {
    name: "DepthwiseConv2D 3 x 3, 2 x 28 x 28 x 64",
    layer: "DepthwiseConv2D",
    arguments: { kernel_size: 3, padding: "same" },
    shapes: [[2, 28, 28, 64]],
    ours: () => layers.depthwiseConv2D({ kernelSize: 3, padding: "same" }),
    peer: () => tf.layers.depthwiseConv2d({ kernelSize: 3, padding: "same" }),
  },
];

async function milliseconds(layer, inputs) {
  const once = async () => {
    const y = tf.tidy(() => layer.apply(inputs.length === 1 ? inputs[0] : inputs));
    await y.data();
    y.dispose();
  };
  await once();
  const times = [];
  const end = performance.now() + 1000 * seconds;
  while (performance.now() < end || times.length < 2) {
    const start = performance.now();
    await once();
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b)[Math.floor(times.length / 2)];
}

function kerasTimes() {
  const python = process.env.LOADLAB_PYTHON;
  if (!python || !existsSync(python)) return null;
  const cases = CASES.map(({ name, layer, arguments: args, shapes }) => ({
    name,
    layer,
    arguments: args,
    shapes,
  }));
  const output = execFileSync(python, ["bench/measure_layers.py", JSON.stringify(cases), `${seconds}`], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  return JSON.parse(output.trim().split("\n").at(-1));
}

const loadBefore = loadavg()[0];
const keras = kerasTimes();
const rows = [];
const left = [];
for (const backend of wanted) {
  const chosen = BACKENDS.get(backend);
  try {
    await chosen.start({ asked: true });
  } catch (error) {
    left.push(`${backend} (${error.message.split("\n")[0]})`);
    continue;
  }
  for (const each of CASES) {
    const inputs = each.shapes.map((shape) => tf.randomNormal(shape));
    const ours = await milliseconds(each.ours(), inputs);
    const peer = each.peer ? await milliseconds(each.peer(), inputs) : null;
    rows.push({ name: each.name, backend, ours, peer, keras: keras?.[each.name] ?? null });
    tf.dispose(inputs);
    console.log(`${backend} ${each.name}: ${ours.toFixed(2)} ms`);
  }
}

const number = (ms) => (ms >= 100 ? ms.toFixed(0) : ms >= 10 ? ms.toFixed(1) : ms.toFixed(2));
const beside = (ms, ours, none) => (ms === null ? none : `${number(ms)} (${(ms / ours).toFixed(2)} x)`);
const table = rows.map(
  ({ name, backend, ours, peer, keras: theirs }) =>
    `| ${name} | ${backend} | ${number(ours)} | ${beside(peer, ours, "has none")} | ${beside(theirs, ours, "not measured")} |`,
);
const notMeasured = left.length > 0 ? `\nNot measured: ${left.join("; ")}.\n` : "";
const page = `# Benchmarks of layers

Repeat them with \`npm run bench:layers\`, which writes this page; LOADLAB_PYTHON names a Python with Keras.

One call of a layer, median milliseconds of ${seconds} s of calls in one run, the result read back each time. In brackets the
ratio to loadlab's time: above 1 loadlab is faster. tfjs-layers runs on the same back end with the same corrections; Keras is
${keras ? `${keras.keras} on TensorFlow, compiled, on the CPU` : "left out"}.

| layer, input | back end | loadlab, ms | tfjs-layers, ms | Keras, ms |
| --- | --- | --: | --: | --: |
${table.join("\n")}
${notMeasured}
Measured on ${new Date().toISOString().slice(0, 10)}: Node ${process.versions.node}, ${cpus().length} cores (${cpus()[0].model.trim()}), load average ${loadBefore.toFixed(1)} before the run.
`;
writeFileSync("docs/benchmarks-layers.md", page);
console.log("docs/benchmarks-layers.md");
process.exit(0);
