import type { Attribute } from "./hdf5/attribute.js";
import type { Dataset } from "./hdf5/dataset.js";
import { datasets, find, type Group } from "./hdf5/group.js";
import type { FormatFinding } from "./model-file.js";
import { editDistance } from "../names/nearest-names.js";

/** A name that differs in one letter from the one that was looked for. */
export interface Changed<T> {
  readonly name: string;
  readonly found: T;
}

/** The one entry whose name differs by a letter; null where there is none, or more than one. */
export function changedByOne<T>(
  name: string,
  entries: Iterable<readonly [string, T]>,
  isTaken: (candidate: string) => boolean,
): Changed<T> | null {
  const near: Changed<T>[] = [];
  for (const [candidate, found] of entries) {
    if (Math.abs(candidate.length - name.length) > 1 || candidate === name || isTaken(candidate)) continue;
    if (editDistance(name, candidate) === 1) near.push({ name: candidate, found });
  }
  return near.length === 1 ? near[0]! : null;
}

/**
 * What stands at a path in which one name has lost a letter: each name leads to its entry or, where there is none, to
 * the one that differs by a letter and is none of those that are listed.
 * @param listed all paths below `group` that the file lists
 */
export function findChanged(
  group: Group,
  path: string,
  listed: readonly string[],
): Changed<Group | Dataset> | null {
  let at: Group | Dataset = group;
  const names: string[] = [];
  for (const name of path.split("/")) {
    if (at.kind !== "group") return null;
    const prefix = [...names, ""].join("/");
    const isListed = (candidate: string) =>
      listed.some((other) => `${other}/`.startsWith(`${prefix}${candidate}/`));
    const there = at.children.get(name);
    const next: Changed<Group | Dataset> | null = there
      ? { name, found: there }
      : changedByOne(name, at.children, isListed);
    if (next === null) return null;
    names.push(next.name);
    at = next.found;
  }
  return names.join("/") === path ? null : { name: names.join("/"), found: at };
}

/**
 * What stands in a file under other names than its list gives, for the names at which there is nothing: by a name that
 * is a part of the other, and, where there are as many as are lacking, the rest in their order.
 */
export function takenForMissing<T>(
  missing: readonly string[],
  unlisted: ReadonlyMap<string, T>,
): ReadonlyMap<string, Changed<T> & { readonly isAlike: boolean }> {
  const taken = new Map<string, Changed<T> & { readonly isAlike: boolean }>();
  const left = new Map(unlisted);
  const take = (name: string, other: string, isAlike: boolean) => {
    taken.set(name, { name: other, found: left.get(other)!, isAlike });
    left.delete(other);
  };
  for (const name of missing) {
    const near = [...unlisted.keys()].filter((other) => partOfOther(name, other));
    const back = missing.filter((one) => near.length === 1 && partOfOther(one, near[0]!));
    if (near.length === 1 && back.length === 1) take(name, near[0]!, true);
  }
  if (missing.length !== unlisted.size) return taken;
  for (const name of missing) if (!taken.has(name)) take(name, [...left.keys()][0]!, missing.length === 1);
  return taken;
}

function partOfOther(one: string, other: string): boolean {
  const [a, b] = [one, other].map((name) => name.replace(/:0$/, ""));
  return a!.startsWith(b!) || a!.endsWith(b!) || b!.startsWith(a!) || b!.endsWith(a!);
}

/** The attribute of a name, or the one whose name differs by a letter and is no other list. */
export function attributeLike(group: Group, name: string): Changed<Attribute> | null {
  return changedByOne(name, group.attributes, (candidate) => /^(layer|weight)_names\d*$/.test(candidate));
}

/** The group of the layers of a whole model, where the link to it has another name than Keras gives. */
export function layersUnderAnotherName(root: Group): Changed<Group> | null {
  if (root.attributes.has("layer_names") || find(root, "model_weights")?.kind === "group") return null;
  const holders = [...root.children].flatMap(([name, child]) =>
    child.kind === "group" && child.attributes.has("layer_names") ? [{ name, found: child }] : [],
  );
  return holders.length === 1 ? holders[0]! : null;
}

/** F03: a name in the file has changed, and what it must have meant was taken. */
export function nameChanged(where: string, listed: string, name: string): FormatFinding {
  return {
    code: "F03",
    title: "A name in the file has changed",
    where,
    detail: `${JSON.stringify(listed)} is not there, ${JSON.stringify(name)} is, which nothing else names; it was taken`,
    advice: "Get the file again from where it was made; other bytes may have changed too.",
  };
}

/** Tensors of a tree of Keras 3 that do not lie where it keeps variables. */
export function outsideVariables(root: Group): Dataset[] {
  return [...datasets(root)].filter(
    ({ path, dtype, byteLength }) => dtype !== null && byteLength > 0 && !/\/vars\/[^/]*$/.test(path),
  );
}

/** Title of the finding that a list of names in a sound file and what stands there are not of one mind. */
export const OTHER_NAMES = "A list of names that does not fit what is there";

/** F03: what was taken for the names in a list at which there is nothing, or beside it. */
export function otherNames(where: string, list: string, taken: readonly string[]): FormatFinding {
  const more = taken.length > SHOWN ? `, and ${taken.length - SHOWN} more` : "";
  return {
    code: "F03",
    title: OTHER_NAMES,
    where,
    detail: `${list} does not name what is there; taken by its own name: ${taken.slice(0, SHOWN).join(", ")}${more}`,
    advice: "A script has renamed one and not the other; compare the predictions with known ones.",
  };
}

/** Title of the finding of tensors that no list of the file names. */
export const UNNAMED = "Tensors that nothing in the file names";

/** Whether F03 says that the file has lost something, and not that its names do not fit. */
export function isLoss({ code, title }: FormatFinding): boolean {
  return code === "F03" && title !== OTHER_NAMES && title !== UNNAMED;
}

const SHOWN = 10;

/** F03: tensors that no list of the file names. */
export function unlisted(tensors: readonly Dataset[]): FormatFinding[] {
  const [first] = tensors;
  if (first === undefined) return [];
  const more = tensors.length > SHOWN ? `, and ${tensors.length - SHOWN} more` : "";
  const paths = tensors.slice(0, SHOWN).map(({ path }) => path);
  return [
    {
      code: "F03",
      title: UNNAMED,
      where: first.path,
      detail: `the file's lists of layers and weights do not name ${paths.join(", ")}${more}; no layer is given them`,
      advice: "If a layer lacks its weights, they may be these: get the file again, or correct its lists.",
    },
  ];
}
