/** How many members of a cut archive were found. */
export function membersFound(count: number): string {
  return count === 1 ? "1 member was found" : `${count} members were found`;
}

/** That a member is cut, and how much of it is gone where that is known. */
export function onlyBeginning(name: string, there: number, size: number | null): string {
  const beginning = `, of ${JSON.stringify(name.slice(0, 80))} only the beginning`;
  if (size === null) return beginning;
  const percent = Math.min(99.9, (100 * (size - there)) / size).toFixed(1);
  return `${beginning} (${size - there} of its ${size} bytes, ${percent} %, are missing)`;
}
