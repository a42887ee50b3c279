/**
 * `npm run test:gpu`: what `npm run test:backends` checks, on cuda and on webgpu with a hardware adapter, against cpu;
 * writes the results with device, driver and date into docs/backends.md. Where no GPU is, each is skipped by name.
 */
import process from "node:process";
import { cuda } from "../../src/runtime/native/backend.js";
import { webgpu } from "../../src/runtime/webgpu/backend.js";
import { resultsText, type Row, writeDocument } from "./document.js";
import { runInProcess } from "./run-in-process.js";
import { sayRow } from "./say-row.js";
import { judge } from "./verdict.js";

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
  const rows = here.length > 0 ? await check(here) : [];
  for (const one of rows) sayRow(one);
  for (const line of skipped) console.log(`skipped  ${line}`);
  if (rows.length > 0) {
    const date = new Date().toISOString().slice(0, 10);
    writeDocument("test:gpu", `On ${date}:\n\n${resultsText(rows, skipped)}`);
  }
  const failed = rows.filter(({ verdicts }) => Object.values(verdicts).some(({ wrong }) => wrong.length > 0));
  console.log(`${rows.length - failed.length} passed, ${failed.length} failed, ${skipped.length} skipped`);
  return failed.length === 0 ? 0 : 1;
}

async function check(names: readonly string[]): Promise<Row[]> {
  const reference = await runInProcess("cpu", ["--differences"]);
  const rows: Row[] = [];
  for (const backend of names) {
    const outcomes = await runInProcess(backend, ["--layers"]);
    rows.push({ backend, device: outcomes.device, verdicts: judge(outcomes, reference) });
  }
  return rows;
}
