import type * as tf from "@tensorflow/tfjs";
import type { LayerSpec, ModelGraph } from "../keras/graph.js";
import { savedVariables } from "../layers/weights/saved-value.js";
import { snakeCase } from "../names/snake-case.js";
import { targetClass } from "./layer-config.js";

/** State of one Keras object: its variables, and the objects that it is made of. */
export interface WeightTree {
  /** The object's own name. */
  readonly label: string;
  readonly variables: readonly tf.LayerVariable[];
  /** Names of the variables, where the object does not number them. */
  readonly names?: readonly string[];
  readonly children: Readonly<Record<string, WeightTree>>;
}

type Layers = ReadonlyMap<string, Pick<tf.layers.Layer, "weights">>;

/**
 * The objects of a model as Keras 3's `saving_lib` walks them: `layers/dense_1`, `layers/lstm/cell`.
 * @param sequential the class that a nested Sequential has in the model that reads them: its own, or the one it is saved as
 */
export function weightTree(
  graph: ModelGraph,
  layers: Layers,
  sequential: "Sequential" | "Functional" = "Functional",
): WeightTree {
  const children: Record<string, WeightTree> = {};
  const counts = new Map<string, number>();
  for (const spec of graph.layers) {
    const nested = spec.model?.className === "Sequential" ? sequential : "Functional";
    const base = groupName(spec.model ? nested : (targetClass(spec, 3) ?? bareName(spec.className)));
    const count = counts.get(base) ?? 0;
    counts.set(base, count + 1);
    const [held] = spec.inner["layer"] ?? [];
    const weights = layers.get(spec.path)?.weights ?? [];
    const tree = spec.model
      ? weightTree(spec.model, layers, sequential)
      : held?.model
        ? {
            ...leaf(spec.name),
            children: { layer: weightTree(held.model, layersHeld(held.model, weights), sequential) },
          }
        : objectTree(spec, savedVariables(weights));
    children[count === 0 ? base : `${base}_${count}`] = tree;
  }
  const container: WeightTree = { label: "", variables: [], children };
  return { label: graph.name, variables: [], children: { layers: container } };
}

function leaf(label: string): WeightTree {
  return { label, variables: [], children: {} };
}

/** The layers of a model inside a wrapper, whose variables the wrapper lists in one row under their layers' names. */
function layersHeld(graph: ModelGraph, weights: readonly tf.LayerVariable[]): Layers {
  return new Map(
    graph.layers.flatMap((spec): [string, Pick<tf.layers.Layer, "weights">][] =>
      spec.model
        ? [...layersHeld(spec.model, weights)]
        : [
            [
              spec.path,
              { weights: weights.filter(({ originalName }) => originalName.startsWith(`${spec.name}/`)) },
            ],
          ],
    ),
  );
}

function bareName(className: string): string {
  return className.slice(className.lastIndexOf(">") + 1);
}

const CELLS = /^(SimpleRNN|LSTM|GRU|ConvLSTM[123]D|CuDNNLSTM|CuDNNGRU)$/;
const PARTS: Readonly<Record<string, readonly string[]>> = {
  MultiHeadAttention: ["query_dense", "key_dense", "value_dense", "output_dense"],
  GroupQueryAttention: ["_query_dense", "_key_dense", "_value_dense", "_output_dense"],
  GroupedQueryAttention: ["_query_dense", "_key_dense", "_value_dense", "_output_dense"],
};

/** They store what weighs their counts under its name, TextVectorization for the lookup inside it too. */
const LOOKUPS = /^(StringLookup|IntegerLookup|TextVectorization)$/;

/** One layer's variables, divided among the objects that hold them. */
function objectTree(spec: LayerSpec, variables: readonly tf.LayerVariable[]): WeightTree {
  const plain = (own: readonly tf.LayerVariable[], label = spec.name): WeightTree => ({
    label,
    variables: own,
    children: {},
  });
  const over = (children: Record<string, WeightTree>): WeightTree => ({ ...plain([]), children });
  if (CELLS.test(spec.className)) return over({ cell: plain(variables, "cell") });
  const always = PARTS[spec.className];
  if (always) {
    const parts =
      spec.config["use_gate"] === true ? [...always.slice(0, 2), "_gate_dense", ...always.slice(2)] : always;
    const each = variables.length / parts.length;
    return over(
      Object.fromEntries(
        parts.map((part, i) => [part, plain(variables.slice(i * each, (i + 1) * each), part)]),
      ),
    );
  }
  if (LOOKUPS.test(spec.className) && variables.length > 0) {
    const own = { ...plain(variables.slice(0, 1)), names: ["idf_weights"] };
    return spec.className === "TextVectorization" ? { ...own, children: { _lookup_layer: own } } : own;
  }
  if (spec.className === "Bidirectional") return bidirectional(spec, variables, over);
  const [inner] = spec.inner["layer"] ?? [];
  if (inner && spec.className === "SpectralNormalization") {
    return {
      ...plain([variables[0]!, ...variables.slice(-1)]),
      children: { layer: objectTree(inner, variables.slice(0, -1)) },
    };
  }
  if (inner && bareName(spec.className) === "WeightNormalization")
    return weightNormalization(inner, spec, variables);
  if (inner) return over({ layer: objectTree(inner, variables) });
  const [cell] = spec.inner["cell"] ?? [];
  if (cell) return over({ cell: cellTree(cell, variables) });
  return plain(variables);
}

function bidirectional(
  spec: LayerSpec,
  variables: readonly tf.LayerVariable[],
  over: (children: Record<string, WeightTree>) => WeightTree,
): WeightTree {
  const [forward] = spec.inner["layer"] ?? [];
  const [backward] = spec.inner["backward_layer"] ?? [];
  // The two may be unlike: one of them without a bias, or with more cells.
  const ahead = variables.filter(({ originalName }) => /(^|\/)forward\//.test(originalName)).length;
  const count = ahead === 0 ? variables.length / 2 : ahead;
  return over({
    forward_layer: objectTree(forward!, variables.slice(0, count)),
    backward_layer: objectTree(backward ?? forward!, variables.slice(count)),
  });
}

/**
 * TensorFlow Addons' wrapper holds g, the kernel that it normalises and the flag of its first call; the layer holds
 * what is left, and a copy, where there is one, all of its own.
 */
function weightNormalization(
  inner: LayerSpec,
  spec: LayerSpec,
  variables: readonly tf.LayerVariable[],
): WeightTree {
  const copied = spec.config["data_init"] !== false;
  const others = copied ? (variables.length - 4) / 2 : variables.length - 3;
  const [g, kernel] = variables;
  const rest = objectTree(inner, variables.slice(2, 2 + others));
  const copy = objectTree(inner, variables.slice(3 + others));
  return {
    label: spec.name,
    variables: [g!, kernel!, variables[2 + others]!],
    children: copied ? { layer: rest, _naked_clone_layer: copy } : { layer: rest },
  };
}

/** Cells that are stacked share the variables by how many each takes. */
function cellTree(cell: LayerSpec, variables: readonly tf.LayerVariable[]): WeightTree {
  const cells = cell.inner["cells"];
  if (!cells) return { label: cell.name, variables, children: {} };
  const children: Record<string, WeightTree> = {};
  const counts = new Map<string, number>();
  let next = 0;
  for (const inner of cells) {
    const base = groupName(inner.className);
    const count = counts.get(base) ?? 0;
    counts.set(base, count + 1);
    const size = inner.config["use_bias"] === false ? 2 : 3;
    const own = variables.slice(next, next + size);
    next += size;
    children[count === 0 ? base : `${base}_${count}`] = { label: inner.name, variables: own, children: {} };
  }
  return { label: cell.name, variables: [], children: { cells: { label: "", variables: [], children } } };
}

/** Keras names a group after the Python class, which its public name leaves in one case. */
function groupName(className: string): string {
  return snakeCase(className === "GroupQueryAttention" ? "GroupedQueryAttention" : className);
}
