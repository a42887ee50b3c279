import * as tf from "@tensorflow/tfjs";
import { nearestNames } from "../names/nearest-names.js";
import { ModelCallError } from "./model-call-error.js";

/** `getLayer` of a name that the model does not have says where such a layer is, or which names are near. */
export function explainGetLayer(): void {
  const { prototype } = tf.LayersModel as unknown as { prototype: { getLayer(...of: unknown[]): unknown } };
  const original = prototype.getLayer;
  prototype.getLayer = function (this: tf.LayersModel, ...of: unknown[]) {
    try {
      return original.apply(this, of);
    } catch (error) {
      const [name] = of;
      if (typeof name !== "string" || this.layers.some((layer) => layer.name === name)) throw error;
      throw new ModelCallError(
        `getLayer(): the model has no layer ${JSON.stringify(name)}.${advice(this, name)}`,
        { cause: error },
      );
    }
  };
}

function advice(model: tf.LayersModel, name: string): string {
  const within = pathTo(model, name);
  if (within) {
    const calls = [...within, name].map((each) => `getLayer(${JSON.stringify(each)})`);
    return ` It is in ${within.join("/")}: model.${calls.join(".")}.`;
  }
  const near = nearestNames(name, model.layers.map((layer) => layer.name)); // prettier-ignore
  return near.length > 0 ? ` Near it: ${near.join(", ")}.` : " model.layers lists them.";
}

/** The models on the way to a layer; null where no model within has it. */
function pathTo(model: tf.LayersModel, name: string): string[] | null {
  if (model.layers.some((layer) => layer.name === name)) return [];
  for (const layer of model.layers) {
    if (!(layer instanceof tf.LayersModel)) continue;
    const rest = pathTo(layer as tf.LayersModel, name);
    if (rest) return [layer.name, ...rest];
  }
  return null;
}
