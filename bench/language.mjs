// npm run bench:language: completion and hover beside tslab and ipykernel in one run, and loops over top-level names
// beside a Node script; writes docs/benchmarks-language.md.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "../scripts/setup/build.mjs";
import { installKernelspec } from "../scripts/setup/kernelspec.mjs";
import { installPythonPackages, VENV_PYTHON } from "../scripts/setup/python.mjs";
import { inRoot } from "../scripts/setup/repository.mjs";
import { announced, runProgram } from "../scripts/setup/run-program.mjs";

const KERNELS = { loadlab: "loadlab", tslab: "tslab", python3: "ipykernel" };
const MEASURES = [
  ["first_at_once", "first completion, asked as soon as the kernel is ready, ms"],
  ["first_later", "first completion, asked 3 s later, ms"],
  ["short_completion_p50", "completion in a notebook of 11 cells, median, ms"],
  ["short_completion_p95", "95 of 100 are faster than, ms"],
  ["short_completion_max", "the slowest, ms"],
  ["short_completion_right", "answers with the expected name"],
  ["short_hover_p50", "hover in a notebook of 11 cells, median, ms"],
  ["short_hover_p95", "95 of 100 are faster than, ms"],
  ["short_hover_max", "the slowest, ms"],
  ["short_hover_right", "answers"],
  ["cells", "cells of the long notebook (201, or as many as ran in its time)"],
  ["long_completion_p50", "completion in the long notebook, median, ms"],
  ["long_completion_p95", "95 of 100 are faster than, ms"],
  ["long_completion_max", "the slowest, ms"],
  ["long_completion_right", "answers with the expected name"],
  ["long_hover_p50", "hover in the long notebook, median, ms"],
  ["long_hover_p95", "95 of 100 are faster than, ms"],
  ["long_hover_max", "the slowest, ms"],
  ["long_hover_right", "answers"],
];
const LOOPS = {
  "a sum": "let sum = 0; for (let i = 0; i < 5e7; i++) sum += i % 7;",
  "floating point": "let x = 0; for (let i = 1; i < 5e7; i++) x += 1 / (i * i);",
  "an array":
    "let a = new Float64Array(1e6); for (let r = 0; r < 40; r++) for (let i = 0; i < a.length; i++) a[i] += i * r;",
  "a function called":
    "let n = 0; function step(k: number) { return k & 3 } for (let i = 0; i < 5e7; i++) n += step(i);",
  "a while loop": "let w = 0, turns = 0; while (w < 5e7) { w += 1; if (w % 3 === 0) turns++; }",
};

await build();
await installPythonPackages("test");
await installKernelspec();
const loadBefore = loadavg()[0];
const folder = notebookFolder();
const results = await announced("Measuring loadlab, tslab and ipykernel", measure);
const loops = await announced("Measuring loops", measureLoops);
rmSync(folder, { recursive: true });
writeFileSync(inRoot("docs", "benchmarks-language.md"), report());
console.log(languageTable(), `\n\n${loopTable()}`);

/** TensorFlow.js, a package whose types only its exports name, a local file; and tslab's kernelspec. */
function notebookFolder() {
  const path = mkdtempSync(join(tmpdir(), "loadlab-language-"));
  const files = {
    "helper.ts": "/** Doubles. */\nexport function twice(n: number): number { return n * 2 }\n",
    "package.json": "{}",
    "node_modules/typed/package.json": `{ "name": "typed", "exports": { ".": { "types": "./t.d.ts", "default": "./m.js" } } }`,
    "node_modules/typed/t.d.ts": "export declare function measure(what: string): { width: number };",
    "node_modules/typed/m.js": "exports.measure = () => ({ width: 1 })",
    "kernels/tslab/kernel.json": JSON.stringify({
      argv: [
        process.execPath,
        inRoot("node_modules/tslab/bin/tslab"),
        "kernel",
        "--config-path",
        "{connection_file}",
      ],
      display_name: "tslab",
      language: "typescript",
    }),
  };
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(path, name, ".."), { recursive: true });
    writeFileSync(join(path, name), text);
  }
  symlinkSync(inRoot("node_modules", "@tensorflow"), join(path, "node_modules", "@tensorflow"));
  return path;
}

async function measure() {
  const script = inRoot("bench", "measure_language.py");
  const env = { ...process.env, JUPYTER_PATH: folder };
  const { ok, stdout, output } = await runProgram(VENV_PYTHON, [script, folder, ...Object.keys(KERNELS)], {
    env,
  });
  if (!ok) throw new Error(output);
  return JSON.parse(stdout.slice(stdout.indexOf("{")));
}

/** Milliseconds of each loop in a cell and in a script: the best of five, after one to warm up. */
async function measureLoops() {
  const { createCellEngine } = await import("../dist/kernel/cells/create-cell-engine.js");
  const { default: ts } = await import("typescript");
  const found = {};
  for (const [name, code] of Object.entries(LOOPS)) {
    const cell = [];
    const script = [];
    for (let round = 0; round < 6; round++) {
      const engine = createCellEngine({ folder });
      const timed = `const began = performance.now(); ${code}; performance.now() - began`;
      cell.push((await engine.run({ code: timed, executionCount: 1 })).value);
      const file = join(folder, "loop.mjs");
      const text = `const began = performance.now(); ${code}; console.log(performance.now() - began)`;
      writeFileSync(file, ts.transpile(text, { target: "es2023", module: "esnext" }));
      script.push(Number(execFileSync(process.execPath, [file], { encoding: "utf8" })));
    }
    found[name] = { cell: Math.min(...cell.slice(1)), script: Math.min(...script.slice(1)) };
  }
  return found;
}

function report() {
  return `# Benchmarks of the language

Repeat them with \`npm run bench:language\`, which writes this page.

## Completion and hover beside tslab and ipykernel

From the request of a client to the reply, the kernels in turn. The TypeScript notebooks use \`@tensorflow/tfjs\`, a package whose types only its exports map names, and a local file; ipykernel has Python cells of the same kind. No two requests are the same. Each kernel has 25 seconds; a slow one is asked less.

${languageTable()}

## Loops over top-level names

The same loop in a cell and in a script that Node runs as a module; the best of five.

${loopTable()}

${machine()}
`;
}

function languageTable() {
  const rows = MEASURES.map(([key, label]) => [
    label,
    ...Object.keys(KERNELS).map((name) => shown(results[name][key])),
  ]);
  return table([["", ...Object.values(KERNELS)], ["---", "--:", "--:", "--:"], ...rows]);
}

function loopTable() {
  const rows = Object.entries(loops).map(([name, { cell, script }]) => [
    name,
    shown(cell),
    shown(script),
    `${(cell / script).toFixed(2)} x`,
  ]);
  return table([["", "cell, ms", "Node script, ms", "ratio"], ["---", "--:", "--:", "--:"], ...rows]);
}

function table(lines) {
  return lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function shown(value) {
  return typeof value === "number"
    ? value >= 100
      ? Math.round(value).toLocaleString("en")
      : value.toFixed(1)
    : value;
}

function machine() {
  const processor = `${cpus().length} cores (${cpus()[0].model.trim()})`;
  const busy = loadBefore > cpus().length / 2 ? "; the machine was busy, so times are long" : "";
  return `Measured on ${new Date().toISOString().slice(0, 10)}: Node ${process.versions.node}, ${processor}, load average ${loadBefore.toFixed(1)} before the run${busy}.`;
}
