import type { LayerSpec, ModelGraph } from "../../keras/graph.js";
import { brief } from "../../keras/json.js";
import { eachLayer } from "../../keras/read-graph.js";
import { activationName } from "../../layers/activations.js";

/** Every place in a model where an activation of this name stands. */
export function activationArguments(graph: ModelGraph, name: string): { path: string; key: string }[] {
  return [...eachLayer(graph)].flatMap((spec) =>
    activationKeys(spec)
      .filter((key) => (activationName(spec.config[key]!) ?? brief(spec.config[key])) === name)
      .map((key) => ({ path: spec.path, key })),
  );
}

/** The arguments of a layer that name a function each. */
export function activationKeys({ config }: LayerSpec): string[] {
  return Object.keys(config).filter((key) => /activation$/.test(key) && config[key] != null);
}
