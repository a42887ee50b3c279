import { readFileSync, writeFileSync } from "node:fs";
import type { Device } from "../../src/runtime/backend.js";
import type { Verdict, Verdicts } from "./verdict.js";

export interface Row {
  readonly backend: string;
  readonly device: Device;
  readonly verdicts: Verdicts;
}

const PATH = "docs/backends.md";
const BEGIN = "<!-- npm run test:backends writes from here -->";
const END = "<!-- to here -->";

/** Puts the results into docs/backends.md, between its two marks. */
export function writeDocument(rows: readonly Row[], skipped: readonly string[]): void {
  const page = readFileSync(PATH, "utf8");
  const [head] = page.split(BEGIN);
  const tail = page.split(END)[1] ?? "\n";
  writeFileSync(PATH, `${head}${BEGIN}\n\n${results(rows, skipped)}\n\n${END}${tail}`);
}

function results(rows: readonly Row[], skipped: readonly string[]): string {
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
  return [table, "Raised, where cpu gives values:", [...raised, ...notRun].join("\n")].join("\n\n");
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
