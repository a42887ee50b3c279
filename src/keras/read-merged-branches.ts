import type { JsonValue } from "../formats/model-file.js";
import type { LayerCall, LayerSpec, ModelGraph, Structure, TensorRef } from "./graph.js";
import { isObject, stringAt, type JsonObject } from "./json.js";
import { readLayer } from "./read-layer.js";
import { readModel, type Reading } from "./read-graph.js";

/**
 * A Sequential of Keras 1 that begins with a Merge of other models, which the Merge's config holds (keras 1.2.2,
 * models.py `Sequential.get_config`): one graph of the branches' layers, the Merge and the layers after it, since the
 * file has the weights of all of them side by side (`flattened_layers`). Null for any other Sequential.
 * @param saved the Sequential's layers
 */
export function readMergedBranches(
  saved: readonly JsonObject[],
  name: string,
  path: string,
  reading: Reading,
): ModelGraph | null {
  const [first, ...after] = saved;
  const config = first?.["config"];
  if (!first || !isObject(config) || stringAt(first, "class_name") !== "Merge") return null;
  const branches = branchesOf(config, path, reading);
  if (branches === null) return null;
  const rest = Object.fromEntries(Object.entries(config).filter(([key]) => key !== "layers"));
  const chain = [{ ...first, config: rest }, ...after].map((layer, i) => readLayer(layer, path, i, reading));
  return {
    className: "Sequential",
    name,
    layers: [...branches.flatMap(({ layers }) => layers), ...chain],
    calls: [...branches.flatMap(({ calls }) => calls), ...chainCalls(chain, branches)],
    inputs: branches.flatMap(({ inputs }) => references(inputs)),
    outputs: refTo(chain.at(-1)!),
  };
}

function branchesOf(merge: JsonObject, path: string, reading: Reading): ModelGraph[] | null {
  const saved: JsonValue | undefined = merge["layers"];
  if (!Array.isArray(saved) || saved.length === 0) return null;
  const branches = saved.map((branch) => readModel(branch, path, reading));
  return branches.every((branch) => branch !== null) ? branches : null;
}

/** The Merge takes what the branches give, every later layer what the one before it gives. */
function chainCalls(chain: readonly LayerSpec[], branches: readonly ModelGraph[]): LayerCall[] {
  return chain.map((layer, i) => {
    const tensors = i === 0 ? branches.flatMap(({ outputs }) => references(outputs)) : [refTo(chain[i - 1]!)];
    const items = tensors.map((ref) => ({ kind: "tensor", ref }) as const);
    const argument = i === 0 ? ({ kind: "list", items } as const) : items[0]!;
    return { layer: layer.name, nodeIndex: 0, args: [argument], kwargs: {} };
  });
}

function refTo(layer: LayerSpec): TensorRef {
  return { layer: layer.name, nodeIndex: 0, tensorIndex: 0 };
}

function references(structure: Structure<TensorRef>): TensorRef[] {
  if (Array.isArray(structure)) return structure.flatMap(references);
  if ("nodeIndex" in structure) return [structure as TensorRef];
  return Object.values(structure as Record<string, Structure<TensorRef>>).flatMap(references);
}
