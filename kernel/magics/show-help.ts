import { besideLabel, TEXT_WIDTH, wrap } from "../../src/display/text.js";
import type { Magic } from "./magic.js";
import { usage } from "./parse-arguments.js";

/** What `-h` and `%name?` print. */
export function helpText(magic: Magic): string {
  const sections = [usages(magic), indented(wrap(magic.summary, TEXT_WIDTH - 2))];
  if (magic.arguments.length > 0) {
    const width = Math.max(...magic.arguments.map((argument) => argument.name.length));
    const rows = magic.arguments.flatMap(({ name, summary, choices }) =>
      besideLabel(name, `${summary}${choices ? ` (${choices.join(", ")})` : ""}`, width + 2, TEXT_WIDTH - 2),
    );
    sections.push(indented(rows));
  }
  if (magic.examples.length > 0) sections.push(indented(magic.examples));
  return `${sections.join("\n\n")}\n`;
}

function usages(magic: Magic): string {
  const line = wrapped(usage(magic));
  if (!magic.kinds.includes("cell")) return line;
  const cell = `%%${line.replace(/^%+/, "")}\n...`;
  return magic.kinds.includes("line") ? `${line}\n${cell}` : cell;
}

/** Front ends break a line that is too long anywhere; an option and its value stay together. */
function wrapped(line: string): string {
  const together = line.replaceAll(/\[[^\]]*\]/g, (option) => option.replaceAll(" ", "\u00a0"));
  return wrap(together, TEXT_WIDTH - 4)
    .join("\n    ")
    .replaceAll("\u00a0", " ");
}

function indented(lines: readonly string[]): string {
  return lines.map((line) => `  ${line}`).join("\n");
}
