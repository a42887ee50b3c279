import type { Members } from "../cells/compile/namespace-members.js";

/** `import { N as __N } from ...; namespace N { export import a = __N.a; }`: the cell's own block merges with it. */
export function continueNamespace(name: string, before: Members, now: Members, specifier: string): string {
  const source = `__${name}`;
  return `import { ${name} as ${source} } from ${specifier};namespace ${name} { ${taken(source, before, now)} }`;
}

/** What a cell does not export itself. */
function taken(source: string, before: Members, now: Members): string {
  const parts = [...before].map(([member, inner]) => {
    if (!now.has(member)) return `export import ${member} = ${source}.${member};`;
    const innerNow = now.get(member);
    return inner && innerNow
      ? `export namespace ${member} { ${taken(`${source}.${member}`, inner, innerNow)} }`
      : "";
  });
  return parts.join("");
}
