import type * as tf from "@tensorflow/tfjs";
import { ensureBackend } from "../runtime/choose.js";
import { mismatch, type Recipe } from "./recipe.js";
import { LoadSession } from "./session.js";

export interface OpenOptions {
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
 * @param path a file on disk; relative paths start in the process's folder
 */
export async function openModel(path: string, options: OpenOptions = {}): Promise<LoadSession> {
  await ensureBackend();
  const { compile = true, includeOptimizer: optimizer = true } = options;
  const session = new LoadSession(path, options.step ?? false, options.recipe?.decisions, {
    compile,
    optimizer,
  });
  const unlike = options.recipe && (await mismatch(options.recipe, path));
  if (unlike) session.remark(unlike);
  return session.step();
}

/**
 * Loads a model that needs no decisions.
 * @throws LoadError that names every problem in the way, with what to do about each
 */
export async function loadModel(path: string): Promise<tf.LayersModel> {
  const session = await openModel(path);
  try {
    return session.finished();
  } finally {
    session.abort();
  }
}
