import * as tf from "@tensorflow/tfjs";
import { LayerError } from "../keras/finding.js";
import type { LayerSpec } from "../keras/graph.js";
import { ComputedLayer, shapeList, type Shape } from "./computed-layer.js";
import type { LayerContext, LayerDefinition } from "./registry.js";
import { trialShape } from "./trial-shape.js";

/** A subclass of `tf.layers.Layer` whose constructor takes the saved config, typed as the user likes. */
export type CustomLayerClass = new (config: never) => tf.layers.Layer;

/** The layer's computation alone; its weights come from the file, in the file's order. */
export type CustomLayerCall = (
  inputs: tf.Tensor | tf.Tensor[],
  layer: {
    readonly weights: readonly tf.Tensor[];
    readonly config: Readonly<Record<string, unknown>>;
    readonly training: boolean;
  },
) => tf.Tensor | tf.Tensor[];

/**
 * A definition from what a user registered. The output shape is found by a trial run where the class does not
 * override `computeOutputShape`.
 * @param className the class as the file names it, `MyAttention` or `pkg>MyAttention`
 */
export function customLayer(
  className: string,
  implementation: CustomLayerClass | CustomLayerCall,
): LayerDefinition {
  return {
    className,
    majors: [1, 2, 3],
    arguments: ["*"],
    create: (spec, context) =>
      isLayerClass(implementation)
        ? fromClass(implementation, spec)
        : fromCall(implementation, spec, context),
  };
}

export function isLayerClass(value: CustomLayerClass | CustomLayerCall): value is CustomLayerClass {
  return value.prototype instanceof tf.layers.Layer;
}

function fromClass(implementation: CustomLayerClass, spec: LayerSpec): tf.layers.Layer {
  // dtype policies of Keras are no dtypes of tfjs.
  const config = Object.fromEntries(Object.entries(spec.config).filter(([key]) => key !== "dtype"));
  const layer = new implementation({ ...config, name: spec.name } as never);
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
  const own = layer.computeOutputShape;
  const says = own !== tf.layers.Layer.prototype.computeOutputShape;
  layer.computeOutputShape = (shape) => {
    if (!layer.built) {
      layer.build(shape);
      layer.built = true;
    }
    const tried = trialShape(shapeList(shape), (inputs) =>
      layer.call(inputs.length === 1 ? inputs[0]! : inputs, { training: false }),
    );
    if (!says) return tried;
    const said = own.call(layer, shape) as Shape | Shape[];
    if (!agree(shapeList(said), shapeList(tried))) throw otherShape(spec.className, said, tried);
    return said;
  };
  return layer;
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

function fromCall(implementation: CustomLayerCall, spec: LayerSpec, context: LayerContext): tf.layers.Layer {
  const weights = (context.storedShapes ?? []).map((shape, i) => ({ name: `weight_${i}`, shape }));
  const run = (inputs: readonly tf.Tensor[], values: readonly tf.Tensor[], training: boolean) =>
    implementation(inputs.length === 1 ? inputs[0]! : [...inputs], {
      weights: values,
      config: spec.config,
      training,
    });
  return new ComputedLayer(spec.className, spec, {
    weights: () => weights,
    outputShape: (shapes): Shape | Shape[] =>
      trialShape(shapes, (inputs) =>
        run(
          inputs,
          weights.map(({ shape }) => tf.zeros([...shape])),
          false,
        ),
      ),
    compute: (inputs, layer) => run(inputs, layer.weights, layer.training),
  });
}
