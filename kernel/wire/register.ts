import { randomUUID } from "node:crypto";
import { Dealer } from "zeromq";
import { CHANNELS, type ConnectionInfo, type Registration } from "./connection-file.js";
import {
  type Content,
  createHeader,
  DELIMITER,
  type Frame,
  MalformedMessage,
  MessageCodec,
} from "./message.js";

const PATIENCE_MS = 10_000;

/**
 * Tells the launcher on which ports the kernel listens, and waits until it has acknowledged them: no port can be taken
 * by someone else between being chosen and being bound.
 * https://jupyter.org/enhancement-proposals/66-jupyter-handshaking/jupyter-handshaking.html
 *
 * The proposal leaves the form of the message open. Two are in use and both are spoken: see `Registration.form`.
 * @param patience milliseconds.
 * @throws Error when the launcher does not answer in time, is not who wrote the file, or refuses.
 */
export async function register(
  connection: ConnectionInfo,
  { address, form, kernelId }: Registration,
  patience = PATIENCE_MS,
): Promise<void> {
  const socket = new Dealer({ linger: 0, receiveTimeout: patience });
  const codec = new MessageCodec(connection.key, connection.signature_scheme);
  const exchange = form === "content" ? contentAlone(codec) : wholeMessage(codec);
  try {
    socket.connect(address);
    // The empty frame is what a REP socket expects; a ROUTER takes it for one more identity.
    await socket.send(["", ...exchange.encode(portsOf(connection), kernelId)]);
    exchange.accept(await socket.receive());
  } catch (error) {
    const silent = (error as NodeJS.ErrnoException).code === "EAGAIN";
    const why = silent ? `no answer within ${patience / 1000} s` : (error as Error).message;
    throw new Error(`Cannot register with the launcher at ${address}: ${why}`, { cause: error });
  } finally {
    socket.close();
  }
}

type Ports = readonly (readonly [string, number])[];

interface Exchange {
  encode(ports: Ports, kernelId: string): Frame[];
  /** @throws Error when it is no acknowledgement. */
  accept(reply: readonly Buffer[]): void;
}

function portsOf(connection: ConnectionInfo): Ports {
  return CHANNELS.map((channel) => [`${channel}_port`, connection[`${channel}_port`]]);
}

/** Delimiter, signature and content, the ports as strings (xeus-zmq, `xhandshaking.cpp`). */
function contentAlone(codec: MessageCodec): Exchange {
  return {
    encode(ports, kernelId) {
      const fields = ports.map(([name, port]) => [name, String(port)]);
      const content = JSON.stringify({ kernel_id: kernelId, ...Object.fromEntries(fields) });
      return [DELIMITER, codec.sign([content]), content];
    },
    accept(reply) {
      const start = reply.findIndex((frame) => frame.equals(DELIMITER));
      const [signature, ...frames] = reply.slice(start + 1);
      if (start < 0 || signature === undefined || frames.length === 0)
        throw new MalformedMessage(`its answer is no signed message, but ${reply.length} frames`);
      codec.check(signature, frames);
    },
  };
}

/** `handshake_request` and `handshake_reply`, signed as all messages are (posit-dev/ark, pull request 576). */
function wholeMessage(codec: MessageCodec): Exchange {
  return {
    encode(ports) {
      return codec.encode({
        identities: [],
        header: createHeader("handshake_request", randomUUID()),
        parentHeader: {},
        metadata: {},
        content: Object.fromEntries(ports),
        buffers: [],
      });
    },
    accept(reply) {
      const content: Content = codec.decode(reply).content;
      if (content.status !== "ok") throw new Error(`it answered ${JSON.stringify(content).slice(0, 200)}`);
    },
  };
}
