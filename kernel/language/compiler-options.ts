import path from "node:path";
import { fileURLToPath } from "node:url";
import ts = require("typescript");

/** The tsconfig's options, over what a notebook takes for granted. */
export function compilerOptions(
  folder: string,
  lib: string[],
  project: ts.CompilerOptions,
): ts.CompilerOptions {
  return {
    strict: true,
    lib,
    // Allowed, without an import of React's in every file.
    jsx: ts.JsxEmit.Preserve,
    ...project,
    // `const all = []` takes the type of what is pushed; else it is never[]. diagnose.ts leaves out what this reports.
    noImplicitAny: true,
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.Preserve,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    moduleDetection: ts.ModuleDetectionKind.Force,
    types: ["node"],
    typeRoots: [path.join(folder, "node_modules/@types"), kernelTypes()],
    allowJs: true,
    resolveJsonModule: true,
    allowImportingTsExtensions: true,
    esModuleInterop: true,
    skipLibCheck: true,
    noEmit: true,
    noUnusedLocals: false,
    noUnusedParameters: false,
    verbatimModuleSyntax: false,
    isolatedModules: false,
    composite: false,
    incremental: false,
    declaration: false,
  };
}

const THIS_FILE = fileURLToPath(import.meta.url);

/** Where the kernel has the types of Node.js. */
function kernelTypes(): string {
  const node = ts.resolveTypeReferenceDirective("node", THIS_FILE, {}, ts.sys).resolvedTypeReferenceDirective;
  return path.dirname(path.dirname(node?.resolvedFileName ?? THIS_FILE));
}
