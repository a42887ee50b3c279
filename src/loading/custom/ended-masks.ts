import type { LayerSpec } from "../../keras/graph.js";
import { referencesOf } from "../../keras/read-functional.js";
import { eachLayer } from "../../keras/read-graph.js";
import { subjectOf } from "./definitions.js";
import { grouped, settledProblem } from "../problems/keras-problem.js";
import type { Problem } from "../problem.js";
import type { Work } from "../work.js";

/**
 * Layers of the user's at which a mask ends that others behind them would read. Keras before 3 hands it on by
 * `supports_masking` of the class, which no file says; Keras 3 writes masks into the graph.
 */
export function endedMasks(work: Work): Problem[] {
  if (work.origin!.major >= 3) return [];
  const ended = new Set(work.connection!.masksEndAt());
  const layers = [...eachLayer(work.graph!)].filter(
    (spec) => ended.has(spec.path) && isReadBehind(spec, work),
  );
  return grouped(
    layers.map((spec) => {
      const found = `the mask of its input ends at ${spec.className}, which does not say whether it hands masks on`;
      const settled = {
        code: "O08",
        step: "connect" as const,
        subject: `${spec.path}.mask`,
        layer: spec.path,
        found,
        fidelity: "equivalent" as const,
      };
      const name = subjectOf(spec);
      return {
        ...settledProblem(settled, work),
        title: "A mask that ends",
        why: "Keras hands a mask on where the class sets `supports_masking` or has a `compute_mask`. The file does not say so.",
        advice: `If the class does: \`%register_custom --supports-masking ${name} = ...\`, or a class with supportsMasking or computeMask.`,
      };
    }),
  );
}

/** Whether a layer that takes a mask is called on what comes of another. */
function isReadBehind(spec: LayerSpec, work: Work): boolean {
  const graph = graphOf(spec, work);
  const behind = new Set([spec.name]);
  const calls = graph.calls.filter(({ layer }) => layer !== spec.name);
  for (let size = 0; size < behind.size;) {
    size = behind.size;
    for (const call of calls) {
      if (referencesOf(call).some(({ layer }) => behind.has(layer))) behind.add(call.layer);
    }
  }
  const readers = graph.layers.filter(({ name }) => name !== spec.name && behind.has(name));
  return readers.some((reader) => reader.model !== null || takesMask(reader, work));
}

function takesMask({ path }: LayerSpec, { madeBy }: Work): boolean {
  const named = madeBy?.get(path)?.definition?.namedArguments ?? [];
  return named.some((name) => /mask$/.test(name));
}

function graphOf({ path, name }: LayerSpec, { graph }: Work): NonNullable<Work["graph"]> {
  const around = [...eachLayer(graph!)].find(
    ({ model, path: outer }) => model && path === `${outer}/${name}`,
  );
  return around?.model ?? graph!;
}
