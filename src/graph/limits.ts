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
} as const;
