import { objectLiteral } from "../cells/compile/object-literal.js";
import { parseArguments } from "../magics/parse-arguments.js";
import type { Magic } from "../magics/magic.js";
import { splitCell } from "../magics/split-cell.js";
import { elideData } from "./elide-data.js";

export interface TypeScriptOfCell {
  /** As long as the cell and with the same lines: what is not TypeScript has become blanks, and most of large data. */
  readonly text: string;
  /** Variables that magics of the cell bind. */
  readonly bound: readonly string[];
  /** What the compiler is to see around the text: brackets where it is an object literal, else nothing. */
  readonly open: string;
  readonly close: string;
}

/** Cell magics whose body is TypeScript. */
const TYPESCRIPT_BODIES = new Set(["register_custom", "time"]);

/** The part of a cell that the compiler may see. */
export function typeScriptOfCell(code: string, magics: ReadonlyMap<string, Magic>): TypeScriptOfCell {
  const lines = code.split("\n");
  const bound: string[] = [];
  for (const part of splitCell(code)) {
    if (part.kind === "code") continue;
    const magic = magics.get(part.name);
    if (magic) bound.push(...boundBy(magic, part.text));
    const body = part.kind === "cell" && !TYPESCRIPT_BODIES.has(part.name);
    const end = body ? lines.length : part.line + 1;
    for (let line = part.line; line < end; line++) lines[line] = blank(lines[line]!);
  }
  return { ...bracketed(elideData(lines.join("\n").replace(/^#!/, "//"))), bound };
}

function bracketed(text: string): Omit<TypeScriptOfCell, "bound"> {
  const object = objectLiteral(text);
  if (!object) return { text, open: "", close: "" };
  return { text: (object.before + object.literal).padEnd(text.length), open: "(", close: ")" };
}

/** A semicolon where there is room: what comes below never goes on with the line above. */
function blank(line: string): string {
  return line === "" ? "" : `;${" ".repeat(line.length - 1)}`;
}

/** Names of variables that a magic sets: its arguments of type `identifier`. */
function boundBy(magic: Magic, text: string): string[] {
  const identifiers = magic.arguments.filter(({ type }) => type === "identifier");
  if (identifiers.length === 0) return [];
  try {
    const given = parseArguments(magic, text);
    return identifiers.flatMap(({ name, default: fallback }) => {
      const value = given[name] ?? fallback;
      return typeof value === "string" ? [value] : [];
    });
  } catch {
    return [];
  }
}
