import ts = require("typescript");
import { decodeMappings, type Mapping } from "./source-map.js";

/** JavaScript of one file as TypeScript emits it, before our own rewriting. */
export interface EmittedJavaScript {
  readonly text: string;
  readonly mappings: readonly Mapping[];
  /** Syntax errors, in order of their place. */
  readonly diagnostics: readonly ts.DiagnosticWithLocation[];
  /** The text as it was parsed, where it was left as it stood; its last expression is still to be returned. */
  readonly plain?: ts.SourceFile;
}

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2023,
  module: ts.ModuleKind.Preserve,
  // Every name stays importable by a later cell, and `await` is a keyword at the top level.
  verbatimModuleSyntax: true,
  isolatedModules: true,
  moduleDetection: ts.ModuleDetectionKind.Force,
  sourceMap: true,
  newLine: ts.NewLineKind.LineFeed,
};

export interface EmitOptions {
  /** Turns a last statement that is an expression into `return [expression]`. */
  readonly returnLast?: boolean;
  /** Of the project (project-options.ts). */
  readonly compilerOptions?: ts.CompilerOptions;
}

/** Types away, decorators and `using` lowered to what Node 20 runs; imports and exports as written. */
export function emitJavaScript(code: string, fileName: string, options: EmitOptions = {}): EmittedJavaScript {
  const output = ts.transpileModule(code, {
    fileName,
    compilerOptions: { ...options.compilerOptions, ...OPTIONS },
    reportDiagnostics: true,
    transformers: options.returnLast ? { before: [returnLastExpression] } : {},
  });
  const map = JSON.parse(output.sourceMapText ?? '{"mappings":""}') as { mappings: string };
  return {
    text: output.outputText.replace(/\/\/# sourceMappingURL=.*\s*$/, ""),
    mappings: decodeMappings(map.mappings),
    diagnostics: (output.diagnostics ?? []).filter(hasLocation),
  };
}

function hasLocation(diagnostic: ts.Diagnostic): diagnostic is ts.DiagnosticWithLocation {
  return diagnostic.file !== undefined && diagnostic.start !== undefined;
}

const returnLastExpression: ts.TransformerFactory<ts.SourceFile> = (context) => (file) => {
  const { factory } = context;
  const statement = lastExpression(file);
  if (!statement) return file;
  const last = file.statements.indexOf(statement);
  // In lines of their own: a comment may stand behind the expression.
  const value = factory.createArrayLiteralExpression([statement.expression], true);
  const result = factory.createReturnStatement(value);
  ts.setTextRange(result, statement);
  return factory.updateSourceFile(file, [
    ...file.statements.slice(0, last),
    result,
    ...file.statements.slice(last + 1),
  ]);
};

/** The statement whose value is the cell's. */
export function lastExpression(file: ts.SourceFile): ts.ExpressionStatement | undefined {
  const statement = file.statements.findLast((candidate) => !ts.isEmptyStatement(candidate));
  return statement && ts.isExpressionStatement(statement) ? statement : undefined;
}

/** Parses with `await` as a keyword at the top level. */
export function parse(text: string, kind: ts.ScriptKind): ts.SourceFile {
  return ts.createSourceFile(
    kind === ts.ScriptKind.JS ? "cell.js" : "cell.ts",
    text,
    {
      languageVersion: ts.ScriptTarget.ESNext,
      setExternalModuleIndicator: (file) => {
        (file as { externalModuleIndicator?: true }).externalModuleIndicator = true;
      },
    },
    true,
    kind,
  );
}

/** Errors of the parser alone; the compiler keeps them on the file, outside its declared interface. */
export function parseErrors(file: ts.SourceFile): readonly ts.DiagnosticWithLocation[] {
  return (file as unknown as { parseDiagnostics: readonly ts.DiagnosticWithLocation[] }).parseDiagnostics;
}
