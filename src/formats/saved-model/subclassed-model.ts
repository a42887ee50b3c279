import type { LayerObject } from "../graph-contents.js";
import type { FormatFinding, StoredLayer, StoredWeight } from "../model-file.js";
import type { MetaGraphDef, SavedObject } from "../proto/tensorflow_pb.js";
import { NotTold } from "./child-calls.js";
import { readKerasRoot, type KerasMetadata } from "./keras-objects.js";
import { wireModel, type WiredModel } from "./wired-config.js";

/** Why a model is not told as layers; of one that has its own config, nothing is asked. */
export interface Untold {
  readonly reason: string;
}

const NOT_ASKED: Untold = { reason: "" };

/** A subclassed model's layers and calls, read out of its saved function. */
export function wiredModel(metaGraph: MetaGraphDef, metadata: KerasMetadata): WiredModel | Untold {
  if (
    metadata.get(0) === undefined ||
    readKerasRoot(metaGraph.objectGraphDef?.nodes ?? [], metadata).config !== null
  )
    return NOT_ASKED;
  try {
    return wireModel(metaGraph, metadata);
  } catch (error) {
    if (error instanceof NotTold) return { reason: error.message };
    throw error;
  }
}

/** The groups of operations of a subclassed model, beside its layers. */
export function operationObjects(
  nodes: readonly SavedObject[],
  wired: WiredModel | Untold,
): Map<string, LayerObject> {
  if (!("config" in wired)) return new Map();
  return new Map(
    [...wired.operations].map(([name, operations]) => {
      const captured = operations.captured.map(({ node }) => node);
      const variables = captured.filter((node) => nodes[node]?.kind.case === "variable");
      return [name, { node: 0, variables, operations }] as const;
    }),
  );
}

export function operationWeights(
  objects: ReadonlyMap<string, LayerObject>,
  weightOf: (node: number) => StoredWeight | undefined,
): StoredLayer[] {
  return [...objects].flatMap(([name, { operations, variables }]): StoredLayer[] =>
    operations === undefined
      ? []
      : [{ name, weights: variables.flatMap((node) => weightOf(node) ?? []), missing: [] }],
  );
}

/** Layers that a model's function computes in operations of its own (those that hold state, as Normalization) are not called. */
export function calledOf(wired: WiredModel | Untold, layers: readonly StoredLayer[]): readonly StoredLayer[] {
  return "config" in wired ? layers.filter(({ name }) => wired.layers.has(name)) : layers;
}

/** C22: the root is a subclass of Model, whose layers are called by Python code that no file holds. */
export function subclassFindings(metadata: KerasMetadata, wired: WiredModel | Untold): FormatFinding[] {
  const root = metadata.get(0);
  if (root === undefined || wired === NOT_ASKED) return [];
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
    return [
      {
        ...code,
        detail: `how its class ${className} calls its layers was read out of the function that TensorFlow saved; between them: ${between}`,
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
