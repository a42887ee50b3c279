import * as tf from "@tensorflow/tfjs";
import type { LayerSpec } from "../../keras/graph.js";
import { constantShape } from "../arguments/constant-tensors.js";
import { arrange, ComputedLayer, type CallSignature, type Shape } from "../computed-layer.js";

export interface EachLeaf {
  /** @param name path in the dict, `bounding_boxes.boxes`; empty for a tensor without a dict around it */
  leaf(name: string, tensor: tf.Tensor, training: boolean): tf.Tensor;
  shape(name: string, shape: Shape): Shape;
}

/**
 * A layer that takes a tensor or a dict of them, changes each by itself, and gives the same structure back: its
 * outputs stand in the order of the keys, as Keras flattens a dict.
 */
export class DictLayer extends ComputedLayer {
  constructor(
    spec: LayerSpec,
    private readonly each: EachLeaf,
  ) {
    super(spec.className, spec, {
      outputShape: ([x]) => each.shape("", x!),
      compute: (_, { args, training }) => {
        const found = leaves<tf.Tensor>(args[0], (name, tensor) => each.leaf(name, tensor, training));
        return found.length === 1 ? found[0]! : found;
      },
    });
  }

  override shapeAs(signature: CallSignature | null, shapes: readonly Shape[]): Shape | Shape[] {
    const [data] = arrange<Shape>(signature, shapes, constantShape).args;
    const found = leaves<Shape>(data, (name, shape) => this.each.shape(name, shape));
    return found.length === 1 ? found[0]! : found;
  }
}

/** The parts of a dict in the order of its keys, those of inner dicts in place. */
function leaves<T>(data: unknown, change: (name: string, leaf: T) => T, path = ""): T[] {
  if (!isDict(data)) return [change(path, data as T)];
  return Object.entries(data)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, value]) => leaves<T>(value, change, path === "" ? name : `${path}.${name}`));
}

function isDict(value: unknown): value is object {
  return (
    typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof tf.Tensor)
  );
}
