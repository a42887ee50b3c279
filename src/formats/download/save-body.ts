import { open } from "node:fs/promises";

/** Called when the size is known, then as bytes arrive, at most some ten times a second. */
export type OnProgress = (progress: DownloadProgress) => void;

export interface DownloadProgress {
  /** Bytes that are here. */
  readonly done: number;
  /** Null where the server does not say. */
  readonly total: number | null;
  /** Bytes that an earlier, broken download had brought. */
  readonly resumedFrom: number;
}

const INTERVAL_MS = 100;

/** A body that is still arriving, and where it goes. */
export interface Arriving {
  readonly body: AsyncIterable<Uint8Array>;
  readonly file: string;
  /** Bytes of the file that stay; what arrives is put after them. */
  readonly from: number;
  readonly total: number | null;
  /** No more than this is written. */
  readonly most: number;
  /** Looks at the first bytes; throws to stop. */
  readonly checkHead: (head: Uint8Array) => void;
  readonly onProgress?: OnProgress | undefined;
}

/**
 * Writes a body to a file as it arrives, so that what is here stays when the connection breaks.
 * @returns bytes of the file
 * @throws RangeError when more arrives than `most`
 */
export async function saveBody(arriving: Arriving): Promise<number> {
  const { body, file, from, total, most, checkHead, onProgress } = arriving;
  const handle = await open(file, from > 0 ? "r+" : "w");
  let done = from;
  let shown = 0;
  try {
    onProgress?.({ done, total, resumedFrom: from });
    for await (const piece of body) {
      if (done === 0) checkHead(piece);
      if (done + piece.byteLength > most) throw new RangeError(`more than ${most} bytes arrive`);
      await handle.write(piece, 0, piece.byteLength, done);
      done += piece.byteLength;
      if (performance.now() - shown < INTERVAL_MS) continue;
      shown = performance.now();
      onProgress?.({ done, total, resumedFrom: from });
    }
    await handle.truncate(done);
    return done;
  } finally {
    onProgress?.({ done, total, resumedFrom: from });
    await handle.close();
  }
}
