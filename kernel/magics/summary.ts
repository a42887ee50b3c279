import { library } from "./library.js";
import type { Magic } from "./magic.js";
import { UsageError } from "./usage-error.js";

export const summary: Magic = {
  name: "summary",
  kinds: ["line"],
  summary: "Shows the layers of a model as a table.",
  arguments: [{ name: "VARIABLE", summary: "the model, `model` if left out", type: "identifier" }],
  examples: ["%summary", "%summary net"],
  async run({ arguments: given }, { engine, output }) {
    const { isLoadedGraph, showSummary, tf } = await library();
    const name = String(given["VARIABLE"] ?? "model");
    const model = engine.scope[name];
    if (isLoadedGraph(model)) {
      output.display(await showSummary(model));
      return undefined;
    }
    if (!(model instanceof tf.LayersModel)) {
      const models = Object.keys(engine.scope).filter((key) => engine.scope[key] instanceof tf.LayersModel);
      const list = models.length > 0 ? ` Models here: ${models.join(", ")}.` : "";
      throw new UsageError(`%summary: ${name} is not a model of layers.${list}`);
    }
    output.display(await showSummary(model));
    return undefined;
  },
};
