import * as tf from "@tensorflow/tfjs";
import { holdsGraph } from "../../formats/graph-contents.js";
import type { ModelFile, StoredWeight } from "../../formats/model-file.js";
import { openModelFile } from "../../formats/open.js";
import { openGraph } from "../../graph/open-graph.js";
import type { LoadedGraph } from "../../graph/loaded-graph.js";
import { RevivedLayers } from "../../graph/revive-layers.js";
import type { LayerSpec } from "../../keras/graph.js";
import { eachLayer } from "../../keras/read-graph.js";
import { ComputedLayer, type Shape, type WeightSpec } from "../../layers/computed-layer.js";
import type { LayerDefinition } from "../../layers/registry.js";
import { storedWeights } from "../report/evidence.js";
import type { Work } from "../work.js";
import { outsideInputs } from "./outside-inputs.js";
import { sameShape, withWeightsOf } from "./outside-weights.js";

/** A SavedModel in a layer's place. */
export interface OutsideLayer {
  /** Null for one that is no model of such a layer. */
  readonly definition: LayerDefinition | null;
  /**
   * Whose weights run: the file's, bound as variables of the layer or put into the SavedModel; or the SavedModel's
   * own, since the file has none for the layer, or has some that are not its.
   */
  readonly weights: "bound" | "file" | "own" | "others" | "none";
  /** Whether the layer has them as weights of its own, which are saved with the model. */
  readonly held: boolean;
}

/** Opens the SavedModels that the user pointed to; what a file names is never opened. */
export async function openOutsideGraphs(work: Work): Promise<void> {
  for (const { code, remedy, subject, argument } of work.decisions) {
    if (remedy !== "saved-model" || argument === undefined) continue;
    const specs = [...eachLayer(work.graph!)].filter(
      ({ className, path }) => (className === subject || path === subject) && !work.outside?.has(path),
    );
    if (specs.length === 0) continue;
    const file = await openModelFile(argument);
    work.outside ??= new Map();
    for (const spec of specs)
      work.outside.set(
        spec.path,
        await outsideLayer(spec, storedWeights(work, spec), file, CODE_IN_PYTHON.has(code)),
      );
  }
}

/** A layer that runs the SavedModel which the user gave for its class; null where none was given. */
export function outsideDefinition(spec: LayerSpec, work: Work): LayerDefinition | null {
  return work.outside?.get(spec.path)?.definition ?? null;
}

/** Codes of classes whose code is the user's own: no module stands for such a layer, only its own function. */
export const CODE_IN_PYTHON: ReadonlySet<string> = new Set(["C01", "C02"]);

async function outsideLayer(
  spec: LayerSpec,
  stored: readonly StoredWeight[],
  file: ModelFile,
  isOfUser: boolean,
): Promise<OutsideLayer> {
  const revived = await heldLayer(spec, stored, file);
  if (revived) return { definition: revived, weights: "bound", held: true };
  const own = await functionOfLayer(spec, file);
  if (own) return { definition: own, weights: stored.length > 0 ? "others" : "own", held: false };
  const filled = stored.length > 0 && holdsGraph(file) ? withWeightsOf(stored, file) : null;
  const ofOthers = stored.length > 0 || (holdsGraph(file) && file.contents.layerObjects.size > 0);
  if (isOfUser && !filled && ofOthers) return { definition: null, weights: "none", held: false };
  const graph = await openGraph(filled ?? file);
  const weights = filled ? "file" : stored.length > 0 ? "others" : "own";
  const held = weights === "file" && stored.every(({ dtype }) => DTYPES.has(dtype));
  return { definition: definitionBy(graph, held ? stored : null), weights, held };
}

/** Types that weights of a layer have. */
const DTYPES: ReadonlySet<string> = new Set(["float32", "int32", "bool", "string"]);

/** The layer itself, where the SavedModel is of the whole model and holds the function that was saved with it. */
async function heldLayer(
  { path }: LayerSpec,
  stored: readonly StoredWeight[],
  file: ModelFile,
): Promise<LayerDefinition | null> {
  if (!holdsGraph(file)) return null;
  const object = file.contents.layerObjects.get(path);
  const own = file.layers.find(({ name }) => name === path)?.weights ?? [];
  const fits =
    own.length === stored.length && own.every(({ shape }, i) => sameShape(shape, stored[i]!.shape));
  if (object === undefined || !fits) return null;
  return (await RevivedLayers.open(file)).definition(path);
}

/** The layer's function with the weights of the SavedModel, where those of the file cannot be told apart. */
async function functionOfLayer({ path }: LayerSpec, file: ModelFile): Promise<LayerDefinition | null> {
  if (!holdsGraph(file) || !file.contents.layerObjects.has(path)) return null;
  return (await RevivedLayers.open(file)).definitionWithWeights(path);
}

/** @param stored the file's weights that the graph runs with, which the layer then has too; null where it has none */
function definitionBy(graph: LoadedGraph, stored: readonly StoredWeight[] | null): LayerDefinition {
  const shapes = graph.outputs.map(({ shape }): Shape => [...(shape ?? [null])]);
  return {
    className: "a SavedModel",
    majors: [1, 2, 3],
    arguments: ["*"],
    create: (spec) =>
      new ComputedLayer(spec.className, spec, {
        ...(stored === null
          ? { weightsElsewhere: true }
          : { weightsElsewhere: false, weights: () => stored.map(fixed), storedInOrder: true }),
        outputShape: () => (shapes.length === 1 ? shapes[0]! : shapes),
        compute: (_, layer) => {
          const result = graph.predict(outsideInputs(graph.inputs, layer));
          if (result instanceof tf.Tensor) return result;
          const tensors = graph.outputs.map(({ name }) => result[name]!);
          return tensors.length === 1 ? tensors[0]! : tensors;
        },
      }),
  };
}

/** The graph has it as a constant: training leaves it alone. */
function fixed({ name, shape, dtype }: StoredWeight): WeightSpec {
  // Names of tfjs's variables have no other signs in them.
  const plain = name.replace(/:\d+$/, "").replaceAll(/[^\w./-]/g, "_");
  return { name: plain, shape, trainable: false, dtype: dtype as NonNullable<WeightSpec["dtype"]> };
}
