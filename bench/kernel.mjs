// npm run bench:kernel [ROUNDS]: this kernel beside ipykernel and tslab, in one run; writes docs/benchmarks.md.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "../scripts/setup/build.mjs";
import { installKernelspec } from "../scripts/setup/kernelspec.mjs";
import { installPythonPackages, VENV_PYTHON } from "../scripts/setup/python.mjs";
import { inRoot } from "../scripts/setup/repository.mjs";
import { announced, runProgram } from "../scripts/setup/run-program.mjs";

const KERNELS = ["loadlab", "python3", "tslab"];
const MEASURES = [
  ["ready", "from start to ready"],
  ["first_cell", "first cell (`1 + 1`)"],
  ["cell", "each further cell, median of 100"],
  ["interrupt", "Stop, in an endless loop, to the cell's end"],
];

const rounds = Number(process.argv[2] ?? 7);
await build();
await installPythonPackages("test");
await installKernelspec();
const loadBefore = loadavg()[0];
const results = await announced(`Measuring ${KERNELS.join(", ")} in ${rounds} rounds`, () => measure(rounds));
writeFileSync(inRoot("docs", "benchmarks.md"), report(results));
console.log(table(results));

async function measure(count) {
  const kernelspecs = mkdtempSync(join(tmpdir(), "loadlab-bench-"));
  writeTslabKernelspec(join(kernelspecs, "kernels", "tslab"));
  const script = inRoot("bench", "measure_kernel.py");
  const env = { ...process.env, JUPYTER_PATH: kernelspecs };
  const { ok, stdout, output } = await runProgram(VENV_PYTHON, [script, String(count)], { env });
  rmSync(kernelspecs, { recursive: true });
  if (!ok) throw new Error(output);
  return JSON.parse(stdout);
}

/** As `tslab install` writes it. */
function writeTslabKernelspec(folder) {
  const argv = [process.execPath, inRoot("node_modules", "tslab", "bin", "tslab"), "kernel"];
  const spec = {
    argv: [...argv, "--config-path", "{connection_file}"],
    display_name: "tslab",
    language: "typescript",
  };
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "kernel.json"), JSON.stringify(spec));
}

function report(all) {
  return `# Benchmarks

Repeat them with \`npm run bench:kernel\`, which writes this page.

## The kernel beside ipykernel and tslab

Medians of ${all.length} rounds in one run; in each round the kernels take turns. Milliseconds; in brackets the ratio to loadlab.

${table(all)}

${machine()}
`;
}

function table(all) {
  const rows = MEASURES.map(([key, label]) => {
    const medians = KERNELS.map((name) => median(all.map((round) => round[name][key])));
    const cells = medians.map((value, i) =>
      i === 0 ? ms(value) : `${ms(value)} (${ratio(value, medians[0])})`,
    );
    return [label, ...cells];
  });
  const kept = KERNELS.map((name) => (all.every((round) => round[name].kept) ? "yes" : "no"));
  const lines = [
    ["", ...KERNELS.map(kernelName)],
    ["---", "--:", "--:", "--:"],
    ...rows,
    ["variables still there after Stop", ...kept],
  ];
  return lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function machine() {
  const { version } = JSON.parse(readFileSync(inRoot("node_modules", "tslab", "package.json"), "utf8"));
  const load = `load average ${loadBefore.toFixed(1)} before the run`;
  const processor = `${cpus().length} cores (${cpus()[0].model.trim()})`;
  return `Measured on ${new Date().toISOString().slice(0, 10)}: Node ${process.versions.node}, tslab ${version}, ${processor}, ${load}.`;
}

function kernelName(name) {
  return name === "python3" ? "ipykernel" : name;
}

function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}

function ms(value) {
  return value >= 100 ? value.toFixed(0) : value.toFixed(1);
}

function ratio(value, base) {
  return `${(value / base).toFixed(2)} x`;
}
