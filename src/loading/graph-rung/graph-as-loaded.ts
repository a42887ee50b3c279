import type { LayerSpec, ModelGraph } from "../../keras/graph.js";
import { referencesOf, structureReferences } from "../../keras/read-functional.js";
import { mapLayers } from "../edits/edited.js";
import { storedAsset, storedWeights } from "../report/evidence.js";
import { ownName } from "../problems/clashing-class.js";
import type { Work } from "../work.js";

/**
 * The graph with what the load found out in place of what the config says otherwise or leaves open: the kind of a GRU,
 * which its stored bias tells, the shape of an input, which the calls tell, and words that stand in a file of their own.
 * So it is saved, without the layers that no output needs: Keras numbers those that a model has.
 */
export function graphAsLoaded(work: Work): ModelGraph {
  return mapLayers(withoutUnused(work.graph!), (spec) => ({
    ...spec,
    // Under Keras's name it would be Keras's when the file is opened again.
    className: ownName(spec, work) ?? spec.className,
    config: { ...spec.config, ...foundOut(spec, work) },
  }));
}

/** A mended graph may end before layers that its config still lists. */
function withoutUnused(graph: ModelGraph): ModelGraph {
  const needed = new Set<string>();
  const open = [...structureReferences(graph.outputs), ...structureReferences(graph.inputs)].map(
    ({ layer }) => layer,
  );
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (needed.has(name)) continue;
    needed.add(name);
    for (const call of graph.calls)
      if (call.layer === name) open.push(...referencesOf(call).map(({ layer }) => layer));
  }
  if (graph.layers.every(({ name }) => needed.has(name))) return graph;
  return {
    ...graph,
    layers: graph.layers.filter(({ name }) => needed.has(name)),
    calls: graph.calls.filter(({ layer }) => needed.has(layer)),
  };
}

function foundOut(spec: LayerSpec, work: Work): LayerSpec["config"] {
  if (/^GRU(Cell)?$/.test(spec.className)) {
    const [, kernel, bias] = storedWeights(work, spec).map(({ shape }) => shape);
    if (!bias) return {};
    // cuDNN keeps two biases in one row.
    return { reset_after: bias.length === 2 || bias[0] === 2 * (kernel?.[1] ?? 0) };
  }
  if (/^(StringLookup|IntegerLookup|TextVectorization)$/.test(spec.className)) return words(spec, work);
  if (spec.className !== "InputLayer" || "batch_shape" in spec.config || "batch_input_shape" in spec.config)
    return {};
  const shape = work.connection?.layers.get(spec.path)?.batchInputShape;
  return shape ? { batch_input_shape: [...shape] } : {};
}

/** The vocabulary of `vocabulary.txt`, special tokens at its head; weighed words have their weights in the config too. */
function words(spec: LayerSpec, work: Work): LayerSpec["config"] {
  const text = Array.isArray(spec.config["vocabulary"]) ? null : storedAsset(work, spec, "vocabulary.txt");
  if (text === null) return {};
  const lines = text.replace(/\n+$/, "").split(/\r?\n/);
  const vocabulary = spec.className === "IntegerLookup" ? lines.map(Number) : lines;
  if (!/^tf.idf$/.test(String(spec.config["output_mode"]))) return { vocabulary };
  const [stored] = work.connection?.layers.get(spec.path)?.weights ?? [];
  // Behind the words it may be filled up with zeros.
  return stored ? { vocabulary, idf_weights: [...stored.read().dataSync()].slice(0, lines.length) } : {};
}
