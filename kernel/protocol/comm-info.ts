import type { Handler } from "./handler.js";

/**
 * The open comms, of one target or of all.
 * https://jupyter-client.readthedocs.io/en/stable/messaging.html#comm-info
 */
export const commInfo: Handler = (kernel, { message: { content } }) => {
  const wanted = [...kernel.comms].filter(
    ([, target]) => content.target_name == null || target === content.target_name,
  );
  return {
    status: "ok",
    comms: Object.fromEntries(wanted.map(([id, target]) => [id, { target_name: target }])),
  };
};
