import { randomUUID } from "node:crypto";
import type { CommMessage } from "./messages.js";

/** What travels in a comm message besides its kind. Buffers go as they are, outside the JSON. */
export interface CommExtras {
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly buffers?: readonly Uint8Array[];
}

/** What a handler gets. */
export interface CommEvent {
  readonly data: unknown;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly buffers: readonly Uint8Array[];
}

type Send = (message: CommMessage) => void;
type CommHandler = (event: CommEvent) => void;
type TargetHandler = (comm: Comm, event: CommEvent) => void;
/** What belongs to the kernel itself: the cells that follow wait until it is done. */
export type Service = (comm: Comm) => (data: unknown) => Promise<void>;

/**
 * One end of a line between a cell and a widget in the front end.
 * https://jupyter-client.readthedocs.io/en/stable/messaging.html#custom-messages
 */
export class Comm {
  private readonly messageHandlers: CommHandler[] = [];
  private readonly closeHandlers: CommHandler[] = [];

  constructor(
    readonly id: string,
    readonly targetName: string,
    private readonly emit: Send,
  ) {}

  send(data: unknown, extras: CommExtras = {}): void {
    this.emit(commMessage("msg", this, data, extras));
  }

  close(data: unknown = {}, extras: CommExtras = {}): void {
    this.emit(commMessage("close", this, data, extras));
  }

  onMessage(handler: CommHandler): void {
    this.messageHandlers.push(handler);
  }

  onClose(handler: CommHandler): void {
    this.closeHandlers.push(handler);
  }

  /** Runs the handlers of a message that came from the front end. */
  receive(kind: "msg" | "close", event: CommEvent): void {
    for (const handler of kind === "msg" ? this.messageHandlers : this.closeHandlers) handler(event);
  }
}

/** The comms of one runner, and the targets that the front end may open. */
export class Comms {
  private readonly open = new Map<string, Comm>();
  private readonly targets = new Map<string, TargetHandler>();
  private readonly services = new Map<string, Service>();
  private readonly served = new Map<string, (data: unknown) => Promise<void>>();

  constructor(private readonly emit: Send) {}

  /** Lets the front end open comms of this name; `handler` gets each new one. */
  registerTarget(targetName: string, handler: TargetHandler): void {
    this.targets.set(targetName, handler);
  }

  /** As `registerTarget`, for the kernel itself; what is returned for a comm gets its opening and each message. */
  serve(targetName: string, service: Service): void {
    this.services.set(targetName, service);
  }

  unregisterTarget(targetName: string): void {
    this.targets.delete(targetName);
  }

  /** Opens a comm to the front end, which must know `targetName`. */
  create(targetName: string, data: unknown = {}, extras: CommExtras = {}): Comm {
    const comm = this.add(randomUUID(), targetName);
    this.emit(commMessage("open", comm, data, extras));
    return comm;
  }

  /**
   * A message of the front end. An open of a target that nobody registered, or whose handler throws, is answered by
   * a close.
   * @returns what the cells that follow wait for, if anything
   */
  receive({ kind, commId, targetName = "", ...event }: CommMessage): Promise<void> | undefined {
    const service = kind === "open" ? this.services.get(targetName) : undefined;
    if (service) this.served.set(commId, service(this.add(commId, targetName)));
    const answer = kind === "close" ? undefined : this.served.get(commId);
    if (answer) return answer(event.data);
    if (kind === "open") {
      const comm = this.add(commId, targetName);
      const handler = this.targets.get(targetName);
      if (!handler) comm.close();
      else
        try {
          handler(comm, event);
        } catch (error) {
          comm.close();
          throw error;
        }
      return undefined;
    }
    const comm = this.open.get(commId);
    if (kind === "close") this.forget(commId);
    comm?.receive(kind, event);
    return undefined;
  }

  private forget(id: string): void {
    this.open.delete(id);
    this.served.delete(id);
  }

  private add(id: string, targetName: string): Comm {
    const comm = new Comm(id, targetName, (message) => {
      if (message.kind === "close") this.forget(id);
      this.emit(message);
    });
    this.open.set(id, comm);
    return comm;
  }
}

function commMessage(kind: CommMessage["kind"], comm: Comm, data: unknown, extras: CommExtras): CommMessage {
  const { metadata = {}, buffers = [] } = extras;
  return { kind, commId: comm.id, targetName: comm.targetName, data, metadata, buffers };
}
