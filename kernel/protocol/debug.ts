import type { DebugRequest } from "../debugger/dap.js";
import { numberField, stringField } from "./content.js";
import type { Handler } from "./handler.js";
import type { Content } from "../wire/message.js";

/**
 * A request of the Debug Adapter Protocol, answered by the process that runs the cells.
 * https://jupyter-client.readthedocs.io/en/stable/messaging.html#debug-request
 */
export const debug: Handler = async (kernel, { message }) => {
  const { content, header } = message;
  numberField(content, "seq", 0);
  stringField(content, "command");
  return (await kernel.runner.debug(
    content as unknown as DebugRequest,
    header.session,
  )) as unknown as Content;
};
