/** A Jupyter MIME bundle: one object in several representations (protocol, "display_data"). */
export interface MimeBundle {
  readonly data: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** JSON MIME types of our own; each travels with `text/html` and `text/plain`. */
export const MODEL_SUMMARY = "application/vnd.loadlab.summary.v1+json";
export const MODEL_GRAPH = "application/vnd.loadlab.graph.v1+json";
export const PROFILE = "application/vnd.loadlab.profile.v1+json";
export const TENSOR = "application/vnd.loadlab.tensor.v1+json";
export const PROBLEM_CARD = "application/vnd.loadlab.problems.v1+json";

/** Anything with this method shows itself as a bundle; the symbol is Deno's, so libraries for it work here. */
export const JUPYTER_DISPLAY = Symbol.for("Jupyter.display");

export interface Displayable {
  [JUPYTER_DISPLAY](): Record<string, unknown> | Promise<Record<string, unknown>>;
}
