import type { Magic, MagicArgument } from "./magic.js";
import { usage } from "./parse-arguments.js";

/** docs/magics-reference.md: every magic as its definition describes it. */
export function referencePage(magics: Iterable<Magic>): string {
  const sections = [...magics].sort((a, b) => a.name.localeCompare(b.name)).map(section);
  return [
    "# Magics",
    "`%NAME -h` says the same in a notebook, `%lsmagic` lists them. [Magics for models](magics.md) says what those are for.",
    ...sections,
  ]
    .join("\n\n")
    .concat("\n");
}

function section(magic: Magic): string {
  const line = usage(magic);
  const cell = `%%${line.replace(/^%+/, "")}`;
  const usages = magic.kinds.map((kind) => (kind === "line" ? line : `${cell}\n...`));
  const parts = [`## %${magic.name}`, magic.summary, fenced(usages)];
  if (magic.arguments.length > 0)
    parts.push(["| Argument | |", "| --- | --- |", ...magic.arguments.map(row)].join("\n"));
  if (magic.examples.length > 0) parts.push(fenced(magic.examples));
  return parts.join("\n\n");
}

function fenced(lines: readonly string[]): string {
  return ["```text", ...lines, "```"].join("\n");
}

function row({ name, summary, choices }: MagicArgument): string {
  const words = choices ? ` (${choices.map((choice) => `\`${choice}\``).join(", ")})` : "";
  return `| \`${name}\` | ${(summary + words).replaceAll("|", "\\|").replaceAll("<", "&lt;")} |`;
}
