import { stringField } from "./content.js";
import type { Handler } from "./handler.js";

/**
 * Documentation of what is under the cursor. None is known yet, and the answer says so.
 * https://jupyter-client.readthedocs.io/en/stable/messaging.html#introspection
 */
export const inspect: Handler = (_kernel, { message: { content } }) => {
  stringField(content, "code");
  return { status: "ok", found: false, data: {}, metadata: {} };
};
