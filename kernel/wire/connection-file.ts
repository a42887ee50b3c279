import { getHashes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { hashOf } from "./message.js";

/**
 * Where a kernel listens and how its messages are signed, as a client writes it to a file.
 * https://jupyter-client.readthedocs.io/en/stable/kernels.html#connection-files
 */
export interface ConnectionInfo {
  readonly transport: "tcp" | "ipc";
  /** Address to bind; for `ipc` the stem of the socket files' paths. */
  readonly ip: string;
  readonly shell_port: number;
  readonly iopub_port: number;
  readonly stdin_port: number;
  readonly control_port: number;
  readonly hb_port: number;
  /** `hmac-` and a hash that Node has, as Python names it: `hmac-sha256` unless Jupyter is set up otherwise. */
  readonly signature_scheme: string;
  /** Empty: messages are neither signed nor checked. */
  readonly key: string;
  /** Z85 key pair with which all five sockets are encrypted (CurveZMQ); absent for plain ones. */
  readonly curve?: { readonly publicKey: string; readonly secretKey: string };
  /** Present in a registration file: the kernel finds its ports (0 until it has) and tells them there. */
  readonly registration?: Registration;
}

/** The launcher's socket that waits for the ports of a kernel (JEP 66, see `register.ts`). */
export interface Registration {
  readonly address: string;
  /** `content`: the signed content alone, as xeus; `message`: a whole Jupyter message, as Positron. */
  readonly form: "content" | "message";
  /** Empty if the launcher gave none. */
  readonly kernelId: string;
}

export const CHANNELS = ["shell", "control", "stdin", "iopub", "hb"] as const;
export type Channel = (typeof CHANNELS)[number];

/** @throws Error that names the file and the field when it cannot be used. */
export function readConnectionFile(path: string): ConnectionInfo {
  let fields: Record<string, unknown>;
  try {
    fields = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new Error(`Cannot read the connection file ${path}: ${(error as Error).message}`, { cause: error });
  }
  return parseConnectionInfo(fields, path);
}

/** @throws Error that names `source` and the field. */
export function parseConnectionInfo(fields: Record<string, unknown>, source: string): ConnectionInfo {
  const refuse = (what: string) => new Error(`Connection file ${source}: ${what}`);
  const text = (name: string, fallback: string) => {
    const value = fields[name] ?? fallback;
    if (typeof value !== "string") throw refuse(`"${name}" must be a string, not ${JSON.stringify(value)}`);
    return value;
  };
  const registers = fields.registration_port !== undefined;
  const port = (name: string) => {
    const value = registers && name !== "registration_port" ? 0 : fields[name];
    if (!Number.isInteger(value) || (value as number) < 0 || (value as number) > 65535)
      throw refuse(`"${name}" must be a port number, not ${JSON.stringify(value)}`);
    return value as number;
  };
  const transport = text("transport", "tcp");
  if (transport !== "tcp" && transport !== "ipc")
    throw refuse(`"transport" is "${transport}"; this kernel speaks tcp and ipc`);
  if (registers && transport !== "tcp")
    throw refuse(`"transport" is "${transport}"; only tcp has ports that a kernel can find and register`);
  const scheme = text("signature_scheme", "hmac-sha256");
  if (!/^hmac-/.test(scheme) || !getHashes().includes(hashOf(scheme)))
    throw refuse(
      `"signature_scheme" is "${scheme}"; this kernel signs by hmac-sha256 and other hashes of Node`,
    );
  return {
    transport,
    ip: text("ip", "127.0.0.1"),
    shell_port: port("shell_port"),
    iopub_port: port("iopub_port"),
    stdin_port: port("stdin_port"),
    control_port: port("control_port"),
    hb_port: port("hb_port"),
    signature_scheme: scheme,
    key: text("key", ""),
    ...curveKeys(text("curve_publickey", ""), text("curve_secretkey", ""), refuse),
    ...(registers && { registration: registration(text, port("registration_port")) }),
  };
}

/** Only files of launchers that speak xeus's form name the registration socket's own ip. */
function registration(text: (name: string, fallback: string) => string, port: number): Registration {
  const ip = text("registration_ip", "");
  return {
    address: `tcp://${ip || text("ip", "127.0.0.1")}:${port}`,
    form: ip === "" ? "message" : "content",
    kernelId: text("kernel_id", ""),
  };
}

/** Writes the file that other clients read to connect; only its owner may read it. */
export function writeConnectionFile(path: string, connection: ConnectionInfo): void {
  const { curve, ...fields } = { ...connection, registration: undefined };
  const keys = curve && { curve_publickey: curve.publicKey, curve_secretkey: curve.secretKey };
  writeFileSync(path, JSON.stringify({ ...fields, ...keys }, null, 2), { mode: 0o600 });
}

const Z85_KEY = /^[0-9a-zA-Z.:+=^!/*?&<>()[\]{}@%$#-]{40}$/;

function curveKeys(publicKey: string, secretKey: string, refuse: (what: string) => Error) {
  if (publicKey === "" && secretKey === "") return {};
  if (!Z85_KEY.test(publicKey) || !Z85_KEY.test(secretKey))
    throw refuse('"curve_publickey" and "curve_secretkey" must both be keys of 40 Z85 characters');
  return { curve: { publicKey, secretKey } };
}

/** `tcp://127.0.0.1:5555`, or `ipc:///run/kernel-1` (Jupyter's own naming of the socket files). */
export function address(connection: ConnectionInfo, channel: Channel): string {
  const separator = connection.transport === "tcp" ? ":" : "-";
  const { transport, ip } = connection;
  const host = transport === "tcp" && ip.includes(":") ? `[${ip.replace(/^\[|\]$/g, "")}]` : ip; // IPv6
  return `${transport}://${host}${separator}${connection[`${channel}_port`]}`;
}
