/** What a graph may ask for. Beyond these it is refused or stopped with an error that names the limit. */
export const LIMITS = {
  /** Nodes of the graph and its functions, as the file holds them. */
  nodes: 1_000_000,
  /** Nodes after every call is followed; BERT has some 5,000. */
  inlinedNodes: 200_000,
  /** Functions inside functions. */
  callDepth: 64,
  /** Ops run in one prediction, loops counted: the default of `GraphOptions.steps`. */
  steps: 5_000_000,
  /** Elements of one tensor that a graph makes from a number (Fill, Range, Tile, BroadcastTo, Pad). */
  elements: 2 ** 29,
  /**
   * Elements that all ops of one prediction make together, and so many more for each element that was fed and that
   * the file stores; 32 multiply-adds of a product count as one. BERT-base on 32 texts of 512 tokens makes some 160
   * for each, ResNet152 on 32 pictures 60. `GraphOptions.elements` takes their place.
   */
  elementsOfRun: 2 ** 30,
  elementsPerGiven: 4096,
  /** Elements that are computed once for all runs, as they depend on constants only; beside four of each stored one. */
  foldedElements: 2 ** 26,
} as const;
