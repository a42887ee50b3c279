import { randomUUID } from "node:crypto";
import type { Kernel } from "../kernel.js";
import type { Parent, Request } from "../request.js";
import type { RunnerOutput } from "../runner/runner.js";
import { stringField } from "./content.js";
import type { Handler } from "./handler.js";

/** A question that waits for its answer. */
export interface OpenQuestion {
  /** `msg_id` of the input_request. */
  readonly id: string;
  readonly identity: string;
  /** The runner's number for it. */
  readonly request: number;
}

/**
 * Asks the client that sent the cell, and no other.
 * https://jupyter-client.readthedocs.io/en/stable/messaging.html#messages-on-the-stdin-router-dealer-channel
 */
export function askInput(
  kernel: Kernel,
  parent: Parent,
  { prompt, password, request }: Extract<RunnerOutput, { type: "input_request" }>,
): void {
  kernel.questions.push({ id: randomUUID(), identity: identityOf(parent.identities), request });
  kernel.send("stdin", parent, "input_request", { prompt, password }, kernel.questions.at(-1)!.id);
}

/** Some clients name the question in the parent header; else it is the latest one that this client was asked. */
export const inputReply: Handler = (kernel, { message }: Request) => {
  const identity = identityOf(message.identities);
  const index = kernel.questions.findLastIndex(({ id }) => id === message.parentHeader.msg_id);
  const found =
    index >= 0 ? index : kernel.questions.findLastIndex((question) => question.identity === identity);
  const [question] = found >= 0 ? kernel.questions.splice(found, 1) : [];
  if (!question) kernel.log("Dropped an input_reply: nothing was asked.");
  else kernel.runner.answer(question.request, stringField(message.content, "value"));
  return undefined;
};

function identityOf(identities: readonly Buffer[]): string {
  return identities.map((identity) => identity.toString("hex")).join(" ");
}
