import type { Histogram } from "./tensor-statistics.js";

/** A tensor, or part of one, as it is shown, as plain JSON. */
export interface TensorReport {
  /** `Tensor float32 [2, 3]` */
  readonly heading: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  /** `min 0  max 1  mean 0.5  std 0.29`; empty where there is nothing to say. */
  readonly statistics: string;
  readonly histogram: Histogram | null;
  /** The values as NumPy prints them. */
  readonly printed: string;
  /** What it shows, where it is a picture or a row of them. */
  readonly picture: TensorPicture | null;
  /** What can be stepped through while the tensor lives; null where its shape is no stack of planes. */
  readonly planes: Planes | null;
}

export interface TensorPicture {
  /** Base64. */
  readonly png: string;
  readonly width: number;
  readonly height: number;
}

/** The report as it travels to a front end. */
export interface ShownTensorReport extends TensorReport {
  /** Id of the tensor in the process that showed it (shown-values.ts); null where there is nothing to ask. */
  readonly tensor: string | null;
}

/** How many pictures there are to step through: images of a batch, and channels of each. */
export interface Planes {
  readonly images: number;
  readonly channels: number;
}

export interface PlanePicture {
  /** Base64. */
  readonly png: string;
  readonly width: number;
  readonly height: number;
  /** In words: which plane, and what dark and bright stand for. */
  readonly about: string;
}
