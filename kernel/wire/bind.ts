import { Router } from "zeromq";
import { ManualPublisher } from "./manual-publisher.js";
import { address, type Channel, type ConnectionInfo } from "./connection-file.js";

/** The five sockets of a kernel, bound; what clients send waits in them until someone reads. */
export interface BoundSockets {
  /** With the ports that were found where it asked for port 0. */
  readonly connection: ConnectionInfo;
  readonly shell: Router;
  readonly control: Router;
  readonly stdin: Router;
  readonly iopub: ManualPublisher;
  readonly hb: Router;
}

/** Linger at close, so that the last replies leave the process. */
const LINGER_MS = 1000;
const MAX_MESSAGE_BYTES = 2 ** 30;

/**
 * The first thing that a kernel does, before most of it is loaded: a client that finds no one listening tries again
 * only after 100 to 200 ms.
 * @throws Error naming the channel and the address that is taken or wrong.
 */
export async function bindSockets(
  connection: ConnectionInfo,
  { maxMessageBytes = MAX_MESSAGE_BYTES } = {},
): Promise<BoundSockets> {
  const options = {
    linger: LINGER_MS,
    sendHighWaterMark: 0,
    ipv6: connection.ip.includes(":"),
    maxMessageSize: maxMessageBytes, // ZeroMQ ends the connection of a client that sends more; it may come again
    ...encryption(connection),
  };
  const iopub = new ManualPublisher(options);
  // A front end that comes again under its old name, while that connection still stands, would never be heard.
  const router = () => new Router({ ...options, handover: true });
  const sockets = { shell: router(), control: router(), stdin: router(), iopub, hb: router() };
  const ports: Partial<Record<`${Channel}_port`, number>> = {};
  for (const [channel, socket] of Object.entries(sockets) as [Channel, Router | ManualPublisher][]) {
    const where = address(connection, channel);
    await socket.bind(where).catch((error: Error) => {
      throw new Error(`Cannot bind the ${channel} socket to ${where}: ${error.message}`, { cause: error });
    });
    if (connection[`${channel}_port`] === 0)
      ports[`${channel}_port`] = Number(/\d+$/.exec(socket.lastEndpoint ?? "")?.[0]);
  }
  return { connection: { ...connection, ...ports }, ...sockets };
}

/** https://jupyter-client.readthedocs.io/en/stable/security.html */
function encryption({ curve }: ConnectionInfo) {
  if (!curve) return {};
  return { curveServer: true, curvePublicKey: curve.publicKey, curveSecretKey: curve.secretKey };
}
