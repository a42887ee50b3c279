import { Router, XPublisher } from "zeromq";
import { address, type Channel, type ConnectionInfo } from "./connection-file.js";
import { createHeader, MessageCodec, type Message } from "./message.js";
import { Outbox } from "./outbox.js";

/** Channels that clients send requests on. */
export type RequestChannel = "shell" | "control" | "stdin";

export interface SocketEvents {
  message(channel: RequestChannel, message: Message): void;
  /** Everything that had arrived on the shell channel has been handed over. */
  shellDrained(): void;
  /** A message was dropped or could not be sent. */
  trouble(text: string): void;
}

/** Linger at close, so that the last replies leave the process. */
const LINGER_MS = 1000;
const MAX_MESSAGE_BYTES = 2 ** 30;

/**
 * The five sockets of a kernel.
 * https://jupyter-client.readthedocs.io/en/stable/messaging.html#introduction
 */
export class Sockets {
  private readonly requests: Record<RequestChannel, Router>;
  private readonly heartbeat: Router;
  private readonly iopub: XPublisher;
  private readonly outboxes: Record<RequestChannel | "iopub", Outbox>;
  private readonly codec: MessageCodec;

  private constructor(
    connection: ConnectionInfo,
    private readonly session: string,
    private readonly events: SocketEvents,
  ) {
    this.codec = new MessageCodec(connection.key);
    const options = {
      linger: LINGER_MS,
      sendHighWaterMark: 0,
      maxMessageSize: MAX_MESSAGE_BYTES,
      ...encryption(connection),
    };
    const router = () => new Router(options);
    this.requests = { shell: router(), control: router(), stdin: router() };
    this.heartbeat = router();
    this.iopub = new XPublisher(options);
    this.iopub.verbosity = "allSubs"; // a second client with the same subscription is welcomed too
    const outbox = (socket: Router | XPublisher) =>
      new Outbox(socket, (error) => events.trouble(`Could not send: ${error.message}`));
    this.outboxes = {
      shell: outbox(this.requests.shell),
      control: outbox(this.requests.control),
      stdin: outbox(this.requests.stdin),
      iopub: outbox(this.iopub),
    };
  }

  /** @throws Error naming the channel and the address that is taken or wrong. */
  static async bind(connection: ConnectionInfo, session: string, events: SocketEvents): Promise<Sockets> {
    const sockets = new Sockets(connection, session, events);
    const bind = async (socket: Router | XPublisher, channel: Channel) => {
      const where = address(connection, channel);
      await socket.bind(where).catch((error: Error) => {
        throw new Error(`Cannot bind the ${channel} socket to ${where}: ${error.message}`, { cause: error });
      });
    };
    await bind(sockets.requests.shell, "shell");
    await bind(sockets.requests.control, "control");
    await bind(sockets.requests.stdin, "stdin");
    await bind(sockets.iopub, "iopub");
    await bind(sockets.heartbeat, "hb");
    for (const channel of ["shell", "control", "stdin"] as const) void sockets.receive(channel);
    void sockets.echoHeartbeats();
    void sockets.welcomeSubscribers();
    return sockets;
  }

  send(channel: RequestChannel | "iopub", message: Message): void {
    this.outboxes[channel].send(this.codec.encode(message));
  }

  /** True while messages wait on the shell channel that have not been handed over. */
  get shellReadable(): boolean {
    return this.requests.shell.readable;
  }

  /** Sends what is waiting, then closes all sockets. */
  async close(): Promise<void> {
    await Promise.all(Object.values(this.outboxes).map((outbox) => outbox.flushed()));
    for (const socket of [...Object.values(this.requests), this.iopub, this.heartbeat]) socket.close();
  }

  private async receive(channel: RequestChannel): Promise<void> {
    const socket = this.requests[channel];
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
    for await (const frames of this.heartbeat) {
      await this.heartbeat.send(frames).catch((error: Error) => this.events.trouble(error.message));
    }
  }

  /** https://jupyter-client.readthedocs.io/en/stable/messaging.html#welcome-message */
  private async welcomeSubscribers(): Promise<void> {
    for await (const [frame] of this.iopub) {
      if (frame?.[0] !== 1) continue; // an unsubscription
      const topic = frame.subarray(1);
      const subscription = topic.toString("utf8");
      if (!Buffer.from(subscription).equals(topic)) continue; // not UTF-8: cannot be said in JSON
      this.send("iopub", {
        identities: [topic],
        header: createHeader("iopub_welcome", this.session),
        parentHeader: {},
        metadata: {},
        content: { subscription },
        buffers: [],
      });
    }
  }
}

/** https://jupyter-client.readthedocs.io/en/stable/security.html */
function encryption({ curve }: ConnectionInfo) {
  if (!curve) return {};
  return { curveServer: true, curvePublicKey: curve.publicKey, curveSecretKey: curve.secretKey };
}
