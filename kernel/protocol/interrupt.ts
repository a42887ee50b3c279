import type { Handler } from "./handler.js";

/**
 * Stops what runs; the reply does not wait for it.
 * https://jupyter-client.readthedocs.io/en/stable/messaging.html#kernel-interrupt
 */
export const interrupt: Handler = (kernel) => {
  kernel.interrupt();
  return { status: "ok" };
};
