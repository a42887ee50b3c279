import type { Kernel } from "../kernel.js";
import type { HistoryEntry } from "../history.js";
import type { Content } from "../wire/message.js";
import { booleanField, BadRequest, numberField, stringField } from "./content.js";
import type { Handler } from "./handler.js";

/**
 * Earlier cells: the last ones, a range, or those that match a pattern.
 * https://jupyter-client.readthedocs.io/en/stable/messaging.html#history
 */
export const history: Handler = (kernel, { message: { content } }) => {
  const withOutput = booleanField(content, "output", false);
  const entries = select(kernel, content).map(({ session, line, input, output }) => [
    session,
    line,
    withOutput ? [input, output] : input,
  ]);
  return { status: "ok", history: entries };
};

function select({ history }: Kernel, content: Content): HistoryEntry[] {
  const accessType = stringField(content, "hist_access_type");
  const n = content.n == null ? null : numberField(content, "n");
  if (accessType === "tail") return history.tail(n ?? 10);
  if (accessType === "search")
    return history.search(stringField(content, "pattern", "*"), n, booleanField(content, "unique", false));
  if (accessType !== "range")
    throw new BadRequest(`"hist_access_type" is tail, range or search, not "${accessType}"`);
  const stop = content.stop == null ? null : numberField(content, "stop");
  return history.range(numberField(content, "session", 0), numberField(content, "start", 1), stop);
}
