/** One cell that was run; the output is the plain text of its result. */
export interface HistoryEntry {
  readonly session: number;
  readonly line: number;
  readonly input: string;
  readonly output: string | null;
}

/** The cells of this session, and the count that numbers them. */
export class History {
  /** The `n` of the latest `In [n]`. */
  executionCount = 0;
  private readonly entries: HistoryEntry[] = [];

  /** Number for the cell that begins; one that is not stored has the number of the next. */
  countCell(store: boolean): number {
    if (store) this.executionCount++;
    return this.executionCount;
  }

  add(line: number, input: string, output: string | null): void {
    this.entries.push({ session: SESSION, line, input, output });
  }

  tail(n: number): HistoryEntry[] {
    return n > 0 ? this.entries.slice(-n) : [];
  }

  /** Lines from `start` to before `stop`; session 0 is this one, -1 the one before. */
  range(session: number, start: number, stop: number | null): HistoryEntry[] {
    if (session !== 0 && session !== SESSION) return [];
    return this.entries.filter(({ line }) => line >= start && (stop === null || line < stop));
  }

  /** Entries that match a glob, oldest first; with `unique`, the latest of equal inputs only. */
  search(pattern: string, n: number | null, unique: boolean): HistoryEntry[] {
    const glob = globToRegExp(pattern);
    let found = this.entries.filter(({ input }) => glob.test(input));
    if (unique)
      found = found.filter((entry, i) => found.findLastIndex(({ input }) => input === entry.input) === i);
    return n === null ? found : n > 0 ? found.slice(-n) : [];
  }
}

const SESSION = 1;

/** `*` any text, `?` any character, anything else itself. */
function globToRegExp(glob: string): RegExp {
  const escaped = glob
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${escaped}$`, "su");
}
