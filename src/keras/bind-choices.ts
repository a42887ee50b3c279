/** What the user decided about weights that do not match by themselves. */
export interface BindChoices {
  /**
   * The pairs that are taken for the model at a path (null for the root): those that the alignment shows, others, the
   * file's layer by the model's, or none, where layers go by their names.
   */
  pairsFor(path: string | null): "shown" | ReadonlyMap<string, string> | null;
  /** Whether the kernel of the layer at a path is stored with its axes the other way round. */
  isTurned(path: string): boolean;
  /** Layers of the root that were left out of the model; their weights are left alone. */
  readonly leftOut: ReadonlySet<string>;
}

export const NOTHING_CHOSEN: BindChoices = {
  pairsFor: () => null,
  isTurned: () => false,
  leftOut: new Set(),
};
