/**
 * The known names that a mistyped one may have meant, nearest first, at most `limit`.
 * Case, `_`, `-` and a package prefix (`Custom>`) count for nothing; beyond a third of the length nothing is offered.
 */
export function nearestNames(wanted: string, known: Iterable<string>, limit = 3): string[] {
  const target = simplify(wanted);
  const allowed = Math.ceil(target.length / 3);
  return [...new Set(known)]
    .map((name) => ({ name, distance: distanceBetween(target, simplify(name)) }))
    .filter(({ distance }) => distance <= allowed)
    .sort((a, b) => a.distance - b.distance || a.name.localeCompare(b.name))
    .slice(0, limit)
    .map(({ name }) => name);
}

function simplify(name: string): string {
  return name
    .slice(name.lastIndexOf(">") + 1)
    .toLowerCase()
    .replaceAll(/[_-]/g, "")
    .slice(0, 80);
}

/** A name that begins with the other counts as one edit. */
function distanceBetween(a: string, b: string): number {
  if (a.length > 2 && b.startsWith(a)) return a === b ? 0 : 1;
  return editDistance(a, b);
}

/** Levenshtein's distance: the fewest characters to insert, delete or replace. */
export function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[b.length]!;
}
