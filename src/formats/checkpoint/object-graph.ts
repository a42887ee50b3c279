import { decode } from "../proto/decode.js";
import {
  TrackableObjectGraphSchema,
  type ObjectReference,
  type TrackableObjectGraph,
} from "../proto/tensorflow_pb.js";
import type { TensorBundle } from "./tensor-bundle.js";

/** Key of the object graph in a bundle (`tensorflow/python/checkpoint`). */
const OBJECT_GRAPH = "_CHECKPOINTABLE_OBJECT_GRAPH";
/** Name of the attribute that holds a variable's own value. */
const VALUE = "VARIABLE_VALUE";

/** The objects of a TF2 checkpoint; null in one of TF1. */
export function readObjectGraph(bundle: TensorBundle, where: string): TrackableObjectGraph | null {
  const bytes = bundle.readStrings(OBJECT_GRAPH)?.[0];
  return bytes === undefined ? null : decode(TrackableObjectGraphSchema, bytes, `${where}: ${OBJECT_GRAPH}`);
}

/** Checkpoint key of an object's own value, null when it is no variable. */
export function valueKey(graph: TrackableObjectGraph, node: number): string | null {
  return graph.nodes[node]?.attributes.find((tensor) => tensor.name === VALUE)?.checkpointKey ?? null;
}

interface ObjectNode {
  readonly children: readonly ObjectReference[];
}

/**
 * Walks two graphs of the same objects from their roots by the names of the references, as TensorFlow does when it
 * restores a checkpoint: the numbers of the objects differ, their names do not.
 * @returns the object of `second` for each object of `first` that both have.
 */
export function matchObjects(
  first: readonly ObjectNode[],
  second: readonly ObjectNode[],
): Map<number, number> {
  const matched = new Map([[0, 0]]);
  for (const [a, b] of matched) {
    const references = new Map(second[b]?.children.map((child) => [child.localName, child.nodeId]));
    for (const child of first[a]?.children ?? []) {
      const partner = references.get(child.localName);
      if (partner !== undefined && !matched.has(child.nodeId)) matched.set(child.nodeId, partner);
    }
  }
  return matched;
}

/**
 * The key that an object's own value has by the rules of TensorFlow, from the shortest chain of names that leads to
 * it (`tensorflow/python/checkpoint/graph_view.py`, `object_identity`). For when a checkpoint's object graph is lost.
 */
export function keysByPath(nodes: readonly ObjectNode[]): Map<number, string> {
  const paths = new Map([[0, ""]]);
  for (const [node, path] of paths) {
    for (const child of nodes[node]?.children ?? []) {
      if (!paths.has(child.nodeId)) paths.set(child.nodeId, `${path}${escapeName(child.localName)}/`);
    }
  }
  return new Map([...paths].map(([node, path]) => [node, `${path}.ATTRIBUTES/${VALUE}`]));
}

function escapeName(name: string): string {
  return name.replaceAll(".", "..").replaceAll("/", ".S");
}

/** The object that a reference of `node` names; undefined when there is none. */
export function childOf(nodes: readonly ObjectNode[], node: number, name: string): number | undefined {
  return nodes[node]?.children.find((child) => child.localName === name)?.nodeId;
}

/** The objects of a tracked list, in its order: references `0`, `1`, ... */
export function listItems(nodes: readonly ObjectNode[], list: number): number[] {
  return [...(nodes[list]?.children ?? [])]
    .filter((child) => /^\d+$/.test(child.localName))
    .sort((a, b) => Number(a.localName) - Number(b.localName))
    .map((child) => child.nodeId);
}
