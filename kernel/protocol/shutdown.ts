import { booleanField } from "./content.js";
import type { Handler } from "./handler.js";

/**
 * Ends the runner, then the kernel once the reply is out. To restart, the client starts a new process.
 * https://jupyter-client.readthedocs.io/en/stable/messaging.html#kernel-shutdown
 */
export const shutdown: Handler = async (kernel, { message: { content } }) => {
  const restart = booleanField(content, "restart", false);
  await kernel.stopRunner();
  kernel.closeAfterReply();
  return { status: "ok", restart };
};
