import { eachLayer } from "../../keras/read-graph.js";
import { subjectOf } from "../custom/definitions.js";
import { asOneLayer } from "../custom/whole-model.js";
import { pythonOf } from "../problems/code-beside.js";
import { evidenceFor } from "../report/evidence.js";
import { usedOutputs } from "../shapes/used-outputs.js";
import type { Work } from "../work.js";
import type { SkeletonSource } from "./skeleton.js";

/**
 * What a load knows about a class (or a Lambda, by its layer's name), with and without its package; null where the
 * model has no such layer.
 */
export function skeletonSource(name: string, work: Work): SkeletonSource | null {
  const whole = work.graph ? null : asOneLayer(work);
  const graph = work.graph ?? whole?.graph;
  if (!graph) return null;
  const known = whole ? { ...work, graph, file: { ...work.file!, layers: whole.layers } } : work;
  const bare = name.slice(name.lastIndexOf(">") + 1);
  const spec = [...eachLayer(graph)].find(
    (layer) => subjectOf(layer) === name || layer.className.replace(/^.*>/, "") === bare,
  );
  const evidence = spec ? evidenceFor(known, spec.path) : null;
  return spec && evidence
    ? { spec, evidence, outputs: usedOutputs(spec, known), python: pythonOf(bare, work) }
    : null;
}
