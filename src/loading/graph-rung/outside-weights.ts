import type { GraphFile } from "../../formats/graph-contents.js";
import type { StoredWeight } from "../../formats/model-file.js";

/**
 * A SavedModel with a layer's stored weights in place of its own, where each has one of its name and shape: what the
 * file was trained to, not what the SavedModel was when it was made. Null where one has no partner, or more than one.
 */
export function withWeightsOf(stored: readonly StoredWeight[], file: GraphFile): GraphFile | null {
  const keys = keysByName(file);
  for (const [ofFile, ofModel] of WAYS) {
    const tensors = replaced(stored, file, keys, ofFile, ofModel);
    if (tensors !== null) return { ...file, contents: { ...file.contents, tensors } };
  }
  return null;
}

type Naming = (name: string) => string;

/** `dense/kernel:0` as TensorFlow names the variable. */
const full: Naming = (name) => name.replace(/:\d+$/, "");

/** `tf_bert_model_1/bert/pooler/dense/bias` without the name of the model, which counts up with each that is made. */
const bare: Naming = (name) => full(name).replace(/^[^/]+\//, "");

/** A layer puts its own name before those of what it holds. */
const WAYS: readonly (readonly [Naming, Naming])[] = [
  [full, full],
  [bare, full],
  [bare, bare],
];

/** Keys of the checkpoint by a variable's name; one that is saved under two keys has both. */
function keysByName({ contents }: GraphFile): ReadonlyMap<string, readonly string[]> {
  const keys = new Map<string, string[]>();
  for (const [node, key] of contents.variableKeys) {
    const kind = contents.objects?.nodes[node]?.kind;
    if (kind?.case === "variable") keys.set(kind.value.name, [...(keys.get(kind.value.name) ?? []), key]);
  }
  return keys;
}

function replaced(
  stored: readonly StoredWeight[],
  { contents }: GraphFile,
  keys: ReadonlyMap<string, readonly string[]>,
  ofFile: Naming,
  ofModel: Naming,
): Map<string, StoredWeight> | null {
  const tensors = new Map(contents.tensors);
  const taken = new Set<string>();
  for (const weight of stored) {
    const [name, other] = [...keys.keys()].filter((one) => ofModel(one) === ofFile(weight.name));
    if (name === undefined || other !== undefined || taken.has(name)) return null;
    taken.add(name);
    for (const key of keys.get(name)!) {
      const own = contents.tensors.get(key);
      if (own === undefined || !sameShape(own.shape, weight.shape)) return null;
      tensors.set(key, weight);
    }
  }
  return tensors;
}

export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((n, axis) => n === b[axis]);
}
