import { readFileSync, writeFileSync } from "node:fs";
import type { Device } from "../../src/runtime/backend.js";
import type { CompiledOutcome } from "./run-compiled.js";
import type { Verdict, Verdicts } from "./verdict.js";

export interface Row {
  readonly backend: string;
  readonly device: Device;
  readonly verdicts: Verdicts;
}

const PATH = "docs/backends.md";

/** Puts the results into docs/backends.md, between two marks that name what wrote them. */
export function writeDocument(command: string, text: string): void {
  const begin = `<!-- npm run ${command} writes from here -->`;
  const end = `<!-- ${command} to here -->`;
  const page = readFileSync(PATH, "utf8");
  const [head, rest = ""] = page.split(begin);
  const tail = rest.split(end)[1] ?? "\n";
  writeFileSync(PATH, `${head}${begin}\n\n${text}\n\n${end}${tail}`);
}

/** Predictions as one graph, a line. */
export function compiledText({ compiled, byOps, wrong, refused }: CompiledOutcome, backend: string): string {
  const reasons = Object.entries(byOps).map(([why, cases]) => `${cases} because ${why}`);
  const staying = reasons.length > 0 ? `; op by op stay ${reasons.join(", ")}` : "";
  const other = refused > 0 ? `; ${refused} take no other batch size` : "";
  return `Compiled predictions on ${backend}: the small models around each layer, at their batch size and another, against the operations: ${compiled} as a graph, ${wrong.length} with other numbers${staying}${other}.`;
}

export function resultsText(rows: readonly Row[], skipped: readonly string[]): string {
  const table = [
    "| Back end | Device | Operations | Gradients | Keras layers | Silently wrong |",
    "| --- | --- | --- | --- | --- | --- |",
    ...rows.map(tableRow),
  ].join("\n");
  const raised = rows
    .filter(({ verdicts }) => verdicts.operations.raised.length + verdicts.layers.raised.length > 0)
    .map(
      ({ backend, verdicts }) =>
        `- ${backend}: ${[...families(verdicts.operations), ...families(verdicts.layers)].join("; ")}`,
    );
  const notRun = skipped.map((line) => `- not run, ${line}`);
  const heading = `Raised, where cpu gives values:${raised.length === 0 ? " nothing." : ""}`;
  const list = [...raised, ...notRun].join("\n");
  return [table, heading, ...(list ? [list] : [])].join("\n\n");
}

function tableRow({ backend, device, verdicts }: Row): string {
  const { operations, gradients, layers } = verdicts;
  const wrong = operations.wrong.length + gradients.wrong.length + layers.wrong.length;
  const cells = [operations, gradients, layers].map(
    ({ right, raised }) => `${right} right${raised.length > 0 ? `, ${raised.length} raised` : ""}`,
  );
  const where = [device.device, device.driver].filter(Boolean).join(", ");
  return `| ${backend} | ${where} | ${cells.join(" | ")} | ${wrong} |`;
}

/** `spaceToBatchND (6)`: the operations without their shapes, counted. */
function families({ raised }: Verdict): string[] {
  const counts = new Map<string, number>();
  for (const line of raised) {
    const name = line.replace(/^\w+: /, "").split(/ of \[|: |, (?:same|last|alternate|scalar)/)[0]!;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].map(([name, n]) => (n === 1 ? name : `${name} (${n})`));
}
