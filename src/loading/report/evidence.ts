import { lambdaCode } from "../../keras/saved-lambda.js";
import type { JsonValue, StoredLayer, StoredWeight } from "../../formats/model-file.js";
import type { CallArgument, LayerCall, LayerSpec, ModelGraph } from "../../keras/graph.js";
import { weightsOfCell } from "../../layers/recurrent/recurrent-cells.js";
import type { LayerEvidence, Neighbour } from "../problem.js";
import { savedVocabulary } from "../graph-rung/saved-vocabularies.js";
import { lossIn } from "../weights/lost-weights.js";
import type { Work } from "../work.js";

/** What the file knows about the layer at `path`; null when the graph has no such layer. */
export function evidenceFor(work: Work, path: string): LayerEvidence | null {
  const found = work.graph && locate(work.graph, path);
  if (!found) return null;
  const { spec, graph } = found;
  return {
    className: spec.className,
    path: spec.path,
    config: shortConfig(spec.config),
    weights: storedWeights(work, spec).map(({ name, shape, dtype }) => ({ name, shape, dtype })),
    upstream: upstream(work, graph, spec),
    downstream: downstream(graph, spec),
    ...(lossIn(work) ? { hasLost: true } : {}),
  };
}

/** A layer's stored weights in file order; empty when the file has none for it. */
export function storedWeights(
  { file, graph }: Pick<Work, "file" | "graph">,
  spec: LayerSpec,
): readonly StoredWeight[] {
  const names = graph ? rootNames(graph, spec) : [spec.name];
  const byPath = storedLayerOf({ file, graph }, spec);
  if (byPath) return byPath.weights;
  const wrapper = graph && spec.path.includes("/") ? locate(graph, spec.path)?.spec : undefined;
  const held = wrapper?.inner["layer"]?.[0]?.model;
  if (wrapper && !held && wrapper.path !== spec.path && WRAPPERS.test(wrapper.className))
    return partOf(storedWeights({ file, graph }, wrapper), wrapper, spec);
  // Where a nested model is one group in the file, what belongs to an inner layer has its name in the weight's path.
  const top = file?.layers.find(({ name }) => name === names[0])?.weights ?? [];
  return top.filter(({ name }) => name.split("/").includes(spec.name));
}

/** What the file stores under a layer's own path; null where its layers are not listed so far. */
export function storedLayerOf(
  { file, graph }: Pick<Work, "file" | "graph">,
  spec: LayerSpec,
): StoredLayer | null {
  return storedLayer(file?.layers ?? [], graph ? rootNames(graph, spec) : [spec.name]);
}

/** Layers whose weights are those of what they hold, one part after the other. */
const WRAPPERS = /^(Bidirectional|TimeDistributed|RNN)$/;

/** The weights of one part of a wrapper: of as many parts of one class, each has its share. */
function partOf(
  weights: readonly StoredWeight[],
  wrapper: LayerSpec,
  part: LayerSpec,
): readonly StoredWeight[] {
  if (wrapper.className === "Bidirectional" && runsOneWay(weights)) {
    const way = /(^|\/)backward_|_backward(\/|$)/.test(part.path) ? "backward" : "forward";
    const layer = (way === "backward" && wrapper.inner["backward_layer"]) || wrapper.inner["layer"]!;
    const own = weights.filter((weight) => wayOf(weight) === way);
    return partOf(own, { ...wrapper, className: "RNN", inner: { layer } }, part);
  }
  const leaves = [...leavesOf(wrapper)];
  // The layer that a Bidirectional makes to run backward has weights like those of the one that runs forward.
  const forward = part.path.replace(/_backward(?=\/|$)/, "");
  const own = leaves.findIndex(({ path }) => path === part.path);
  const place = own < 0 ? leaves.findIndex(({ path }) => path === forward) : own;
  // The layer that goes backward is written only where it is another one.
  const once = wrapper.className === "Bidirectional" && !wrapper.inner["backward_layer"];
  const counts = leaves.map(weightsOfCell);
  const unknown = leaves.filter((_, i) => counts[i] === null);
  const alike = unknown.every(({ className }) => className === unknown[0]!.className);
  const known = counts.reduce<number>((sum, count) => sum + (count ?? 0), 0);
  const share = (weights.length / (once ? 2 : 1) - known) / Math.max(unknown.length, 1);
  if (place < 0 || !alike || !Number.isInteger(share) || share < 0) return [];
  const sizes = counts.map((count) => count ?? share);
  const before = sizes.slice(0, place).reduce((a, b) => a + b, 0);
  return weights.slice(before, before + sizes[place]!);
}

function wayOf({ name }: StoredWeight): string | undefined {
  return /(?:^|\/)(forward|backward)_[^/]*\//.exec(name)?.[1];
}

/** Whether names tell the directions: a .h5 file has the trained weights of both before the others. */
function runsOneWay(weights: readonly StoredWeight[]): boolean {
  const forward = weights.filter((weight) => wayOf(weight) === "forward").length;
  return weights.every((weight) => wayOf(weight) !== undefined) && forward * 2 === weights.length;
}

function* leavesOf(spec: LayerSpec): Generator<LayerSpec> {
  const inside = Object.values(spec.inner).flat();
  if (inside.length === 0) yield spec;
  for (const one of inside) yield* leavesOf(one);
}

/** What archives store of a layer of nested models, group by group. */
function storedLayer(layers: readonly StoredLayer[], names: readonly string[]): StoredLayer | null {
  const [first, ...rest] = names;
  const found = layers.find(({ name }) => name === first) ?? null;
  return found === null || rest.length === 0 ? found : storedLayer(found.inner ?? [], rest);
}

/** Text of a file that the model keeps for a layer, or of the table that stands for it; null when it has none. */
export function storedAsset(work: Work, spec: LayerSpec, name: string): string | null {
  const { file, graph } = work;
  let layers = file?.layers ?? [];
  const path = graph ? rootNames(graph, spec) : [spec.name];
  for (const [i, part] of path.entries()) {
    const layer = layers.find((stored) => stored.name === part);
    const inside = [...path.slice(i + 1), name].join("/");
    const read = layer?.assets?.get(i + 1 === path.length ? name : inside);
    if (read) return read();
    layers = layer?.inner ?? [];
  }
  return name === "vocabulary.txt" ? savedVocabulary(spec, work) : null;
}

function rootNames(graph: ModelGraph, spec: LayerSpec): string[] {
  return graph.layers.some((layer) => layer.path === spec.path) ? [spec.name] : spec.path.split("/");
}

/** The layer at a path, or the wrapper that holds it, and the graph that it belongs to. */
export function locate(graph: ModelGraph, path: string): { spec: LayerSpec; graph: ModelGraph } | null {
  for (const spec of graph.layers) {
    if (spec.path === path) return { spec, graph };
    if (!path.startsWith(`${spec.path}/`)) continue;
    return (spec.model && locate(spec.model, path)) ?? { spec, graph };
  }
  return null;
}

function upstream(work: Work, graph: ModelGraph, spec: LayerSpec): Neighbour[] {
  const names = new Set(graph.calls.filter(({ layer }) => layer === spec.name).flatMap(tensorsOf));
  const shapes = work.connection?.inputShapes(spec.path) ?? [];
  return [...names].map((name, i) => ({ ...neighbour(graph, name), shape: shapes[i] ?? null }));
}

function downstream(graph: ModelGraph, spec: LayerSpec): Neighbour[] {
  const callers = graph.calls.filter((call) => tensorsOf(call).includes(spec.name)).map(({ layer }) => layer);
  return [...new Set(callers)].map((name) => neighbour(graph, name));
}

function neighbour(graph: ModelGraph, name: string): Neighbour {
  const spec = graph.layers.find((layer) => layer.name === name);
  return { path: spec?.path ?? name, className: spec?.className ?? "missing", shape: null };
}

/** Names of the layers whose outputs a call takes. */
export function tensorsOf(call: LayerCall): string[] {
  return [...call.args, ...Object.values(call.kwargs)].flatMap(tensorNames);
}

function tensorNames(argument: CallArgument): string[] {
  switch (argument.kind) {
    case "tensor":
      return [argument.ref.layer];
    case "list":
      return argument.items.flatMap(tensorNames);
    case "dict":
      return Object.values(argument.items).flatMap(tensorNames);
    case "constant":
      return [];
  }
}

/** Arguments that every layer has and that say nothing about a custom one. */
const COMMON = new Set(["name", "trainable", "dtype", "batch_input_shape", "batch_shape", "input_dtype"]);

/** `units=16, use_bias=true`: objects by their class name, long values cut. */
export function shortConfig(config: Readonly<Record<string, JsonValue>>, limit = 400): string {
  const entries = Object.entries(config).filter(([key]) => !COMMON.has(key));
  const text = entries.map(([key, value]) => `${key}=${shortValue(value)}`).join(", ");
  return text.length <= limit ? text : `${text.slice(0, limit - 1)}…`;
}

function shortValue(value: JsonValue): string {
  if (value === null) return "None";
  if (typeof value === "string") return JSON.stringify(value.length > 40 ? `${value.slice(0, 39)}…` : value);
  if (typeof value !== "object") return String(value);
  if (Array.isArray(value)) {
    const shown = value.slice(0, 6).map(shortValue);
    return `[${[...shown, ...(value.length > 6 ? [`… ${value.length} in all`] : [])].join(", ")}]`;
  }
  if (lambdaCode(value) !== null) return "a Python lambda";
  const className = value["class_name"];
  // `{"class_name": "function", "config": "relu6"}`
  if (className === "function" && typeof value["config"] === "string") return value["config"];
  return typeof className === "string" ? className : `{${Object.keys(value).slice(0, 4).join(", ")}}`;
}
