type Shape = readonly (number | null)[];

/** Variables that follow each other in what a model trains: those of one layer. */
export interface Row<T> {
  /** Each with its trained ones first; a layer that is known is one group. */
  readonly groups: readonly (readonly T[])[];
  /** Whether some of the variables may not be trained. */
  readonly open: boolean;
}

/** Beyond this many the shapes tell nothing. */
const MOST = 64;

/**
 * All ways to leave out the last variables of groups so that those that stay have the shapes given, row by row, in
 * any order within an open row. @returns what each way leaves out; null where there are too many
 */
export function cutsByShapes<T extends { readonly shape: Shape }>(
  rows: readonly Row<T>[],
  shapes: readonly Shape[],
): ReadonlySet<T>[] | null {
  const found: ReadonlySet<T>[] = [];
  let tries = 0;
  const from = (row: number, at: number, left: readonly T[]): boolean => {
    if (++tries > 5000 || found.length > MOST) return false;
    if (row === rows.length) {
      if (at === shapes.length) found.push(new Set(left));
      return true;
    }
    const { groups, open } = rows[row]!;
    const all = groups.flat();
    const rest = rows.slice(row + 1).reduce((sum, each) => sum + each.groups.flat().length, 0);
    if (!open) {
      const fits = all.every(({ shape }, i) => key(shape) === key(shapes[at + i]));
      return !fits || from(row + 1, at + all.length, left);
    }
    for (
      let size = Math.min(all.length, shapes.length - at);
      size >= 0 && shapes.length - at - size <= rest;
      size--
    ) {
      const out = without(all, shapes.slice(at, at + size));
      if (!out) continue;
      for (const cut of cuts(groups, out)) if (!from(row + 1, at + size, [...left, ...cut])) return false;
    }
    return true;
  };
  return from(0, 0, []) && found.length <= MOST ? found : null;
}

/** The shapes that are too many, counted; null where one of those wanted is not there. */
function without<T extends { readonly shape: Shape }>(
  all: readonly T[],
  wanted: readonly Shape[],
): Map<string, number> | null {
  const counts = new Map<string, number>();
  for (const { shape } of all) counts.set(key(shape), (counts.get(key(shape)) ?? 0) + 1);
  for (const shape of wanted) {
    const count = counts.get(key(shape)) ?? 0;
    if (count === 0) return null;
    counts.set(key(shape), count - 1);
  }
  return counts;
}

/** The ends of groups that together have exactly the shapes counted. */
function* cuts<T extends { readonly shape: Shape }>(
  groups: readonly (readonly T[])[],
  out: ReadonlyMap<string, number>,
): Generator<T[]> {
  const [first, ...others] = groups;
  if (!first) {
    if ([...out.values()].every((count) => count === 0)) yield [];
    return;
  }
  const left = new Map(out);
  for (let end = first.length; ; end--) {
    for (const more of cuts(others, left)) yield [...first.slice(end), ...more];
    if (end === 0) return;
    const next = key(first[end - 1]!.shape);
    const count = left.get(next) ?? 0;
    if (count === 0) return;
    left.set(next, count - 1);
  }
}

function key(shape: Shape | undefined): string {
  return shape ? shape.join("x") : "none";
}
