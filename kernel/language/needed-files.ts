/** From cell to cell over so many the type of a name is followed, when all between them have been superseded. */
const MOST_STEPS = 20;

/**
 * Files of cells that are needed, and those that they have names from.
 * @param uses files of the cells, each with the files that it has names from.
 */
export function neededFiles(
  files: readonly string[],
  uses: ReadonlyMap<string, readonly string[]>,
): ReadonlySet<string> {
  const needed = new Set(files);
  let latest: readonly string[] = [...needed];
  for (let step = 0; step < MOST_STEPS && latest.length > 0; step++) {
    latest = [...new Set(latest.flatMap((file) => uses.get(file) ?? []))].filter((file) => !needed.has(file));
    for (const file of latest) needed.add(file);
  }
  return needed;
}
