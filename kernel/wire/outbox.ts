import type { Writable } from "zeromq";

/** Sends in order on one socket: ZeroMQ takes one message at a time and says when it is ready for the next. */
export class Outbox {
  private readonly waiting: Buffer[][] = [];
  private sending: Promise<void> | null = null;

  constructor(
    private readonly socket: Writable<Buffer[]>,
    private readonly onFailure: (error: Error) => void,
  ) {}

  send(frames: Buffer[]): void {
    this.waiting.push(frames);
    this.sending ??= this.drain();
  }

  /** Before all that waits. */
  sendFirst(frames: Buffer[]): void {
    this.waiting.unshift(frames);
    this.sending ??= this.drain();
  }

  /** Resolves when all that was sent so far is with ZeroMQ. */
  async flushed(): Promise<void> {
    await this.sending;
  }

  private async drain(): Promise<void> {
    for (let next = this.waiting.shift(); next; next = this.waiting.shift()) {
      try {
        await this.socket.send(next);
      } catch (error) {
        this.onFailure(error as Error); // the receiver has gone; the next message may have another
      }
    }
    this.sending = null;
  }
}
