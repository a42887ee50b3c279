import { library } from "./library.js";
import type { Magic } from "./magic.js";
import { modelVariable } from "./model-variable.js";

export const summary: Magic = {
  name: "summary",
  kinds: ["line"],
  summary: "Shows the layers of a model as a table.",
  arguments: [{ name: "VARIABLE", summary: "the model, `model` if left out", type: "identifier" }],
  examples: ["%summary", "%summary net"],
  async run({ arguments: given }, { engine, output }) {
    const { isLoadedGraph, showSummary } = await library();
    const variable = String(given["VARIABLE"] ?? "model");
    const value = engine.scope[variable];
    const model = isLoadedGraph(value) ? value : await modelVariable("summary", variable, engine);
    output.display(await showSummary(model, variable));
    return undefined;
  },
};
