import type { StoredLayer, StoredWeight } from "../model-file.js";
import type { TrackableObjectGraph } from "../proto/tensorflow_pb.js";
import { childOf, listItems, valueKey } from "./object-graph.js";

/** The weights of a TF2 checkpoint by layers; of what is no model, by every tracked object's own name. */
export function trackedLayers(
  objects: TrackableObjectGraph,
  tensors: ReadonlyMap<string, StoredWeight>,
): StoredLayer[] {
  const root = childOf(objects.nodes, 0, "model") ?? 0;
  const members =
    layersOf(objects, root) ??
    (objects.nodes[root]?.children ?? [])
      .filter(({ localName, nodeId }) => !NO_LAYER.test(localName) && nodeId !== root)
      .map(({ localName, nodeId }) => ({ name: localName, nodeId }));
  return members.flatMap((member) => storedLayer(member, objects, tensors));
}

const NO_LAYER = /^(_?optimizer|save_counter|keras_api)$/;

interface TrackedLayer {
  readonly name: string;
  readonly nodeId: number;
}

/**
 * A model's layers in their order: Keras 2 tracks them as `layer-0`, `layer-1`, ..., Keras 3 in a list, which a
 * Sequential has in the functional model that it makes of itself. Null for what is no model.
 */
function layersOf(objects: TrackableObjectGraph, model: number): TrackedLayer[] | null {
  const { nodes } = objects;
  const list = childOf(nodes, childOf(nodes, model, "_functional") ?? model, "_operations");
  if (list !== undefined) return listItems(nodes, list).map((nodeId, i) => ({ name: `layer-${i}`, nodeId }));
  const layers = (nodes[model]?.children ?? [])
    .flatMap(({ localName, nodeId }) => {
      const number = /^layer-(\d+)$/.exec(localName)?.[1];
      return number === undefined ? [] : [{ order: Number(number), name: localName, nodeId }];
    })
    .sort((a, b) => a.order - b.order);
  return layers.length > 0 ? layers : null;
}

function storedLayer(
  { name, nodeId }: TrackedLayer,
  objects: TrackableObjectGraph,
  tensors: ReadonlyMap<string, StoredWeight>,
): StoredLayer[] {
  const weights = weightsBelow(objects, nodeId, tensors);
  if (weights.length === 0) return [];
  const inside = layersOf(objects, nodeId);
  const inner = inside?.flatMap((layer) => storedLayer(layer, objects, tensors));
  return [{ name, weights, missing: [], ...(inner ? { inner } : {}) }];
}

function weightsBelow(
  objects: TrackableObjectGraph,
  top: number,
  tensors: ReadonlyMap<string, StoredWeight>,
): StoredWeight[] {
  const found: StoredWeight[] = [];
  const seen = new Set<number>();
  const open = [top];
  while (open.length > 0) {
    const node = open.pop()!;
    if (seen.has(node)) continue;
    seen.add(node);
    const stored = tensors.get(valueKey(objects, node) ?? "");
    if (stored !== undefined) found.push({ ...stored, name: fullName(objects, node) ?? stored.name });
    for (const child of [...(objects.nodes[node]?.children ?? [])].reverse()) open.push(child.nodeId);
  }
  return found;
}

function fullName(objects: TrackableObjectGraph, node: number): string | null {
  const name = objects.nodes[node]?.attributes[0]?.fullName;
  return name ? `${name}:0` : null;
}
