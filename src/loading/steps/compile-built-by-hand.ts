import * as tf from "@tensorflow/tfjs";
import { graphByHand, hasLayersOfKeras } from "../../keras/graph-by-hand.js";
import type { ModelGraph } from "../../keras/graph.js";
import { eachLayer } from "../../keras/read-graph.js";
import { originOf } from "../../layers/made-from.js";
import { recordTraining } from "../../saving/saved-model-parts.js";
import { compileByHand } from "../../training/compile-by-hand.js";
import { TrainableModel } from "../../training/trainable-model.js";
import { customFunctions } from "../custom/custom-functions.js";

/**
 * Lets `compile` of a model that was put together of Keras's layers, made by `layers` or loaded, take Keras's names of
 * losses and metrics, count what those layers add to the loss, in `fit` and in `evaluate`, and hold weights to their
 * constraints, as Keras does. TensorFlow.js knows of regularizers alone, and leaves them out of `evaluate`. Called once.
 */
export function compileBuiltByHandAsKeras(): void {
  const { compile } = tf.LayersModel.prototype;
  tf.LayersModel.prototype.compile = function (args) {
    // A Sequential hands it on to the model within.
    const isOurs = Object.hasOwn(this, "compile") || this instanceof tf.Sequential;
    if (isOurs || !hasLayersOfKeras(this) || !makeOurs(this)) compile.call(this, args);
    else this.compile(args);
  };
}

/** @returns false where what the model is made of cannot be read; that is said */
function makeOurs(model: tf.LayersModel): boolean {
  try {
    const { graph, layers } = graphByHand(model);
    const origins = [...layers.values()].flatMap((layer) => originOf(layer) ?? []);
    const origin = origins.find(({ major }) => major === 3) ?? origins[0]!;
    compileByHand(model, {
      parts: new TrainableModel(graph, layers, origin),
      origin,
      watched: () => ({ masks: model.outputs.map(() => null), addedLosses: [] }),
      custom: () => customFunctions(["loss", "metric"]),
      compiled: (saved) => recordTraining(model, saved),
    });
    warnOfMasks(model, graph);
    return true;
  } catch (error) {
    console.warn(
      `${model.name} is trained as TensorFlow.js does it: regularizers of outputs, constraints, and penalties in evaluate() do not count. ${(error as Error).message}`,
    );
    return false;
  }
}

/** What the masks of a loaded model's outputs are, its own connection knows; of another's, nobody does. */
function warnOfMasks(model: tf.LayersModel, graph: ModelGraph): void {
  const masks = [...eachLayer(graph)].find(
    ({ className, config }) => className === "Masking" || config["mask_zero"] === true,
  );
  const steps = model.outputs.find(({ shape }) => shape.length > 2);
  if (!masks || !steps) return;
  console.warn(
    `${model.name} has a mask (of ${masks.path}) and gives out steps: where Keras leaves masked steps out of the loss, they count here. To leave them out, give a loss function that multiplies by the mask.`,
  );
}
