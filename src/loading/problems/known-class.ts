import type { LayerSpec } from "../../keras/graph.js";
import { knownLayerFor } from "../../layers/known/index.js";
import type { LayerDefinition } from "../../layers/registry.js";
import { storedWeights } from "../report/evidence.js";
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

/** False where the known class, tried on the shapes that reach the layer and its stored weights, is another one. */
export function knownClassFits(spec: LayerSpec, work: Work): boolean {
  const definition = knownLayerFor(spec)?.definition;
  const shapes = work.connection?.inputShapes(spec.path);
  const stored = storedWeights(work, spec);
  const withoutWeights =
    stored.length === 0 && work.file?.layers.every(({ weights }) => weights.length === 0);
  if (!definition || !shapes || withoutWeights) return true;
  let holdsOthers = false;
  try {
    const layer = definition.create(spec, {
      origin: work.origin!,
      storedShapes: stored.map(({ shape }) => shape),
      stored,
      asset: () => null,
      build() {
        holdsOthers = true; // which only a connection makes
        throw new Error("not made in a trial");
      },
      adjust: () => undefined,
    });
    layer.computeOutputShape(shapes.length === 1 ? [...shapes[0]!] : shapes.map((shape) => [...shape]));
    return true;
  } catch {
    return holdsOthers;
  }
}

/** What a layer is made by where the user took that remedy. */
export function chosenKnownClass(spec: LayerSpec, work: Work): LayerDefinition | null {
  const taken = work.decisions.some(({ subject, remedy }) => remedy === KNOWN && subject === spec.className);
  return taken ? (knownLayerFor(spec)?.definition ?? null) : null;
}
