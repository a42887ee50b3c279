import type { JsonValue } from "../../formats/model-file.js";
import type { LayerSpec } from "../../keras/graph.js";
import { isObject } from "../../keras/json.js";
import { declaredInputShape } from "../../keras/read-sequential.js";
import { referencesOf } from "../../keras/read-functional.js";
import { locate, storedWeights } from "../report/evidence.js";
import type { Work } from "../work.js";

type Shape = (number | null)[];

/** A layer's output shape, and whether the file has it as such: a kernel behind it tells its last axis alone. */
export interface LikelyShape {
  readonly shape: readonly (number | null)[];
  readonly written: boolean;
}

/**
 * The output shape of a layer as the file has it: Keras 3 writes it beside every tensor of the graph; older files
 * tell the number of features by the kernel of a Dense behind it. Null where nothing tells.
 */
export function storedOutputShape(spec: LayerSpec, work: Work): LikelyShape | null {
  const written = tensorShape(work.file?.config ?? null, spec.name) ?? ownShape(spec);
  if (written) return { shape: written, written: true };
  const likely = fromNext(spec, work);
  return likely && { shape: likely, written: false };
}

/** One output of a layer, where the file writes its shape down: an input's, or any of Keras 3. */
export function writtenShape(source: LayerSpec, index: number, work: Work): Shape | null {
  const input = source.className === "InputLayer" ? declaredInputShape(source.config) : null;
  return (input as Shape | null) ?? tensorShape(work.file?.config ?? null, source.name, index);
}

/** `{"class_name": "__keras_tensor__", "config": {"shape": [...], "keras_history": ["name", 0, 0]}}` */
function tensorShape(config: JsonValue, name: string, index = 0): Shape | null {
  const open = [config];
  while (open.length > 0) {
    const value = open.pop()!;
    if (Array.isArray(value)) open.push(...value);
    else if (isObject(value)) {
      const history = value["keras_history"];
      if (
        Array.isArray(history) &&
        history[0] === name &&
        history[2] === index &&
        Array.isArray(value["shape"])
      )
        return value["shape"] as Shape;
      open.push(...Object.values(value));
    }
  }
  return null;
}

function ownShape({ config }: LayerSpec): Shape | null {
  const said = config["output_shape"] ?? config["target_shape"];
  return Array.isArray(said) && said.every((n) => n === null || typeof n === "number")
    ? [null, ...(said as Shape)]
    : null;
}

function fromNext(spec: LayerSpec, work: Work): Shape | null {
  const graph = work.graph && locate(work.graph, spec.path)?.graph;
  const call = graph?.calls.find((one) => referencesOf(one).some(({ layer }) => layer === spec.name));
  const next = graph?.layers.find(({ name }) => name === call?.layer);
  const kernel = next?.className === "Dense" ? storedWeights(work, next)[0]?.shape : undefined;
  return kernel?.length === 2 ? [null, kernel[0]!] : null;
}
