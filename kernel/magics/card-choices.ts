import type { CardChoices } from "../../src/display/card/card-messages.js";
import type { LoadSession } from "../../src/index.js";
import type { CellEngine } from "../cells/cell-engine.js";
import { library } from "./library.js";

/** What the forms of a load's card offer: variables of the notebook, layers of the model. */
export type ListChoices = (session: LoadSession) => CardChoices;

export async function listsChoices({ scope }: CellEngine): Promise<ListChoices> {
  const { activationNames, customObjects, listFunctions, tf } = await library();
  return ({ layerPaths }) => {
    const functions = Object.keys(scope).filter((name) => typeof scope[name] === "function");
    const isClass = (name: string) =>
      (scope[name] as { readonly prototype?: unknown }).prototype instanceof tf.layers.Layer;
    return {
      classes: functions.filter(isClass),
      functions: functions.filter((name) => !isClass(name)),
      registered: [...customObjects().keys(), ...listFunctions().map(({ name }) => name)],
      layers: layerPaths,
      activations: activationNames(),
    };
  };
}
