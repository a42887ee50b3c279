import { toUtf16 } from "../language/code-points.js";
import { numberField, stringField } from "./content.js";
import type { Handler } from "./handler.js";

/**
 * What is under the cursor: type and documentation, or the signature of the call around it; at level 1 the source.
 * https://jupyter-client.readthedocs.io/en/stable/messaging.html#introspection
 */
export const inspect: Handler = async ({ language }, { message: { content } }) => {
  const code = stringField(content, "code");
  const cursor = toUtf16(code, numberField(content, "cursor_pos", Infinity));
  const level = numberField(content, "detail_level", 0) > 0 ? 1 : 0;
  const found = await language.ask({ type: "inspect", code, cursor, level });
  const data = found ? { "text/plain": found.plain, "text/markdown": found.markdown } : {};
  return { status: "ok", found: found !== null, data, metadata: {} };
};
