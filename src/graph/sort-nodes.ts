import type { NodeDef } from "../formats/proto/tensorflow_pb.js";
import type { Reference } from "./flatten.js";
import { GraphError } from "./graph-error.js";

export interface NodeReference {
  readonly node: string;
  readonly index: number;
}

/** Nodes by name, and how their inputs are written. */
export interface Body {
  readonly nodes: ReadonlyMap<string, NodeDef>;
  /** Values from outside: arguments and feeds, by `node:index`. */
  readonly given: ReadonlyMap<string, Reference>;
  /** Nodes that are not followed. */
  readonly ends?: ReadonlySet<string>;
  parse(input: string): NodeReference;
}

/** Where a body is expanded. */
export interface Place {
  readonly scope: string;
  /** Functions that are being called, outermost first. */
  readonly path: readonly string[];
  readonly controls: readonly number[];
}

/** Every node that `wanted` need, each after its own needs. Iterative: real graphs are thousands of nodes deep. */
export function sortNodes(body: Body, wanted: readonly string[], place: Place): NodeDef[] {
  const sorted: NodeDef[] = [];
  const state = new Map<string, "open" | "done">();
  const stack: { node: NodeDef; needs: string[]; next: number }[] = [];
  const enter = (name: string, neededBy: string | null): void => {
    if (body.given.has(`${name}:0`) || body.ends?.has(name) || state.get(name) === "done") return;
    const node = body.nodes.get(name);
    if (node === undefined) {
      throw new GraphError(
        "G02",
        place.scope + (neededBy ?? ""),
        `it needs ${name}, which is not in the graph`,
        "The file is damaged, or the name is wrong.",
      );
    }
    if (state.get(name) === "open") throw cycle(stack, name, place);
    state.set(name, "open");
    stack.push({ node, needs: needsOf(node, body), next: 0 });
  };
  for (const name of wanted) {
    enter(name, null);
    while (stack.length > 0) {
      const top = stack.at(-1)!;
      const need = top.needs[top.next++];
      if (need !== undefined) {
        enter(need, top.node.name);
        continue;
      }
      stack.pop();
      state.set(top.node.name, "done");
      sorted.push(top.node);
    }
  }
  // What closes a TF1 loop is needed by nobody before it: it is found from its loop.
  const closing = loopClosers(body, state);
  return closing.length === 0 ? sorted : sortNodes(body, [...wanted, ...closing], place);
}

function needsOf(node: NodeDef, body: Body): string[] {
  const names = node.input.map((input) => (input.startsWith("^") ? input.slice(1) : body.parse(input).node));
  if (node.op !== "Merge" && node.op !== "RefMerge") return names;
  return names.filter((name) => !isLoopEnd(body, name));
}

function isLoopEnd(body: Body, name: string): boolean {
  const op = body.nodes.get(name)?.op;
  return op === "NextIteration" || op === "RefNextIteration";
}

function loopClosers(body: Body, state: ReadonlyMap<string, unknown>): string[] {
  const missing: string[] = [];
  for (const [name, node] of body.nodes) {
    if (!state.has(name) || (node.op !== "Merge" && node.op !== "RefMerge")) continue;
    for (const input of node.input) {
      const need = body.parse(input.replace(/^\^/, "")).node;
      if (isLoopEnd(body, need) && !state.has(need)) missing.push(need);
    }
  }
  return missing;
}

function cycle(stack: readonly { node: NodeDef }[], name: string, place: Place): GraphError {
  const from = stack.findIndex(({ node }) => node.name === name);
  const names = stack.slice(from).map(({ node }) => node.name);
  const shown = names.length > 6 ? [...names.slice(0, 5), `... ${names.length - 5} more`] : names;
  return new GraphError(
    "G01",
    place.scope + name,
    `its inputs lead back to itself: ${[...shown, name].join(" <- ")}`,
    "A graph without an end cannot be run; the file is damaged or made by hand.",
  );
}
