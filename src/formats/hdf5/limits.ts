/**
 * How much structure a file may have. Real models stay far below: 5,000 layers make some 100,000 items.
 * Rules: facts on HDF5 attacks (shape bombs, cycles, depth), Keras `saving_lib` for the ratio.
 */
export const LIMITS = {
  /** Object headers, links, messages and tree nodes, all together. */
  items: 1_000_000,
  /** Groups inside groups. */
  depth: 64,
  /** Levels of a B-tree or of nested datatypes. */
  treeLevels: 32,
  softLinkHops: 16,
  /** The format's own limit. */
  rank: 32,
  attributeElements: 1_000_000,
  /** A dataset that stores less than it declares may be this large ... */
  sparseBytes: 64 * 2 ** 20,
  /** ... or this many times what it stores (deflate reaches 1,032). */
  expansion: 1_100,
  /** One chunk, unpacked. */
  chunkBytes: 1 << 30,
} as const;
