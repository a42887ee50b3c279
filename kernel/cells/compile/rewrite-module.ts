import ts = require("typescript");
import type { EmittedJavaScript } from "./emit-javascript.js";
import { boundNames, importedNames, resolveNames, type Reference } from "./resolve-names.js";
import { moveMappings, type Mapping } from "./source-map.js";
import { TextEdits } from "./text-edits.js";

export interface RewrittenModule {
  /** An expression: an async function of the module's runtime object. */
  readonly text: string;
  readonly mappings: readonly Mapping[];
}

/**
 * Turns an ES module into an async function: imports are awaited first and read through their namespaces, exports
 * become getters, so both stay live as the language asks.
 * @param file the emitted text, parsed
 */
export function rewriteModule(
  file: ts.SourceFile,
  emitted: EmittedJavaScript,
  prefix: string,
): RewrittenModule {
  return new ModuleRewriter(file, emitted, prefix).rewrite();
}

class ModuleRewriter {
  readonly #edits = new TextEdits();
  readonly #imports: string[] = [];
  readonly #exports: string[] = [];
  /** Imported name -> the expression that reads it. */
  readonly #imported = new Map<string, string>();

  constructor(
    readonly file: ts.SourceFile,
    readonly emitted: EmittedJavaScript,
    readonly runtime: string,
  ) {}

  rewrite(): RewrittenModule {
    const { file, emitted, runtime } = this;
    const resolved = resolveNames(file);
    for (const statement of file.statements)
      if (ts.isImportDeclaration(statement)) this.#rewriteImport(statement);
    for (const statement of file.statements) this.#rewriteExport(statement);
    for (const reference of resolved.references) this.#rewriteReference(reference);
    for (const keyword of resolved.dynamicImports) this.#replace(keyword, `${runtime}.import`);
    for (const meta of resolved.importMetas) this.#replace(meta, `${runtime}.meta`);
    const prologue = `${runtime}.export({${this.#exports.join(",")}});${this.#imports.join("")}`;
    this.#edits.insertFirst(0, `(async function(${runtime}){"use strict";${prologue}`);
    this.#edits.insert(emitted.text.length, "\n})");
    const edited = this.#edits.apply(emitted.text);
    return { text: edited.text, mappings: moveMappings(emitted.mappings, emitted.text, edited) };
  }

  #replace(node: ts.Node, text: string): void {
    this.#edits.replace(node.getStart(this.file), node.end, text);
  }

  /** Imports a module before the code runs; the name of its namespace. */
  #namespace(specifier: ts.Expression, attributes: ts.ImportAttributes | undefined): string {
    const name = `${this.runtime}${this.#imports.length}`;
    const options = attributes ? `,{with:${importOptions(attributes, this.file)}}` : "";
    this.#imports.push(
      `const ${name}=await ${this.runtime}.import(${specifier.getText(this.file)}${options});`,
    );
    return name;
  }

  #rewriteImport(statement: ts.ImportDeclaration): void {
    const namespace = this.#namespace(statement.moduleSpecifier, statement.attributes);
    for (const { local, exported } of importedNames(statement))
      this.#imported.set(local, exported === "*" ? namespace : `${namespace}[${JSON.stringify(exported)}]`);
    this.#replace(statement, "");
  }

  #export(exported: string, expression: string): void {
    this.#exports.push(`${JSON.stringify(exported)}:()=>${expression}`);
  }

  #rewriteExport(statement: ts.Statement): void {
    if (ts.isExportDeclaration(statement)) this.#rewriteExportList(statement);
    else if (ts.isExportAssignment(statement)) {
      const name = `${this.runtime}default`;
      this.#edits.replace(
        statement.getStart(this.file),
        statement.expression.getStart(this.file),
        `const ${name}=`,
      );
      this.#export("default", name);
    } else if (ts.canHaveModifiers(statement)) this.#rewriteExportedDeclaration(statement);
  }

  #rewriteExportList(statement: ts.ExportDeclaration): void {
    const { exportClause, moduleSpecifier, attributes } = statement;
    const namespace = moduleSpecifier && this.#namespace(moduleSpecifier, attributes);
    if (!exportClause) this.#imports.push(`${this.runtime}.exportAll(${namespace});`);
    else if (ts.isNamespaceExport(exportClause)) this.#export(exportClause.name.text, namespace!);
    else
      for (const { name, propertyName } of exportClause.elements) {
        const local = (propertyName ?? name).text;
        const expression = namespace
          ? `${namespace}[${JSON.stringify(local)}]`
          : (this.#imported.get(local) ?? local);
        this.#export(name.text, expression);
      }
    this.#replace(statement, "");
  }

  #rewriteExportedDeclaration(statement: ts.Statement & ts.HasModifiers): void {
    const modifiers = statement.modifiers?.filter(
      ({ kind }) => kind === ts.SyntaxKind.ExportKeyword || kind === ts.SyntaxKind.DefaultKeyword,
    );
    if (!modifiers?.length) return;
    for (const modifier of modifiers) this.#replace(modifier, "");
    const isDefault = modifiers.length > 1;
    if (ts.isVariableStatement(statement))
      for (const name of boundNames(statement.declarationList)) this.#export(name, name);
    else if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) {
      const name = statement.name?.text ?? `${this.runtime}default`;
      if (!statement.name) this.#edits.insert(this.#nameless(statement), ` ${name}`);
      this.#export(isDefault ? "default" : name, name);
    }
  }

  /** Where the name of a function or class without one would stand. */
  #nameless(statement: ts.FunctionDeclaration | ts.ClassDeclaration): number {
    const keywords = [ts.SyntaxKind.AsteriskToken, ts.SyntaxKind.FunctionKeyword, ts.SyntaxKind.ClassKeyword];
    const children = statement.getChildren(this.file);
    for (const keyword of keywords) {
      const found = children.find(({ kind }) => kind === keyword);
      if (found) return found.end;
    }
    return statement.getStart(this.file);
  }

  #rewriteReference({ node }: Reference): void {
    const imported = this.#imported.get(node.text);
    if (!imported) return;
    const { parent } = node;
    const isCallee =
      (ts.isCallExpression(parent) && parent.expression === node) ||
      (ts.isTaggedTemplateExpression(parent) && parent.tag === node);
    const text = isCallee ? `(0,${imported})` : imported;
    this.#replace(node, ts.isShorthandPropertyAssignment(parent) ? `${node.text}: ${text}` : text);
  }
}

/** `{ type: "json" }` as an object literal. */
export function importOptions(attributes: ts.ImportAttributes, file: ts.SourceFile): string {
  const entries = attributes.elements.map(
    ({ name, value }) => `${JSON.stringify(name.text)}:${value.getText(file)}`,
  );
  return `{${entries.join(",")}}`;
}
