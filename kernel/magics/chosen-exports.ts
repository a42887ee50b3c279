/**
 * What of a module is to be registered: all classes and functions that it exports by name, or the one asked for (with
 * or without its package; else the default export).
 * @returns pairs of the name to register and the value, or what the module exports instead: `exports A, B, not C`
 */
export function chosenExports(
  module: Readonly<Record<string, unknown>>,
  name: string | null,
): [name: string, value: unknown][] | string {
  const exported = Object.entries(module).filter(([, item]) => typeof item === "function");
  const bare = name?.slice(name.lastIndexOf(">") + 1);
  const one = exported.find(([key]) => key === bare) ?? exported.find(([key]) => key === "default");
  const chosen: [string, unknown][] =
    name === null ? exported.filter(([key]) => key !== "default") : one ? [[name, one[1]]] : [];
  if (chosen.length > 0) return chosen;
  const names = exported.map(([key]) => key).join(", ") || "no class or function";
  return `exports ${names}${name === null ? "" : `, not ${name}`}`;
}
