import type { Attribute } from "./attribute.js";
import type { Dataset } from "./dataset.js";

/** A group and what is in it. */
export interface Group {
  readonly kind: "group";
  readonly path: string;
  readonly attributes: ReadonlyMap<string, Attribute>;
  /** By name, in the file's own order. */
  readonly children: ReadonlyMap<string, Group | Dataset>;
}

/** The object at a path such as `dense/kernel:0` below a group; undefined where there is none. */
export function find(group: Group, path: string): Group | Dataset | undefined {
  let at: Group | Dataset | undefined = group;
  for (const name of path.split("/")) {
    if (name === "" || name === ".") continue;
    if (at?.kind !== "group") return undefined;
    at = at.children.get(name);
  }
  return at;
}

/** Every dataset below a group, each once, in the file's own order. */
export function* datasets(group: Group, seen = new Set<Group | Dataset>()): Generator<Dataset> {
  for (const child of group.children.values()) {
    if (seen.has(child)) continue;
    seen.add(child);
    if (child.kind === "dataset") yield child;
    else yield* datasets(child, seen);
  }
}
