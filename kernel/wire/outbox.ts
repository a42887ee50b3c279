import type { Writable } from "zeromq";
import type { Frame } from "./message.js";

/**
 * Sends in order on one socket: ZeroMQ takes one message at a time and says when it is ready for the next. What one
 * event has to say is encoded and sent when that event has been dealt with: a cell is with its runner first.
 */
export class Outbox {
  private readonly waiting: (() => Frame[])[] = [];
  private sending: Promise<void> | null = null;

  constructor(
    private readonly socket: Writable<Frame[]>,
    private readonly onFailure: (error: Error) => void,
  ) {}

  /** @param encode makes the frames, when their turn has come. */
  send(encode: () => Frame[]): void {
    this.waiting.push(encode);
    this.sending ??= this.drain();
  }

  /** Before all that waits. */
  sendFirst(encode: () => Frame[]): void {
    this.waiting.unshift(encode);
    this.sending ??= this.drain();
  }

  /** Resolves when all that was sent so far is with ZeroMQ. */
  async flushed(): Promise<void> {
    await this.sending;
  }

  private async drain(): Promise<void> {
    await null;
    for (let next = this.waiting.shift(); next; next = this.waiting.shift()) {
      try {
        await this.socket.send(next());
      } catch (error) {
        this.onFailure(error as Error); // the receiver has gone; the next message may have another
      }
    }
    this.sending = null;
  }
}
