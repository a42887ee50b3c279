import type { Magic } from "./magic.js";
import { usage } from "./parse-arguments.js";

/** What `-h` and `%name?` print. */
export function helpText(magic: Magic): string {
  const sections = [`${usages(magic)}\n\n  ${magic.summary}`];
  if (magic.arguments.length > 0) {
    const width = Math.max(...magic.arguments.map((argument) => argument.name.length));
    const rows = magic.arguments.map(
      ({ name, summary, choices }) =>
        `  ${name.padEnd(width)}  ${summary}${choices ? ` (${choices.join(", ")})` : ""}`,
    );
    sections.push(rows.join("\n"));
  }
  if (magic.examples.length > 0) sections.push(magic.examples.map((line) => `  ${line}`).join("\n"));
  return `${sections.join("\n\n")}\n`;
}

function usages(magic: Magic): string {
  const line = usage(magic);
  if (!magic.kinds.includes("cell")) return line;
  const cell = `%%${line.replace(/^%+/, "")}\n...`;
  return magic.kinds.includes("line") ? `${line}\n${cell}` : cell;
}
