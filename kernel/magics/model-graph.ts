import { library } from "./library.js";
import type { Magic } from "./magic.js";
import { modelVariable } from "./model-variable.js";

export const modelGraph: Magic = {
  name: "model_graph",
  kinds: ["line"],
  summary: "Draws a model: its layers, or the scopes of a graph, and what flows between them.",
  arguments: [{ name: "VARIABLE", summary: "the model, `model` if left out", type: "identifier" }],
  examples: ["%model_graph", "%model_graph net"],
  async run({ arguments: given }, { engine, output }) {
    const { graphDiagram, isLoadedGraph, layerDiagram, modelGraphBundle, summarize } = await library();
    const value = engine.scope[String(given["VARIABLE"] ?? "model")];
    const diagram = isLoadedGraph(value)
      ? graphDiagram(value)
      : layerDiagram(summarize(await modelVariable("model_graph", given["VARIABLE"], engine)));
    output.display(await modelGraphBundle(diagram));
    return undefined;
  },
};
