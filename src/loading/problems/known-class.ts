import type { LayerSpec } from "../../keras/graph.js";
import { knownLayerFor } from "../../layers/known/index.js";
import type { LayerDefinition } from "../../layers/registry.js";
import type { Remedy } from "../problem.js";
import type { Work } from "../work.js";

const KNOWN = "known";

/**
 * The class of a public package that has the name of an unknown one. Offered and never taken by itself: somebody
 * else's class of the same name may compute something else.
 */
export function knownClassRemedy(spec: LayerSpec): Remedy | null {
  const known = knownLayerFor(spec);
  return (
    known && {
      id: KNOWN,
      title: `Take ${known.className} as ${known.source} has it`,
      fidelity: "equivalent",
      command: "%step fix # known",
      code: `session.fix(${JSON.stringify(spec.className)}, "known")`,
    }
  );
}

/** What a layer is made by where the user took that remedy. */
export function chosenKnownClass(spec: LayerSpec, work: Work): LayerDefinition | null {
  const taken = work.decisions.some(({ subject, remedy }) => remedy === KNOWN && subject === spec.className);
  return taken ? (knownLayerFor(spec)?.definition ?? null) : null;
}
