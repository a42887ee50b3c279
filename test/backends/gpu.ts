/**
 * `npm run test:gpu`: what `npm run test:backends` checks, on cuda and on webgpu with a hardware adapter, against cpu;
 * writes the results with device, driver and date into docs/backends.md. Where no GPU is, each is skipped by name; one
 * that does not start, or ends in the middle, fails by name, and the other is checked all the same.
 */
import process from "node:process";
import { cuda } from "../../src/runtime/native/backend.js";
import { webgpu } from "../../src/runtime/webgpu/backend.js";
import { compiledText, resultsText, type Row, writeDocument } from "./document.js";
import type { CompiledOutcome } from "./run-compiled.js";
import { runCompiled, runInProcess } from "./run-in-process.js";
import { sayRow } from "./say-row.js";
import { judge } from "./verdict.js";

/** Products of float32 as they are: a GPU of NVIDIA's rounds its factors to ten bits (TF32) unless it is told not to. */
const WHOLE_PRODUCTS = { NVIDIA_TF32_OVERRIDE: "0" };

interface Results {
  readonly rows: Row[];
  readonly failures: string[];
  graphs: CompiledOutcome | null;
}

process.exitCode = await main();

async function main(): Promise<number> {
  const here: string[] = [];
  const skipped: string[] = [];
  for (const { name, examine } of [cuda, webgpu]) {
    const examined = await examine();
    if (!examined.usable) skipped.push(`${name}: ${examined.why} (${examined.remedy})`);
    else if (examined.onlyIfAsked) skipped.push(`${name}: ${examined.found} is a software device`);
    else here.push(name);
  }
  const results = await check(here);
  for (const row of results.rows) sayRow(row);
  if (results.graphs) console.log(compiledText(results.graphs, "cuda"));
  for (const line of results.graphs?.wrong ?? []) console.log(`  WRONG ${line}`);
  for (const line of results.failures) console.log(`failed  ${line}`);
  for (const line of skipped) console.log(`skipped  ${line}`);
  if (results.rows.length > 0) write(results, skipped);
  return closing(results, skipped);
}

async function check(names: readonly string[]): Promise<Results> {
  const results: Results = { rows: [], failures: [], graphs: null };
  if (names.length === 0) return results;
  const reference = await runInProcess("cpu", ["--differences"]);
  for (const backend of names) {
    try {
      const outcomes = await runInProcess(backend, ["--layers"], WHOLE_PRODUCTS);
      results.rows.push({ backend, device: outcomes.device, verdicts: judge(outcomes, reference) });
      if (backend === "cuda") results.graphs = await runCompiled(backend, WHOLE_PRODUCTS);
    } catch (error) {
      results.failures.push(`${backend}: ${(error as Error).message}`);
    }
  }
  return results;
}

function write({ rows, failures, graphs }: Results, skipped: readonly string[]): void {
  const date = new Date().toISOString().slice(0, 10);
  const ended = failures.map((line) => `${line.split(":")[0]!}: it did not start, or ended in the middle`);
  const parts = [`On ${date}:`, resultsText(rows, [...ended, ...skipped])];
  if (graphs) parts.push(compiledText(graphs, "cuda"));
  writeDocument("test:gpu", parts.join("\n\n"));
}

function closing({ rows, failures, graphs }: Results, skipped: readonly string[]): number {
  const wrong = rows.filter(({ verdicts }) => Object.values(verdicts).some(({ wrong }) => wrong.length > 0));
  const failed = wrong.length + failures.length + (graphs && graphs.wrong.length > 0 ? 1 : 0);
  const passed = rows.length - wrong.length;
  console.log(`${passed} passed, ${failed} failed, ${skipped.length} skipped`);
  return failed === 0 ? 0 : 1;
}
