import type * as tf from "@tensorflow/tfjs";
import type { LayerSpec, ModelGraph } from "../../keras/graph.js";
import { referencesOf } from "../../keras/read-functional.js";
import { shapeList, type Shape } from "../../layers/computed-layer.js";
import { locate, storedWeights } from "../report/evidence.js";
import type { Work } from "../work.js";

const LONGEST = 1024;

/**
 * The length that fits the stored weights where an input leaves its lengths open and they are alike, as those of a
 * picture: the one at which the first Dense of the chain behind the input gets as many features as its kernel has rows.
 * Of several (pooling drops a rest) the roundest; null where none fits, or where the layers are no chain.
 */
export function fittingSquare(input: LayerSpec, shape: readonly (number | null)[], work: Work): Shape | null {
  const graph = work.graph && locate(work.graph, input.path)?.graph;
  const chain = graph ? chainBehind(input, graph) : [];
  const end = chain.findIndex(({ className }) => className === "Dense");
  const rows = end > 0 ? storedWeights(work, chain[end]!)[0]?.shape[0] : undefined;
  const layers = chain.slice(0, end).map(({ path }) => work.connection?.layers.get(path));
  if (rows === undefined || !layers.every((layer) => layer !== undefined)) return null;
  const fitting = Array.from({ length: LONGEST }, (_, i) => i + 1).filter(
    (length) => featuresAt(filled(shape, length), layers) === rows,
  );
  const [roundest] = fitting.toSorted((a, b) => roundness(b) - roundness(a) || a - b);
  return roundest === undefined ? null : filled(shape, roundest);
}

function filled(shape: readonly (number | null)[], length: number): Shape {
  return shape.map((n, axis) => (axis === 0 ? n : (n ?? length)));
}

/** How often 2 divides it. */
function roundness(length: number): number {
  return Math.log2(length & -length);
}

/** Layers that hang one on the other behind an input, each on nothing else. */
function chainBehind(input: LayerSpec, graph: ModelGraph): LayerSpec[] {
  const chain: LayerSpec[] = [];
  for (let last = input.name; ;) {
    const calls = graph.calls.filter((call) => referencesOf(call).some(({ layer }) => layer === last));
    const [call] = calls;
    const spec = graph.layers.find(({ name }) => name === call?.layer);
    if (!call || !spec || calls.length > 1 || referencesOf(call).length > 1 || chain.includes(spec))
      return chain;
    chain.push(spec);
    last = spec.name;
  }
}

/** The last length of what reaches the end of the layers; undefined where they do not take the shape. */
function featuresAt(shape: Shape, layers: readonly tf.layers.Layer[]): number | null | undefined {
  try {
    let at: Shape = shape;
    for (const layer of layers) at = shapeList(layer.computeOutputShape([...at]) as Shape | Shape[])[0]!;
    return at.every((n, axis) => axis === 0 || (n !== null && n > 0)) ? at.at(-1) : undefined;
  } catch {
    return undefined;
  }
}
