import ts = require("typescript");
import { debugHook } from "../debug-hook.js";
import { isTarget } from "./assignment-target.js";
import { BoxedNames, type CellNames, type KnownNames } from "./boxed-names.js";
import { contentsOf } from "./contents.js";
import { forEachCodeChild } from "./data-literals.js";
import { checkDuplicates } from "./duplicate-declaration.js";
import { lastExpression, parse, type EmittedJavaScript } from "./emit-javascript.js";
import { findLocalLoops, type LocalLoop } from "./localize-loops.js";
import { keptEnumMembers } from "./nested-enums.js";
import { namespaceReferences } from "./namespace-references.js";
import { readErrors, readErrorsInPlace } from "./read-errors.js";
import { type Reference, resolveNames, type ResolvedNames } from "./resolve-names.js";
import { rewriteStatement, rewriteVarList } from "./rewrite-declarations.js";
import { importMappings } from "./rewrite-imports.js";
import { rewriteMember, rewriteReference } from "./rewrite-references.js";
import { replaceNode, type Rewriting } from "./rewriting.js";
import { lineOf, lineStarts, moveMappings, originalPosition, type Mapping } from "./source-map.js";
import { TextEdits, type EditedText } from "./text-edits.js";
import { placeThrows } from "./throw-places.js";

export interface RewrittenCell {
  /** An expression: an async function of the runtime object and one box per name. */
  readonly text: string;
  readonly mappings: readonly Mapping[];
  /** Names whose boxes the function takes, in order. */
  readonly boxes: readonly string[];
  readonly declared: readonly string[];
  /** Names that functions of this cell refer to. */
  readonly captured: readonly string[];
}

/**
 * Turns emitted JavaScript into a function whose top-level names are properties of boxes (scope.ts): `x` becomes
 * `$_x.x`, and a name that no cell has declared yet is looked for in its box first, then globally.
 */
export function rewriteCell(emitted: EmittedJavaScript, names: CellNames, known: KnownNames): RewrittenCell {
  const file = emitted.plain ?? parse(emitted.text, ts.ScriptKind.JS);
  return new CellRewriter(file, emitted, names, known).rewrite();
}

/** Before the last expression; brackets, for it may be a list. */
const RETURN = "return [(";

class CellRewriter {
  readonly cell: Rewriting;
  /** References to members of namespaces, which are no top-level names. */
  readonly #members: ReadonlyMap<Reference, string>;

  constructor(
    readonly file: ts.SourceFile,
    readonly emitted: EmittedJavaScript,
    names: CellNames,
    known: KnownNames,
  ) {
    const all = resolveNames(file);
    this.#members = namespaceReferences(file, all.references, (name) =>
      names.goesOn.has(name) ? known.namespaceOf(name) : undefined,
    );
    const references = all.references.filter((reference) => !this.#members.has(reference));
    const resolved = { ...all, references };
    this.cell = {
      file,
      emitted,
      resolved,
      names: new BoxedNames(file, resolved, names, known),
      edits: new TextEdits(),
      prologue: [],
      imports: [],
      calleeEnds: new Set(),
    };
  }

  rewrite(): RewrittenCell {
    checkDuplicates(this.file);
    const { cell } = this;
    const { resolved, names } = cell;
    const declared = [...resolved.declared.keys()].filter((name) => names.isOurs(name));
    if (!debugHook.current?.on)
      names.loops = findLocalLoops(this.file, resolved, isTarget, (reference) => names.mayBeLocal(reference));
    for (const loop of names.loops) this.#rewriteLoop(loop);
    for (const statement of this.file.statements) rewriteStatement(statement, cell);
    for (const list of resolved.topLevelVars) rewriteVarList(list, cell);
    for (const reference of resolved.references) rewriteReference(reference, cell);
    for (const [{ node }, member] of this.#members) rewriteMember(node, member, cell);
    if (!this.emitted.plain)
      // JavaScript of the user's stays as it is
      for (const { start, end } of keptEnumMembers(this.file)) cell.edits.replace(start, end, "");
    for (const keyword of resolved.dynamicImports) replaceNode(keyword, `${names.runtime}.import`, cell);
    for (const meta of resolved.importMetas) replaceNode(meta, `${names.runtime}.meta`, cell);
    this.#watchErrors();
    if (this.emitted.plain) {
      this.#returnLast();
      this.#endStatements(this.file);
    }
    return { ...this.#asFunction(), declared, captured: capturedNames(resolved) };
  }

  /** What errors and awaits need to be told well. */
  #watchErrors(): void {
    const { edits, names } = this.cell;
    const place = { file: this.file, edits, runtime: names.runtime };
    // a step would stop in a statement that is added
    if (debugHook.current?.on) return readErrorsInPlace(this.file, place);
    const contents = contentsOf(this.file);
    // `await x` and `for await`
    const awaits = [ts.SyntaxKind.AwaitExpression, ts.SyntaxKind.AwaitKeyword];
    if (awaits.some((kind) => contents.kinds.has(kind))) this.#rewriteAwaits(this.file);
    const catches =
      contents.kinds.has(ts.SyntaxKind.CatchClause) ||
      contents.names.has("catch") ||
      contents.names.has("then");
    if (catches) readErrors(this.file, place);
    if (contents.kinds.has(ts.SyntaxKind.ThrowStatement))
      placeThrows(this.file, { ...place, sourceOf: (node) => this.#sourceOf(node) });
  }

  #asFunction(): Pick<RewrittenCell, "text" | "mappings" | "boxes"> {
    const { edits, names, prologue } = this.cell;
    const boxes = [...names.boxes];
    const parameters = [names.runtime, ...boxes.map((name) => names.parameter(name))].join(",");
    edits.insertFirst(0, `(async function(${parameters}){"use strict";${prologue.join("")}`);
    edits.insert(this.emitted.text.length, "\n})");
    const edited = edits.apply(this.emitted.text);
    const mappings = [
      ...importMappings(edited.text, this.cell),
      ...this.#withReturn(moveMappings(this.#mappings(), this.emitted.text, edited), edited),
    ];
    return { text: edited.text, mappings, boxes };
  }

  /**
   * `{let $_0x=$_x.x;try{ loop }finally{$_x.x=$_0x}}`. Each 1024th turn writes back too: an interrupt runs no
   * `finally`, and the user wants to see how far the loop came.
   */
  #rewriteLoop({ statement, names: kept, assigned, bodies }: LocalLoop): void {
    const { edits, names } = this.cell;
    const locals = [...kept].map((name) => `${names.local(name)}=${names.property(name)}`);
    const store = [...assigned].map((name) => `${names.property(name)}=${names.local(name)};`).join("");
    const turns = `${names.runtime}0`;
    if (store !== "")
      for (const { statement: body, counter } of bodies) {
        edits.insert(body.getStart(this.file), `{if(!(${counter ?? `++${turns}`}&1023)){${store}}`);
        edits.insert(body.end, "}");
      }
    edits.insert(statement.getStart(this.file), `{let ${turns}=0,${locals.join(",")};try{`);
    edits.insert(statement.end, `}finally{${store}}}`);
  }

  /** The last edits: the brackets go inside of all others that end at the same place. */
  #rewriteAwaits(node: ts.Node, nested = false): void {
    const {
      edits,
      names: { runtime },
    } = this.cell;
    const wrap = (wrapped: ts.Node, opening: string, closing = ")") => {
      edits.insert(wrapped.getStart(this.file), opening);
      edits.insertFirst(wrapped.end, closing);
    };
    const place = ts.isAwaitExpression(node) && !nested ? this.#sourceOf(node) : null;
    if (place) wrap(node, `${runtime}.resumed(${runtime}.awaits(${place.join(",")}),`, `,true)`);
    else if (ts.isAwaitExpression(node)) wrap(node, `${runtime}.resumed(${runtime}.awaits(),`);
    if (ts.isForOfStatement(node) && node.awaitModifier) wrap(node.expression, `${runtime}.steps(`);
    forEachCodeChild(node, (child) => this.#rewriteAwaits(child, nested || ts.isFunctionLike(node)));
  }

  /** Line and column in the user's text, from 0. */
  #sourceOf(node: ts.Node): [number, number] | null {
    const { line, character } = this.file.getLineAndCharacterOfPosition(node.getStart(this.file));
    const place = originalPosition(this.emitted.mappings, line, character);
    return place ? [place.sourceLine, place.sourceColumn] : null;
  }

  /** Around all other edits of the expression. */
  #returnLast(): void {
    const statement = lastExpression(this.file);
    if (!statement) return;
    this.cell.edits.insertFirst(statement.getStart(this.file), RETURN);
    this.cell.edits.insert(statement.expression.end, ")]");
  }

  /** The `return` that was added stands where its statement does: the debugger stops there. */
  #withReturn(mappings: readonly Mapping[], edited: EditedText): readonly Mapping[] {
    const statement = this.emitted.plain && lastExpression(this.file);
    if (!statement) return mappings;
    const start = statement.getStart(this.file);
    const source = this.file.getLineAndCharacterOfPosition(start);
    const added = edited.text.lastIndexOf(RETURN, edited.moved(start));
    const starts = lineStarts(edited.text);
    const line = lineOf(starts, added);
    const place = {
      line,
      column: added - starts[line]!,
      sourceLine: source.line,
      sourceColumn: source.character,
    };
    const at = mappings.findIndex(
      (mapping) => mapping.line > line || (mapping.line === line && mapping.column >= place.column),
    );
    return at < 0 ? [...mappings, place] : mappings.toSpliced(at, 0, place);
  }

  /** `f` on a line, `(0,$_g.g)()` on the next: what is rewritten must not go on with the statement above it. */
  #endStatements(node: ts.Node): void {
    if (ts.isSourceFile(node) || ts.isBlock(node) || ts.isCaseOrDefaultClause(node))
      for (const [i, { end }] of node.statements.entries()) {
        const next = node.statements[i + 1]?.getStart(this.file);
        if (next !== undefined && next > end && this.file.text[end - 1] !== ";")
          this.cell.edits.insert(end, ";");
      }
    forEachCodeChild(node, (child) => this.#endStatements(child));
  }

  /** V8 puts a call of `(0,$_f.f)()` at its bracket; without a mapping there, it falls to the name, as in a script. */
  #mappings(): Mapping[] {
    const starts = lineStarts(this.emitted.text);
    return this.emitted.mappings.filter(
      ({ line, column }) => !this.cell.calleeEnds.has((starts[line] ?? 0) + column),
    );
  }
}

/** Names that functions of the cell refer to. */
function capturedNames({ references }: ResolvedNames): string[] {
  return references.filter(({ nested }) => nested).map(({ node }) => node.text);
}
