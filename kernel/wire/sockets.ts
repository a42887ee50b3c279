import { setImmediate as nextTurn } from "node:timers/promises";
import type { BoundSockets } from "./bind.js";
import { CHANNELS } from "./connection-file.js";
import { createHeader, MessageCodec, type Message } from "./message.js";
import { Outbox } from "./outbox.js";

/** First byte of what an XPUB socket receives, before the topic. https://rfc.zeromq.org/spec/29/ */
const UNSUBSCRIBE = 0;
const SUBSCRIBE = 1;

/** Channels that clients send requests on. */
export type RequestChannel = "shell" | "control" | "stdin";

export interface SocketEvents {
  message(channel: RequestChannel, message: Message): void;
  /** Everything that had arrived on the shell channel has been handed over. */
  shellDrained(): void;
  /** A front end listens from now on; it has been welcomed. */
  subscribed(): void;
  /** A message was dropped or could not be sent. */
  trouble(text: string): void;
}

/**
 * The five sockets of a kernel.
 * https://jupyter-client.readthedocs.io/en/stable/messaging.html#introduction
 */
export class Sockets {
  private readonly outboxes: Record<RequestChannel | "iopub", Outbox>;
  private readonly codec: MessageCodec;

  constructor(
    private readonly sockets: BoundSockets,
    private readonly session: string,
    private readonly events: SocketEvents,
  ) {
    this.codec = new MessageCodec(sockets.connection.key, sockets.connection.signature_scheme);
    const outbox = (channel: RequestChannel | "iopub") =>
      new Outbox(sockets[channel], (error) => events.trouble(`Could not send: ${error.message}`));
    this.outboxes = {
      shell: outbox("shell"),
      control: outbox("control"),
      stdin: outbox("stdin"),
      iopub: outbox("iopub"),
    };
  }

  /** Begins to hand over what arrives. */
  listen(): void {
    for (const channel of ["shell", "control", "stdin"] as const) void this.receive(channel);
    void this.echoHeartbeats();
    void this.welcomeSubscribers();
  }

  send(channel: RequestChannel | "iopub", message: Message): void {
    this.outboxes[channel].send(() => this.codec.encode(message));
  }

  /** True while messages wait on the shell channel that have not been handed over. */
  get shellReadable(): boolean {
    return this.sockets.shell.readable;
  }

  /** Sends what is waiting, then closes all sockets. */
  async close(): Promise<void> {
    await Promise.all(Object.values(this.outboxes).map((outbox) => outbox.flushed()));
    for (const channel of CHANNELS) this.sockets[channel].close();
  }

  private async receive(channel: RequestChannel): Promise<void> {
    const socket = this.sockets[channel];
    for await (const frames of socket) {
      try {
        this.events.message(channel, this.codec.decode(frames));
      } catch (error) {
        this.events.trouble(`Dropped a message on ${channel}: ${(error as Error).message}`);
      }
      if (channel === "shell" && !socket.closed && !socket.readable) this.events.shellDrained();
    }
  }

  /** https://jupyter-client.readthedocs.io/en/stable/messaging.html#heartbeat-for-kernels */
  private async echoHeartbeats(): Promise<void> {
    for await (const frames of this.sockets.hb) {
      await this.sockets.hb.send(frames).catch((error: Error) => this.events.trouble(error.message));
    }
  }

  /** https://jupyter-client.readthedocs.io/en/stable/messaging.html#welcome-message */
  private async welcomeSubscribers(): Promise<void> {
    const { iopub } = this.sockets;
    while (!iopub.closed) {
      // ZeroMQ forgets whose subscription it gave as soon as it hears, in any call on the socket, that another client
      // has gone. So the answer is the first thing that runs after it: from a turn of the event loop of its own, and
      // without an `await` between, which would let a message be sent first.
      await nextTurn();
      if (iopub.closed) return;
      await iopub.receive().then(
        ([frame]) => {
          if (!iopub.closed) this.answerSubscription(frame!);
        },
        (error: Error) => {
          if (!iopub.closed) throw error;
        },
      );
    }
  }

  private answerSubscription(frame: Buffer): void {
    const topic = frame.subarray(1);
    if (frame[0] === UNSUBSCRIBE) this.sockets.iopub.release(topic);
    else if (frame[0] === SUBSCRIBE) this.accept(topic);
  }

  /** The welcome is the first message that the subscriber gets: nothing is sent between, and what waits follows it. */
  private accept(topic: Buffer): void {
    this.sockets.iopub.accept(topic);
    const subscription = topic.toString("utf8");
    if (!Buffer.from(subscription).equals(topic)) return; // not UTF-8: cannot be said in JSON
    const welcome = {
      identities: [topic],
      header: createHeader("iopub_welcome", this.session),
      parentHeader: {},
      metadata: {},
      content: { subscription },
      buffers: [],
    };
    this.outboxes.iopub.sendFirst(() => this.codec.encode(welcome));
    this.events.subscribed();
  }
}
