import { createHmac, createSecretKey, type KeyObject, randomUUID, timingSafeEqual } from "node:crypto";

/** https://jupyter-client.readthedocs.io/en/stable/messaging.html#general-message-format */
export interface Message {
  readonly identities: readonly Buffer[];
  readonly header: Header;
  /** `{}` when nobody asked. */
  readonly parentHeader: Partial<Header>;
  readonly metadata: Content;
  readonly content: Content;
  readonly buffers: readonly Uint8Array[];
}

export interface Header {
  readonly msg_id: string;
  readonly session: string;
  readonly username: string;
  /** ISO 8601. */
  readonly date: string;
  readonly msg_type: string;
  readonly version: string;
  readonly subshell_id?: string | null;
}

export type Content = Readonly<Record<string, unknown>>;

/**
 * What is sent as one frame. Text goes as a string: the memory of a long buffer would have to be given back to the main
 * thread when ZeroMQ has sent it, which wakes it for each message.
 */
export type Frame = string | Buffer;

/** A message that cannot be believed: wrong frames, wrong signature, not JSON. It is logged and dropped. */
export class MalformedMessage extends Error {
  override readonly name = "MalformedMessage";
}

export const PROTOCOL_VERSION = "5.5";
export const DELIMITER = Buffer.from("<IDS|MSG>");
/** As many as jupyter_client remembers (`Session.digest_history_size`). */
const REMEMBERED_SIGNATURES = 65536;
/** Of a signature: enough to tell it from all others, and short, since so many are kept. */
const SIGNATURE_BYTES = 12;
const FIRST_FRAMES = ["header", "parent_header", "metadata", "content"] as const;

export function createHeader(msg_type: string, session: string): Header {
  return {
    msg_id: randomUUID(),
    session,
    username: "kernel",
    date: new Date().toISOString(),
    msg_type,
    version: PROTOCOL_VERSION,
  };
}

/** Turns messages into frames and back, and signs the four dicts (never the buffers). */
export class MessageCodec {
  /** Signatures seen, oldest first: a message that comes twice was recorded by someone else. */
  private readonly seen = new Set<string>();

  /** Null for no signatures. */
  private readonly key: KeyObject | null;

  private readonly hash: string;

  /**
   * @param key of the connection file; empty for no signatures.
   * @param scheme of the connection file.
   */
  constructor(key: string, scheme = "hmac-sha256") {
    this.hash = hashOf(scheme);
    this.key = key === "" ? null : createSecretKey(key, "utf8");
  }

  encode(message: Message): Frame[] {
    const dicts = [message.header, message.parentHeader, message.metadata, message.content].map((dict) =>
      JSON.stringify(dict),
    );
    return [
      ...message.identities,
      DELIMITER,
      this.sign(dicts),
      ...dicts,
      ...message.buffers.map((buffer) => Buffer.from(buffer.buffer, buffer.byteOffset, buffer.byteLength)),
    ];
  }

  /** @throws MalformedMessage */
  decode(frames: readonly Buffer[]): Message {
    const delimiter = frames.findIndex((frame) => frame.equals(DELIMITER));
    if (delimiter < 0) throw new MalformedMessage(`no <IDS|MSG> among ${frames.length} frames`);
    const [signature, ...rest] = frames.slice(delimiter + 1);
    const dicts = rest.slice(0, FIRST_FRAMES.length);
    if (signature === undefined || dicts.length < FIRST_FRAMES.length)
      throw new MalformedMessage(`only ${frames.length - delimiter - 1} frames after <IDS|MSG>`);
    this.check(signature, dicts);
    const [header, parentHeader, metadata, content] = dicts.map((frame, i) =>
      parseDict(frame, FIRST_FRAMES[i]!),
    );
    if (typeof header!.msg_type !== "string" || typeof header!.msg_id !== "string")
      throw new MalformedMessage("the header has no msg_type or no msg_id");
    return {
      identities: frames.slice(0, delimiter),
      header: header as unknown as Header,
      parentHeader: parentHeader!,
      metadata: metadata!,
      content: content!,
      buffers: rest.slice(FIRST_FRAMES.length),
    };
  }

  /** Hexadecimal; empty without a key. */
  sign(dicts: readonly Frame[]): string {
    if (!this.key) return "";
    const hmac = createHmac(this.hash, this.key);
    for (const dict of dicts) hmac.update(dict);
    return hmac.digest("hex");
  }

  /** @throws MalformedMessage when the signature is not that of the frames, or came before. */
  check(signature: Buffer, dicts: readonly Buffer[]): void {
    if (!this.key) return;
    const expected = Buffer.from(this.sign(dicts));
    if (signature.length !== expected.length || !timingSafeEqual(signature, expected))
      throw new MalformedMessage("the signature is wrong; is it signed with this kernel's key?");
    this.refuseReplay(signature);
  }

  private refuseReplay(signature: Buffer): void {
    const short = Buffer.from(signature.toString("latin1"), "hex").toString("latin1", 0, SIGNATURE_BYTES);
    if (this.seen.has(short)) throw new MalformedMessage("its signature came before: a replayed message");
    this.seen.add(short);
    if (this.seen.size > REMEMBERED_SIGNATURES) this.seen.delete(this.seen.values().next().value!);
  }
}

/** `hmac-sha3_256`, as Python's hashlib names it -> `sha3-256`, as OpenSSL does. */
export function hashOf(scheme: string): string {
  return scheme.replace(/^hmac-/, "").replaceAll("_", "-");
}

function parseDict(frame: Buffer, name: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(frame.toString("utf8"));
  } catch (error) {
    throw new MalformedMessage(`the ${name} is not JSON: ${(error as Error).message}`);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new MalformedMessage(`the ${name} is not an object`);
  return value as Record<string, unknown>;
}
