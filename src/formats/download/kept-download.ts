import { createHash } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { makeFolder } from "../../runtime/make-folder.js";

/** What is known of a download that is kept on disk. */
export interface DownloadState {
  readonly address: string;
  /** By which the server knows whether its file is still the same: an ETag or a date; null where it gives none. */
  readonly validator: string | null;
  readonly total: number | null;
  readonly complete: boolean;
}

/** Where the download of one address is kept: the file, or what has come of it so far. */
export class KeptDownload {
  private readonly folder: string;
  /** The file, once all of it is here. */
  readonly file: string;
  readonly part: string;
  private readonly notes: string;

  constructor(
    readonly address: string,
    folder = defaultFolder(),
  ) {
    this.folder = path.join(folder, createHash("sha256").update(address).digest("hex").slice(0, 16));
    const name = decodeName(new URL(address).pathname)
      .replace(/[^\w.-]+/g, "_")
      .slice(-80);
    this.file = path.join(this.folder, /[^._]/.test(name) ? name : "model");
    this.part = `${this.file}.part`;
    this.notes = path.join(this.folder, "download.json");
  }

  /** Null where nothing was kept, or not of this address. */
  state(): DownloadState | null {
    try {
      const state = JSON.parse(fs.readFileSync(this.notes, "utf8")) as DownloadState;
      const there = fs.existsSync(state.complete ? this.file : this.part);
      return state.address === this.address && there ? state : null;
    } catch {
      return null;
    }
  }

  note(state: Omit<DownloadState, "address">): void {
    makeFolder(this.folder, 0o700);
    fs.writeFileSync(this.notes, JSON.stringify({ address: this.address, ...state }));
  }

  /** Bytes of the part that is here. */
  get partSize(): number {
    return fs.statSync(this.part, { throwIfNoEntry: false })?.size ?? 0;
  }

  /** Bytes that the disk still has room for. */
  get room(): number {
    makeFolder(this.folder, 0o700);
    const { bavail, bsize } = fs.statfsSync(this.folder);
    return bavail * bsize;
  }

  /** The part is all there is. */
  finish(validator: string | null): void {
    fs.renameSync(this.part, this.file);
    this.note({ validator, total: fs.statSync(this.file).size, complete: true });
  }
}

function decodeName(pathname: string): string {
  try {
    return decodeURIComponent(path.posix.basename(pathname));
  } catch {
    return path.posix.basename(pathname);
  }
}

/** `LOADLAB_DOWNLOADS`, else the user's cache. */
function defaultFolder(): string {
  const cache = process.env["XDG_CACHE_HOME"] ?? path.join(os.homedir(), ".cache");
  return process.env["LOADLAB_DOWNLOADS"] ?? path.join(cache, "loadlab", "downloads");
}
