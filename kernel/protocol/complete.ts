import { numberField, stringField } from "./content.js";
import type { Handler } from "./handler.js";

/**
 * Completions at the cursor. None are known yet, and the answer says so.
 * https://jupyter-client.readthedocs.io/en/stable/messaging.html#completion
 */
export const complete: Handler = (_kernel, { message: { content } }) => {
  const length = [...stringField(content, "code")].length; // the cursor counts code points
  const cursor = Math.min(numberField(content, "cursor_pos", length), length);
  return { status: "ok", matches: [], cursor_start: cursor, cursor_end: cursor, metadata: {} };
};
