import { Damage } from "./failures.js";
import type { Span } from "./metadata.js";

/** Values of a dataset that lie together, or a structure. */
interface Piece<Owner> extends Span {
  /** Null for a structure. */
  readonly owner: Owner | null;
}

/** Values whose place cannot be theirs. */
export interface Doubt<Owner> {
  readonly owner: Owner;
  readonly damage: Damage;
}

/**
 * Values that lie over other values or over a structure, and values that lie by themselves in what nothing else uses
 * while a hole of just their size is left between others: an address has changed. Of two values that lie over each
 * other nothing tells whose address it was.
 * @param values those of all datasets; `what` is the path
 * @param end where the file ends
 */
export function doubtedPlaces<Owner>(
  structures: readonly Span[],
  values: readonly (Span & { readonly owner: Owner })[],
  end: number,
): Doubt<Owner>[] {
  const pieces: Piece<Owner>[] = [...structures.map((span) => ({ ...span, owner: null })), ...values];
  pieces.sort((a, b) => a.start - b.start);
  return [...overlapping(pieces), ...strayed(pieces, end)];
}

function overlapping<Owner>(pieces: readonly Piece<Owner>[]): Doubt<Owner>[] {
  const doubts: Doubt<Owner>[] = [];
  let last: Piece<Owner> | undefined;
  for (const next of pieces) {
    if (last && next.start < last.end) doubts.push(...doubted(last, next), ...doubted(next, last));
    if (!last || next.end > last.end) last = next;
  }
  return doubts;
}

function doubted<Owner>(piece: Piece<Owner>, other: Piece<Owner>): Doubt<Owner>[] {
  if (piece.owner === null) return [];
  const place = other.owner === null ? `${other.what} at byte ${other.start}` : `the values of ${other.what}`;
  const detail = `the values of ${piece.what} lie over ${place}`;
  return [{ owner: piece.owner, damage: new Damage(piece.start, detail) }];
}

function strayed<Owner>(pieces: readonly Piece<Owner>[], end: number): Doubt<Owner>[] {
  const alone: Piece<Owner>[] = [];
  const holes = new Map<number, number>();
  let last: Piece<Owner> | undefined;
  pieces.forEach((piece, i) => {
    const before = last?.end ?? 0;
    const after = pieces[i + 1]?.start ?? end;
    const beside = piece.owner !== null && last && last.owner !== null;
    if (piece.start > before && beside) holes.set(piece.start - before, before);
    if (piece.owner !== null && piece.start > before && piece.end < after) alone.push(piece);
    if (!last || piece.end > last.end) last = piece;
  });
  return alone.flatMap(({ owner, start, end: stop, what }) => {
    const hole = holes.get(stop - start);
    if (owner === null || hole === undefined) return [];
    // The rest of the place that h5py freed: values that were written again in half as many bytes.
    if (hole === stop || hole + (stop - start) === start) return [];
    const detail = `the values of ${what} lie where nothing else does, while a hole of their size is left at byte ${hole}`;
    return [{ owner, damage: new Damage(start, detail) }];
  });
}
