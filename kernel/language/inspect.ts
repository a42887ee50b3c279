import path from "node:path";
import { fileURLToPath } from "node:url";
import ts = require("typescript");
import type { Inspection } from "./messages.js";
import { settledNameAt } from "./quick-complete.js";
import type { CellFile, NotebookTypes } from "./notebook-types.js";

/** Lines of source that level 1 shows. */
const MAX_SOURCE_LINES = 60;

/** What is under the cursor: its type and documentation, the signature of the call around it, at level 1 the source. */
export function inspectCode(
  types: NotebookTypes,
  code: string,
  cursor: number,
  level: 0 | 1,
): Inspection | null {
  const about =
    atSettledName(types, code, cursor) ??
    inCell(types, types.current(code), cursor) ??
    asType(types, code, cursor);
  if (!about) return null;
  const source = level === 1 ? sourceOf(types, about) : null;
  const markdown = [fence(about.signature), about.documentation, source && fence(source)];
  const plain = [about.signature, about.documentation, source];
  return { markdown: markdown.filter(Boolean).join("\n\n"), plain: plain.filter(Boolean).join("\n\n") };
}

interface About {
  readonly signature: string;
  readonly documentation: string;
  readonly path: string;
  /** In that file. */
  readonly position: number;
}

function inCell(types: NotebookTypes, file: CellFile, cursor: number): About | null {
  const at = nameAt(file.code, cursor);
  return (at === null ? null : quickInfo(types, file.path, file.start + at)) ?? atCall(types, file, cursor);
}

/** Where the name at the cursor begins or, as at `f|(`, right before it. */
function nameAt(code: string, cursor: number): number | null {
  const isName = (at: number) => /[\p{ID_Continue}$]/u.test(code[at] ?? "");
  if (!isName(cursor) && !isName(cursor - 1)) return null;
  return cursor - /[\p{ID_Continue}$]*$/u.exec(code.slice(0, cursor))![0].length;
}

/** A type of an earlier cell that stands alone, where a value would. */
function asType(types: NotebookTypes, code: string, cursor: number): About | null {
  const at = nameAt(code, cursor);
  const name = at === null || code[at - 1] === "." ? null : /^[\p{ID_Continue}$]+/u.exec(code.slice(at))?.[0];
  if (name == null || types.placeOf(name) === null) return null;
  const asked = `type ${name}_ = ${name}`;
  return inCell(types, types.current(asked), asked.length);
}

/** A name of an earlier cell is looked up in a file that stays as it is, so that nothing is built anew. */
function atSettledName(types: NotebookTypes, code: string, cursor: number): About | null {
  const at = nameAt(code, cursor);
  const name = at === null ? null : settledNameAt(types, code, at);
  const place = name === null ? null : types.placeOf(name);
  return place && quickInfo(types, place.path, place.position);
}

function quickInfo(types: NotebookTypes, file: string, position: number): About | null {
  const info = types.service.getQuickInfoAtPosition(file, position);
  const type = ts.displayPartsToString(info?.displayParts);
  // So TypeScript says that it does not know a name.
  if (!info || (info.kind === ts.ScriptElementKind.unknown && type === "any")) return null;
  const signature = withoutImport(type);
  return {
    signature: NAMELESS.test(signature) ? (moduleAt(types, file, position) ?? signature) : signature,
    documentation: documentation(info.documentation, info.tags),
    path: file,
    position,
  };
}

/** All that TypeScript says of a whole module that came by way of an earlier cell. */
const NAMELESS = /^export [\w$]+$/;

/** The kernel's own TensorFlow.js, which stands in for the package. */
const TFJS = fileURLToPath(new URL("../../src/tfjs", import.meta.url));

/** `module "@tensorflow/tfjs"`, or the path of a local file from the notebook's folder. */
function moduleAt(types: NotebookTypes, file: string, position: number): string | null {
  const [found] = types.service.getDefinitionAtPosition(file, position) ?? [];
  if (found?.kind !== ts.ScriptElementKind.moduleElement) return null;
  if (path.dirname(path.resolve(found.fileName)) === TFJS) return 'module "@tensorflow/tfjs"';
  const packaged = /.*[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)/.exec(found.fileName)?.[1];
  return `module ${JSON.stringify(packaged ?? path.relative(types.folder, found.fileName))}`;
}

/** Names of earlier cells come by imports that the user did not write. */
function withoutImport(signature: string): string {
  const lines = signature.split("\n").filter((line) => !/^(?:\(alias\) )?(?:im|ex)port [\w$]+$/.test(line));
  return lines.join("\n").replace(/^\(alias\) /gm, "") || signature;
}

function atCall(types: NotebookTypes, file: CellFile, cursor: number): About | null {
  const help = types.service.getSignatureHelpItems(file.path, file.start + cursor, undefined);
  const item = help?.items[help.selectedItemIndex];
  if (!help || !item) return null;
  const parameters = item.parameters.map(({ displayParts }) => ts.displayPartsToString(displayParts));
  const signature =
    ts.displayPartsToString(item.prefixDisplayParts) +
    parameters.join(ts.displayPartsToString(item.separatorDisplayParts)) +
    ts.displayPartsToString(item.suffixDisplayParts);
  const parameter = item.parameters[help.argumentIndex];
  const described = ts.displayPartsToString(parameter?.documentation);
  const current = parameter && described ? `\`${parameter.name}\`: ${described}` : "";
  const text = documentation(item.documentation, item.tags);
  return {
    signature: help.items.length > 1 ? `${signature}  // ${help.items.length} overloads` : signature,
    documentation: [current, text].filter(Boolean).join("\n\n"),
    path: file.path,
    position: help.applicableSpan.start - 1,
  };
}

function documentation(
  text: ts.SymbolDisplayPart[] | undefined,
  tags: readonly ts.JSDocTagInfo[] | undefined,
): string {
  const lines = (tags ?? []).map(({ name, text: parts }) => {
    const said = ts.displayPartsToString(parts);
    if (name === "example") return `*@example*\n${/^```/.test(said.trim()) ? said : fence(said)}`;
    return `*@${name}* ${said}`.trim();
  });
  return [ts.displayPartsToString(text), lines.join("\n\n")].filter(Boolean).join("\n\n");
}

function sourceOf(types: NotebookTypes, { path, position }: About): string | null {
  const [definition] = types.service.getDefinitionAtPosition(path, position) ?? [];
  const span = definition?.contextSpan;
  const source = definition && types.service.getProgram()?.getSourceFile(definition.fileName);
  if (!span || !source) return null;
  const lines = source.text.slice(span.start, span.start + span.length).split("\n");
  const shown = lines.slice(0, MAX_SOURCE_LINES);
  if (lines.length > shown.length) shown.push(`// ${lines.length - shown.length} more lines`);
  return shown.join("\n");
}

function fence(code: string): string {
  return `\`\`\`typescript\n${code.trim()}\n\`\`\``;
}
