/** A layer of a draft as far as its width tells where it can stand. */
export interface Chained {
  /** Features that it takes: null where any do, as at the beginning (an Embedding). */
  readonly takes: number | null;
  readonly gives: number;
  /** True where what comes before may be flattened into it. */
  readonly flattens: boolean;
  /** True where only a first layer can stand. */
  readonly first: boolean;
  /** True of a normalization: seldom the first, and seldom one behind another. */
  readonly normalizes: boolean;
}

/** Attempts after which the order is left as the file has it. */
const MOST_ATTEMPTS = 20_000;

/**
 * An order in which each layer takes what the one before gives. The file's own is kept where it is one; archives of
 * Keras 3 list their groups by name. Null where there is none, or finding it would take long.
 * @returns indices of the layers
 */
export function chainOrder(layers: readonly Chained[]): number[] | null {
  let attempts = 0;
  const extend = (order: number[]): number[] | null => {
    if (order.length === layers.length) return order;
    const before = order.length === 0 ? null : layers[order.at(-1)!]!;
    for (const i of likeliestFirst(layers, before)) {
      const layer = layers[i]!;
      if (order.includes(i) || !follows(before, layer) || ++attempts > MOST_ATTEMPTS) continue;
      const found = extend([...order, i]);
      if (found) return found;
    }
    return null;
  };
  const asStored = layers.every((layer, i) => follows(layers[i - 1] ?? null, layer));
  return asStored ? [...layers.keys()] : extend([]);
}

function likeliestFirst(layers: readonly Chained[], before: Chained | null): number[] {
  const normalized = before === null || before.normalizes;
  const likely = ({ normalizes }: Chained) => normalizes !== normalized;
  const places = [...layers.keys()];
  return [...places.filter((i) => likely(layers[i]!)), ...places.filter((i) => !likely(layers[i]!))];
}

function follows(before: Chained | null, { takes, first, flattens }: Chained): boolean {
  if (before === null) return true;
  if (first || takes === null) return false;
  return takes === before.gives || (flattens && takes > before.gives && takes % before.gives === 0);
}
