import type { Question } from "../cells/values/live-type.js";
import type { Magic, MagicArgument } from "../magics/magic.js";
import { splitCell } from "../magics/split-cell.js";
import { completePath } from "./complete-path.js";
import type { Completion, Completions } from "./messages.js";

/** What completion needs of a magic. */
export interface DescribedMagic extends Pick<Magic, "name" | "kinds"> {
  readonly arguments: readonly Pick<MagicArgument, "name" | "type" | "choices" | "offers">[];
}

/** Completions in a line that is a magic; null where the line is none. */
export function completeMagic(
  code: string,
  cursor: number,
  magics: ReadonlyMap<string, DescribedMagic>,
  folder: string,
  questions: readonly Question[] = [],
): Completions | null {
  const lineStart = code.lastIndexOf("\n", cursor - 1) + 1;
  const line = code.slice(lineStart, cursor);
  const head = /^(%{1,2})(\w*)$/.exec(line);
  const isFirst = code.slice(0, lineStart).trim() === "";
  if (head) return { start: lineStart, end: cursor, items: names(head[1]!, head[2]!, magics, isFirst) };
  const shell = shellWord(code, cursor, line);
  if (shell !== null)
    return { start: cursor - shell.length, end: cursor, items: completePath(shell, folder) };
  const call = /^%{1,2}([A-Za-z_]\w*)\s+(.*)$/.exec(line);
  const magic = call && magics.get(call[1]!);
  if (!magic) return line.startsWith("%") ? { start: cursor, end: cursor, items: [] } : null;
  const words = call[2]!.split(/\s+/);
  const word = words.at(-1)!;
  const quote = /^["']/.exec(word)?.[0] ?? "";
  const typed = word.slice(quote.length);
  const items = argumentItems(magic, words.slice(0, -1), typed, { folder, questions });
  return { start: cursor - typed.length, end: cursor, items };
}

/** The word at the cursor in what the shell runs: behind `!`, and below `%%bash`; null elsewhere. */
function shellWord(code: string, cursor: number, line: string): string | null {
  if (!/^!/.test(line) && !/^\s*%%/.test(code)) return null;
  const part = splitCell(code.slice(0, cursor)).at(-1);
  const isHere =
    part?.kind === "cell" ? code.slice(0, cursor).trimStart().includes("\n") : line.startsWith("!");
  const isShell = isHere && part !== undefined && part.kind !== "code" && part.name === "bash";
  return isShell ? /[^\s|&;<>()"'`=]*$/.exec(line)![0] : null;
}

function names(
  percent: string,
  typed: string,
  magics: ReadonlyMap<string, DescribedMagic>,
  isFirst: boolean,
): Completion[] {
  const items: Completion[] = [];
  for (const { name, kinds } of magics.values()) {
    if (!name.startsWith(typed)) continue;
    if (percent === "%" && kinds.includes("line")) items.push({ text: `%${name}`, type: "magic" });
    if (isFirst && kinds.includes("cell")) items.push({ text: `%%${name}`, type: "magic" });
  }
  return items;
}

interface Around {
  readonly folder: string;
  readonly questions: readonly Question[];
}

function argumentItems(
  magic: DescribedMagic,
  before: readonly string[],
  typed: string,
  around: Around,
): Completion[] {
  const option = magic.arguments.find(({ name, type }) => name === before.at(-1) && type !== "flag");
  if (option) return values(option, typed, before, around);
  const options = magic.arguments
    .filter(({ name }) => name.startsWith("-") && name.startsWith(typed) && !before.includes(name))
    .map(({ name }): Completion => ({ text: name, type: "keyword" }));
  if (typed.startsWith("-")) return options;
  const positional = magic.arguments.filter(({ name }) => !name.startsWith("-"));
  const last = positional.at(-1);
  const next = positional[positionalCount(magic, before)] ?? (last?.type === "rest" ? last : undefined);
  return [...(next ? values(next, typed, before, around) : []), ...options];
}

/** How many of the words are neither options nor values of options. */
function positionalCount(magic: DescribedMagic, words: readonly string[]): number {
  let count = 0;
  for (let at = 0; at < words.length; at++) {
    const option = magic.arguments.find(({ name }) => name === words[at] && name.startsWith("-"));
    if (!option) count++;
    else if (option.type !== "flag") at++;
  }
  return count;
}

function values(
  { type, choices = [], offers }: DescribedMagic["arguments"][number],
  typed: string,
  before: readonly string[],
  { folder, questions }: Around,
): Completion[] {
  if (type === "path") return completePath(typed, folder);
  return [...choices, ...new Set(offers?.(questions, before) ?? [])]
    .filter((choice) => choice.startsWith(typed))
    .map((text) => ({ text, type: "value" }));
}
