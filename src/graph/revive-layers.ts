import * as tf from "@tensorflow/tfjs";
import type { GraphFile, LayerObject } from "../formats/graph-contents.js";
import { ComputedLayer, type Shape, type WeightSpec } from "../layers/computed-layer.js";
import type { LayerDefinition } from "../layers/registry.js";
import { functionsOf, type ConcreteFunction } from "./concrete-functions.js";
import { GraphSession, type Prepared } from "./session.js";
import { bindInputs, toTensor, type TensorSpec } from "./signature.js";
import { Variable } from "./resources.js";
import { retain, type GraphValue } from "./value.js";

/**
 * Layers made from the functions that Keras saved with them: a class that nobody knows still runs, with its weights
 * bound like any other layer's (tf_keras `saving/legacy/saved_model/load.py`, `_revive_layer_or_model_from_config`).
 */
export class RevivedLayers {
  private readonly session: GraphSession;
  private readonly definitions = new Map<string, LayerDefinition | null>();

  private constructor(private readonly file: GraphFile) {
    this.session = new GraphSession(file.contents);
  }

  /** Reads what the functions captured beside the layers' own weights. */
  static async open(file: GraphFile): Promise<RevivedLayers> {
    const revived = new RevivedLayers(file);
    await revived.session.initialize();
    for (const { node, variables } of file.contents.layerObjects.values()) {
      const own = new Set(variables);
      const found = revived.callOf(node);
      const foreign = found?.captured.filter((_, i) => !own.has(found.capturedNodes[i]!)) ?? [];
      await revived.session.loadCaptured(foreign);
    }
    return revived;
  }

  /** A definition for the layer at a path; null where the file holds no function for it. */
  definition(path: string): LayerDefinition | null {
    let definition = this.definitions.get(path);
    if (definition === undefined) {
      const object = this.file.contents.layerObjects.get(path);
      const found = object === undefined ? null : this.callOf(object.node);
      definition = object === undefined || found === null ? null : this.define(object, found);
      this.definitions.set(path, definition);
    }
    return definition;
  }

  private callOf(node: number): ConcreteFunction | null {
    const child = this.file.contents.objects?.nodes[node]?.children.find(
      ({ localName }) => localName === "__call__",
    );
    if (child === undefined) return null;
    const [first] = functionsOf(this.session, child.nodeId, "__call__");
    return first !== undefined && first.outputs.length > 0 ? first : null;
  }

  private define(object: LayerObject, found: ConcreteFunction): LayerDefinition {
    const prepared = this.session.prepareFunction(found.definition);
    this.session.refuseOutside(prepared.flat);
    const specs = object.variables.flatMap((node) => this.weightSpec(node));
    const session = this.session;
    return {
      className: "a saved function",
      majors: [1, 2, 3],
      arguments: ["*"],
      namedArguments: ["*"],
      create: (spec) =>
        new ComputedLayer(
          spec.className,
          { name: spec.name },
          {
            weights: () => specs,
            outputShape: () => outputShapes(found.outputs),
            compute: (inputs, { weights }) => run(session, prepared, found, object, inputs, weights),
          },
        ),
    };
  }

  private weightSpec(node: number): WeightSpec[] {
    const kind = this.file.contents.objects?.nodes[node]?.kind;
    if (kind?.case !== "variable") return [];
    const shape = (kind.value.shape?.dim ?? []).map(({ size }) => Number(size));
    return [
      {
        name: kind.value.name.replaceAll("/", "_") || `variable_${node}`,
        shape,
        trainable: kind.value.trainable,
      },
    ];
  }

  dispose(): void {
    this.session.dispose();
  }
}

/** Calls the function with the layer's weights in place of the variables that it captured. */
function run(
  session: GraphSession,
  prepared: Prepared,
  found: ConcreteFunction,
  object: LayerObject,
  inputs: readonly tf.Tensor[],
  weights: readonly tf.Tensor[],
): tf.Tensor | tf.Tensor[] {
  const own: Variable[] = [];
  const captured = found.captured.map((value, i): GraphValue => {
    const at = object.variables.indexOf(found.capturedNodes[i]!);
    if (at < 0) return retain(value);
    const variable = new Variable(found.path, "");
    variable.assign(tf.clone(weights[at]!));
    own.push(variable);
    return variable;
  });
  try {
    const args = [...bindInputs(found.path, found.inputs, inputs.slice(0, found.inputs.length)), ...captured];
    const results = session.executor.runSync(prepared.program, args);
    const tensors = found.outputs.map(({ name }, i) => toTensor(name, results[i]!));
    return tensors.length === 1 ? tensors[0]! : tensors;
  } finally {
    for (const variable of own) variable.dispose();
  }
}

function outputShapes(outputs: readonly TensorSpec[]): Shape | Shape[] {
  const shapes = outputs.map(({ shape }): Shape => [...(shape ?? [null])]);
  return shapes.length === 1 ? shapes[0]! : shapes;
}
