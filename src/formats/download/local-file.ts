import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { isAddress } from "./address.js";
import { download, type DownloadOptions } from "./download.js";
import * as say from "./download-failures.js";
import { type Arriving, saveBody } from "./save-body.js";
import { FormatError } from "../model-file.js";

/** A path, an address that the user typed, or what the user already has in memory or arriving. */
export type ModelSource = string | URL | Uint8Array | ArrayBuffer | Blob | Response;

export interface LocalFile {
  readonly path: string;
  /** Where it came from, for the summary; null for a path. */
  readonly note: string | null;
}

/**
 * The source as a file on disk, where it can be read in any order and be larger than the memory. Bytes and responses
 * lie in a temporary folder until the process ends.
 * @throws FormatError as `download`
 */
export async function localFile(source: ModelSource, options: DownloadOptions = {}): Promise<LocalFile> {
  const typed = source instanceof URL && source.protocol !== "file:" ? source.href : source;
  if (typed instanceof URL) return { path: pathOf(typed.href), note: null };
  if (typeof typed === "string") {
    if (!isAddress(typed)) return { path: pathOf(typed), note: null };
    const file = await download(typed, options);
    return {
      path: file.path,
      note: `Downloaded from ${typed}${file.kept ? " before, unchanged since" : ""}.${aloneOf(typed)}`,
    };
  }
  if (typed instanceof Response) return saveResponse(typed, options);
  return { path: await saveBytes(typed), note: "Given as bytes." };
}

/** A path as it is, and the one that a `file:` URL stands for: what follows needs no URL. */
function pathOf(typed: string): string {
  if (!/^file:\/\//i.test(typed)) return typed;
  try {
    return fileURLToPath(typed);
  } catch {
    return typed; // of another host, or with a slash in a name: nothing is there
  }
}

/** No file has an address fetched, so that the weights which `model.json` names stay where they are. */
function aloneOf(address: string): string {
  if (path.posix.basename(new URL(address).pathname) !== "model.json") return "";
  return " This file alone: weights that it names are not fetched. Put all of them into one folder and open that, or let tf.loadLayersModel fetch them.";
}

async function saveResponse(
  response: Response,
  { onProgress, mostBytes = Infinity }: DownloadOptions,
): Promise<LocalFile> {
  const address = response.url === "" ? "the response" : response.url;
  if (!response.ok || response.body === null) throw say.httpStatus(address, response);
  const length = Number(response.headers.get("content-length") ?? NaN);
  const total = Number.isFinite(length) && !response.headers.has("content-encoding") ? length : null;
  let done = 0;
  const file = await save(response.body, nameIn(response.url), {
    total,
    most: mostBytes,
    checkHead: (head) => say.checkNoWebPage(address, head),
    onProgress: (progress) => {
      ({ done } = progress);
      onProgress?.(progress);
    },
  }).catch((error: unknown) => {
    if (error instanceof FormatError) throw error;
    throw error instanceof RangeError
      ? say.tooLarge(address, null, mostBytes)
      : say.broken(address, error, done, total);
  });
  if (total !== null && done < total)
    throw say.broken(address, new Error("the connection ended"), done, total);
  return { path: file, note: `Read from the response of ${address}.` };
}

async function saveBytes(bytes: Uint8Array | ArrayBuffer | Blob): Promise<string> {
  const name = "name" in bytes && typeof bytes.name === "string" ? bytes.name : "model";
  const body = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream();
  return save(body, nameIn(`file:///${name}`), { total: null, most: Infinity, checkHead: () => undefined });
}

type Limits = Pick<Arriving, "total" | "most" | "checkHead" | "onProgress">;

async function save(body: ReadableStream<Uint8Array>, name: string, limits: Limits): Promise<string> {
  const file = path.join(temporaryFolder(), name);
  await saveBody({ ...limits, body: body as unknown as AsyncIterable<Uint8Array>, file, from: 0 });
  return file;
}

function nameIn(address: string): string {
  const pathname = URL.canParse(address) ? new URL(address).pathname : "";
  const name = path.posix.basename(pathname).replace(/[^\w.-]+/g, "_");
  return /[^._]/.test(name) ? name.slice(-80) : "model";
}

let folders: string[] | null = null;

/** A folder of its own, removed when the process ends. */
function temporaryFolder(): string {
  if (folders === null) {
    folders = [];
    process.once("exit", () =>
      folders!.forEach((folder) => fs.rmSync(folder, { recursive: true, force: true })),
    );
  }
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "loadlab-"));
  folders.push(folder);
  return folder;
}
