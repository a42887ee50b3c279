import type { CallSignature, CallValue, Shape } from "../layers/computed-layer.js";
import { ComputedLayer } from "../layers/computed-layer.js";
import type { LayerDefinition } from "../layers/registry.js";
import { FIXED_LENGTHS, trialShape } from "../layers/trial-shape.js";
import type { Operation } from "./operation.js";

/** An operation standing in a model as a layer. What it returns is found by running it on zeros. */
export class OperationLayer extends ComputedLayer {
  /** What stands for the inputs then, where zeros do not do. */
  trial: Operation["trial"];

  override shapeAs(signature: CallSignature | null, shapes: readonly Shape[]): Shape | Shape[] {
    return trialShape(shapes, (tensors) => this.callAs(signature, tensors, {}), this.trial, FIXED_LENGTHS);
  }
}

/** The row of the layer table for an operation. */
export function operationDefinition(operation: Operation): LayerDefinition {
  return {
    className: operation.name,
    majors: [3],
    arguments: ["*"],
    // Tensors stay where the call has them: an operation sorts its arguments by itself.
    callArguments: [],
    create(spec) {
      const layer = new OperationLayer(operation.name, spec, {
        outputShape: ([x]) => x!,
        compute: (_, { args, named }) =>
          operation.compute({ ...spec.config, ...byName(operation.parameters, args), ...named }),
      });
      layer.trial = operation.trial;
      return layer;
    },
  };
}

/** Positional arguments under their names; those beyond the names under their numbers. */
export function byName(names: readonly string[], args: readonly CallValue[]): Record<string, CallValue> {
  return Object.fromEntries(args.map((value, i) => [names[i] ?? `${i}`, value]));
}
