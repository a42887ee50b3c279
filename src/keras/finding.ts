import type { Alignable } from "./align-layers.js";
import { OwnError } from "../own-error.js";

/** One thing that is wrong with a model's config, graph or weights: data for a problem card. */
export interface KerasFinding {
  /** Code of the taxonomy: `G02`, `C01`, `A24`, `W03`. */
  readonly code: string;
  /** In place of what the code is called in general. */
  readonly title?: string;
  /** Path of the layer, null where the model as a whole is meant. */
  readonly layer: string | null;
  /** The argument of the layer's config, where one is to blame. */
  readonly argument?: string;
  /** What was found there. */
  readonly found: string;
  /** The line of the user's own code that threw it: `Cell [3], line 4`. */
  readonly thrownAt?: string;
  /** Why that stops or changes the model. */
  readonly why: string;
  /** What to do next. */
  readonly advice: string;
  /** Both sides' layers with weights, where they do not match. */
  readonly alignment?: readonly AlignedRow[];
  /** True when no model, or only part of one, can be had until this is mended. */
  readonly blocking: boolean;
}

/** A layer of the model beside the stored weights that go with it; null where the other side has none. */
export interface AlignedRow {
  readonly model: Alignable | null;
  readonly file: Alignable | null;
}

/** A layer that cannot be made or called, thrown by layer definitions and collected by `connectModel`. */
export class LayerError extends OwnError {
  override readonly name = "LayerError";
  constructor(
    readonly code: string,
    readonly argument: string | undefined,
    readonly found: string,
    readonly why: string,
    readonly advice: string,
    options?: ErrorOptions,
    /** Path of the layer, where it is another than the one being made: an inner layer of a wrapper. */
    readonly layer?: string,
  ) {
    super(`${found}: ${why}`, options);
  }
}
