// npm run bench:kernel [ROUNDS]: this kernel beside ipykernel, tslab and Deno in one run; writes docs/benchmarks.md.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "../scripts/setup/build.mjs";
import { fetchedPackage } from "../scripts/setup/fetched-package.mjs";
import { installKernelspec } from "../scripts/setup/kernelspec.mjs";
import { installPythonPackages, VENV_PYTHON } from "../scripts/setup/python.mjs";
import { inRoot } from "../scripts/setup/repository.mjs";
import { announced, runProgram } from "../scripts/setup/run-program.mjs";

const NAMES = { loadlab: "loadlab", python3: "ipykernel", tslab: "tslab", deno: "Deno" };
const DENO = "2.9.6";
const MEASURES = [
  ["ready", "from start to ready, ms"],
  ["first_cell", "first cell (`1 + 1`), ms"],
  ["cell", "a further cell, ms"],
  ["completion", "completion of a name, ms"],
  ["lines_20000", "20,000 printed lines, ms"],
  ["lines_1000000", "1,000,000 printed lines, ms (once)"],
  ["interrupt", "Stop in an endless loop, variables kept, ms"],
  ["interrupt_later", "Stop in an endless loop after an `await`, ms"],
  ["memory", "memory of its processes after these cells, MB"],
];

/** What this kernel is to reach: a measure, the peer that sets the bar, and how much of the peer's time it may take. */
const BARS = [
  ["ready", "python3", 0.7],
  ["cell", "deno", 1],
  ["lines_20000", "python3", 1],
];
const INTERRUPT_MS = 100;

const rounds = Number(process.argv[2] ?? 5);
await build();
await installPythonPackages("test");
await installKernelspec();
const loadBefore = loadavg()[0];
const kernelspecs = mkdtempSync(join(tmpdir(), "loadlab-bench-"));
const kernels = ["loadlab", "python3", ...(await installPeers(kernelspecs))];
const names = kernels.map((kernel) => NAMES[kernel]).join(", ");
const results = await announced(`Measuring ${names} in ${rounds} rounds`, () => measure(rounds));
rmSync(kernelspecs, { recursive: true });
writeFileSync(inRoot("docs", "benchmarks.md"), report(results));
console.log(`${table(results)}\n\n${bars(results)}`);

/** Kernelspecs of the peers, in a folder of their own; the user's Jupyter does not see them. */
async function installPeers(folder) {
  writeKernelspec(folder, "tslab", [
    ...[process.execPath, inRoot("node_modules", "tslab", "bin", "tslab")],
    ...["kernel", "--config-path", "{connection_file}"],
  ]);
  const deno = await denoProgram();
  if (deno === null) return ["tslab"];
  writeKernelspec(folder, "deno", [deno, "jupyter", "--kernel", "--conn", "{connection_file}"]);
  return ["tslab", "deno"];
}

/** Null, with the reason printed, where npm has no Deno for this platform. */
async function denoProgram() {
  const libc = process.platform === "linux" ? "-glibc" : "";
  try {
    const folder = await fetchedPackage(`@deno/${process.platform}-${process.arch}${libc}`, DENO);
    return join(folder, process.platform === "win32" ? "deno.exe" : "deno");
  } catch (error) {
    console.log(`Without Deno: ${error.message}`);
    return null;
  }
}

function writeKernelspec(folder, name, argv) {
  const spec = { argv, display_name: name, language: "typescript" };
  mkdirSync(join(folder, "kernels", name), { recursive: true });
  writeFileSync(join(folder, "kernels", name, "kernel.json"), JSON.stringify(spec));
}

async function measure(count) {
  const script = inRoot("bench", "measure_kernel.py");
  const env = { ...process.env, JUPYTER_PATH: kernelspecs };
  const { ok, stdout, output } = await runProgram(VENV_PYTHON, [script, String(count), ...kernels], { env });
  if (!ok) throw new Error(output);
  return JSON.parse(stdout);
}

function report(all) {
  return `# Benchmarks

Repeat them with \`npm run bench:kernel\`, which writes this page.

## The kernel beside ipykernel, tslab and Deno

Medians of ${all.length} round(s) in one run; in each round the kernels take turns. In brackets the ratio to loadlab; words say what a kernel does instead.

${table(all)}

${bars(all)}

${machine()}
`;
}

function table(all) {
  const rows = MEASURES.map(([key, label]) => {
    const [own, ...peers] = kernels.map((name) => measured(all, name, key));
    return [label, shown(own), ...peers.map((value) => shown(value) + ratio(value, own))];
  });
  const lines = [["", ...kernels.map((name) => NAMES[name])], ["---", ...kernels.map(() => "--:")], ...rows];
  return lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

/** A line for each bar: what was measured, and whether it is reached. */
function bars(all) {
  const lines = BARS.map(([key, peer, limit]) => {
    const label = MEASURES.find(([name]) => name === key)[1];
    const [own, other] = [measured(all, "loadlab", key), measured(all, peer, key)];
    const share = typeof own === "number" && typeof other === "number" ? own / other : null;
    const found = share === null ? "not measured" : `${share.toFixed(2)}, ${reached(share <= limit)}`;
    return `- ${label}: at most ${limit.toFixed(1)} of ${NAMES[peer]}'s; ${found}.`;
  });
  const stop = measured(all, "loadlab", "interrupt");
  return [
    ...lines,
    `- Stop: under ${INTERRUPT_MS} ms; ${shown(stop)} ms, ${reached(stop < INTERRUPT_MS)}.`,
  ].join("\n");
}

function reached(is) {
  return is ? "reached" : "missed";
}

function measured(all, kernel, key) {
  return summary(all.flatMap((round) => round[kernel]?.[key] ?? []));
}

/** The median, or what goes wrong where it goes wrong in any round. */
function summary(values) {
  const failure = values.find((value) => typeof value === "string");
  if (failure !== undefined) return failure;
  if (values.length === 0) return "-";
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}

function shown(value) {
  if (typeof value === "string") return value;
  return value >= 100 ? Math.round(value).toLocaleString("en") : value.toFixed(1);
}

function ratio(value, own) {
  return typeof value === "number" && typeof own === "number" ? ` (${(value / own).toFixed(2)} x)` : "";
}

function machine() {
  const tslab = JSON.parse(readFileSync(inRoot("node_modules", "tslab", "package.json"), "utf8")).version;
  const versions = `Node ${process.versions.node}, tslab ${tslab}${kernels.includes("deno") ? `, Deno ${DENO}` : ""}`;
  const processor = `${cpus().length} cores (${cpus()[0].model.trim()})`;
  const busy =
    loadBefore > cpus().length ? "; the machine was busy, so times are long and the ratios rough" : "";
  const load = `load average ${loadBefore.toFixed(1)} before the run${busy}`;
  return `Measured on ${new Date().toISOString().slice(0, 10)}: ${versions}, ${processor}, ${load}.`;
}
