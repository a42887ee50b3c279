/**
 * Runs something slow for each name; while a test waits for one, the next is under way beside it.
 * @returns the run of a name, started at the first call for it or for the name before.
 */
export function oneAhead<T>(
  names: readonly string[],
  run: (name: string) => Promise<T>,
): (name: string) => Promise<T> {
  const runs = new Map<string, Promise<T>>();
  const start = (name: string): Promise<T> => {
    const begun = runs.get(name) ?? run(name);
    runs.set(name, begun);
    return begun;
  };
  return (name) => {
    const wanted = start(name);
    const next = names[names.indexOf(name) + 1];
    // The test that waits for it is told of its failure.
    if (next !== undefined) start(next).catch(() => undefined);
    return wanted;
  };
}
