import fs from "node:fs";
import { createRequire, isBuiltin } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";
import ts = require("typescript");
import { mappedPaths } from "./mapped-path.js";
import { projectOptions } from "./project-options.js";

/** Tried behind a path without an extension, in TypeScript's order. */
const EXTENSIONS = [".ts", ".tsx", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs", ".json"];

/** TypeScript sources may be imported by the names of what they compile to. */
const SOURCES: Readonly<Record<string, readonly string[]>> = {
  ".js": [".ts", ".tsx"],
  ".jsx": [".tsx"],
  ".mjs": [".mts"],
  ".cjs": [".cts"],
};

/**
 * The file that a relative or absolute specifier (or `file:` URL) means, seen from `importer`, or one that `paths`
 * or `baseUrl` of its tsconfig, `imports` of its package.json or a package of the same repository lead to.
 * Null for anything else, and where there is no such file.
 */
export function resolveLocalFile(specifier: string, importer: string): string | null {
  if (specifier.startsWith("file:")) return existing(fileURLToPath(specifier));
  const folder = path.dirname(importer);
  if (/^\.{1,2}(\/|$)/.test(specifier) || path.isAbsolute(specifier))
    return existing(path.resolve(folder, specifier));
  if (specifier.startsWith("#")) return typeScriptSource(specifier, importer);
  if (isBuiltin(specifier) || importer.includes(`${path.sep}node_modules${path.sep}`)) return null;
  for (const candidate of mappedPaths(specifier, projectOptions(folder))) {
    const found = existing(candidate);
    if (found) return found;
  }
  return typeScriptSource(specifier, importer);
}

/**
 * The TypeScript that a package, or a name of `imports`, stands for: Node follows both, and reads no TypeScript before
 * its version 22.18, later a part of it. Null where it is JavaScript, or lies among installed packages, which are
 * Node's.
 */
function typeScriptSource(specifier: string, importer: string): string | null {
  const file = ts.resolveModuleName(specifier, importer, AS_NODE, ts.sys).resolvedModule?.resolvedFileName;
  if (!file || file.includes("/node_modules/") || !isTypeScript(file)) return null;
  return isTypeScript(followedByNode(specifier, importer) ?? file) ? path.normalize(file) : null;
}

function isTypeScript(file: string): boolean {
  return /\.[cm]?tsx?$/.test(file) && !/\.d\.[cm]?ts$/.test(file);
}

/** TypeScript follows `types` first, which may be the sources of what there is as JavaScript. */
function followedByNode(specifier: string, importer: string): string | null {
  try {
    return createRequire(importer).resolve(specifier);
  } catch {
    return null;
  }
}

const AS_NODE: ts.CompilerOptions = {
  module: ts.ModuleKind.Preserve,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
};

function existing(target: string): string | null {
  const extension = path.extname(target);
  const stem = target.slice(0, target.length - extension.length);
  const candidates = [
    target,
    ...(SOURCES[extension] ?? []).map((source) => stem + source),
    ...EXTENSIONS.map((added) => target + added),
    ...EXTENSIONS.map((added) => path.join(target, `index${added}`)),
  ];
  return candidates.find(isFile) ?? null;
}

function isFile(candidate: string): boolean {
  return fs.statSync(candidate, { throwIfNoEntry: false })?.isFile() ?? false;
}
