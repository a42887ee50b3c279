import { Arguments } from "../layers/arguments.js";
import { ComputedLayer, type CallSignature, type Shape } from "../layers/computed-layer.js";
import type { LayerDefinition } from "../layers/registry.js";
import { trialShape } from "../layers/trial-shape.js";
import type { Operation } from "./operation.js";

/** An operation standing in a model as a layer. What it returns is found by running it on zeros. */
class OperationLayer extends ComputedLayer {
  override shapeAs(signature: CallSignature | null, shapes: readonly Shape[]): Shape | Shape[] {
    return trialShape(shapes, (tensors) => this.callAs(signature, tensors, {}));
  }
}

/** The row of the layer table for an operation. */
export function operationDefinition(className: string, operation: Operation): LayerDefinition {
  return {
    className,
    majors: [3],
    arguments: ["*"],
    // Tensors stay where the call has them: an operation sorts its arguments by itself.
    callArguments: [],
    create(spec) {
      const settings = new Arguments(spec);
      return new OperationLayer(className, spec, {
        outputShape: ([x]) => x!,
        compute: (_, { args, named }) => operation({ args, named, settings }),
      });
    },
  };
}
