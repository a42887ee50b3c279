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
  readonly parent: Parent;
  readonly asked: Extract<RunnerOutput, { type: "input_request" }>;
  /** Whether the client knows of it. */
  sent: boolean;
}

/**
 * Asks the client that sent the cell, and no other; of two questions of a cell the second when the first is answered,
 * since many clients show one at a time and do not say which they answer.
 * https://jupyter-client.readthedocs.io/en/stable/messaging.html#messages-on-the-stdin-router-dealer-channel
 */
export function askInput(kernel: Kernel, parent: Parent, asked: OpenQuestion["asked"]): void {
  const identity = identityOf(parent.identities);
  kernel.questions.push({ id: randomUUID(), identity, parent, asked, sent: false });
  sendNext(kernel, parent);
}

/** Sends the oldest question of a cell, unless another one of it is to be answered. */
function sendNext(kernel: Kernel, parent: Parent): void {
  const ofCell = kernel.questions.filter(
    (question) => question.parent.header.msg_id === parent.header.msg_id,
  );
  const [next] = ofCell;
  if (!next || next.sent) return;
  next.sent = true;
  const { prompt, password } = next.asked;
  kernel.send("stdin", next.parent, "input_request", { prompt, password }, next.id);
}

/** Some clients name the question in the parent header; else it is the latest one that this client was asked. */
export const inputReply: Handler = (kernel, { message }: Request) => {
  const identity = identityOf(message.identities);
  const index = kernel.questions.findLastIndex(({ id }) => id === message.parentHeader.msg_id);
  const latest = (question: OpenQuestion) => question.sent && question.identity === identity;
  const found = index >= 0 ? index : kernel.questions.findLastIndex(latest);
  const [question] = found >= 0 ? kernel.questions.splice(found, 1) : [];
  if (!question) kernel.log("Dropped an input_reply: nothing was asked.");
  else {
    kernel.runner.answer(question.asked.request, stringField(message.content, "value"));
    sendNext(kernel, question.parent);
  }
  return undefined;
};

function identityOf(identities: readonly Buffer[]): string {
  return identities.map((identity) => identity.toString("hex")).join(" ");
}
