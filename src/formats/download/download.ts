import { setTimeout as wait } from "node:timers/promises";
import { FormatError } from "../model-file.js";
import { redirected } from "./address.js";
import * as say from "./download-failures.js";
import { KeptDownload } from "./kept-download.js";
import { type OnProgress, saveBody } from "./save-body.js";

export interface DownloadOptions {
  readonly onProgress?: OnProgress | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Where downloads are kept; `LOADLAB_DOWNLOADS` or the user's cache if left out. */
  readonly folder?: string;
  /** The largest file that is taken, in bytes; as much as the disk has room for if left out. */
  readonly mostBytes?: number;
  /** Without an answer or a byte for so long, in milliseconds, a connection counts as broken; 30 seconds if left out. */
  readonly idleMs?: number;
}

export interface Download {
  /** The file on disk. */
  readonly path: string;
  readonly size: number;
  /** It was here from an earlier time, and the server says that it is still the same. */
  readonly kept: boolean;
}

const REDIRECTIONS = 5;
/** Broken connections in a row without a byte gained. */
const FAILURES = 3;
const PAUSE_MS = 300;
const IDLE_MS = 30_000;

/**
 * Downloads a file from an address that the user typed. What arrives is kept: a broken download goes on where it
 * stopped, at once or the next time, if the server's file is still the same (RFC 9110, Range and If-Range); a whole
 * one is taken again only when the server has another. Nothing but this address, and where its server redirects to,
 * is contacted.
 *
 * @throws FormatError F04 (nothing there, no answer), F02 (a web page), F03 (it breaks off), F18 (refused)
 */
export async function download(address: string, options: DownloadOptions = {}): Promise<Download> {
  return new Downloading(new KeptDownload(address, options.folder), options).run();
}

class Downloading {
  private failures = 0;
  private size = 0;

  constructor(
    private readonly kept: KeptDownload,
    private readonly options: DownloadOptions,
  ) {
    this.size = kept.partSize;
  }

  async run(): Promise<Download> {
    for (;;) {
      try {
        const done = await this.attempt();
        if (done) return done;
      } catch (error) {
        if (error instanceof FormatError || this.options.signal?.aborted) throw error;
        // Without an answer, the copy that is here is the best there is.
        if (this.kept.state()?.complete) return this.done(true);
        await this.afterFailure(error);
      }
    }
  }

  /** Null where another attempt is to be made. */
  private async attempt(): Promise<Download | null> {
    const { kept } = this;
    const idle = new Idle(this.options.idleMs ?? IDLE_MS);
    const response = await idle.during(() => this.request(idle.signal));
    if (response.status === 304) return this.done(true);
    if (response.status === 416) return this.startAfresh(response);
    if (!response.ok || response.body === null) throw say.httpStatus(kept.address, response);
    if (/^text\/html\b/i.test(response.headers.get("content-type") ?? "")) throw say.webPage(kept.address);
    const from = response.status === 206 ? resumePlace(response) : 0;
    if (from !== 0 && from !== kept.partSize) return this.startAfresh(response);
    const total = totalOf(response, from);
    const most = Math.min(this.options.mostBytes ?? Infinity, kept.room + from);
    if (total !== null && total > most) throw say.tooLarge(kept.address, total, most);
    const validator = validatorOf(response);
    kept.note({ validator, total, complete: false });
    const saved = await saveBody({
      body: idle.pieces(response.body as unknown as AsyncIterable<Uint8Array>),
      file: kept.part,
      from,
      total,
      most,
      checkHead: (head) => say.checkNoWebPage(kept.address, head),
      onProgress: this.options.onProgress,
    }).catch((error: unknown) => {
      throw error instanceof RangeError ? say.tooLarge(kept.address, null, most) : error;
    });
    if (total !== null && saved < total) throw new Error(`it ended after ${saved} of ${total} bytes`);
    kept.finish(validator);
    return this.done(false);
  }

  /** For a server that does not go on where the download stopped. */
  private async startAfresh(response: Response): Promise<null> {
    await response.body?.cancel();
    this.kept.note({ validator: null, total: null, complete: false });
    return null;
  }

  private async done(kept: boolean): Promise<Download> {
    const size = this.kept.state()?.total ?? 0;
    if (kept) this.options.onProgress?.({ done: size, total: size, resumedFrom: size });
    return { path: this.kept.file, size, kept };
  }

  private async request(idle: AbortSignal): Promise<Response> {
    let url = new URL(this.kept.address);
    const signal = AbortSignal.any([idle, ...(this.options.signal ? [this.options.signal] : [])]);
    for (let hop = 0; hop <= REDIRECTIONS; hop++) {
      const headers = { "accept-encoding": "identity", "user-agent": "loadlab", ...this.conditions() };
      const response = await fetch(url, { headers, redirect: "manual", signal });
      if (response.status < 300 || response.status >= 400 || response.status === 304) return response;
      await response.body?.cancel();
      url = redirected(url, response.headers.get("location"));
    }
    throw say.tooManyRedirections(this.kept.address);
  }

  /** Only what is new: the rest of a part, or another file than the one that is here. */
  private conditions(): Record<string, string> {
    const state = this.kept.state();
    if (state === null || state.validator === null) return {};
    if (state.complete) {
      return isTag(state.validator)
        ? { "if-none-match": state.validator }
        : { "if-modified-since": state.validator };
    }
    const { partSize } = this.kept;
    return partSize > 0 ? { range: `bytes=${partSize}-`, "if-range": state.validator } : {};
  }

  /** @throws FormatError when it is no use to try again */
  private async afterFailure(error: unknown): Promise<void> {
    const { partSize } = this.kept;
    this.failures = partSize > this.size ? 0 : this.failures + 1;
    this.size = partSize;
    const state = this.kept.state();
    if (this.failures >= FAILURES) throw say.broken(this.kept.address, error, partSize, state?.total ?? null);
    await wait(PAUSE_MS * 2 ** this.failures, undefined, { signal: this.options.signal });
  }
}

/** Gives up a connection on which nothing arrives any more. */
class Idle {
  readonly #controller = new AbortController();

  constructor(private readonly ms: number) {}

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** A wait for one thing: the answer, or a piece of it. */
  async during<T>(arrives: () => Promise<T>): Promise<T> {
    const reason = new Error(`nothing arrived for ${this.ms / 1000} seconds`);
    const timer = setTimeout(() => this.#controller.abort(reason), this.ms);
    try {
      return await arrives();
    } finally {
      clearTimeout(timer);
    }
  }

  async *pieces(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    const iterator = body[Symbol.asyncIterator]();
    try {
      for (;;) {
        const { done, value } = await this.during(() => iterator.next());
        if (done === true) return;
        yield value;
      }
    } finally {
      await iterator.return?.();
    }
  }
}

/** `bytes 500-999/1000` begins at 500. */
function resumePlace(response: Response): number {
  return Number(/^bytes (\d+)-/.exec(response.headers.get("content-range") ?? "")?.[1] ?? 0);
}

function totalOf(response: Response, from: number): number | null {
  const whole = /\/(\d+)$/.exec(response.headers.get("content-range") ?? "")?.[1];
  if (whole !== undefined) return Number(whole);
  const length = response.headers.get("content-length");
  const coded = (response.headers.get("content-encoding") ?? "identity") !== "identity";
  return length === null || coded ? null : from + Number(length);
}

/** A weak tag cannot be resumed by; a date can. */
function validatorOf(response: Response): string | null {
  const tag = response.headers.get("etag");
  return tag !== null && isTag(tag) ? tag : response.headers.get("last-modified");
}

const isTag = (validator: string): boolean => validator.startsWith('"');
