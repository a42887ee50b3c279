import type { JsonValue } from "../model-file.js";
import type { MetaGraphDef, NodeDef } from "../proto/tensorflow_pb.js";
import { producer, readWiring, type ChildCall } from "./between-layers.js";
import {
  calledChild,
  calledFunction,
  calledModel,
  childrenOf,
  isModel,
  modelFunction,
  NotTold,
  savedCalls,
  type Child,
  type ModelFunction,
  type SavedCall,
} from "./child-calls.js";
import type { KerasMetadata } from "./keras-objects.js";
import { theOneWay } from "./saved-way.js";
import { ConfigWriter, modelEntry, type WiredModel } from "./wired-config.js";

/**
 * Reads how a subclassed model calls its layers out of the function that was saved with it.
 * @throws NotTold where the function does not tell
 */
export function wireModel(metaGraph: MetaGraphDef, metadata: KerasMetadata): WiredModel {
  return new ModelReader(metaGraph, metadata).read(0, modelFunction(metaGraph, savedCalls(metaGraph, 0)[0]));
}

/**
 * A Functional or Sequential model with the subclassed models among its layers told as models too; null where none
 * is. What calls them with arguments beside tensors leaves them layers.
 */
export function wireInside(
  metaGraph: MetaGraphDef,
  metadata: KerasMetadata,
  saved: JsonValue,
): WiredModel | null {
  try {
    return new ModelReader(metaGraph, metadata).inside(saved);
  } catch (error) {
    if (error instanceof NotTold) return null;
    throw error;
  }
}

/** Reads a model and the subclassed models inside it; those that do not tell stay layers. */
class ModelReader {
  /** Layers that stand in some model: one that stands in two trains in both, which copies of it would not. */
  private readonly placed = new Set<number>();

  constructor(
    private readonly metaGraph: MetaGraphDef,
    private readonly metadata: KerasMetadata,
  ) {}

  read(node: number, model: ModelFunction): WiredModel {
    const { metaGraph, metadata } = this;
    const children = childrenOf(metaGraph, metadata, node);
    const wiring = readWiring(model, children);
    if (wiring.calls.length === 0) throw new NotTold("its function calls none of its layers");
    const calls = byChild(children.values(), wiring.calls);
    this.place([...calls.values()].map((made) => made[0]!.child));
    const nested = new Map(
      [...calls].flatMap(([name, made]) => {
        const inner = this.nested(made, model);
        return inner === null ? [] : [[name, inner] as const];
      }),
    );
    return new ConfigWriter(metaGraph, calls, model, wiring, nested).write(metadata.get(node) ?? {});
  }

  inside(saved: JsonValue): WiredModel | null {
    const { class_name: className, config } = saved as unknown as SavedModelConfig;
    if (!config.layers.every((layer) => typeof layer === "object" && layer !== null)) return null;
    const byName = childrenOf(this.metaGraph, this.metadata, 0);
    const children = [...byName.values()];
    const root = modelFunction(this.metaGraph, savedCalls(this.metaGraph, 0)[0]);
    const calls = root.definition.nodeDef.filter((node) => calledChild(node, byName) !== null);
    this.place(children);
    const called = (way: SavedCall, node: NodeDef): ModelFunction => {
      const given = node.input.map((tensor) =>
        root.captured.has(producer(tensor)) ? producer(tensor) : tensor,
      );
      return calledModel(this.metaGraph, way, { node, given }, root.captured);
    };
    const nested = new Map<string, WiredModel>();
    for (const layer of config.layers) {
      const child = children.find(({ name }) => name === nameOf(layer));
      const counts = className === "Sequential" ? [1] : tensorCounts(layer);
      const call = calls.find((node) => calledChild(node, byName) === child);
      const inner = child && call && counts ? this.told(child, counts, (way) => called(way, call)) : null;
      if (inner) nested.set(child!.name, inner);
    }
    if (nested.size === 0) return null;
    const layers = config.layers.map((layer) => {
      const inner = nested.get(nameOf(layer));
      return inner ? { ...layer, ...modelEntry(inner, nameOf(layer), layer["config"]) } : layer;
    });
    const counted = countedFromOne({ ...config, layers } as unknown as JsonValue, new Set(nested.keys()));
    return {
      config: { ...(saved as object), config: counted },
      operations: new Map(),
      layers: new Set(children.map(({ name }) => name)),
      nested,
      whole: false,
    };
  }

  private place(children: readonly Child[]): void {
    for (const { node, name } of children)
      if (this.placed.has(node)) throw new NotTold(`${name} stands in another model as well`);
    for (const { node } of children) this.placed.add(node);
  }

  /** Null for what is no subclassed model, or does not tell. */
  private nested(calls: readonly ChildCall[], outer: ModelFunction): WiredModel | null {
    const [first] = calls as [ChildCall, ...ChildCall[]];
    const functions = new Set(calls.map(({ node }) => calledFunction(node)));
    if (functions.size > 1) return null;
    return this.told(first.child, [first.inputs.length], (way) =>
      calledModel(this.metaGraph, way, first, outer.captured),
    );
  }

  /**
   * @param counts how many tensors each call takes
   * @param functionOf the function behind a way of calling
   */
  private told(
    child: Child,
    counts: readonly number[],
    functionOf: (way: SavedCall) => ModelFunction,
  ): WiredModel | null {
    if (child.saved["is_graph_network"] !== false || isModel(child)) return null;
    try {
      const ways = savedCalls(this.metaGraph, child.node);
      const [way, ...others] = new Set(counts.map((count) => theOneWay(ways, count, child)));
      return way === undefined || others.length > 0 ? null : this.read(child.node, functionOf(way));
    } catch (error) {
      if (error instanceof NotTold) return null;
      throw error;
    }
  }
}

interface SavedModelConfig {
  readonly class_name?: string;
  readonly config: { readonly layers: readonly { readonly [key: string]: JsonValue }[] };
}

function nameOf(layer: { readonly [key: string]: JsonValue }): string {
  const config = layer["config"] as { readonly [key: string]: JsonValue } | undefined;
  return String(layer["name"] ?? config?.["name"] ?? "");
}

/** How many tensors each call of a layer takes, as Keras 2 writes calls; null for calls that take more than these. */
function tensorCounts(layer: { readonly [key: string]: JsonValue }): number[] | null {
  const calls = layer["inbound_nodes"];
  if (!Array.isArray(calls) || calls.length === 0) return null;
  const counts = calls.map((call) =>
    Array.isArray(call) && call.every(isPlainReference) ? call.length : null,
  );
  return counts.includes(null) ? null : (counts as number[]);
}

/** `["dense", 0, 0, {}]`: a layer's tensor, without named arguments but `training`, which a saved function has fixed. */
function isPlainReference(value: JsonValue): boolean {
  if (!Array.isArray(value) || typeof value[0] !== "string" || typeof value[1] !== "number") return false;
  return Object.entries(value[3] ?? {}).every(([key, given]) => key === "training" && given !== true);
}

/** Keras 2 counts the calls of models inside a model from 1, those of other layers from 0. */
function countedFromOne(value: JsonValue, models: ReadonlySet<string>): JsonValue {
  if (Array.isArray(value)) {
    const [name, call, ...others] = value;
    if (typeof name === "string" && models.has(name) && typeof call === "number")
      return [name, call + 1, ...others.map((other) => countedFromOne(other, models))];
    return value.map((inner) => countedFromOne(inner, models));
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, countedFromOne(inner, models)]),
  );
}

/** The calls of each layer that is called, in the order in which the model holds its layers. */
function byChild(children: Iterable<Child>, calls: readonly ChildCall[]): Map<string, ChildCall[]> {
  const found = new Map<string, ChildCall[]>([...children].map(({ name }) => [name, []]));
  for (const call of calls) found.get(call.child.name)!.push(call);
  return new Map([...found].filter(([, made]) => made.length > 0));
}
