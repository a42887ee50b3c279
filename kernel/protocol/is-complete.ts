import { stringField } from "./content.js";
import type { Handler } from "./handler.js";

/**
 * Whether a console should run the text at Enter, or let the user go on.
 * https://jupyter-client.readthedocs.io/en/stable/messaging.html#code-completeness
 */
export const isComplete: Handler = async (_kernel, { message: { content } }) => {
  const parser = await import("../cells/compile/is-complete.js"); // loads TypeScript: not at start
  return parser.isComplete(stringField(content, "code"));
};
