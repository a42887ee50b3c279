import * as tf from "@tensorflow/tfjs";
import type { JsonValue } from "../../formats/model-file.js";
import { LayerError } from "../../keras/finding.js";
import type { LayerSpec } from "../../keras/graph.js";
import { isObject } from "../../keras/json.js";
import { constantShape, constantTensor, withConstantTensors } from "../arguments/constant-tensors.js";
import { arrange, shapeList, type Shape, type SignedLayer } from "../computed-layer.js";
import { addLoss } from "./added-losses.js";
import { flatTensors } from "./call-result.js";
import { heldLayers } from "./held-layers.js";
import { trialCall } from "./trial-call.js";

/**
 * A subclass of `tf.layers.Layer` whose constructor takes the saved config, typed as the user likes: arguments by
 * Keras's names (`use_bias`), plain ones by those of tfjs besides (`useBias`).
 */
export type CustomLayerClass = new (config: never) => tf.layers.Layer;

/** A layer made by a class of a user. */
export function fromClass(implementation: CustomLayerClass, spec: LayerSpec): tf.layers.Layer {
  // dtype policies of Keras are no dtypes of tfjs.
  const config = Object.fromEntries(Object.entries(spec.config).filter(([key]) => key !== "dtype"));
  const layer = new implementation({ ...inCamelCase(config), ...config, name: spec.name } as never);
  if (!(layer instanceof tf.layers.Layer)) {
    throw new LayerError(
      "C21",
      undefined,
      `the class registered for ${spec.className} makes no tf.layers.Layer`,
      "only a layer can stand in a model",
      "Let the class extend tf.layers.Layer.",
    );
  }
  layer.name = spec.name;
  return signed(layer, spec);
}

/**
 * Plain values under the names that tfjs has for them, words in its spelling, as a class may extend a layer of tfjs:
 * without `recurrentActivation` its LSTM would take a default that is not Keras's. Initializers do nothing here.
 */
function inCamelCase(config: Readonly<Record<string, JsonValue>>): Record<string, JsonValue> {
  const camel = (text: string) => text.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
  const plain = Object.entries(config).filter(
    ([key, value]) => key.includes("_") && !key.endsWith("_initializer") && !isObject(value),
  );
  return Object.fromEntries(
    plain.map(([key, value]) => [camel(key), typeof value === "string" ? camel(value) : value]),
  );
}

/** Lets a user's layer get the tensors of a call as inputs, and what the call names in the second argument. */
function signed(layer: tf.layers.Layer, spec: LayerSpec): SignedLayer {
  const { computeOutputShape } = layer;
  const says = computeOutputShape !== tf.layers.Layer.prototype.computeOutputShape;
  const call = layer.call.bind(layer);
  const ownBuild = layer.build.bind(layer);
  const build = (shape: tf.Shape | tf.Shape[]) => {
    ownBuild(shape);
    adoptHeld(layer);
  };
  const one = <T>(list: readonly T[]): T | T[] => (list.length === 1 ? list[0]! : [...list]);
  const members: Pick<SignedLayer, "signature" | "callAs" | "shapeAs"> = {
    signature: null,
    callAs(signature, tensors, kwargs) {
      const { positional, named } = arrange(signature, tensors, constantTensor);
      const second = { ...kwargs, addLoss, ...withConstantTensors(named, positional) };
      return flatTensors(call(one(positional), second));
    },
    shapeAs(signature, shapes) {
      const { positional } = arrange<Shape>(signature, shapes, constantShape);
      if (!layer.built) {
        build(one(positional) as tf.Shape);
        layer.built = true;
      }
      const tried = trialCall(signature, shapes, (inputs, named) =>
        flatTensors(call(one(inputs), { training: false, addLoss, ...named })),
      );
      adoptHeld(layer);
      if (!says) return tried;
      const said = computeOutputShape.call(layer, one(positional) as tf.Shape) as Shape | Shape[];
      if (!agree(shapeList(said), shapeList(tried))) throw otherShape(spec.className, said, tried);
      return said;
    },
  };
  const made: SignedLayer = Object.assign(layer, members);
  made.build = (shape) => {
    const { positional } = arrange<Shape>(made.signature, shapeList(shape), constantShape);
    build(one(positional) as tf.Shape);
  };
  made.call = (inputs, kwargs) => made.callAs(made.signature, [inputs].flat(), kwargs ?? {});
  made.computeOutputShape = (shape) => made.shapeAs(made.signature, shapeList(shape));
  return made;
}

/** Takes in the variables of the layers that a class holds in its fields, which TensorFlow.js does not. */
function adoptHeld(layer: tf.layers.Layer): void {
  const inner = layer as unknown as Record<"_trainableWeights" | "_nonTrainableWeights", tf.LayerVariable[]>;
  const known = new Set([...inner._trainableWeights, ...inner._nonTrainableWeights]);
  const added = (list: readonly tf.LayerVariable[]) =>
    list.filter((variable) => !known.has(variable) && known.add(variable));
  for (const { layer: held } of heldLayers(layer)) {
    adoptHeld(held);
    inner._trainableWeights.push(...added(held.trainableWeights));
    inner._nonTrainableWeights.push(...added(held.nonTrainableWeights));
  }
}

/** Lengths that one side leaves open agree with any. */
function agree(said: readonly Shape[], tried: readonly Shape[]): boolean {
  return (
    said.length === tried.length &&
    said.every(
      (shape, i) =>
        shape.length === tried[i]!.length &&
        shape.every((n, axis) => n === null || tried[i]![axis] === null || n === tried[i]![axis]),
    )
  );
}

function otherShape(className: string, said: Shape | Shape[], tried: Shape | Shape[]): LayerError {
  return new LayerError(
    "C21",
    undefined,
    `computeOutputShape says ${JSON.stringify(said)}, and call gives ${JSON.stringify(tried)}`,
    `the class registered for ${className} contradicts itself`,
    "Correct either of the two.",
  );
}
