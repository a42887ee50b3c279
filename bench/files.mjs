// npm run bench:files [-- --python PATH] [--sizes 100,1000] [--rounds 3] [--formats h5,keras] [--folder PATH]
// All weights of a model of each size in each format: loadlab beside a plain sequential read, h5py, NumPy, TensorFlow and
// Keras, in one run; the files are in the cache of the system. Writes docs/benchmarks-files.md.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
/** Who else reads each format. */
const PEERS = {
  h5: ["h5py", "keras"],
  keras: ["keras"],
  "weights.h5": ["h5py"],
  "saved-model": ["tensorflow"],
  checkpoint: ["tensorflow"],
  npz: ["numpy"],
  safetensors: [],
  tfjs: [],
};
const LEAST_SPEED = 0.7;
const MOST_MEMORY = 100e6;

const { values: options } = parseArgs({
  options: {
    python: { type: "string", default: process.env.PYTHON ?? "python3" },
    sizes: { type: "string", default: "100,1000" },
    rounds: { type: "string", default: "3" },
    formats: { type: "string", default: Object.keys(PEERS).join(",") },
    folder: { type: "string", default: tmpdir() },
  },
});
const loadBefore = loadavg()[0];
const rows = options.sizes
  .split(",")
  .flatMap((size) => options.formats.split(",").map((form) => measure(size, form)));
console.log(table(rows));
const complete = options.formats.split(",").length === Object.keys(PEERS).length;
if (complete) writeFileSync(path.join(ROOT, "docs", "benchmarks-files.md"), page(rows));

function measure(size, form) {
  const folder = mkdtempSync(path.join(options.folder, "loadlab-files-"));
  try {
    const model = run(options.python, ["bench/write_models.py", form, size, folder])
      .trim()
      .split("\n")
      .at(-1);
    const files = filesBelow(folder).filter((file) => statSync(file).size > 1000);
    const bytes = files.reduce((sum, file) => sum + statSync(file).size, 0);
    const plain = () => node("plain", model, files);
    plain();
    const results = { plain: best(plain), loadlab: best(() => node("loadlab", model, files)) };
    for (const peer of PEERS[form]) results[peer] = best(() => python(peer, model));
    const row = { size: Number(size), form, bytes, results };
    console.log(table([row]).split("\n").at(-1));
    return row;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function node(how, model, files) {
  return JSON.parse(run(process.execPath, ["bench/read-weights.mjs", how, model, ...files]));
}

function python(peer, model) {
  return JSON.parse(run(options.python, ["bench/read_weights.py", peer, model]).trim().split("\n").at(-1));
}

function run(program, args) {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: ROOT, encoding: "utf8" });
  if (status !== 0) throw new Error(`${program} ${args.join(" ")}\n${stderr.slice(-2000)}`);
  return stdout;
}

/** The fastest of the rounds: what disturbs makes things only slower. */
function best(once) {
  const results = Array.from({ length: Number(options.rounds) }, once);
  return results.reduce((least, result) => (result.seconds < least.seconds ? result : least));
}

function filesBelow(folder) {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
}

function table(rows) {
  const head = [
    "MB",
    "Format",
    "plain, s",
    "loadlab, s",
    "speed of plain",
    "memory above the file, MB",
    "others, s (memory above the file, MB)",
  ];
  const lines = rows.map(({ form, bytes, results: { plain, loadlab, ...others } }) => {
    const above = ({ memory }) => Math.round((memory - bytes) / 1e6);
    const peers = Object.entries(others).map(
      ([name, peer]) => `${name} ${peer.seconds.toFixed(3)} (${above(peer)})`,
    );
    const speed = plain.seconds / loadlab.seconds;
    return [
      (bytes / 1e6).toFixed(0),
      form,
      plain.seconds.toFixed(3),
      loadlab.seconds.toFixed(3),
      `${speed.toFixed(2)}${speed < LEAST_SPEED ? " (below)" : ""}`,
      `${above(loadlab)}${loadlab.memory - bytes > MOST_MEMORY ? " (above)" : ""}`,
      peers.join(", "),
    ];
  });
  return [head, head.map(() => "---"), ...lines].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function page(rows) {
  const busy = loadBefore > 1 ? ` The machine was busy when it began (load ${loadBefore.toFixed(1)}).` : "";
  return `# Reading weights

Made by \`npm run bench:files -- --python PYTHON\`, where PYTHON has keras and tensorflow. All weights of a model of dense
layers are read and kept, float32, from files in the system's cache; the fastest of ${options.rounds} rounds, each in a process of its
own. "Plain" reads the same bytes one after the other into memory of their size, without looking at them; loadlab
reads by \`readWeights\`, on two cores where there are two. To be reached: ${LEAST_SPEED} of its speed, and at most ${MOST_MEMORY / 1e6} MB of memory above the size of the file.

${cpus()[0].model.trim()}, ${cpus().length} cores, Node ${process.version}.${busy}

${table(rows)}

Memory is the peak of the process less what it had before it opened the file. SavedModels and checkpoints carry a
checksum of each tensor (CRC-32C), which loadlab and TensorFlow compare, and h5py, NumPy and the plain read have none.
`;
}
