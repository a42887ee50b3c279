import type { Drawable } from "../../src/index.js";
import { library } from "./library.js";
import { loadOfVariable } from "./load-state.js";
import type { Magic, MagicContext } from "./magic.js";
import { modelVariable } from "./model-variable.js";

export const modelGraph: Magic = {
  name: "model_graph",
  kinds: ["line"],
  summary:
    "Draws a model: its layers, or the scopes of a graph, and what flows between them; while a load waits, where.",
  arguments: [{ name: "VARIABLE", summary: "the model, `model` if left out", type: "identifier" }],
  examples: ["%model_graph", "%model_graph net"],
  async run({ arguments: given }, context) {
    const { showGraph } = await library();
    const bundle = await showGraph(await drawable(given["VARIABLE"], context));
    if (bundle) context.output.display(bundle);
    else context.output.stream("stdout", "The file that is being loaded has no architecture to draw.\n");
    return undefined;
  },
};

/** The model of a variable; where there is none yet, the load that is to make it. */
async function drawable(name: unknown, { engine }: MagicContext): Promise<Drawable> {
  const { isLoadedGraph } = await library();
  const variable = String(name ?? "model");
  const value = engine.scope[variable];
  if (isLoadedGraph(value)) return value;
  const load = loadOfVariable(engine, variable);
  return load !== null && !load.session.model ? load.session : modelVariable("model_graph", name, engine);
}
