import * as tf from "@tensorflow/tfjs";
import { openModelFile } from "../../formats/open.js";
import { openGraph, type LoadedGraph } from "../../graph/open-graph.js";
import type { LayerSpec } from "../../keras/graph.js";
import { ComputedLayer, type Shape } from "../../layers/computed-layer.js";
import type { LayerDefinition } from "../../layers/registry.js";
import type { Work } from "../work.js";

/** Opens the SavedModels that the user pointed to; what a file names is never opened. */
export async function openOutsideGraphs(work: Work): Promise<void> {
  for (const { remedy, subject, argument } of work.decisions) {
    if (remedy !== "saved-model" || argument === undefined || work.outside?.has(subject)) continue;
    const graph = await openGraph(await openModelFile(argument));
    work.outside ??= new Map();
    work.outside.set(subject, definitionBy(subject, graph));
  }
}

/** A layer that runs the SavedModel which the user gave for its class; null where none was given. */
export function outsideDefinition(spec: LayerSpec, work: Work): LayerDefinition | null {
  return work.outside?.get(spec.className) ?? work.outside?.get(spec.path) ?? null;
}

function definitionBy(className: string, graph: LoadedGraph): LayerDefinition {
  const shapes = graph.outputs.map(({ shape }): Shape => [...(shape ?? [null])]);
  return {
    className,
    majors: [1, 2, 3],
    arguments: ["*"],
    create: (spec) =>
      new ComputedLayer(spec.className, spec, {
        outputShape: () => (shapes.length === 1 ? shapes[0]! : shapes),
        compute: (inputs) => {
          const result = graph.predict(inputs);
          if (result instanceof tf.Tensor) return result;
          const tensors = graph.outputs.map(({ name }) => result[name]!);
          return tensors.length === 1 ? tensors[0]! : tensors;
        },
      }),
  };
}
