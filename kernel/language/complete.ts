import ts = require("typescript");
import { completePackage, packageAt } from "./complete-package.js";
import type { Completions } from "./messages.js";
import { quickPlace } from "./quick-complete.js";
import type { NotebookTypes } from "./notebook-types.js";

/** Most that are sent: a list of all globals is of no use to a reader. */
const MAX_ITEMS = 400;

const PREFERENCES: ts.GetCompletionsAtPositionOptions = {
  includeCompletionsWithInsertText: true,
  includeCompletionsWithObjectLiteralMethodSnippets: false,
  includeCompletionsForImportStatements: true,
  includeCompletionsWithSnippetText: false,
  includeAutomaticOptionalChainCompletions: true,
  quotePreference: "double",
  importModuleSpecifierEnding: "minimal",
};

/** With the `#` of a private name. */
const IDENTIFIER_END = /#?[\p{ID_Continue}$\u200c\u200d]*$/u;
const IDENTIFIER_START = /^[\p{ID_Continue}$\u200c\u200d]*/u;

/** What is offered, as TypeScript says it or made here. */
type Entry = Pick<ts.CompletionEntry, "name" | "sortText" | "insertText" | "replacementSpan"> & {
  /** As JupyterLab draws it. */
  readonly type: string;
};

/** The variable at the beginning of `data.rows[0].` */
const MEMBER_OF =
  /(?<![\w$.])([\p{ID_Start}$_][\p{ID_Continue}$]*)(?:\??\.[\p{ID_Continue}$]+|!|\[\w+\])*\??\.$/u;

/** `rows.map(({ `: an object, until the arrow behind it makes it a parameter that is taken apart. */
const OPEN_PARAMETER = /[(,=]\s*(?:async\s*)?\((?:[\w$\s,]*,)?\s*\{[^{}()=;]*$/;

/** Null where the arrow is there. */
function withArrow(code: string, cursor: number): string | null {
  const after = code.slice(cursor).replace(/^[^{}()=;\n]*(?:\}\s*\)?)?/, "");
  return /^\s*\)?\s*=>/.test(after) ? null : `${code.slice(0, cursor)} }) => 0${after}`;
}

interface Answer {
  readonly before: string;
  readonly after: string;
  readonly version: number;
  readonly entries: readonly Entry[];
}

/** Completions of TypeScript code. While a word is typed on, the answer for its beginning is filtered. */
export class Completer {
  #last: Answer | null = null;
  /** What every empty place offers: the platform's names and keywords. */
  #globals: readonly Entry[] | null = null;

  constructor(readonly types: NotebookTypes) {}

  complete(code: string, cursor: number): Completions {
    const found = this.#completeCode(code, cursor);
    const specifier = packageAt(code, cursor);
    if (specifier === null) return found;
    // TypeScript offers packages of package.json; these are the ones that are there. A span for both kinds:
    const packages = completePackage(specifier, this.types.folder);
    const listed = new Set(packages.map(({ text }) => text));
    const builtIn = found.items.filter(({ text, type }) => type === "module" && !listed.has(text));
    const whole = cursor - specifier.length;
    if (specifier.includes("/") && packages.length === 0) return found;
    return { start: whole, end: Math.max(found.end, cursor), items: [...packages, ...builtIn] };
  }

  #completeCode(code: string, cursor: number): Completions {
    const word = IDENTIFIER_END.exec(code.slice(0, cursor))![0];
    const start = cursor - word.length;
    const end = cursor + IDENTIFIER_START.exec(code.slice(cursor))![0].length;
    const entries = this.#entries(code, start, end, cursor);
    const span = spanOf(entries, start);
    const from = span?.start ?? start;
    const typed = span?.start === start - 1 ? word : code.slice(from, cursor);
    const kept = entries.filter(
      (entry) => (entry.replacementSpan?.start ?? start) === from && matches(entry, typed),
    );
    const ranked = kept.map((entry) => ({ entry, rank: rankOf(entry, typed) }));
    ranked.sort((a, b) => (a.rank < b.rank ? -1 : a.rank > b.rank ? 1 : 0));
    return {
      start: from,
      end: span ? Math.max(span.start + span.length, cursor) : end,
      items: ranked.slice(0, MAX_ITEMS).map(({ entry }) => ({ text: textOf(entry), type: entry.type })),
    };
  }

  #entries(code: string, start: number, end: number, cursor: number): readonly Entry[] {
    const before = code.slice(0, start);
    const after = code.slice(end);
    const { version } = this.types;
    const last = this.#last;
    if (last && last.before === before && last.after === after && last.version === version)
      return last.entries;
    const quick = this.#quickly(code, start, code.slice(start, end));
    if (quick) return quick;
    const { file, found } = this.#ask(code, cursor, before);
    const entries = (found?.entries ?? [])
      .filter((entry) => entry.kind !== ts.ScriptElementKind.warning && !isHidden(entry))
      .map((entry) => inCell(entry, file.start));
    if (code === "") this.#globals = [...entries];
    if (found && (found.isGlobalCompletion || entries.some(isGlobal)))
      entries.push(...this.#earlierNames(entries));
    // Inside strings the span depends on where the cursor is.
    this.#last = entries.some(({ replacementSpan }) => replacementSpan)
      ? null
      : { before, after, version, entries };
    return entries;
  }

  #quickly(code: string, start: number, word: string): readonly Entry[] | null {
    const place = quickPlace(this.types, code, start, word);
    if (!place) return null;
    if (place.kind === "member") return place.entries.map((entry) => ({ ...entry, sortText: SORT_AS_LOCAL }));
    if (!this.#globals) this.complete("", 0);
    const names = new Map<string, Entry>();
    for (const entry of this.#globals ?? []) names.set(entry.name, entry);
    for (const [name, type] of this.types.names()) names.set(name, { name, type, sortText: SORT_AS_LOCAL });
    for (const local of place.locals) names.set(local.name, { ...local, sortText: SORT_AS_LOCAL });
    return [...names.values()];
  }

  #ask(code: string, cursor: number, before: string) {
    const ask = (live?: string, text = code) => {
      const file = this.types.current(text, live);
      const found = this.types.service.getCompletionsAtPosition(file.path, file.start + cursor, PREFERENCES);
      return { file, found };
    };
    const asParameter = OPEN_PARAMETER.test(before) ? withArrow(code, cursor) : null;
    const parameter = asParameter === null ? null : ask(undefined, asParameter);
    if (parameter?.found?.entries.length) return parameter;
    const answer = ask();
    if (answer.found?.entries.length) return answer;
    // `data.rows.` of something that is `any` inside: by what the variable holds.
    const root = MEMBER_OF.exec(before)?.[1];
    return root !== undefined && this.types.isLive(root) ? ask(root) : answer;
  }

  /** TypeScript is told only of those names of earlier cells that a cell uses. */
  #earlierNames(offered: readonly Entry[]): Entry[] {
    const known = new Set(offered.map(({ name }) => name));
    const isTypePlace = !known.has("parseInt");
    return this.types
      .names()
      .filter(([name, kind]) => !known.has(name) && !(isTypePlace && VALUES.has(kind)))
      .map(([name, type]) => ({ name, type, sortText: SORT_AS_LOCAL }));
  }
}

/** Kinds that are no types. */
const VALUES = new Set(["constant", "variable", "function"]);

/** TypeScript says that it offers all names only where a statement begins. */
function isGlobal({ name, sortText }: Entry): boolean {
  return name === "Promise" && sortText === "15";
}

/** Where TypeScript ranks the names of the file. */
const SORT_AS_LOCAL = "11";

function inCell(entry: ts.CompletionEntry, start: number): Entry {
  const { name, sortText, insertText, replacementSpan: span } = entry;
  const own = { name, sortText, type: kindOf(entry), ...(insertText !== undefined && { insertText }) };
  return span ? { ...own, replacementSpan: { ...span, start: span.start - start } } : own;
}

/** Keywords of the type checker's own making. */
function isHidden({ name }: ts.CompletionEntry): boolean {
  return name === "globalThis" || name.startsWith("__");
}

/**
 * One list has one span. Entries that would replace the dot before the word are left out (`o["a-b"]`), unless all do
 * (`?.a` of something that may be null).
 */
function spanOf(entries: readonly Entry[], start: number): ts.TextSpan | undefined {
  const spans = entries.flatMap(({ replacementSpan }) => replacementSpan ?? []);
  const [first] = spans;
  if (spans.length === entries.length && first?.start === start - 1) return first;
  return spans.find((span) => span.start !== start - 1);
}

function textOf({ insertText, name }: Entry): string {
  return insertText ?? name;
}

function matches(entry: Entry, typed: string): boolean {
  const text = textOf(entry).replace(/^\?\./, "");
  return text.toLowerCase().startsWith(typed.toLowerCase());
}

/** Names that match in upper and lower case first, then TypeScript's own order. */
function rankOf({ name, sortText }: Entry, word: string): string {
  return `${name.startsWith(word) ? 0 : 1}${sortText}${name}`;
}

/** Kinds as JupyterLab draws them. */
function kindOf({ kind }: ts.CompletionEntry): string {
  return KINDS.get(kind) ?? "text";
}

const KINDS: ReadonlyMap<string, string> = new Map<string, string>([
  [ts.ScriptElementKind.functionElement, "function"],
  [ts.ScriptElementKind.localFunctionElement, "function"],
  [ts.ScriptElementKind.memberFunctionElement, "method"],
  [ts.ScriptElementKind.callSignatureElement, "method"],
  [ts.ScriptElementKind.constructSignatureElement, "constructor"],
  [ts.ScriptElementKind.memberVariableElement, "property"],
  [ts.ScriptElementKind.memberGetAccessorElement, "property"],
  [ts.ScriptElementKind.memberSetAccessorElement, "property"],
  [ts.ScriptElementKind.memberAccessorVariableElement, "property"],
  [ts.ScriptElementKind.constElement, "constant"],
  [ts.ScriptElementKind.letElement, "variable"],
  [ts.ScriptElementKind.variableElement, "variable"],
  [ts.ScriptElementKind.localVariableElement, "variable"],
  [ts.ScriptElementKind.parameterElement, "variable"],
  [ts.ScriptElementKind.alias, "reference"],
  [ts.ScriptElementKind.classElement, "class"],
  [ts.ScriptElementKind.localClassElement, "class"],
  [ts.ScriptElementKind.interfaceElement, "interface"],
  [ts.ScriptElementKind.typeElement, "interface"],
  [ts.ScriptElementKind.typeParameterElement, "type_parameter"],
  [ts.ScriptElementKind.enumElement, "enum"],
  [ts.ScriptElementKind.enumMemberElement, "enum_member"],
  [ts.ScriptElementKind.moduleElement, "module"],
  [ts.ScriptElementKind.externalModuleName, "module"],
  [ts.ScriptElementKind.keyword, "keyword"],
  [ts.ScriptElementKind.string, "value"],
  [ts.ScriptElementKind.directory, "folder"],
  [ts.ScriptElementKind.scriptElement, "file"],
]);
