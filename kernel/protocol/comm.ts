import type { Kernel } from "../kernel.js";
import type { Parent, Request } from "../request.js";
import type { CommMessage } from "../runner/messages.js";
import { stringField } from "./content.js";
import type { Handler } from "./handler.js";

/**
 * The front end opens a comm; the runner refuses an unknown target with a close.
 * https://jupyter-client.readthedocs.io/en/stable/messaging.html#opening-a-comm
 */
export const commOpen: Handler = async (kernel, request) => {
  const { content } = request.message;
  const targetName = stringField(content, "target_name");
  kernel.comms.set(stringField(content, "comm_id"), targetName);
  await deliver(kernel, request, "open", targetName);
  return undefined;
};

/** https://jupyter-client.readthedocs.io/en/stable/messaging.html#comm-messages */
export const commMsg: Handler = async (kernel, request) => {
  await deliver(kernel, request, "msg");
  return undefined;
};

/** https://jupyter-client.readthedocs.io/en/stable/messaging.html#tearing-down-comms */
export const commClose: Handler = async (kernel, request) => {
  kernel.comms.delete(stringField(request.message.content, "comm_id"));
  await deliver(kernel, request, "close");
  return undefined;
};

async function deliver(
  kernel: Kernel,
  { message, parent }: Request,
  kind: CommMessage["kind"],
  targetName = "",
) {
  const cell = kernel.outputs.open(parent, { silent: false });
  const { content, metadata, buffers } = message;
  await kernel.runner.run({
    type: "comm",
    cell,
    message: {
      kind,
      commId: stringField(content, "comm_id"),
      targetName,
      data: content.data,
      metadata,
      buffers,
    },
  });
  kernel.outputs.close(cell);
}

/** A comm message of user code, out to the front ends. */
export function publishComm(kernel: Kernel, parent: Parent, message: CommMessage): void {
  const { kind, commId, targetName, data, metadata, buffers } = message;
  if (kind === "open") kernel.comms.set(commId, targetName ?? "");
  if (kind === "close") kernel.comms.delete(commId);
  const target = kind === "open" ? { target_name: targetName } : {};
  kernel.publish(parent, `comm_${kind}`, { comm_id: commId, data, ...target }, { metadata, buffers });
}
