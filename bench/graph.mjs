// npm run bench:graph [-- --python PATH] [--models MobileNetV2,ResNet50,BERT-base] [--predictions 10] [--folder PATH]
// Load time and the median of a prediction from a SavedModel: loadlab on native and wasm, tfjs-node's loadSavedModel (over
// the same native back end) and Keras, each in a process of its own, in one run. Writes docs/benchmarks-graph.md.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const ALL = "MobileNetV2,ResNet50,BERT-base";
const NODE_PEERS = ["loadlab native", "loadlab wasm", "tfjs-node"];

const { values: options } = parseArgs({
  options: {
    python: { type: "string", default: process.env.PYTHON ?? "python3" },
    models: { type: "string", default: ALL },
    predictions: { type: "string", default: "10" },
    folder: { type: "string", default: tmpdir() },
  },
});
const loadBefore = loadavg()[0];
const rows = options.models.split(",").map(measure);
console.log(table(rows));
if (options.models === ALL) writeFileSync(path.join(ROOT, "docs", "benchmarks-graph.md"), page(rows));

function measure(name) {
  const folder = mkdtempSync(path.join(options.folder, "loadlab-graph-"));
  const model = path.join(folder, "model");
  try {
    run(options.python, ["bench/write_graphs.py", name, model]);
    const results = Object.fromEntries(
      NODE_PEERS.map((who) => [
        who,
        result(process.execPath, [
          "--no-force-async-hooks-checks",
          "bench/measure-graph.mjs",
          who,
          model,
          options.predictions,
        ]),
      ]),
    );
    results.Keras = result(options.python, ["bench/measure_graph.py", `${model}.keras`, options.predictions]);
    console.log(name, JSON.stringify(results));
    return { name, results };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function result(program, args) {
  try {
    return JSON.parse(run(program, args).trim().split("\n").at(-1));
  } catch (error) {
    console.error(String(error.message).slice(0, 400));
    return null;
  }
}

function run(program, args) {
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd: ROOT,
    encoding: "utf8",
    maxBuffer: 1 << 26,
  });
  if (status !== 0)
    throw new Error(`${program} ${args.join(" ")}: ${stderr.trim().split("\n").slice(-3).join(" ")}`);
  return stdout;
}

function table(measured) {
  const who = [...NODE_PEERS, "Keras"];
  const cell = (value, key, base) =>
    value ? `${Math.round(value[key])} (${(value[key] / base).toFixed(2)})` : "-";
  const line = (name, results, key) => {
    const base = results.Keras?.[key] ?? NaN;
    return `| ${name}, ${key === "load" ? "load" : "prediction"} | ${who.map((peer) => cell(results[peer], key, base)).join(" | ")} |`;
  };
  return [
    `| ms (of Keras's) | ${who.join(" | ")} |`,
    `|---|${who.map(() => "---:").join("|")}|`,
    ...measured.flatMap(({ name, results }) => [line(name, results, "load"), line(name, results, "predict")]),
  ].join("\n");
}

function page(measured) {
  const busy =
    loadBefore > 0.5 ? ` The machine was busy: its load was ${loadBefore.toFixed(1)} before the run.` : "";
  return `# Graphs: speed

\`npm run bench:graph -- --python PATH\`: SavedModels of Keras with random weights, batch 1, each reader in a process of its own; the median of ${options.predictions} predictions after a first one, and in brackets the part of Keras's time. Keras reads the same model from \`.keras\`. tfjs-node is its \`loadSavedModel\` over the binding of \`loadlab backend add native\`.

${table(measured)}

${cpus()[0].model}, ${cpus().length} cores, Node ${process.version}.${busy}
`;
}
