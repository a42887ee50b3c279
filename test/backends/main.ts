/**
 * `npm run test:backends`: the operations, the gradients and the layers of Keras on every back end that can run
 * here; writes docs/backends.md, and fails when a back end computes something wrong without saying so.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { buildBinding } from "../../src/runtime/native/build-binding.js";
import { findTensorFlow } from "../../src/runtime/native/find-tensorflow.js";
import type { BackendOutcomes } from "./case.js";
import type { CompiledOutcome } from "./run-compiled.js";
import { nativePlace, webgpuPlace, type Place } from "./places.js";
import { compiledText, resultsText, type Row, writeDocument } from "./document.js";
import { runCompiled, runInProcess } from "./run-in-process.js";
import { sayRow } from "./say-row.js";
import { judge } from "./verdict.js";

const scratch = mkdtempSync(join(tmpdir(), "loadlab-backends-"));
process.exitCode = await main().finally(() => rmSync(scratch, { recursive: true, force: true }));

async function main(): Promise<number> {
  const only = process.argv.slice(2);
  const reference = await runInProcess("cpu", ["--differences", "--layers"]);
  const rows: Row[] = [row("cpu", reference, reference)];
  const skipped: string[] = [];
  let graphs: CompiledOutcome | null = null;
  const places: Record<string, () => Place | Promise<Place>> = {
    wasm: () => ({ env: {} }),
    native: nativeHere,
    webgpu: webgpuPlace,
  };
  for (const [backend, find] of Object.entries(places)) {
    if (only.length > 0 && !only.includes(backend)) continue;
    const place = await find();
    if ("missing" in place) {
      skipped.push(`${backend}: ${place.missing}`);
      continue;
    }
    rows.push(row(backend, await runInProcess(backend, ["--layers"], place.env), reference));
    if (backend === "native") graphs = await runCompiled(backend, place.env);
  }
  for (const one of rows) sayRow(one);
  if (graphs) console.log(compiledText(graphs, "native"));
  for (const line of graphs?.wrong ?? []) console.log(`  WRONG ${line}`);
  for (const line of skipped) console.log(`skipped  ${line}`);
  const compiled = graphs ? [compiledText(graphs, "native")] : [];
  if (only.length === 0)
    writeDocument("test:backends", [resultsText(rows, skipped), ...compiled].join("\n\n"));
  return Math.max(closing(rows, skipped), graphs && graphs.wrong.length > 0 ? 1 : 0);
}

/** The added one, else a binding built for this run on a TensorFlow of the environment. */
async function nativeHere(): Promise<Place> {
  const added = nativePlace();
  if (!("missing" in added)) return added;
  const python = process.env["LOADLAB_TEST_PYTHON"];
  const { found } = await findTensorFlow(python ? { python } : {});
  if (!found) return { missing: `${added.missing}, and no Python here has one` };
  const env = { XDG_CACHE_HOME: scratch };
  await buildBinding(found, { cuda: false, say: console.log, env: { ...process.env, ...env } });
  return { env };
}

function row(backend: string, outcomes: BackendOutcomes, reference: BackendOutcomes): Row {
  return { backend, device: outcomes.device, verdicts: judge(outcomes, reference) };
}

function closing(rows: readonly Row[], skipped: readonly string[]): number {
  const failed = rows.filter(({ verdicts }) => Object.values(verdicts).some(({ wrong }) => wrong.length > 0));
  console.log(`${rows.length - failed.length} passed, ${failed.length} failed, ${skipped.length} skipped`);
  return failed.length === 0 ? 0 : 1;
}
