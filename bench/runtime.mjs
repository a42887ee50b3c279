// npm run bench:runtime [-- --python PATH] [--models ResNet50,MobileNetV2,BERT-base,LSTM] [--batches 1,8,32]
//   [--backends native,wasm] [--seconds 1] [--train 8] [--folder PATH] [--limit 150]
// Load, first prediction, median of a prediction and of a training step: loadlab on each back end that is here, and
// Keras, each in a process of its own, in one run. Writes docs/benchmarks-runtime.md when nothing was left out.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { fileURLToPath } from "node:url";
import { ALLOCATOR } from "../dist/kernel/runner/runner-process.js";
import { BACKENDS } from "../dist/src/runtime/choose.js";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const ALL = "ResNet50,MobileNetV2,BERT-base,LSTM";
/** Batches that a back end is given: the largest take it minutes for numbers that nobody waits for. */
const LARGEST = { wasm: { "BERT-base": 8, default: 32 }, cpu: { default: 0 }, webgpu: { default: 8 } };

const { values: options } = parseArgs({
  options: {
    python: { type: "string", default: process.env.PYTHON ?? "python3" },
    models: { type: "string", default: ALL },
    batches: { type: "string", default: "1,8,32" },
    backends: { type: "string" },
    /** For each median. */
    seconds: { type: "string", default: "1" },
    /** Batch of the training step; 0 for none. */
    train: { type: "string", default: "8" },
    folder: { type: "string" },
    /** Seconds after which one process is given up. */
    limit: { type: "string", default: "150" },
    help: { type: "boolean", default: false },
  },
});
if (options.help) {
  console.log(opening(readFileSync(fileURLToPath(import.meta.url), "utf8")));
  process.exit();
}

const loadBefore = loadavg()[0];
const backends = options.backends?.split(",") ?? (await backendsHere());
const folder = options.folder ?? mkdtempSync(path.join(tmpdir(), "loadlab-runtime-"));
mkdirSync(folder, { recursive: true });
const rows = [];
try {
  for (const model of options.models.split(",")) rows.push(measure(model));
} finally {
  if (!options.folder) rmSync(folder, { recursive: true });
}
console.log(page());
if (options.models === ALL && !options.backends) {
  writeFileSync(path.join(ROOT, "docs", "benchmarks-runtime.md"), page());
}

/** The comment that a file begins with. */
function opening(source) {
  const lines = source.split("\n");
  const end = lines.findIndex((line) => !line.startsWith("//"));
  return lines
    .slice(0, end)
    .map((line) => line.slice(3))
    .join("\n");
}

/** In the order in which they are tried; one on a software adapter, and the plain cpu, only when asked for. */
async function backendsHere() {
  const usable = [];
  for (const [name, backend] of BACKENDS) {
    const found = await backend.examine();
    if (found.usable && !found.onlyIfAsked && name !== "cpu") usable.push(name);
  }
  return usable;
}

function measure(model) {
  const file = path.join(folder, `${model}.keras`);
  if (!existsSync(file)) run(options.python, ["bench/write_runtime_models.py", model, file]);
  const train = options.train;
  const results = {};
  for (const backend of backends) {
    const batches = batchesFor(backend, model);
    if (batches.length === 0) continue;
    // BERT's training step takes wasm a minute.
    const trained = backend === "wasm" && model === "BERT-base" ? "0" : train;
    results[backend] = result(process.execPath, [
      "--no-force-async-hooks-checks",
      "bench/measure-runtime.mjs",
      backend,
      file,
      batches.join(","),
      options.seconds,
      trained,
    ]);
  }
  results.Keras = result(options.python, [
    "bench/measure_runtime.py",
    file,
    options.batches,
    options.seconds,
    train,
  ]);
  console.error(model, JSON.stringify(results));
  return { model, results };
}

function batchesFor(backend, model) {
  const limits = LARGEST[backend] ?? {};
  const most = options.backends ? Infinity : (limits[model] ?? limits.default ?? Infinity);
  return options.batches.split(",").filter((batch) => Number(batch) <= most);
}

function result(program, args) {
  try {
    return JSON.parse(run(program, args).trim().split("\n").at(-1));
  } catch (error) {
    console.error(String(error.message).slice(0, 600));
    return null;
  }
}

function run(program, args) {
  const done = spawnSync(program, args, {
    cwd: ROOT,
    encoding: "utf8",
    env: program === process.execPath ? { ...process.env, ...ALLOCATOR } : process.env,
    maxBuffer: 1 << 26,
    timeout: Number(options.limit) * 1000,
  });
  if (done.status !== 0) {
    const why =
      done.error?.code === "ETIMEDOUT" ? `took over ${options.limit} s` : done.stderr.trim().slice(-500);
    throw new Error(`${program} ${args.join(" ")}: ${why}`);
  }
  return done.stdout;
}

/** One line for each model and batch, one column for each way of predicting. */
function page() {
  const ways = [
    ...backends.flatMap((name) =>
      name === "native" || name === "cuda"
        ? [
            [`${name}, ops`, name, "ops"],
            [`${name}, graph`, name, "graph"],
          ]
        : [[name, name, "ops"]],
    ),
    ["Keras predict", "Keras", "predict"],
    ["Keras predict_on_batch", "Keras", "predict_on_batch"],
  ];
  const lines = rows.flatMap(({ model, results }) =>
    options.batches.split(",").map((batch) => {
      const cells = ways.map(([, who, key]) => ms(results[who]?.batches?.[batch]?.[key]));
      return `| ${model}, batch ${batch} | ${cells.join(" | ")} |`;
    }),
  );
  const bars = rows.flatMap(({ model, results }) =>
    options.batches.split(",").flatMap((batch) => {
      const native = results.native?.batches?.[batch];
      const keras = results.Keras?.batches?.[batch];
      if (!native || !keras) return [];
      const wasm = results.wasm?.batches?.[batch]?.ops;
      const cells = [
        ratio(native.ops, keras.predict),
        ratio(native.graph, keras.predict_on_batch),
        ratio(wasm, native.ops),
      ];
      return [`| ${model}, batch ${batch} | ${cells.join(" | ")} |`];
    }),
  );
  const gpus = backends.filter((name) => name === "cuda" || name === "webgpu");
  const throughput = rows.flatMap(({ model, results }) =>
    options.batches.split(",").flatMap((batch) => {
      const keras = results.Keras?.batches?.[batch];
      if (!keras) return [];
      const cells = gpus.map((name) => {
        const { ops, graph } = results[name]?.batches?.[batch] ?? {};
        return ratio(keras.predict_on_batch, graph ?? ops);
      });
      return [`| ${model}, batch ${batch} | ${cells.join(" | ")} |`];
    }),
  );
  const others = [...backends, "Keras"];
  const starts = rows.flatMap(({ model, results }) =>
    ["load", "first prediction, batch 1", "training step"].map((what) => {
      const cells = others.map((who) => ms(startOf(results[who], what)));
      return `| ${model}, ${what} | ${cells.join(" | ")} |`;
    }),
  );
  return `# Back ends: speed

\`npm run bench:runtime -- --python PATH\`: models with random weights, saved by Keras as \`.keras\`, opened and run by loadlab on each back end and by Keras, each in a process of its own in one run. Medians of as many runs as fit into ${options.seconds} s, three at least; the result is read each time. "ops" runs a model op by op, "graph" as one TensorFlow graph, as \`predict\` does from its fifth call on.

## Prediction, ms

${table(["", ...ways.map(([title]) => title)], lines)}

## Against the bars

To reach: native op by op at most 1.0 of \`predict\`, the graph at most 1.1 of \`predict_on_batch\`, wasm at most 4 times native op by op.

${table(["", "native ops / predict", "native graph / predict_on_batch", "wasm / native ops"], bars)}
${onGpu(gpus, throughput)}
## Load, first prediction, training step (batch ${options.train}), ms

${table(["", ...others], starts)}

${devices()}${cpus()[0].model}, ${cpus().length} cores, Node ${process.version}, ${new Date().toISOString().slice(0, 10)}.${busy()}
`;
}

function onGpu(gpus, lines) {
  if (gpus.length === 0) return "";
  const titles = gpus.map((name) => (name === "cuda" ? "cuda graph" : name));
  return `
Throughput on the GPU as a part of that of Keras's \`predict_on_batch\` there; to reach: cuda 0.9, webgpu 0.5.

${table(["", ...titles], lines)}
`;
}

function startOf(result, what) {
  if (!result) return undefined;
  if (what === "load") return result.load;
  return what === "training step" ? result.train : Object.values(result.batches)[0]?.first;
}

function devices() {
  const lines = ["cuda", "webgpu", "Keras"].flatMap((name) => {
    const result = rows.map(({ results }) => results[name]).find(Boolean);
    return result?.device ? [`${name}: ${[result.device, result.driver].filter(Boolean).join(", ")}. `] : [];
  });
  return lines.join("");
}

function busy() {
  return loadBefore > 0.5
    ? ` The machine was busy: its load was ${loadBefore.toFixed(1)} before the run.`
    : "";
}

function table(head, lines) {
  return [
    `| ${head.join(" | ")} |`,
    `|---|${head
      .slice(1)
      .map(() => "---:")
      .join("|")}|`,
    ...lines,
  ].join("\n");
}

function ms(value) {
  return value === undefined || value === null
    ? "-"
    : value < 10
      ? value.toFixed(1)
      : String(Math.round(value));
}

function ratio(a, b) {
  return a === undefined || b === undefined ? "-" : (a / b).toFixed(2);
}
