import type { Histogram, Statistics } from "../tensor/tensor-statistics.js";

/** What a row of the layer table opens to, as plain JSON. */
export interface LayerDetail {
  readonly config: readonly ConfigEntry[];
  readonly weights: readonly WeightDetail[];
  /** Weights beyond those listed. */
  readonly moreWeights: number;
}

export interface ConfigEntry {
  /** As Keras has it: `use_bias`. */
  readonly name: string;
  readonly value: string;
}

export interface WeightDetail {
  readonly name: string;
  readonly shape: readonly (number | null)[];
  readonly dtype: string;
  readonly trainable: boolean;
  /** Null for what holds no numbers. */
  readonly statistics: Statistics | null;
  readonly histogram: Histogram | null;
}
