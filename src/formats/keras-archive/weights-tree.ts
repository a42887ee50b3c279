import type { AttributeValue } from "../hdf5/attribute.js";
import type { Dataset } from "../hdf5/dataset.js";
import { Damage } from "../hdf5/failures.js";
import type { Group } from "../hdf5/group.js";
import type { FormatFinding, StoredWeight } from "../model-file.js";
import { storedWeight } from "../stored-weight.js";

/** The state of one Keras object as `.weights.h5` holds it: its own variables, and the objects it is made of. */
export interface WeightsNode {
  /** From the root: `layers/dense_1`. */
  readonly path: string;
  /** The object's own name, as later versions of Keras 3 write it beside the variables; null where they do not. */
  readonly label: string | null;
  /** In the order in which the object lists them. */
  readonly variables: readonly StoredWeight[];
  /** Texts that the object keeps in files of its own, such as `vocabulary.txt`, by their names. */
  readonly assets?: ReadonlyMap<string, () => string>;
  /** By attribute (`cell`) or, in a container, by class name (`dense_1`). */
  readonly children: ReadonlyMap<string, WeightsNode>;
}

const VARIABLES = "vars";
/** Objects hold objects; real models stay below this. */
const DEPTH = 64;

/**
 * The tree of an HDF5 file as `saving_lib.H5IOStore` writes it.
 * @param tell is told of names that are lost
 */
export function weightsTree(group: Group, tell: Tell, path = "", seen = new Set<Group>()): WeightsNode {
  seen.add(group);
  const children = new Map<string, WeightsNode>();
  let variables: StoredWeight[] = [];
  let label: string | null = null;
  for (const [name, child] of group.children) {
    if (child.kind !== "group" || seen.has(child) || seen.size > 100_000 || path.split("/").length > DEPTH)
      continue;
    const childPath = path === "" ? name : `${path}/${name}`;
    if (name === VARIABLES) {
      label = labelOf(child, tell);
      variables = variablesOf(child, childPath, label);
    } else children.set(name, weightsTree(child, tell, childPath, seen));
  }
  return { path, label, variables, children };
}

type Tell = (finding: FormatFinding) => void;

function nameLost(where: string, what: string): FormatFinding {
  return {
    code: "F03",
    title: "The name of a layer is lost",
    where,
    detail: `${what}; the layer is told by its class and place instead`,
    advice: "Get the file again from where it was made.",
  };
}

/** Whether a file is laid out so: Keras 3 and the `.keras` files of Keras 2.12 and later. */
export function looksLikeWeightsTree(root: Group): boolean {
  return CONTAINERS.some((name) => root.children.has(name)) || root.children.get(VARIABLES)?.kind === "group";
}

/** Where a model keeps its layers; the second is what Keras 2.12 and 2.13 wrote, the last is a FeatureSpace's. */
export const CONTAINERS = ["layers", "_layer_checkpoint_dependencies", "_layers", "preprocessors"] as const;

const LISTED = new RegExp(`^(.*/(?:${CONTAINERS.join("|")})/[^/]+)/`);

/** `layers/base/layers/conv2d` of `layers/base/layers/conv2d/vars/0`; null where no layer of a model inside is named. */
export function listedIn(path: string): string | null {
  return LISTED.exec(path)?.[1] ?? null;
}

/** One tree of several files that each hold a part of it ("sharded" weights). */
export function mergeTrees(trees: readonly WeightsNode[]): WeightsNode {
  const [first] = trees;
  if (trees.length === 1) return first!;
  const names = new Set(trees.flatMap((tree) => [...tree.children.keys()]));
  const children = new Map<string, WeightsNode>();
  for (const name of names) {
    children.set(name, mergeTrees(trees.flatMap((tree) => tree.children.get(name) ?? [])));
  }
  const variables = trees.flatMap((tree) => tree.variables).sort(byName);
  const label = trees.find((tree) => tree.label !== null)?.label ?? null;
  return { path: first!.path, label, variables, children };
}

/** Every variable below a node, its own first. */
export function* everyVariable(node: WeightsNode): Generator<StoredWeight> {
  yield* node.variables;
  for (const child of node.children.values()) yield* everyVariable(child);
}

function variablesOf(group: Group, path: string, owner: string | null): StoredWeight[] {
  const datasets = [...group.children].filter(
    (entry): entry is [string, Dataset] => entry[1].kind === "dataset",
  );
  const weights = datasets.map(([name, dataset]) => storedWeight(dataset, `${path}/${name}`)).sort(byName);
  return owner === null ? weights : weights.map((weight) => ({ ...weight, owner }));
}

/** `vars/2` before `vars/10`. */
function byName(a: StoredWeight, b: StoredWeight): number {
  return ORDER.compare(a.name, b.name);
}

export const ORDER = new Intl.Collator("en", { numeric: true });

function labelOf(group: Group, tell: Tell): string | null {
  let value: AttributeValue = null;
  try {
    value = group.attributes.get("name")?.value() ?? null;
  } catch (error) {
    if (!(error instanceof Damage)) throw error;
    tell(nameLost(`${group.path}, byte ${error.byte}`, error.detail));
  }
  return typeof value === "string" && value !== "" ? value : null;
}
