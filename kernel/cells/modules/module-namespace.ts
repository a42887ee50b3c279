import { inspect, type InspectOptions } from "node:util";

/** What a module exports, by name. */
export type ModuleNamespace = Record<string, unknown>;

/** An empty namespace, to be given getters, that prints as those that Node makes do: with the values. */
export function createNamespace(): ModuleNamespace {
  const namespace = Object.create(null) as ModuleNamespace;
  Object.defineProperty(namespace, Symbol.toStringTag, { value: "Module" });
  Object.defineProperty(namespace, inspect.custom, { value: namespaceText });
  return namespace;
}

function namespaceText(this: ModuleNamespace, depth: number, options: InspectOptions): string {
  const exported = Object.keys(this).map((name) => [name, valueOf(this, name)]);
  if (depth < 0) return "[Module: null prototype]";
  const text = inspect(Object.fromEntries(exported), { ...options, depth: options.depth ?? depth });
  return `[Module: null prototype] ${text}`;
}

/** Of a module that has not come so far, or that failed, a name has no value. */
function valueOf(namespace: ModuleNamespace, name: string): unknown {
  try {
    return namespace[name];
  } catch {
    return { [inspect.custom]: () => "<uninitialized>" };
  }
}
