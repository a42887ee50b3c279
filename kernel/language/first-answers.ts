import { isBuiltin, builtinModules } from "node:module";
import type { LiveValues } from "../runner/messages.js";
import { completeMagic, type DescribedMagic } from "./complete-magic.js";
import { completePackage, packageAt } from "./complete-package.js";
import { FIRST_NAMES } from "./first-names.js";
import type { Completion, Completions } from "./messages.js";

/** Names, with a blank between them, by their kind. */
export type Kinds = Readonly<Record<string, string>>;

export interface FirstNames {
  readonly globals: Kinds;
  /** Of globals. */
  readonly members: Readonly<Record<string, Kinds>>;
  /** Of values, by the name of their type. */
  readonly instances: Readonly<Record<string, Kinds>>;
  readonly magics: readonly DescribedMagic[];
}

const MAGICS: ReadonlyMap<string, DescribedMagic> = new Map(
  FIRST_NAMES.magics.map((each) => [each.name, each]),
);

const NAME = "[\\p{ID_Start}$_][\\p{ID_Continue}$]*";
/** Strings, comments and templates that are closed. */
const CLOSED =
  /\/\*[^]*?\*\/|\/\/.*\n|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\[^]|[^`\\$]|\$(?!\{))*`/gmu;
/** `console.lo`, `'a'.to`, `[1, 2].ma` */
const MEMBER = new RegExp(
  `(?:(?<![\\w$.\\])}"'\`]\\s*)(${NAME})|("")|(?<![\\w$)\\]}"]\\s*)(\\[[^\\[\\]{}()]*\\]))\\.([\\p{ID_Continue}$]*)$`,
  "u",
);
/** A name where an expression begins: what stands before it is no name, dot, colon or sign of a type. */
const EXPRESSION = new RegExp(
  `(?:^|[;{}(,=!&|?+*/%~\\[\\n>-]|\\b(?:return|await|typeof|void|new|throw|in|of|case|do|else|yield)\\s)\\s*(${NAME})$`,
  "u",
);
const DECLARED = new RegExp(`\\b(const|let|var|function|class|enum)\\b\\s*\\*?\\s*(${NAME})`, "gu");
/** At the beginning of a line, where it is no local of a function. */
const DECLARED_BY_CELL = new RegExp(`^(?:async\\s+)?${DECLARED.source}`, "gmu");
const TYPES = /\b(?:type|interface|import|export|enum|extends|implements)\b[^;\n]*$|<[^>()]*$/u;

/**
 * Completions while the language worker loads TypeScript, which takes a second or two, where they can be told without
 * it: magics, packages, names, members of globals, of literals and of what variables hold. Null for all else.
 * @param ran the latest cells: what variables hold is told a moment after a cell, and may lack theirs.
 * @param unset names that they declare and that have no value.
 */
export function firstCompletions(
  code: string,
  cursor: number,
  folder: string,
  live: LiveValues,
  ran: readonly string[] = [],
  unset: readonly string[] = [],
): Completions | null {
  const magic = completeMagic(code, cursor, MAGICS, folder);
  if (magic) return magic;
  const specifier = packageAt(code, cursor);
  if (specifier !== null) return completeSpecifier(specifier, cursor, folder);
  const before = code.slice(0, cursor).replaceAll(CLOSED, (text) => (/^["'`]/.test(text) ? '""' : "\n"));
  if (/["'`]/.test(before.replaceAll('""', "")) || /\/\*|\/\/[^\n]*$/.test(before)) return null;
  return completeMember(before, code, cursor, live) ?? completeName(before, code, cursor, live, ran, unset);
}

function completeSpecifier(typed: string, cursor: number, folder: string): Completions | null {
  const builtIn = builtinModules
    .filter((name) => !name.startsWith("_"))
    .map((name) => (typed.startsWith("node:") ? `node:${name.replace(/^node:/, "")}` : name))
    .filter((name) => name.startsWith(typed) && isBuiltin(name))
    .map((text): Completion => ({ text, type: "module" }));
  const items = [...completePackage(typed, folder), ...builtIn];
  return items.length === 0 ? null : { start: cursor - typed.length, end: cursor, items };
}

function completeMember(before: string, code: string, cursor: number, live: LiveValues): Completions | null {
  const [, root, text, array, typed] = MEMBER.exec(before) ?? [];
  if (typed === undefined) return null;
  const kinds =
    root === undefined
      ? FIRST_NAMES.instances[text !== undefined ? "string" : array !== undefined ? "Array" : ""]
      : declares(code, root)
        ? undefined
        : Object.hasOwn(live, root)
          ? membersOf(live[root]?.type ?? "")
          : Object.hasOwn(FIRST_NAMES.members, root)
            ? FIRST_NAMES.members[root]
            : undefined;
  return kinds ? answer(code, cursor, typed, itemsOf(kinds)) : null;
}

/** Of a type as live values tell it (kernel/cells/values/live-type.ts), if it names all. */
function membersOf(type: string): Kinds | undefined {
  const name = /^\w+/.exec(type)?.[0];
  if (name !== undefined)
    return Object.hasOwn(FIRST_NAMES.instances, name) && /^\w+(?:<.*>)?$/.test(type)
      ? FIRST_NAMES.instances[name]
      : undefined;
  if (!type.startsWith("{ ") || type.includes("[name: string]")) return undefined;
  const kinds: Record<string, string> = {};
  for (const [member, value] of ownMembers(type)) {
    if (!new RegExp(`^${NAME}$`, "u").test(member)) continue;
    const kind = value.startsWith("((...args") ? "method" : "property";
    kinds[kind] = kinds[kind] === undefined ? member : `${kinds[kind]} ${member}`;
  }
  return kinds;
}

/** The members of `{ "a": number; "b": { "c": string } }`, without those inside of them. */
function* ownMembers(type: string): Generator<[name: string, type: string]> {
  let depth = 0;
  const parts = type.matchAll(/"(?:\\.|[^"\\])*"(: )?|[{}]/gu);
  for (const { 0: part, 1: colon, index } of parts) {
    if (part === "{") depth++;
    else if (part === "}") depth--;
    else if (depth === 1 && colon)
      yield [JSON.parse(part.slice(0, -2)) as string, type.slice(index + part.length)];
  }
}

function completeName(
  before: string,
  code: string,
  cursor: number,
  live: LiveValues,
  ran: readonly string[],
  unset: readonly string[],
): Completions | null {
  const typed = EXPRESSION.exec(before)?.[1];
  if (typed === undefined && before.trim() !== "") return null;
  if (TYPES.test(before)) return null;
  const names = new Map(itemsOf(FIRST_NAMES.globals).map((item) => [item.text, item]));
  for (const [text, value] of Object.entries(live))
    names.set(text, { text, type: value === null ? "function" : "variable" });
  for (const [, keyword, text] of ran.join("\n").matchAll(DECLARED_BY_CELL))
    if (!names.has(text!) && !unset.includes(text!))
      names.set(text!, { text: text!, type: KINDS[keyword!] ?? "variable" });
  for (const [, keyword, text] of code.matchAll(DECLARED))
    if (text !== typed) names.set(text!, { text: text!, type: KINDS[keyword!] ?? "variable" });
  return answer(code, cursor, typed ?? "", [...names.values()]);
}

const KINDS: Readonly<Record<string, string>> = {
  const: "constant",
  function: "function",
  class: "class",
  enum: "enum",
};

/** Whether the cell itself may say what a name is. */
function declares(code: string, name: string): boolean {
  const written = name.replaceAll("$", "\\$");
  const uses = code.split(new RegExp(`(?<![\\p{ID_Continue}$.])${written}(?![\\p{ID_Continue}$])`, "u"));
  return uses.slice(1).some((after) => !/^\s*[.([]/.test(after));
}

function itemsOf(kinds: Kinds): Completion[] {
  return Object.entries(kinds).flatMap(([type, names]) => names.split(" ").map((text) => ({ text, type })));
}

function answer(code: string, cursor: number, typed: string, items: readonly Completion[]): Completions {
  const rest = /^[\p{ID_Continue}$]*/u.exec(code.slice(cursor))![0];
  const kept = items.filter(({ text }) => text.toLowerCase().startsWith(typed.toLowerCase()));
  const rank = ({ text }: Completion) => (text.startsWith(typed) ? 0 : 1);
  kept.sort((a, b) => rank(a) - rank(b) || (a.text < b.text ? -1 : a.text > b.text ? 1 : 0));
  return { start: cursor - typed.length, end: cursor + rest.length, items: kept };
}
