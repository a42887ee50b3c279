import path from "node:path";
import type ts from "typescript";

/**
 * The paths that a specifier may stand for by `paths` and `baseUrl` of a tsconfig, the best first; the one with the
 * longest text before the star wins. https://www.typescriptlang.org/tsconfig/#paths
 */
export function mappedPaths(specifier: string, options: ts.CompilerOptions): string[] {
  const { paths = {}, baseUrl } = options;
  const base = baseUrl ?? (options as { readonly pathsBasePath?: string }).pathsBasePath;
  if (base === undefined) return [];
  const [best] = Object.keys(paths)
    .flatMap((pattern) => match(pattern, specifier) ?? [])
    .sort((a, b) => b.prefix.length - a.prefix.length);
  const targets = best ? paths[best.pattern]!.map((target) => target.replace("*", () => best.star)) : [];
  return [...targets, ...(baseUrl === undefined ? [] : [specifier])].map((target) =>
    path.resolve(base, target),
  );
}

function match(pattern: string, specifier: string) {
  const at = pattern.indexOf("*");
  if (at < 0) return pattern === specifier ? { pattern, prefix: pattern, star: "" } : null;
  const [prefix, suffix] = [pattern.slice(0, at), pattern.slice(at + 1)];
  const fits =
    specifier.startsWith(prefix) &&
    specifier.endsWith(suffix) &&
    specifier.length >= prefix.length + suffix.length;
  return fits
    ? { pattern, prefix, star: specifier.slice(prefix.length, specifier.length - suffix.length) }
    : null;
}
