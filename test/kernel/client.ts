/** A Jupyter client on raw sockets, which sees every frame and may send wrong ones. */
import { randomUUID } from "node:crypto";
import { createServer } from "node:net";
import { curveKeyPair, Dealer, Subscriber } from "zeromq";
import { address, type ConnectionInfo } from "../../kernel/wire/connection-file.js";
import { type Content, createHeader, type Message, MessageCodec } from "../../kernel/wire/message.js";

export type ClientChannel = "shell" | "control" | "stdin" | "iopub";

export interface Received extends Message {
  readonly channel: ClientChannel;
  /** `performance.now()` at arrival. */
  readonly at: number;
}

/** What one request brought: its reply and what was published for it, up to idle. */
export interface Exchange {
  readonly reply: Received;
  readonly published: readonly Received[];
}

const PATIENCE_MS = 30_000;

export class TestClient {
  readonly session = randomUUID();
  readonly received: Received[] = [];
  /** `msg_id`s of what was sent. */
  readonly sent = new Set<string>();
  readonly heartbeat: Dealer;
  private readonly dealers: Record<"shell" | "control" | "stdin", Dealer>;
  private readonly iopub: Subscriber;
  private readonly codec: MessageCodec;
  private readonly watchers = new Set<() => void>();

  private constructor(readonly connection: ConnectionInfo) {
    this.codec = new MessageCodec(connection.key, connection.signature_scheme);
    const encryption = clientEncryption(connection);
    const every = { linger: 0, ipv6: connection.ip.includes(":"), ...encryption };
    const options = { ...every, routingId: this.session };
    this.dealers = { shell: new Dealer(options), control: new Dealer(options), stdin: new Dealer(options) };
    this.heartbeat = new Dealer(every);
    this.iopub = new Subscriber({ ...every, receiveHighWaterMark: 0 });
  }

  /** Connects; resolves when the kernel has welcomed the subscription, unless it is one that welcomes nobody. */
  static async connect(connection: ConnectionInfo, { welcome = true } = {}): Promise<TestClient> {
    const client = new TestClient(connection);
    for (const channel of ["shell", "control", "stdin"] as const) {
      client.dealers[channel].connect(address(connection, channel));
      void client.listen(channel, client.dealers[channel]);
    }
    client.heartbeat.connect(address(connection, "hb"));
    client.iopub.connect(address(connection, "iopub"));
    void client.listen("iopub", client.iopub);
    client.iopub.subscribe("");
    if (welcome) await client.next((message) => message.header.msg_type === "iopub_welcome");
    return client;
  }

  close(): void {
    for (const socket of [...Object.values(this.dealers), this.iopub, this.heartbeat]) socket.close();
  }

  /** @returns the msg_id. */
  send(type: string, content: Content, options: SendOptions = {}): string {
    const { channel = "shell", buffers = [], parentHeader = {}, header = {} } = options;
    const message: Message = {
      identities: [],
      header: { ...createHeader(type, this.session), username: "test", ...header },
      parentHeader,
      metadata: {},
      content,
      buffers,
    };
    this.sent.add(message.header.msg_id);
    void this.dealers[channel].send(this.codec.encode(message));
    return message.header.msg_id;
  }

  /** Sends frames as they are. */
  async sendRaw(channel: "shell" | "control" | "stdin", frames: (Buffer | string)[]): Promise<void> {
    await this.dealers[channel].send(frames);
  }

  /** The frames of a request, as bytes. */
  encode(type: string, content: Content): Buffer[] {
    const header = createHeader(type, this.session);
    const frames = this.codec.encode({
      identities: [],
      header,
      parentHeader: {},
      metadata: {},
      content,
      buffers: [],
    });
    return frames.map((frame) => Buffer.from(frame as string));
  }

  /** Sends a request and waits for its reply and its idle. */
  async request(type: string, content: Content = {}, options: SendOptions = {}): Promise<Exchange> {
    return this.exchange(this.send(type, content, options));
  }

  execute(code: string, content: Content = {}, options: SendOptions = {}): Promise<Exchange> {
    return this.request("execute_request", executeContent(code, content), options);
  }

  async exchange(id: string): Promise<Exchange> {
    const reply = await this.next(
      (m) => m.channel !== "iopub" && m.channel !== "stdin" && m.parentHeader.msg_id === id,
    );
    await this.idle(id);
    return { reply, published: this.published(id) };
  }

  async idle(id: string): Promise<Received> {
    return this.next((m) => m.parentHeader.msg_id === id && m.content.execution_state === "idle");
  }

  /** What was published so far for a request. */
  published(id: string): Received[] {
    return this.received.filter((m) => m.channel === "iopub" && m.parentHeader.msg_id === id);
  }

  /** The first message, from the beginning, that matches; waits for it. */
  async next(matches: (message: Received) => boolean, patience = PATIENCE_MS): Promise<Received> {
    const until = performance.now() + patience;
    for (let seen = 0; ;) {
      for (; seen < this.received.length; seen++)
        if (matches(this.received[seen]!)) return this.received[seen]!;
      const left = until - performance.now();
      if (left <= 0) throw new Error(`No such message in ${patience} ms. Last: ${this.describeLast()}`);
      await this.arrival(left);
    }
  }

  private describeLast(): string {
    const last = this.received.slice(-8);
    return last
      .map((m) => `${m.channel} ${m.header.msg_type} ${JSON.stringify(m.content).slice(0, 100)}`)
      .join("\n");
  }

  private arrival(timeout: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.watchers.delete(done);
        resolve();
      };
      const timer = setTimeout(done, timeout);
      this.watchers.add(done);
    });
  }

  private async listen(channel: ClientChannel, socket: Dealer | Subscriber): Promise<void> {
    for await (const frames of socket) {
      this.received.push({ ...this.codec.decode(frames), channel, at: performance.now() });
      for (const watcher of [...this.watchers]) watcher();
    }
  }
}

/** As jupyter_client: a key pair of its own, and the public key of the kernel. */
function clientEncryption({ curve }: ConnectionInfo) {
  if (!curve) return {};
  const { publicKey, secretKey } = curveKeyPair();
  return { curveServerKey: curve.publicKey, curvePublicKey: publicKey, curveSecretKey: secretKey };
}

export interface SendOptions {
  readonly channel?: "shell" | "control" | "stdin";
  readonly buffers?: readonly Uint8Array[];
  readonly parentHeader?: Content;
  readonly header?: Content;
}

export function executeContent(code: string, content: Content = {}): Content {
  return {
    code,
    silent: false,
    store_history: true,
    user_expressions: {},
    allow_stdin: true,
    stop_on_error: true,
    ...content,
  };
}

/** The text of one stream among published messages. */
export function streamText(published: readonly Received[], name: "stdout" | "stderr" = "stdout"): string {
  return published
    .filter((m) => m.header.msg_type === "stream" && m.content.name === name)
    .map((m) => m.content.text as string)
    .join("");
}

export function ofType(published: readonly Received[], type: string): Received[] {
  return published.filter((m) => m.header.msg_type === type);
}

/** Ports that are free now, on this machine. */
export async function freeConnection(): Promise<ConnectionInfo> {
  const servers = await Promise.all(Array.from({ length: 5 }, () => listenAnywhere()));
  const ports = servers.map(({ port }) => port);
  await Promise.all(servers.map(({ close }) => close()));
  return {
    transport: "tcp",
    ip: "127.0.0.1",
    shell_port: ports[0]!,
    iopub_port: ports[1]!,
    stdin_port: ports[2]!,
    control_port: ports[3]!,
    hb_port: ports[4]!,
    signature_scheme: "hmac-sha256",
    key: randomUUID(),
  };
}

async function listenAnywhere(): Promise<{ port: number; close: () => Promise<void> }> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  return { port, close: () => new Promise((resolve) => server.close(() => resolve())) };
}
