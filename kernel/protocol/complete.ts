import { toCodePoints, toUtf16 } from "../language/code-points.js";
import type { Completions } from "../language/messages.js";
import { numberField, stringField } from "./content.js";
import type { Handler } from "./handler.js";

/**
 * Completions at the cursor, with kinds for JupyterLab (`_jupyter_types_experimental`).
 * https://jupyter-client.readthedocs.io/en/stable/messaging.html#completion
 */
export const complete: Handler = async ({ language }, { message: { content } }) => {
  const code = stringField(content, "code");
  const cursor = toUtf16(code, numberField(content, "cursor_pos", Infinity));
  return replyOf(code, await language.complete(code, cursor));
};

function replyOf(code: string, { start, end, items }: Completions) {
  const cursor_start = toCodePoints(code, start);
  const cursor_end = toCodePoints(code, end);
  return {
    status: "ok",
    matches: items.map(({ text }) => text),
    cursor_start,
    cursor_end,
    metadata: {
      _jupyter_types_experimental: items.map(({ text, type }) => ({
        text,
        type,
        start: cursor_start,
        end: cursor_end,
      })),
    },
  };
}
