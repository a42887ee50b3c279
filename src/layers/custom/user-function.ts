import * as tf from "@tensorflow/tfjs";
import { LayerError } from "../../keras/finding.js";
import type { LayerSpec } from "../../keras/graph.js";
import { operationNamed } from "../../ops/call-by-name.js";
import type { Values } from "../../ops/operation.js";
import { stopGradient } from "../../ops/stop-gradient.js";
import { ComputedLayer, type CallValue, type Running } from "../computed-layer.js";
import type { LayerContext } from "../registry.js";
import { addLoss } from "./added-losses.js";
import { flatTensors, type CustomResult } from "./call-result.js";
import { noteFunctionVariable, variableNames } from "./function-variables.js";
import { trialCall } from "./trial-call.js";

/**
 * The layer's computation alone; its weights come from the file, in the file's order. `inputs` is a list where the
 * call has several tensors, `layer([x, y])` or `layer(x, y)`; those that it names are in `named`.
 */
export type CustomLayerCall = (
  inputs: tf.Tensor | tf.Tensor[],
  layer: {
    readonly weights: readonly tf.Tensor[];
    /**
     * The weights of one part, in the file's order, by a step of their paths in the file: `weightsOf("query")` are
     * kernel and bias of a Dense that the class keeps as `self.query`. A .keras file sorts the parts by name.
     */
    weightsOf(part: string): readonly tf.Tensor[];
    readonly config: Readonly<Record<string, unknown>>;
    readonly training: boolean;
    /** False where the layer is frozen: a batch normalization of Keras goes by its averages then, in training too. */
    readonly trainable: boolean;
    /** Which steps of the input count, [batch, steps]; null where all do. */
    readonly mask: tf.Tensor | null;
    /** Arguments that the call names: `factor` of `layer(x, factor=2.0)`. */
    readonly named: Readonly<Record<string, unknown>>;
    /**
     * Gives one of `weights` another value, as Keras does with moving averages in training: the value to be kept, of
     * the weight's shape, behind which no gradient goes. Nothing happens unless `training`.
     */
    update(weight: tf.Tensor, value: tf.Tensor): void;
    /** Adds to the loss in `fit` and `evaluate`, as Keras's `add_loss`: the sum of the tensor. */
    addLoss(value: tf.Tensor): void;
    /**
     * A function of TensorFlow, `keras.ops` or `keras.activations` by its Python name, with its arguments as there:
     * `operation("tf.linalg.band_part", [x, -1, 0])`, `operation("keras.ops.tril", [x], { k: 1 })`.
     */
    operation(name: string, args: readonly CallValue[], named?: Values): tf.Tensor;
  },
) => CustomResult;

class FunctionLayer extends ComputedLayer {
  storedNames: readonly string[] = [];

  /** In the file's order, whichever of them are trained. */
  override get weights(): tf.LayerVariable[] {
    return [...this.variables];
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    super.build(inputShape);
    this.weights.forEach((variable, i) => noteFunctionVariable(variable, this.storedNames[i] ?? "", this));
  }
}

/** Counters and switches stay what they are; numbers of any other precision are computed in float32. */
function dtypeOf(stored: string | undefined): "float32" | "int32" | "bool" {
  if (stored === "bool") return "bool";
  return stored !== undefined && /^u?int/.test(stored) ? "int32" : "float32";
}

/** A layer made by a function of a user. */
export function fromCall(
  implementation: CustomLayerCall,
  spec: LayerSpec,
  context: LayerContext,
): tf.layers.Layer {
  const names = (context.stored ?? []).map(({ name }) => name);
  const plain = variableNames(names, spec.config).map((name, i, all) =>
    all.indexOf(name) === i ? name : undefined,
  );
  const weights = (context.storedShapes ?? []).map((shape, i) => ({
    name: plain[i] ?? `weight_${i}`,
    shape,
    dtype: dtypeOf(context.stored?.[i]?.dtype),
  }));
  const run = (
    inputs: readonly tf.Tensor[],
    { weights: values, variables, training, named }: Omit<Running, "args">,
  ) => {
    const missed = new Set<string>();
    const given = {
      weights: values,
      weightsOf: (part: string) => {
        const found = values.filter((_, i) => names[i]?.split("/").includes(part));
        if (found.length === 0) missed.add(part);
        return found;
      },
      config: spec.config,
      training,
      trainable: layer.trainable,
      mask: named["mask"] instanceof tf.Tensor ? named["mask"] : null,
      named,
      update: (weight: tf.Tensor, value: tf.Tensor) => {
        const variable = variables[values.indexOf(weight)];
        if (training) (variable ?? noWeight(spec)).write(stopGradient(value));
      },
      addLoss,
      operation: operationNamed as (...given: Parameters<typeof operationNamed>) => tf.Tensor,
    };
    try {
      return flatTensors(implementation(inputs.length === 1 ? inputs[0]! : [...inputs], given));
    } catch (error) {
      if (missed.size > 0 && error instanceof Error) error.message += notFound(missed, names);
      throw error;
    }
  };
  const layer: FunctionLayer = new FunctionLayer(spec.className, spec, {
    weights: () => weights,
    outputShape: (shapes) => layer.shapeAs(null, shapes),
    compute: (inputs, running) => run(inputs, running),
  });
  layer.storedNames = names;
  layer.shapeAs = (signature, shapes) =>
    trialCall(signature, shapes, (inputs, named) =>
      run(inputs, {
        weights: weights.map(({ shape, dtype }) => tf.zeros([...shape], dtype)),
        variables: [],
        training: false,
        named,
      }),
    );
  return layer;
}

/** What a function asked for in vain is the likeliest cause of what it threw. */
function notFound(missed: ReadonlySet<string>, names: readonly string[]): string {
  const steps = names.flatMap((name) => name.split("/").slice(0, -1));
  const parts = [...new Set(steps)].filter((step) => !/^(vars|layers|_layer_\w+)$/.test(step)).slice(0, 12);
  const asked = [...missed]
    .slice(0, 3)
    .map((part) => `weightsOf(${JSON.stringify(part)})`)
    .join(", ");
  return ` (${asked} found nothing; the file's parts are ${parts.join(", ")})`;
}

function noWeight({ className }: LayerSpec): never {
  throw new LayerError(
    "C21",
    undefined,
    "update was given a tensor that is none of the layer's weights",
    `the function registered for ${className} can change only what the file has for the layer`,
    "Give it one of `weights` or of `weightsOf(part)` itself, not what was computed of it.",
  );
}
