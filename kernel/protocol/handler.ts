import type { Kernel } from "../kernel.js";
import type { Request } from "../request.js";
import type { Content } from "../wire/message.js";

/**
 * Answers one type of message. What it returns is the content of the reply; undefined for messages that have none.
 * Busy, the reply and idle are sent around it by the kernel, an error that it throws becomes an error reply.
 */
export type Handler = (
  kernel: Kernel,
  request: Request,
) => Content | undefined | Promise<Content | undefined>;
