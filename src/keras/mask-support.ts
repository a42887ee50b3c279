import * as tf from "@tensorflow/tfjs";
import { isOperation } from "../layers/resolve.js";
import type { LayerSpec } from "./graph.js";
import type { MaskMaking } from "./mask-layer.js";

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
  "EmbeddingSim",
  "EmbeddingSimilarity",
  "FeedForward",
  "PositionEmbedding",
  "ScaledDotProductAttention",
  "SeqSelfAttention",
  "TaskEmbedding",
  "TrigPosEmbedding",
  "keras_hub>TransformerDecoder",
  "keras_hub>TransformerEncoder",
  "keras_nlp>TransformerDecoder",
  "keras_nlp>TransformerEncoder",
]);

/** Layers of Keras 3 that hand the mask of their input on, over those of Keras 2. */
const HAND_ON_IN_3 = new Set([
  ...HAND_ON,
  "GroupNormalization",
  "GroupQueryAttention",
  "GroupedQueryAttention",
  "Normalization",
  "Rescaling",
]);

/** Layers that merge tensors of one shape. */
export const MERGES = new Set(["Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum"]);

/** Whether what a layer returns has a mask where its input has one, in a model of a Keras of this major version. */
export function handsOnMask(spec: LayerSpec, major: number): boolean {
  const className = registeredClass(spec);
  // `x * 0.5` is a Multiply too: an operation's result has no mask.
  if (major === 3 && isOperation(spec)) return false;
  if (MERGES.has(className) || /^(Concatenate|(Additive)?Attention)$/.test(className)) return true;
  const wrapped = spec.inner["layer"]?.[0];
  // What this gives out is the tensor of the layer within, with its mask.
  if (major === 3 && className === "SpectralNormalization" && wrapped) return handsOnMask(wrapped, major);
  return (major === 3 ? HAND_ON_IN_3 : HAND_ON).has(className);
}

/** Layers with `mask_zero`, those of public packages among them. */
const MASKS_ZERO =
  /^(Embedding|EmbeddingRet|TokenEmbedding|(loadlab>)?ReversibleEmbedding|keras_(hub|nlp)>(ReversibleEmbedding|TokenAndPositionEmbedding))$/;

/** The class with the package that registered it, where that is one of the known ones. */
export function registeredClass({ className, registeredName }: LayerSpec): string {
  const registered = className.includes(">") ? className : (registeredName ?? "");
  return /^keras_(hub|nlp)>/.test(registered) ? registered : className;
}

/** The masks that layers make of their data. */
export function maskOfData(className: string, config: LayerSpec["config"]): MaskMaking | null {
  if (MASKS_ZERO.test(className) && config["mask_zero"] === true)
    return { compute: ([x]) => tf.notEqual(x!, 0) };
  if (className !== "Masking") return null;
  const value = typeof config["mask_value"] === "number" ? config["mask_value"] : 0;
  return { compute: ([x]) => tf.any(tf.notEqual(x!, value), -1), until: -1 };
}
