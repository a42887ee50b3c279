import { knownCollection } from "../../layers/known/index.js";
import { resolveLayer } from "../../layers/resolve.js";
import type { Work } from "../work.js";

/** The layers that were made by a definition of ours and by none of the user's: the definition's name, by path. */
export function publicClasses({ madeBy = new Map() }: Work): ReadonlyMap<string, string> {
  const ours: [string, string][] = [];
  for (const [path, { spec, definition }] of madeBy) {
    if (!definition) continue;
    const known = knownCollection.find((each) => each.definition === definition);
    if (known || resolveLayer(spec, new Map()) === definition)
      ours.push([path, known?.className ?? definition.className]);
  }
  return new Map(ours);
}
