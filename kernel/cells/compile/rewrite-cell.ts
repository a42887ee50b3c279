import ts = require("typescript");
import { debugHook } from "../debug-hook.js";
import { isTarget } from "./assignment-target.js";
import { contentsOf } from "./contents.js";
import { forEachCodeChild } from "./data-literals.js";
import { lastExpression, parse, type EmittedJavaScript } from "./emit-javascript.js";
import {
  boundNames,
  importedNames,
  isLexical,
  patternNames,
  resolveNames,
  type DeclarationKind,
  type Reference,
} from "./resolve-names.js";
import { findLocalLoops, type LocalLoop } from "./localize-loops.js";
import { keptEnumMembers } from "./nested-enums.js";
import { readErrors, readErrorsInPlace } from "./read-errors.js";
import { importOptions } from "./rewrite-module.js";
import { lineOf, lineStarts, moveMappings, originalPosition, type Mapping } from "./source-map.js";
import { placeThrows } from "./throw-places.js";
import { TextEdits, type EditedText } from "./text-edits.js";

/** What the rewriting asks about names that other cells declared. */
export interface KnownNames {
  has(name: string): boolean;
  isConstant(name: string): boolean;
  /** Whether code other than the cell may read or change the name while a loop runs. */
  isShared(name: string): boolean;
  /** Whether the name is a namespace's of earlier cells. */
  isNamespace(name: string): boolean;
}

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

/** A top-level name that is declared twice in one cell. */
export class DuplicateDeclaration extends Error {
  constructor(
    readonly declaredName: string,
    /** Offset in the emitted JavaScript. */
    readonly offset: number,
  ) {
    super(`Identifier '${declaredName}' has already been declared`);
  }
}

export interface CellNames {
  /** Identifiers of the user's text; what TypeScript adds (`env_1`, `__esDecorate`) stays local to the cell. */
  readonly written: ReadonlySet<string>;
  /** Enums, and namespaces that go on with none of an earlier cell: declared afresh. */
  readonly fresh: ReadonlySet<string>;
  /** Starts every identifier that the rewriting adds; occurs nowhere in the user's text. */
  readonly prefix: string;
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
  readonly #edits = new TextEdits();
  readonly #prologue: string[] = [];
  readonly #boxes = new Set<string>();
  readonly #resolved;
  /** Where a `let`, `const` or `class` of this cell has its value. */
  readonly #initialized = new Map<string, number>();
  readonly #runtime: string;
  #loops: readonly LocalLoop[] = [];
  /** Where called names end in the emitted text. */
  readonly #calleeEnds = new Set<number>();
  readonly #imports: { readonly code: string; readonly statement: ts.Statement }[] = [];

  constructor(
    readonly file: ts.SourceFile,
    readonly emitted: EmittedJavaScript,
    readonly names: CellNames,
    readonly known: KnownNames,
  ) {
    this.#resolved = resolveNames(file);
    this.#runtime = names.prefix;
  }

  rewrite(): RewrittenCell {
    this.#checkDuplicates();
    const declared = [...this.#resolved.declared.keys()].filter((name) => this.#isOurs(name));
    this.#findInitializers();
    if (!debugHook.current?.on)
      this.#loops = findLocalLoops(this.file, this.#resolved, isTarget, (reference) =>
        this.#mayBeLocal(reference),
      );
    for (const loop of this.#loops) this.#rewriteLoop(loop);
    for (const statement of this.file.statements) this.#rewriteStatement(statement);
    for (const list of this.#resolved.topLevelVars) this.#rewriteVarList(list);
    for (const reference of this.#resolved.references) this.#rewriteReference(reference);
    if (!this.emitted.plain)
      // JavaScript of the user's stays as it is
      for (const { start, end } of keptEnumMembers(this.file)) this.#edits.replace(start, end, "");
    for (const keyword of this.#resolved.dynamicImports)
      this.#replaceNode(keyword, `${this.#runtime}.import`);
    for (const meta of this.#resolved.importMetas) this.#replaceNode(meta, `${this.#runtime}.meta`);

    const place = { file: this.file, edits: this.#edits, runtime: this.#runtime };
    if (debugHook.current?.on)
      readErrorsInPlace(this.file, place); // a step would stop in a statement that is added
    else {
      const { kinds, names } = contentsOf(this.file);
      // `await x` and `for await`
      const awaits = [ts.SyntaxKind.AwaitExpression, ts.SyntaxKind.AwaitKeyword];
      if (awaits.some((kind) => kinds.has(kind))) this.#rewriteAwaits(this.file);
      const catches = kinds.has(ts.SyntaxKind.CatchClause) || names.has("catch") || names.has("then");
      if (catches) readErrors(this.file, place);
      if (kinds.has(ts.SyntaxKind.ThrowStatement))
        placeThrows(this.file, { ...place, sourceOf: (node) => this.#sourceOf(node) });
    }
    if (this.emitted.plain) {
      this.#returnLast();
      this.#endStatements(this.file);
    }

    const boxes = [...this.#boxes];
    const parameters = [this.#runtime, ...boxes.map((name) => this.#parameter(name))].join(",");
    this.#edits.insertFirst(0, `(async function(${parameters}){"use strict";${this.#prologue.join("")}`);
    this.#edits.insert(this.emitted.text.length, "\n})");
    const edited = this.#edits.apply(this.emitted.text);
    return {
      text: edited.text,
      mappings: [
        ...this.#importMappings(edited.text),
        ...this.#withReturn(moveMappings(this.#mappings(), this.emitted.text, edited), edited),
      ],
      boxes,
      declared,
      captured: this.#resolved.references.filter(({ nested }) => nested).map(({ node }) => node.text),
    };
  }

  /** The last edits: the brackets go inside of all others that end at the same place. */
  #rewriteAwaits(node: ts.Node, nested = false): void {
    const wrap = (wrapped: ts.Node, opening: string, closing = ")") => {
      this.#edits.insert(wrapped.getStart(this.file), opening);
      this.#edits.insertFirst(wrapped.end, closing);
    };
    const place = ts.isAwaitExpression(node) && !nested ? this.#sourceOf(node) : null;
    if (place) wrap(node, `${this.#runtime}.resumed(${this.#runtime}.awaits(${place.join(",")}),`, `,true)`);
    else if (ts.isAwaitExpression(node)) wrap(node, `${this.#runtime}.resumed(${this.#runtime}.awaits(),`);
    if (ts.isForOfStatement(node) && node.awaitModifier) wrap(node.expression, `${this.#runtime}.steps(`);
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
    this.#edits.insertFirst(statement.getStart(this.file), RETURN);
    this.#edits.insert(statement.expression.end, ")]");
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
        if (next !== undefined && next > end && this.file.text[end - 1] !== ";") this.#edits.insert(end, ";");
      }
    forEachCodeChild(node, (child) => this.#endStatements(child));
  }

  #isOurs(name: string): boolean {
    return this.names.written.has(name);
  }

  /** The box's parameter. */
  #parameter(name: string): string {
    return this.names.prefix + name;
  }

  #box(name: string): string {
    this.#boxes.add(name);
    return this.#parameter(name);
  }

  /** `$_x.x` */
  #property(name: string): string {
    return `${this.#box(name)}.${name}`;
  }

  /** Where a name's value is for code at `node`: its box, or a local of the loop around it. */
  #place(node: ts.Node, name: string): string {
    return this.#isInLoop(node, name) ? this.#local(name) : this.#property(name);
  }

  #isInLoop(node: ts.Node, name: string): boolean {
    return this.#loops.some(
      ({ names, statement }) => names.has(name) && node.pos >= statement.pos && node.end <= statement.end,
    );
  }

  /** No box has this name: it would be that of a variable that starts with a digit. */
  #local(name: string): string {
    return `${this.#runtime}0${name}`;
  }

  #findInitializers(): void {
    for (const statement of this.file.statements) {
      if (ts.isClassDeclaration(statement) && statement.name)
        this.#initialized.set(statement.name.text, statement.end);
      if (ts.isVariableStatement(statement))
        for (const { name, end } of statement.declarationList.declarations)
          for (const bound of patternNames(name)) this.#initialized.set(bound, end);
    }
  }

  #mayBeLocal(reference: Reference): boolean {
    const name = reference.node.text;
    if (this.known.isShared(name) || name.startsWith(this.names.prefix)) return false;
    const kind = this.#resolved.declared.get(name);
    if (kind === "import" || (kind && !this.#isOurs(name))) return false;
    if (isTarget(reference.node) && !this.#isWritable(name)) return false;
    return this.#fallback(reference.node, reference.hoisted) === null;
  }

  #isWritable(name: string): boolean {
    const kind = this.#resolved.declared.get(name);
    return kind
      ? kind !== "const" && kind !== "import"
      : this.known.has(name) && !this.known.isConstant(name);
  }

  /**
   * `{let $_0x=$_x.x;try{ loop }finally{$_x.x=$_0x}}`. Each 1024th turn writes back too: an interrupt runs no
   * `finally`, and the user wants to see how far the loop came.
   */
  #rewriteLoop({ statement, names, assigned, bodies }: LocalLoop): void {
    const locals = [...names].map((name) => `${this.#local(name)}=${this.#property(name)}`);
    const store = [...assigned].map((name) => `${this.#property(name)}=${this.#local(name)};`).join("");
    const turns = `${this.#runtime}0`;
    if (store !== "")
      for (const { statement: body, counter } of bodies) {
        this.#edits.insert(body.getStart(this.file), `{if(!(${counter ?? `++${turns}`}&1023)){${store}}`);
        this.#edits.insert(body.end, "}");
      }
    this.#edits.insert(statement.getStart(this.file), `{let ${turns}=0,${locals.join(",")};try{`);
    this.#edits.insert(statement.end, `}finally{${store}}}`);
  }

  /** `$_x,"x"`: how a box and its name are passed to the runtime. */
  #pair(name: string): string {
    return `${this.#box(name)},${JSON.stringify(name)}`;
  }

  #replaceNode(node: ts.Node, text: string): void {
    this.#edits.replace(node.getStart(this.file), node.end, text);
  }

  #checkDuplicates(): void {
    const seen = new Map<string, DeclarationKind>();
    const check = (name: string, kind: DeclarationKind, node: ts.Node) => {
      const before = seen.get(name);
      const both = (kind === "function" || kind === "var") && (before === "function" || before === "var");
      if (before && !both) throw new DuplicateDeclaration(name, node.getStart(this.file));
      seen.set(name, kind);
    };
    for (const statement of this.file.statements) {
      if (ts.isVariableStatement(statement)) {
        const list = statement.declarationList;
        for (const { name } of list.declarations)
          for (const bound of patternNames(name)) check(bound, isLexical(list) ? "let" : "var", name);
      } else if (ts.isClassDeclaration(statement) && statement.name)
        check(statement.name.text, "class", statement.name);
      else if (ts.isFunctionDeclaration(statement) && statement.name)
        check(statement.name.text, "function", statement.name);
      else if (ts.isImportDeclaration(statement))
        for (const { local } of importedNames(statement)) check(local, "import", statement);
    }
  }

  #rewriteStatement(statement: ts.Statement): void {
    if (ts.isVariableStatement(statement)) {
      this.#dropModifiers(statement, statement.declarationList.getStart(this.file));
      if (isLexical(statement.declarationList)) this.#rewriteLexicalList(statement.declarationList);
    } else if (ts.isFunctionDeclaration(statement)) this.#rewriteFunction(statement);
    else if (ts.isClassDeclaration(statement)) this.#rewriteClass(statement);
    else if (ts.isImportDeclaration(statement)) this.#rewriteImport(statement);
    else if (ts.isExportDeclaration(statement)) this.#rewriteExport(statement);
    else if (ts.isExportAssignment(statement))
      this.#edits.replace(statement.getStart(this.file), statement.expression.getStart(this.file), "void ");
  }

  /** `export` means nothing in a cell: every top-level name is seen by the others anyway. */
  #dropModifiers(statement: ts.Statement, end: number): void {
    const start = statement.getStart(this.file);
    if (start < end) this.#edits.replace(start, end, "");
  }

  #rewriteFunction(statement: ts.FunctionDeclaration): void {
    const modifiers = statement.modifiers ?? [];
    const exports = modifiers.filter(
      ({ kind }) => kind === ts.SyntaxKind.ExportKeyword || kind === ts.SyntaxKind.DefaultKeyword,
    );
    for (const modifier of exports) this.#replaceNode(modifier, "");
    if (statement.name && this.#isOurs(statement.name.text))
      this.#prologue.push(`${this.#runtime}.let(${this.#pair(statement.name.text)},${statement.name.text});`);
    else if (!statement.name) this.#edits.insert(statement.getStart(this.file), "void ");
  }

  #rewriteClass(statement: ts.ClassDeclaration): void {
    const start = statement.getStart(this.file);
    const keyword = statement.getChildren(this.file).find(({ kind }) => kind === ts.SyntaxKind.ClassKeyword)!;
    const name = statement.name?.text;
    const prefix = name && this.#isOurs(name) ? `${this.#runtime}.let(${this.#pair(name)},` : "void (";
    this.#edits.replace(start, keyword.getStart(this.file), prefix);
    this.#edits.insert(statement.end, ");");
  }

  #rewriteImport(statement: ts.ImportDeclaration): void {
    const module = `${this.#runtime}${this.#prologue.length}`;
    const specifier = (statement.moduleSpecifier as ts.StringLiteral).text;
    const { attributes } = statement;
    const options = attributes ? `,{with:${importOptions(attributes, this.file)}}` : "";
    const code = `const ${module}=await ${this.#runtime}.import(${JSON.stringify(specifier)}${options});`;
    this.#prologue.push(code);
    this.#imports.push({ code, statement });
    for (const { local, exported } of importedNames(statement))
      this.#prologue.push(
        !this.#isOurs(local)
          ? `const ${local}=${exported === "*" ? module : `${module}[${JSON.stringify(exported)}]`};`
          : `${this.#runtime}.bind(${this.#pair(local)},${module},${JSON.stringify(exported)},${JSON.stringify(specifier)});`,
      );
    this.#replaceNode(statement, "");
  }

  /** V8 puts a call of `(0,$_f.f)()` at its bracket; without a mapping there, it falls to the name, as in a script. */
  #mappings(): Mapping[] {
    const starts = lineStarts(this.emitted.text);
    return this.emitted.mappings.filter(
      ({ line, column }) => !this.#calleeEnds.has((starts[line] ?? 0) + column),
    );
  }

  /** Imports run in the first line, before the cell's text; their places are those of the statements. */
  #importMappings(text: string): Mapping[] {
    const starts = lineStarts(this.emitted.text);
    return this.#imports.flatMap(({ code, statement }) => {
      const offset = statement.getStart(this.file);
      const line = lineOf(starts, offset);
      const place = originalPosition(this.emitted.mappings, line, offset - starts[line]!);
      return place ? [{ ...place, line: 0, column: text.indexOf(code) }] : [];
    });
  }

  #rewriteExport(statement: ts.ExportDeclaration): void {
    const specifier = statement.moduleSpecifier as ts.StringLiteral | undefined;
    this.#replaceNode(
      statement,
      specifier ? `await ${this.#runtime}.import(${JSON.stringify(specifier.text)});` : "",
    );
  }

  /** `let x = 1, {y} = o` -> `$_.let($_x,"x",1), ({y: $_y.y} = $_.open(o, $_y,"y"))` */
  #rewriteLexicalList(list: ts.VariableDeclarationList): void {
    if (!boundNames(list).some((name) => this.#isOurs(name))) return;
    const constant = (list.flags & ts.NodeFlags.Const) !== 0;
    this.#edits.replace(list.getStart(this.file), list.declarations[0]!.getStart(this.file), "");
    for (const { name, initializer } of list.declarations) {
      if (ts.isIdentifier(name)) {
        const call = `${this.#runtime}.${constant ? "const" : "let"}(${this.#pair(name.text)},`;
        if (!initializer) this.#replaceNode(name, `${call}void 0)`);
        else {
          this.#edits.replace(name.getStart(this.file), initializer.getStart(this.file), call);
          this.#nameFunction(name.text, initializer);
          this.#edits.insert(initializer.end, ")");
        }
      } else if (initializer) {
        const pairs = patternNames(name).map((bound) => this.#pair(bound));
        this.#edits.insert(name.getStart(this.file), "(");
        this.#rewritePattern(name);
        this.#edits.replace(name.end, initializer.getStart(this.file), ` = ${this.#runtime}.open(`);
        this.#edits.insert(initializer.end, `${["", ...pairs].join(",")}))`);
        if (constant) this.#edits.insert(initializer.end, `,${this.#runtime}.seal(${pairs.join(",")})`);
      }
    }
  }

  #rewriteVarList(list: ts.VariableDeclarationList): void {
    const names = boundNames(list);
    if (!names.some((name) => this.#isOurs(name))) return;
    for (const name of names)
      this.#prologue.push(this.#isOurs(name) ? `${this.#runtime}.var(${this.#pair(name)});` : `var ${name};`);
    const inLoopHead = ts.isForInStatement(list.parent) || ts.isForOfStatement(list.parent);
    this.#edits.replace(list.getStart(this.file), list.declarations[0]!.getStart(this.file), "");
    for (const { name, initializer } of list.declarations) {
      if (ts.isIdentifier(name)) {
        if (initializer) {
          if (this.#isOurs(name.text)) this.#replaceNode(name, this.#place(name, name.text));
          this.#nameFunction(name.text, initializer);
        } else if (inLoopHead) this.#replaceNode(name, this.#place(name, name.text));
        else if (this.names.fresh.has(name.text))
          this.#replaceNode(name, `${this.#runtime}.let(${this.#pair(name.text)},void 0)`);
        else this.#replaceNode(name, "void 0");
      } else {
        if (!inLoopHead) this.#edits.insert(name.getStart(this.file), "(");
        this.#rewritePattern(name);
        if (initializer) this.#edits.insert(initializer.end, ")");
      }
    }
  }

  /** Binding pattern -> assignment pattern; the syntax is the same but for the names. */
  #rewritePattern(pattern: ts.BindingPattern): void {
    for (const element of pattern.elements) {
      if (ts.isOmittedExpression(element)) continue;
      if (!ts.isIdentifier(element.name)) {
        this.#rewritePattern(element.name);
        continue;
      }
      const bound = element.name.text;
      const target = this.#isOurs(bound) ? this.#place(element.name, bound) : bound;
      const shorthand =
        ts.isObjectBindingPattern(pattern) && !element.propertyName && !element.dotDotDotToken;
      this.#replaceNode(element.name, shorthand ? `${bound}: ${target}` : target);
      if (element.initializer) this.#nameFunction(bound, element.initializer);
    }
  }

  /** A function without a name takes that of the variable; a property's name does the same here. */
  #nameFunction(name: string, value: ts.Expression): void {
    let inner = value;
    while (ts.isParenthesizedExpression(inner)) inner = inner.expression;
    const anonymous =
      ts.isArrowFunction(inner) ||
      ((ts.isFunctionExpression(inner) || ts.isClassExpression(inner)) && !inner.name);
    if (!anonymous || !this.#isOurs(name)) return;
    const key = JSON.stringify(name);
    this.#edits.insert(value.getStart(this.file), `({[${key}]:`);
    this.#edits.insert(value.end, `})[${key}]`);
  }

  #rewriteReference(reference: Reference): void {
    const { node } = reference;
    const name = node.text;
    if (name.startsWith(this.names.prefix)) return;
    if (this.#resolved.declared.has(name) && !this.#isOurs(name)) return;
    if (isTarget(node)) this.#rewriteTarget(node);
    else this.#rewriteRead(reference);
  }

  #rewriteTarget(node: ts.Identifier): void {
    const name = node.text;
    const target = this.#isWritable(name)
      ? this.#place(node, name)
      : `${this.#runtime}.ref(${this.#pair(name)}).value`;
    this.#replaceNode(node, ts.isShorthandPropertyAssignment(node.parent) ? `${name}: ${target}` : target);
    const assignment = node.parent;
    if (ts.isBinaryExpression(assignment) && assignment.operatorToken.kind === ts.SyntaxKind.EqualsToken)
      this.#nameFunction(name, assignment.right);
  }

  #rewriteRead({ node, hoisted }: Reference): void {
    const name = node.text;
    const property = this.#place(node, name);
    const fallback = this.#fallback(node, hoisted);
    const { parent } = node;
    if (fallback && ts.isTypeOfExpression(parent)) {
      const guard = `(${JSON.stringify(name)} in ${this.#box(name)}?typeof ${property}:typeof ${fallback})`;
      this.#replaceNode(parent, guard);
      return;
    }
    const isCallee =
      (ts.isCallExpression(parent) && parent.expression === node) ||
      (ts.isTaggedTemplateExpression(parent) && parent.tag === node);
    let text = property;
    if (fallback) text = `(${JSON.stringify(name)} in ${this.#box(name)}?${property}:${fallback})`;
    else if (isCallee && property.includes(".")) text = `(0,${property})`;
    if (isCallee && text !== property) this.#calleeEnds.add(node.end);
    this.#replaceNode(node, ts.isShorthandPropertyAssignment(parent) ? `${name}: ${text}` : text);
  }

  /** What is read while the box is empty; null where it cannot be. */
  #fallback(node: ts.Identifier, hoisted: boolean): string | null {
    const name = node.text;
    if (this.known.has(name)) return null;
    const kind = this.#resolved.declared.get(name);
    // The function that holds the cell has arguments, and the cell none.
    if (kind === undefined)
      return name === "arguments" ? `${this.#runtime}.ref(${this.#pair(name)}).value` : name;
    if (kind === "function" || kind === "var" || kind === "import") return null;
    const initialized = this.#initialized.get(name) ?? Infinity;
    return !hoisted && node.pos >= initialized ? null : `${this.#runtime}.early(${JSON.stringify(name)})`;
  }
}
