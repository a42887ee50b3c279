import * as tf from "@tensorflow/tfjs";
import { ComputedLayer } from "../layers/computed-layer.js";
import type { KerasOrigin, LayerDefinition } from "../layers/registry.js";
import { underTensorName } from "./apply-call.js";
import type { CallArgument, LayerCall, LayerSpec, TensorRef } from "./graph.js";
import { referencesOf } from "./read-functional.js";

/** Layers of Keras 2 that hand the mask of their input on (`supports_masking` without a `compute_mask`). */
const HAND_ON = new Set([
  "Activation",
  "ActivityRegularization",
  "AlphaDropout",
  "BatchNormalization",
  "BatchNormalizationV1",
  "BatchNormalizationV2",
  "Dense",
  "Dropout",
  "ELU",
  "GaussianDropout",
  "GaussianNoise",
  "Identity",
  "LayerNormalization",
  "LeakyReLU",
  "MultiHeadAttention",
  "PReLU",
  "ReLU",
  "Softmax",
  "SpatialDropout1D",
  "SpatialDropout2D",
  "SpatialDropout3D",
  "ThresholdedReLU",
  "TimeDistributed",
  "UnitNormalization",
  // Of public packages (src/layers/known).
  "FeedForward",
  "PositionEmbedding",
  "ScaledDotProductAttention",
  "SeqSelfAttention",
  "TaskEmbedding",
]);

const MERGES = new Set(["Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum"]);
const RECURRENT = /^(SimpleRNN|LSTM|GRU|RNN|Bidirectional|ConvLSTM[123]D|CuDNN\w+|Unified\w+)(V[12])?$/;

/** Keras 3 itself hands no mask on to a call that names other tensors, such as initial_state (layer.py). */
export function masksStopAtStates({ major, version }: KerasOrigin): boolean {
  return major === 3 && !(version ?? "").includes("loadlab");
}

/**
 * Masks as Keras 1 and 2 carry them along without writing them into the config. Here they become tensors of the
 * graph, as Keras 3 saves them, so that each layer gets exactly its own.
 */
export class ImplicitMasks {
  private readonly masks = new Map<string, tf.SymbolicTensor>();

  private readonly single: boolean;

  constructor(origin: KerasOrigin) {
    this.single = masksStopAtStates(origin);
  }

  /** The mask arguments that Keras would add to a call, as further named arguments with their tensors. */
  argumentsFor(
    call: LayerCall,
    definition: LayerDefinition | null,
  ): { kwargs: Record<string, CallArgument>; tensors: tf.SymbolicTensor[] } {
    const named = definition?.namedArguments ?? [];
    const others = referencesOf({ ...call, args: [] }).length;
    if (this.single && others > 0) return { kwargs: {}, tensors: [] };
    const given = call.kwargs["mask"];
    const masks = referencesOf({ ...call, kwargs: {} }).map((ref) => this.masks.get(key(ref)) ?? null);
    if (masks.every((mask) => mask === null)) return { kwargs: {}, tensors: [] };
    const tensor: CallArgument = { kind: "tensor", ref: { layer: "", nodeIndex: 0, tensorIndex: 0 } };
    if (named.includes("query_mask")) {
      const names = ["query_mask", "value_mask"].filter((_, i) => masks[i]);
      return {
        kwargs: Object.fromEntries(names.map((name) => [name, tensor])),
        tensors: masks.slice(0, 2).filter((mask) => mask !== null),
      };
    }
    if (!named.includes("mask") || (given && !isNull(given))) return { kwargs: {}, tensors: [] };
    if (definition?.className === "Attention" || definition?.className === "AdditiveAttention") {
      const items = masks
        .slice(0, 2)
        .map((mask) => (mask ? tensor : ({ kind: "constant", value: null } as const)));
      return {
        kwargs: { mask: { kind: "list", items } },
        tensors: masks.slice(0, 2).filter((mask) => mask !== null),
      };
    }
    return masks[0] ? { kwargs: { mask: tensor }, tensors: [masks[0]] } : { kwargs: {}, tensors: [] };
  }

  /** Notes the masks of what a call returned. */
  note(spec: LayerSpec, call: LayerCall, inputs: readonly tf.SymbolicTensor[], layer: tf.layers.Layer): void {
    const mask = this.maskAfter(spec, call, inputs);
    if (!mask) return;
    const outputs = layer.inboundNodes.at(-1)?.outputTensors.length ?? 1;
    const both = spec.className === "Bidirectional" && spec.config["merge_mode"] === null;
    for (let tensorIndex = 0; tensorIndex < (both ? Math.min(outputs, 2) : 1); tensorIndex++) {
      this.masks.set(key({ layer: call.layer, nodeIndex: call.nodeIndex, tensorIndex }), mask);
    }
  }

  private maskAfter(
    spec: LayerSpec,
    call: LayerCall,
    inputs: readonly tf.SymbolicTensor[],
  ): tf.SymbolicTensor | null {
    const { className, config } = spec;
    if (className === "Embedding" && config["mask_zero"] === true) {
      return maskLayer(`${spec.name}_mask`, inputs.slice(0, 1), ([x]) => tf.notEqual(x!, 0));
    }
    if (className === "Masking") {
      const value = typeof config["mask_value"] === "number" ? config["mask_value"] : 0;
      return maskLayer(
        `${spec.name}_mask`,
        inputs.slice(0, 1),
        ([x]) => tf.any(tf.notEqual(x!, value), -1),
        -1,
      );
    }
    const masks = referencesOf({ ...call, kwargs: {} }).map((ref) => this.masks.get(key(ref)) ?? null);
    const present = masks.filter((mask) => mask !== null);
    if (present.length === 0) return null;
    if (RECURRENT.test(className)) return sequences(spec) ? (masks[0] ?? null) : null;
    if (MERGES.has(className)) {
      if (present.length === 1) return present[0]!;
      return maskLayer(`${spec.name}_mask`, present, (list) =>
        list.map((m) => tf.cast(m, "float32")).reduce((a, b) => tf.mul(a, b)),
      );
    }
    const attention = className === "Attention" || className === "AdditiveAttention";
    return HAND_ON.has(className) || attention ? (masks[0] ?? null) : null;
  }
}

function sequences(spec: LayerSpec): boolean {
  const config = spec.inner["layer"]?.[0]?.config ?? spec.config;
  return config["return_sequences"] === true;
}

function key({ layer, nodeIndex, tensorIndex }: TensorRef): string {
  return `${nodeIndex} ${tensorIndex} ${layer}`;
}

function isNull(argument: CallArgument): boolean {
  return argument.kind === "constant" && argument.value === null;
}

/**
 * A layer that computes a mask, 1 for what counts and 0 for what does not.
 * @param until end of the input's axes that the mask has, all of them by default
 */
function maskLayer(
  name: string,
  inputs: readonly tf.SymbolicTensor[],
  compute: (inputs: readonly tf.Tensor[]) => tf.Tensor,
  until?: number,
): tf.SymbolicTensor {
  const layer = new ComputedLayer(
    "Mask",
    { name },
    {
      outputShape: ([x]) => x!.slice(0, until),
      compute: (list) => tf.cast(compute(list), "float32"),
    },
  );
  return underTensorName(layer, () => layer.apply([...inputs])) as tf.SymbolicTensor;
}
