import { closeSync, fstatSync, openSync, readSync, writeSync } from "node:fs";
import path from "node:path";
import { makeFolder } from "../src/runtime/make-folder.js";
import type { HistoryEntry } from "./history.js";

type Line =
  | { readonly begin: string }
  | {
      readonly session: string;
      readonly line: number;
      readonly input: string;
      readonly output: string | null;
    };

/**
 * Cells as lines of JSON, one file for all kernels of a user. Lines are only ever appended, each in one write, so
 * several kernels can use it at once; a session's number is the place of its first line among all sessions.
 */
export class HistoryFile {
  private readonly sessions = new Map<string, number>();
  private readonly entries: HistoryEntry[] = [];
  private descriptor: number | null = null;
  /** Bytes of the file that have been read, always whole lines. */
  private offset = 0;

  /** @param path null for none: then this holds what is appended here. */
  constructor(
    path: string | null,
    private readonly log: (text: string) => void,
  ) {
    if (path !== null) this.open(path);
  }

  append(line: Line): void {
    if (this.descriptor === null) return this.note(line);
    this.attempt(() => writeSync(this.descriptor!, `${JSON.stringify(line)}\n`));
  }

  /** All cells, oldest first, also those that other kernels have added meanwhile. */
  read(): HistoryEntry[] {
    this.attempt(() => this.readNew());
    return this.entries;
  }

  /** 1 for the first session in the file. */
  sessionNumber(id: string): number {
    this.read();
    return this.sessions.get(id) ?? this.sessions.size;
  }

  private open(file: string): void {
    this.attempt(() => {
      makeFolder(path.dirname(file), 0o700);
      this.descriptor = openSync(file, "a+", 0o600); // what was typed may hold secrets
    });
  }

  private readNew(): void {
    if (this.descriptor === null) return;
    const bytes = Buffer.alloc(Math.max(0, fstatSync(this.descriptor).size - this.offset));
    const length = readSync(this.descriptor, bytes, 0, bytes.length, this.offset);
    const end = bytes.subarray(0, length).lastIndexOf("\n") + 1;
    this.offset += end;
    for (const text of bytes.toString("utf8", 0, end).split("\n")) this.noteText(text);
  }

  private noteText(text: string): void {
    if (text === "") return;
    try {
      this.note(JSON.parse(text) as Line);
    } catch {
      // a line that was cut short by a full disk; the others are good
    }
  }

  private note(line: Line): void {
    if ("begin" in line) this.sessions.set(line.begin, this.sessions.size + 1);
    else this.entries.push({ ...line, session: this.sessions.get(line.session) ?? 0 });
  }

  /** A history that cannot be kept must not stop a cell. */
  private attempt(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.log(`The history cannot be kept: ${(error as Error).message}`);
      if (this.descriptor !== null) closeSync(this.descriptor);
      this.descriptor = null;
    }
  }
}
