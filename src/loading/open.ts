import type * as tf from "@tensorflow/tfjs";
import { localFile, type LocalFile, type ModelSource } from "../formats/download/local-file.js";
import type { OnProgress } from "../formats/download/save-body.js";
import { FormatError } from "../formats/model-file.js";
import { ensureBackend } from "../runtime/choose.js";
import { mismatch, type Recipe } from "./recipe.js";
import { LoadSession } from "./session.js";

export interface OpenOptions {
  /** Called while a file is downloaded: bytes that are here, and how many there will be. */
  readonly onProgress?: OnProgress;
  /** Gives a download up; what has arrived is kept. */
  readonly signal?: AbortSignal;
  /** Where downloads are kept; `LOADLAB_DOWNLOADS` or the user's cache if left out. */
  readonly downloads?: string;
  /** Called with the session before its first step, for whoever goes on with it when that is interrupted. */
  readonly onBegin?: (session: LoadSession) => void;
  /** Pause at every step, problems or not. Default false: only where a decision is needed. */
  readonly step?: boolean;
  /** Decisions of an earlier load of the same file, taken again without asking. */
  readonly recipe?: Recipe;
  /** Compile the model with its saved loss, metrics and optimizer. Default true; what is unknown is left out. */
  readonly compile?: boolean;
  /** Restore the optimizer's slots, so that training goes on where it stopped. Default true. */
  readonly includeOptimizer?: boolean;
}

/**
 * Opens a model file and walks the steps of loading it until the model stands or a decision is needed. Never throws
 * for what is wrong with the file: `session.state` and `session.report()` say it.
 * @param source a file or folder on disk (relative paths start in the process's folder), an address to download from,
 *   or bytes, a Blob or a Response that are there already
 */
export async function openModel(source: ModelSource, options: OpenOptions = {}): Promise<LoadSession> {
  await ensureBackend();
  const { path, note, failure } = await fetched(source, options);
  const { compile = true, includeOptimizer: optimizer = true } = options;
  const session = new LoadSession(path, options.step ?? false, options.recipe?.decisions, {
    compile,
    optimizer,
  });
  options.onBegin?.(session);
  if (note !== null) session.remark(note);
  if (failure !== null) return session.refuse(failure);
  const unlike = options.recipe && (await mismatch(options.recipe, path));
  if (unlike) session.remark(unlike);
  return session.step();
}

interface Fetched extends LocalFile {
  readonly failure: FormatError | null;
}

/** What cannot be downloaded is said as any other file that cannot be opened. */
async function fetched(source: ModelSource, options: OpenOptions): Promise<Fetched> {
  const { onProgress, signal, downloads: folder } = options;
  try {
    const file = await localFile(source, { onProgress, signal, ...(folder !== undefined && { folder }) });
    return { ...file, failure: null };
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return { path: typeof source === "string" ? source : error.finding.where, note: null, failure: error };
  }
}

/**
 * Loads a model that needs no decisions.
 * @throws LoadError that names every problem in the way, with what to do about each
 */
export async function loadModel(source: ModelSource): Promise<tf.LayersModel> {
  const session = await openModel(source);
  try {
    return session.finished();
  } finally {
    session.abort();
  }
}
