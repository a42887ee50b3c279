import { randomUUID } from "node:crypto";
import { HistoryFile } from "./history-file.js";

/** One cell that was run; the output is the plain text of its result. */
export interface HistoryEntry {
  readonly session: number;
  readonly line: number;
  readonly input: string;
  readonly output: string | null;
}

/** The cells of all sessions that share a file, and the count that numbers this one's. */
export class History {
  /** The `n` of the latest `In [n]`. */
  executionCount = 0;
  private readonly id = randomUUID();
  private readonly file: HistoryFile;

  /** @param path of the file; null to keep the history of this session alone, in memory. */
  constructor(path: string | null, log: (text: string) => void) {
    this.file = new HistoryFile(path, log);
    this.file.append({ begin: this.id });
  }

  /** Number for the cell that begins; one that is not stored has the number of the next. */
  countCell(store: boolean): number {
    if (store) this.executionCount++;
    return this.executionCount;
  }

  add(line: number, input: string, output: string | null): void {
    this.file.append({ session: this.id, line, input, output });
  }

  tail(n: number): HistoryEntry[] {
    return n > 0 ? this.entries().slice(-n) : [];
  }

  /** Lines from `start` to before `stop`; session 0 is this one, -1 the one before, 1 and up count from the first. */
  range(session: number, start: number, stop: number | null): HistoryEntry[] {
    const entries = this.entries();
    const wanted = session > 0 ? session : this.file.sessionNumber(this.id) + session;
    return entries.filter(
      (entry) => entry.session === wanted && entry.line >= start && (stop === null || entry.line < stop),
    );
  }

  /** Entries that match a glob, oldest first; with `unique`, the latest of equal inputs only. */
  search(pattern: string, n: number | null, unique: boolean): HistoryEntry[] {
    const glob = globToRegExp(pattern);
    const matching = this.entries().filter(({ input }) => glob.test(input));
    const found = unique ? latestOfEach(matching) : matching;
    return n === null ? found : n > 0 ? found.slice(-n) : [];
  }

  private entries(): HistoryEntry[] {
    return this.file.read();
  }
}

function latestOfEach(entries: readonly HistoryEntry[]): HistoryEntry[] {
  const latest = new Map(entries.map((entry) => [entry.input, entry]));
  return entries.filter((entry) => latest.get(entry.input) === entry);
}

/** `*` any text, `?` any character, anything else itself. */
function globToRegExp(glob: string): RegExp {
  const escaped = glob
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${escaped}$`, "su");
}
