import { eachLayer } from "../../keras/read-graph.js";
import { storedLayerOf, storedWeights } from "../report/evidence.js";
import { grouped, settledProblem } from "../problems/keras-problem.js";
import type { Problem } from "../problem.js";
import type { LayerSpec } from "../../keras/graph.js";
import type { Work } from "../work.js";

/** What is unusual about the stored weights and was taken as it is: a text for each layer, or null. */
const LOOKS: readonly {
  readonly code: string;
  look(spec: LayerSpec, work: Work): string | null;
}[] = [
  { code: "W04", look: neverBuilt },
  { code: "W06", look: biasOfGru },
  { code: "W09", look: bfloat16 },
  { code: "W12", look: sharedWeights },
];

export function adjustmentsOfWeights(work: Work): Problem[] {
  const problems = [...eachLayer(work.graph!)].flatMap((spec) =>
    LOOKS.flatMap(({ code, look }) => {
      const found = look(spec, work);
      if (found === null) return [];
      const subject = `${spec.path}.weights`;
      return [
        settledProblem({ code, step: "bind", subject, layer: spec.path, found, fidelity: "exact" }, work),
      ];
    }),
  );
  return grouped(problems);
}

/** Keras 3 builds a layer that stands outside a graph only from its `build_config`. */
function neverBuilt(spec: LayerSpec, work: Work): string | null {
  if (work.origin!.major < 3 || work.file!.format !== "keras-archive" || spec.model || spec.buildConfig)
    return null;
  return spec.className !== "InputLayer" && storedWeights(work, spec).length > 0 && unbuiltThere(spec, work)
    ? "the file has no build_config for it: built from the shapes that reach it"
    : null;
}

/** In a Functional every layer is built by its call; in a Sequential without a shape, none is. */
function unbuiltThere(spec: LayerSpec, { graph }: Work): boolean {
  if (graph!.className !== "Sequential") return false;
  const input = graph!.layers[0]!;
  return !("batch_shape" in input.config) && graph!.layers.some(({ path }) => path === spec.path);
}

function biasOfGru(spec: LayerSpec, work: Work): string | null {
  if (!/^(CuDNN)?GRU$/.test(spec.className) || spec.className.startsWith("CuDNN")) return null;
  const bias = storedWeights(work, spec)[2]?.shape;
  if (!bias) return null;
  const said = spec.config["reset_after"];
  const after = bias.length === 2;
  if (said === after) return null;
  return `the stored bias has ${after ? "two rows" : "one row"}: reset_after is ${after}${said === undefined ? ", which the config does not say" : `, not ${String(said)}`}`;
}

/** Of a layer that several models have, Keras 3 stores the weights with the first, and finds none for the others. */
function sharedWeights(spec: LayerSpec, work: Work): string | null {
  const other = storedLayerOf(work, spec)?.sharedWith;
  return other === undefined
    ? null
    : `its weights stand in the file once, with \`${other}\`: both are one layer of the same name and arguments`;
}

function bfloat16(spec: LayerSpec, work: Work): string | null {
  if (spec.model) return null;
  return storedWeights(work, spec).some(({ dtype }) => dtype === "bfloat16")
    ? "weights in bfloat16, read as float32"
    : null;
}
