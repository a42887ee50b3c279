import type * as tf from "@tensorflow/tfjs";
import type { StoredWeight } from "../formats/model-file.js";
import { heldLayers } from "../layers/custom/held-layers.js";
import { snakeCase } from "../names/snake-case.js";

export interface ByFields {
  /** Stored weights in the order of the variables given. */
  readonly order: readonly StoredWeight[];
  /** Fields of the class that hold layers and whose names the file has not, while its shapes fit several of them. */
  readonly unsure: readonly string[];
}

/**
 * The weights of an archive for the variables of a user's class that holds layers: the file has its parts by the names
 * of the Python attributes, the class by those of its fields, in the order in which they were made. What has other
 * names goes by shapes, where only one way fits.
 * @returns null where the class holds none, or the two sides do not come together so
 */
export function orderByFields(
  layer: tf.layers.Layer,
  variables: readonly tf.LayerVariable[],
  weights: readonly StoredWeight[],
): ByFields | null {
  if (weights.length !== variables.length || !weights.every(({ name }) => ARCHIVED.test(name))) return null;
  const parts = partsOf(layer, variables);
  if (parts.length === 0) return null;
  const found = new Map<tf.LayerVariable, StoredWeight>();
  const open: Part[] = [];
  for (const part of parts) {
    const own = weights.filter(({ name }) => steps(name).some((step) => part.names.includes(step)));
    if (own.length > 0 && own.length === part.variables.length) take(part, own, found);
    else open.push(part);
  }
  const taken = new Set(found.values());
  const rest = weights.filter((weight) => !taken.has(weight));
  const loose = variables.filter((variable) => !parts.some((part) => part.variables.includes(variable)));
  const ways = fillings(open, loose, groupsOf(rest));
  const [first] = ways;
  if (!first) return null;
  for (const [variable, weight] of first) found.set(variable, weight);
  if (variables.some((variable) => !found.has(variable))) return null;
  const unsure = ways.length > 1 ? open.map(({ field }) => field) : [];
  return { order: variables.map((variable) => found.get(variable)!), unsure };
}

const ARCHIVED = /(^|\/)vars\/\d+$/;

interface Part {
  readonly field: string;
  /** As Python may have it. */
  readonly names: readonly string[];
  readonly variables: tf.LayerVariable[];
}

function partsOf(layer: tf.layers.Layer, variables: readonly tf.LayerVariable[]): Part[] {
  const parts = new Map<string, Part>();
  const seen = new Set<tf.LayerVariable>();
  for (const { field, layer: held } of heldLayers(layer)) {
    const own = held.weights.filter((variable) => variables.includes(variable) && !seen.has(variable));
    own.forEach((variable) => seen.add(variable));
    const part = parts.get(field);
    if (part) part.variables.push(...own);
    else if (own.length > 0) parts.set(field, { field, names: pythonNames(field), variables: [...own] });
  }
  return [...parts.values()];
}

function pythonNames(field: string): string[] {
  const bare = field.replace(/^[_#]+/, "");
  return [...new Set([field, bare, `_${bare}`, snakeCase(bare), `_${snakeCase(bare)}`])];
}

function steps(name: string): string[] {
  return name.split("/").slice(0, -2);
}

function take(part: Part, own: readonly StoredWeight[], found: Map<tf.LayerVariable, StoredWeight>): void {
  part.variables.forEach((variable, i) => found.set(variable, own[i]!));
}

function groupsOf(weights: readonly StoredWeight[]): StoredWeight[][] {
  const groups = new Map<string, StoredWeight[]>();
  for (const weight of weights) {
    const folder = steps(weight.name).join("/");
    groups.set(folder, [...(groups.get(folder) ?? []), weight]);
  }
  return [...groups.values()];
}

type Filling = (readonly [tf.LayerVariable, StoredWeight])[];

/** Ways to give parts whole groups of the file whose shapes fit, and the rest, in order, to what is in no part. */
function fillings(
  parts: readonly Part[],
  loose: readonly tf.LayerVariable[],
  groups: readonly StoredWeight[][],
): Filling[] {
  const [part, ...others] = parts;
  if (!part) {
    const rest = groups.flat();
    if (rest.length !== loose.length || !fit(loose, rest)) return [];
    return [loose.map((variable, i) => [variable, rest[i]!] as const)];
  }
  const ways: Filling[] = [];
  for (const group of groups) {
    if (ways.length > 1) break;
    if (group.length !== part.variables.length || !fit(part.variables, group)) continue;
    const left = groups.filter((each) => each !== group);
    const own = part.variables.map((variable, i) => [variable, group[i]!] as const);
    for (const way of fillings(others, loose, left)) ways.push([...own, ...way]);
  }
  return ways;
}

function fit(variables: readonly tf.LayerVariable[], weights: readonly StoredWeight[]): boolean {
  return variables.every(({ shape }, i) => shape.join("x") === weights[i]!.shape.join("x"));
}
