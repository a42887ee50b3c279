import { ACTIVATION_LAYERS } from "./activation-layers.js";
import { ADAPTIVE_POOLING } from "./pooling/adaptive-pooling.js";
import { ADDONS_LAYERS } from "./addons/layers.js";
import { ADDED_TO_TRAINING } from "./added-to-training.js";
import { ATTENTION } from "./attention/attention.js";
import { CONVOLUTION } from "./convolution/convolution.js";
import { CORE } from "./core.js";
import { DISCRETIZATION } from "./preprocessing/discretization.js";
import { DOT_ATTENTION } from "./attention/dot-attention.js";
import { DENSE_FEATURES } from "./preprocessing/dense-features.js";
import { DYNAMIC_VOCABULARY } from "./preprocessing/dynamic-vocabulary.js";
import { EINSUM_DENSE } from "./einsum-dense.js";
import { HASHING } from "./preprocessing/hashing.js";
import { IMAGE_CONTRAST } from "./images/image-contrast.js";
import { IMAGE_PREPROCESSING } from "./images/image-preprocessing.js";
import { KERAS_ONE } from "./arguments/keras-one.js";
import { LOCALLY_CONNECTED } from "./convolution/locally-connected.js";
import { LOOKUP } from "./preprocessing/lookup.js";
import { MERGING } from "./merging.js";
import { STATELESS_NORMALIZATION } from "./normalization/stateless-normalization.js";
import { NORMALIZATION } from "./normalization/normalization.js";
import { PIPELINE } from "./preprocessing/pipeline.js";
import { POOLING } from "./pooling/pooling.js";
import { PREPROCESSING } from "./preprocessing/preprocessing.js";
import { RANDOM_COLORS } from "./images/random-colors.js";
import { RANDOM_FOURIER_FEATURES } from "./random-fourier-features.js";
import { RANDOM_GEOMETRY } from "./images/random-geometry.js";
import { RANDOM_MIXING } from "./images/random-mixing.js";
import { RECURRENT } from "./recurrent/recurrent.js";
import { REGULARIZATION } from "./regularization.js";
import type { LayerDefinition } from "./registry.js";
import { RESHAPING } from "./reshaping.js";
import { SPECTROGRAMS } from "./preprocessing/spectrograms.js";
import { TERNARY_DENSE } from "./quantized/ternary-dense.js";
import { TEXT_VECTORIZATION } from "./preprocessing/text-vectorization.js";
import { TENSORFLOW_LAYERS } from "../ops/tensorflow/layers.js";
import { WRAPPERS } from "./recurrent/wrappers.js";

/** Every layer that can be made, one row a class. */
export const LAYERS: readonly LayerDefinition[] = [
  ...CORE,
  EINSUM_DENSE,
  TERNARY_DENSE,
  ...ACTIVATION_LAYERS,
  ...CONVOLUTION,
  ...LOCALLY_CONNECTED,
  ...POOLING,
  ...ADAPTIVE_POOLING,
  ...NORMALIZATION,
  ...STATELESS_NORMALIZATION,
  ...RESHAPING,
  ...REGULARIZATION,
  ...ADDED_TO_TRAINING,
  ...MERGING,
  ...RECURRENT,
  ...ATTENTION,
  ...DOT_ATTENTION,
  ...PREPROCESSING,
  DISCRETIZATION,
  ...LOOKUP,
  ...HASHING,
  TEXT_VECTORIZATION,
  ...DYNAMIC_VOCABULARY,
  DENSE_FEATURES,
  ...IMAGE_PREPROCESSING,
  ...IMAGE_CONTRAST,
  ...RANDOM_COLORS,
  ...RANDOM_GEOMETRY,
  ...RANDOM_MIXING,
  RANDOM_FOURIER_FEATURES,
  PIPELINE,
  ...SPECTROGRAMS,
  ...WRAPPERS,
  ...KERAS_ONE,
  ...TENSORFLOW_LAYERS,
  ...ADDONS_LAYERS,
];
