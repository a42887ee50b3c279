import type { RequestChannel } from "./wire/sockets.js";
import type { Header, Message } from "./wire/message.js";

/** Who asked: what every message that follows from a request carries back. */
export interface Parent {
  readonly header: Partial<Header>;
  readonly identities: readonly Buffer[];
}

/** One message of a client, and the channel that it came on. */
export interface Request {
  readonly channel: RequestChannel;
  readonly message: Message;
  readonly parent: Parent;
}

export function createRequest(channel: RequestChannel, message: Message): Request {
  return { channel, message, parent: { header: message.header, identities: message.identities } };
}

/** Nobody asked. */
export const NOBODY: Parent = { header: {}, identities: [] };
