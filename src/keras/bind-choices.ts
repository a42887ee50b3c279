import type { Fidelity } from "../layers/fidelity.js";

/** How a kernel comes to be read with its axes the other way round. */
export interface Turned {
  readonly detail: string;
  readonly fidelity: Fidelity;
}

/** What the user decided about weights that do not match by themselves. */
export interface BindChoices {
  /**
   * The pairs that are taken for the model at a path (null for the root): those that the alignment shows, others, the
   * file's layer by the model's, or none, where layers go by their names.
   */
  pairsFor(path: string | null): "shown" | ReadonlyMap<string, string> | null;
  /** Of the layer at a path, where its kernel is stored with its axes the other way round; else null. */
  turned(path: string): Turned | null;
  /** Layers of the root that were left out of the model; their weights are left alone. */
  readonly leftOut: ReadonlySet<string>;
}

export const NOTHING_CHOSEN: BindChoices = {
  pairsFor: () => null,
  turned: () => null,
  leftOut: new Set(),
};
