import type { Writable } from "zeromq";

interface Waiting {
  readonly frames: Buffer[];
  /** Called right before it is sent, when all before it is with ZeroMQ. */
  readonly before?: () => void;
}

/** Sends in order on one socket: ZeroMQ takes one message at a time and says when it is ready for the next. */
export class Outbox {
  private readonly waiting: Waiting[] = [];
  private sending: Promise<void> | null = null;

  constructor(
    private readonly socket: Writable<Buffer[]>,
    private readonly onFailure: (error: Error) => void,
  ) {}

  /** @param before called when its turn has come. */
  send(frames: Buffer[], before?: () => void): void {
    this.waiting.push({ frames, ...(before && { before }) });
    this.sending ??= this.drain();
  }

  /** Resolves when all that was sent so far is with ZeroMQ. */
  async flushed(): Promise<void> {
    await this.sending;
  }

  private async drain(): Promise<void> {
    for (let next = this.waiting.shift(); next; next = this.waiting.shift()) {
      try {
        next.before?.();
        await this.socket.send(next.frames);
      } catch (error) {
        this.onFailure(error as Error); // the receiver has gone; the next message may have another
      }
    }
    this.sending = null;
  }
}
