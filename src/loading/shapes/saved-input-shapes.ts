import type { CallArgument, LayerCall, LayerSpec, TensorRef } from "../../keras/graph.js";
import { declaredInputShape } from "../../keras/read-sequential.js";
import { locate } from "../report/evidence.js";
import { writtenShape } from "./stored-output-shape.js";
import type { Work } from "../work.js";

type Shape = readonly (number | null)[];

/** The tensors that a layer is first called on, each with its shape as the file has it; null where the file has none. */
export function savedInputShapes(spec: LayerSpec, work: Work): (Shape | null)[] {
  const graph = work.graph && locate(work.graph, spec.path)?.graph;
  const call = graph?.calls.find(({ layer }) => layer === spec.name);
  const refs = call ? tensorsOf(call) : [];
  if (refs.length <= 1) {
    const own = (declaredInputShape(spec.config) ?? builtShape(spec)) as Shape | null;
    if (own || !refs[0]) return [own];
  }
  return refs.map((ref) => {
    const source = graph!.layers.find(({ name }) => name === ref.layer);
    return source ? writtenShape(source, ref.tensorIndex, work) : null;
  });
}

function tensorsOf({ args }: LayerCall): TensorRef[] {
  const within = (argument: CallArgument): TensorRef[] =>
    argument.kind === "tensor"
      ? [argument.ref]
      : argument.kind === "list"
        ? argument.items.flatMap(within)
        : [];
  return args.flatMap(within);
}

/** `build_config: {"input_shape": [null, 4]}` of Keras 3. */
function builtShape({ buildConfig }: LayerSpec): Shape | null {
  const shape = buildConfig?.["input_shape"];
  return Array.isArray(shape) && shape.every((length) => length === null || typeof length === "number")
    ? (shape as Shape)
    : null;
}
