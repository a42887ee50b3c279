import type * as tf from "@tensorflow/tfjs";
import { isMadeBefore } from "../../formats/keras-archive/layer-weights.js";
import type { StoredWeight } from "../../formats/model-file.js";

/** Trained variables of one layer, in the order in which they stand here. */
export type Trained = readonly { readonly weight: tf.LayerVariable; readonly source: StoredWeight }[];

/** Beyond this many orders the shapes tell nothing. */
const MOST = 500;

/**
 * The order in which Keras trains the variables of a layer of the user's, and keeps its optimizer's state: its own,
 * then those of its parts as they were made. An archive has the parts by name; their order is told by the numbers of
 * their default names (`dense`, `dense_1`) and by the shapes of what the optimizer keeps.
 * @param shapes of the optimizer's slots for these variables, in their order
 * @returns null where several orders are possible
 */
export function orderOfParts(
  trained: Trained,
  shapes: readonly (readonly number[])[],
): readonly tf.LayerVariable[] | null {
  const orders = ordersOf(treeOf(trained));
  if (orders === null) return null;
  const fitting = orders.filter((order) =>
    order.every(({ shape }, i) => shape.join("x") === shapes[i]?.join("x")),
  );
  return fitting.length === 1 ? fitting[0]! : null;
}

/** Whether variables come from several parts of a layer. */
export function hasParts(trained: Trained): boolean {
  return new Set(trained.map(({ source }) => folder(source.name))).size > 1;
}

interface Node {
  readonly name: string;
  readonly own: tf.LayerVariable[];
  readonly children: Map<string, Node>;
  /** Numbers of the default names at or below it: of `dense_1`, 1 for `dense`. */
  readonly numbers: Map<string, number>;
}

function node(name = ""): Node {
  return { name, own: [], children: new Map(), numbers: new Map() };
}

function treeOf(trained: Trained): Node {
  const root = node();
  for (const { weight, source } of trained) {
    let at = root;
    count(at, source.owner);
    for (const step of folder(source.name).split("/").slice(0, -1)) {
      const next = at.children.get(step) ?? node(step);
      at.children.set(step, next);
      at = next;
      count(at, source.owner);
    }
    at.own.push(weight);
  }
  return root;
}

function folder(name: string): string {
  return name.slice(0, name.lastIndexOf("/"));
}

function count({ numbers }: Node, owner: string | undefined): void {
  if (owner === undefined) return;
  const [base, number] = numbered(owner);
  numbers.set(base, Math.min(numbers.get(base) ?? Infinity, number));
}

/** All orders that the names leave open; null where there are too many. */
function ordersOf({ name, own, children }: Node): tf.LayerVariable[][] | null {
  let orders: tf.LayerVariable[][] = [[...own]];
  const inside: tf.LayerVariable[][] = [];
  for (const sequence of sequences([...children.values()], name === "layers")) {
    let rows: tf.LayerVariable[][] | null = [[]];
    for (const child of sequence) {
      const below = ordersOf(child);
      rows = below && rows.flatMap((row) => below.map((more) => [...row, ...more]));
      if (rows === null || rows.length > MOST) return null;
    }
    inside.push(...rows);
    if (inside.length > MOST) return null;
  }
  orders = orders.flatMap((row) => inside.map((more) => [...row, ...more]));
  return orders;
}

/**
 * Every order of parts in which none stands before one that was made before it.
 * @param listed whether they are the layers of a model, which Keras trains as they follow each other
 */
function* sequences(parts: readonly Node[], listed: boolean): Generator<Node[]> {
  if (parts.length === 0) yield [];
  for (const first of parts) {
    const others = parts.filter((part) => part !== first);
    if (others.some((other) => isBefore(other, first, listed))) continue;
    for (const rest of sequences(others, listed)) yield [first, ...rest];
  }
}

/** By the numbers of their folders in a list; else where all default names that both have say so. */
function isBefore(a: Node, b: Node, listed: boolean): boolean {
  if (isMadeBefore(a.name, b.name)) return true;
  const [base, number] = numbered(a.name);
  const [otherBase, other] = numbered(b.name);
  const byFolder = base === otherBase ? Math.sign(number - other) : 0;
  if (listed) return byFolder < 0;
  const both = [...a.numbers].filter(([name]) => b.numbers.has(name));
  // Where fields named like Keras's own layers say the reverse, neither counts.
  return byFolder <= 0 && both.length > 0 && both.every(([name, n]) => n < b.numbers.get(name)!);
}

/** Of `dense_1`, `dense` and 1. */
function numbered(name: string): [base: string, number: number] {
  const [, base, number = "0"] = /^(.*?)(?:_(\d+))?$/.exec(name)!;
  return [base!, Number(number)];
}
