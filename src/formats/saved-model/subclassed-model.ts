import type { LayerObject } from "../graph-contents.js";
import type { FormatFinding, StoredLayer, StoredWeight } from "../model-file.js";
import type { MetaGraphDef, SavedObject } from "../proto/tensorflow_pb.js";
import { NotTold } from "./child-calls.js";
import { readKerasRoot, type KerasMetadata } from "./keras-objects.js";
import { wireInside, wireModel } from "./wire-model.js";
import type { WiredModel } from "./wired-config.js";

/** Why a model is not told as layers; of one that has its own config, nothing is asked. */
export interface Untold {
  readonly reason: string;
}

const NOT_ASKED: Untold = { reason: "" };

/** A subclassed model's layers and calls, read out of its saved function. */
export function wiredModel(metaGraph: MetaGraphDef, metadata: KerasMetadata): WiredModel | Untold {
  if (metadata.get(0) === undefined) return NOT_ASKED;
  const { config } = readKerasRoot(metaGraph.objectGraphDef?.nodes ?? [], metadata);
  if (config !== null) return wireInside(metaGraph, metadata, config) ?? NOT_ASKED;
  try {
    return wireModel(metaGraph, metadata);
  } catch (error) {
    if (error instanceof NotTold) return { reason: error.message };
    throw error;
  }
}

/** The groups of operations of a subclassed model and of models inside it, by path. */
export function operationObjects(
  nodes: readonly SavedObject[],
  wired: WiredModel | Untold,
  within = "",
): Map<string, LayerObject> {
  if (!("config" in wired)) return new Map();
  const own = [...wired.operations].map(([name, operations]) => {
    const captured = operations.captured.map(({ node }) => node);
    const variables = captured.filter((node) => nodes[node]?.kind.case === "variable");
    return [`${within}${name}`, { node: 0, variables, operations }] as const;
  });
  const inside = [...wired.nested].flatMap(([name, model]) => [
    ...operationObjects(nodes, model, `${within}${name}/`),
  ]);
  return new Map([...own, ...inside]);
}

/** What the file stores for a model, and how its objects are found in it. */
export interface StoredObjects {
  readonly objects: ReadonlyMap<string, LayerObject>;
  weightOf(node: number): StoredWeight | undefined;
  /** The layers that the object of a model holds. */
  layersOf(model: number): StoredLayer[];
}

/**
 * The layers of a subclassed model with their weights, those of models inside it below them. Layers that a model's
 * function computes in operations of its own (those that hold state, as Normalization) are not called.
 */
export function wiredLayers(
  wired: WiredModel,
  stored: StoredObjects,
  model = 0,
  within = "",
): readonly StoredLayer[] {
  const layers = stored.layersOf(model).filter(({ name }) => wired.layers.has(name));
  const operations = [...wired.operations.keys()].map((name): StoredLayer => {
    const { variables } = stored.objects.get(`${within}${name}`)!;
    return { name, weights: variables.flatMap((node) => stored.weightOf(node) ?? []), missing: [] };
  });
  return [...layers, ...operations].map((layer) => {
    const inner = wired.nested.get(layer.name);
    const path = `${within}${layer.name}`;
    const node = stored.objects.get(path)?.node;
    if (inner === undefined || node === undefined) return layer;
    const parts = wiredLayers(inner, stored, node, `${path}/`);
    return { ...layer, weights: parts.flatMap(({ weights }) => weights), inner: parts };
  });
}

function insideFinding(name: string): FormatFinding {
  return {
    code: "C22",
    title: "A layer is a subclass of Model",
    where: name,
    detail: "how its class calls its layers was read out of the function that TensorFlow saved",
    advice: "Nothing has to be done: the numbers are compared with those of the model's function.",
  };
}

/** C22: the root is a subclass of Model, whose layers are called by Python code that no file holds. */
export function subclassFindings(metadata: KerasMetadata, wired: WiredModel | Untold): FormatFinding[] {
  const root = metadata.get(0);
  if (root === undefined || wired === NOT_ASKED) return [];
  if ("config" in wired && !wired.whole) return [...wired.nested.keys()].map(insideFinding);
  const where = String(root["name"] ?? "the model");
  const className = String(root["class_name"] ?? "");
  const code = { code: "C22", title: "The model is a subclass of Model", where };
  if ("config" in wired) {
    const groups = wired.operations.size;
    const between =
      groups === 0
        ? "nothing"
        : groups === 1
          ? "one group of operations"
          : `groups of operations (${groups})`;
    const models = [...wired.nested.keys()];
    const inside = models.length === 0 ? "" : `; so were the calls in ${models.join(", ")}`;
    return [
      {
        ...code,
        detail: `how its class ${className} calls its layers was read out of the function that TensorFlow saved; between them: ${between}${inside}`,
        advice: "Nothing has to be done: the numbers are compared with that function's.",
      },
    ];
  }
  return [
    {
      ...code,
      detail: `how its class ${className} calls its layers stands in Python code, and the function that TensorFlow saved does not tell: ${wired.reason}`,
      advice: "The graph that was saved with it is run instead: the numbers are the same.",
    },
  ];
}
