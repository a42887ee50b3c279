import type { Attribute } from "./attribute.js";
import { Damage } from "./failures.js";
import type { Link } from "./links.js";
import type { SymbolEntry } from "./symbol-table.js";

interface Described {
  readonly attributes: ReadonlyMap<string, Attribute>;
}

/** Attributes in which Keras lists what is in a group, in the order in which it was written. */
const LISTS = /^(layer_names|weight_names)\d*$/;

/** What Keras says is in a group, as paths from it; empty where it says nothing, or what it says is lost. */
export function namesIn({ attributes }: Described): string[] {
  const names: string[] = [];
  for (const [name, attribute] of attributes) if (LISTS.test(name)) names.push(...strings(attribute));
  return names;
}

function strings(attribute: Attribute): string[] {
  try {
    return [attribute.value()].flat().filter((value) => typeof value === "string");
  } catch (error) {
    if (error instanceof Damage) return [];
    throw error;
  }
}

/** Those of the paths that lead into one of the group's children, as paths from there. */
export function namesBelow(names: readonly string[], child: string): string[] {
  const prefix = `${child}/`;
  return names.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length));
}

/** What stands in place of a name that is lost: where the object is. */
export function nameByAddress(address: number): string {
  return `@${address}`;
}

/** Groups that Keras writes after those that it lists. */
const UNLISTED = ["top_level_model_weights"];
const ROOT = ["model_weights", "optimizer_weights"];

/**
 * Links whose names are there, and those whose names are lost by what Keras says is in the group.
 *
 * A local heap keeps names in the order in which they were added, the first at byte 8, each with its end in a
 * multiple of 8 bytes, while entries stand in the order of their names (HDF5 specification III.C, III.D). Keras adds
 * them in the order of its lists, tools that copy a file in the order of the names. The listed names are given where
 * they fit all entries in one of these ways only; otherwise objects are called by their addresses.
 */
export function nameEntries(entries: readonly SymbolEntry[], names: readonly string[]): Link[] {
  const told = entries.some(({ name }) => name === null) ? tellNames(entries, names) : null;
  return entries.flatMap(({ name, place, target }) => {
    const known = name ?? told?.get(place);
    if (known !== undefined) return [{ name: known, target }];
    return target.kind === "hard" ? [{ name: nameByAddress(target.address), target }] : [];
  });
}

/** Names by their places; null where they cannot be told. */
function tellNames(entries: readonly SymbolEntry[], names: readonly string[]): Map<number, string> | null {
  const listed = names.length > 0 ? [...names, ...UNLISTED] : ROOT;
  const children = [...new Set(listed.map((name) => name.split("/", 1)[0]!))];
  const ways = [children, [...children].sort()].map(placesOf).filter((places) => fits(entries, places));
  const [first, second] = ways;
  if (first === undefined) return null;
  const alike = second === undefined || entries.every(({ place }) => first.get(place) === second.get(place));
  return alike ? first : null;
}

function fits(entries: readonly SymbolEntry[], places: ReadonlyMap<number, string>): boolean {
  let last = "";
  return entries.every(({ name, place }) => {
    const told = places.get(place);
    if (told === undefined || told <= last || (name !== null && name !== told)) return false;
    last = told;
    return true;
  });
}

function placesOf(names: readonly string[]): Map<number, string> {
  const places = new Map<number, string>();
  let place = 8;
  for (const name of names) {
    places.set(place, name);
    place += Math.ceil((Buffer.byteLength(name) + 1) / 8) * 8;
  }
  return places;
}
