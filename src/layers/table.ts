import { ACTIVATION_LAYERS } from "./activation-layers.js";
import { ATTENTION } from "./attention.js";
import { CONVOLUTION } from "./convolution.js";
import { CORE } from "./core.js";
import { MERGING } from "./merging.js";
import { NORMALIZATION } from "./normalization.js";
import { POOLING } from "./pooling.js";
import { PREPROCESSING } from "./preprocessing.js";
import { RECURRENT } from "./recurrent.js";
import { REGULARIZATION } from "./regularization.js";
import type { LayerDefinition } from "./registry.js";
import { RESHAPING } from "./reshaping.js";
import { WRAPPERS } from "./wrappers.js";

/** Every layer that can be made, one row a class. */
export const LAYERS: readonly LayerDefinition[] = [
  ...CORE,
  ...ACTIVATION_LAYERS,
  ...CONVOLUTION,
  ...POOLING,
  ...NORMALIZATION,
  ...RESHAPING,
  ...REGULARIZATION,
  ...MERGING,
  ...RECURRENT,
  ...ATTENTION,
  ...PREPROCESSING,
  ...WRAPPERS,
];
