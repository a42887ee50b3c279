import { setTimeout as sleep } from "node:timers/promises";
import { WORDS } from "./shared-words.js";

const CALL_MS = 10_000;

/**
 * One lock between the runner's main thread, which holds it to do what must not be cut short, and its control
 * thread, which holds it while it terminates what the main thread runs.
 */
export class Mutex {
  /** @param words shared by both threads. */
  constructor(private readonly words: Int32Array) {}

  /** For the main thread; lets the control thread go first, which a loop that prints would else keep out. */
  hold<T>(work: () => T): T {
    while (this.isAwaited()) Atomics.wait(this.words, WORDS.terminating, 1);
    this.acquire();
    try {
      return work();
    } finally {
      this.release();
    }
  }

  /** Within a whole call it is the control thread that waits. */
  private isAwaited(): boolean {
    return (
      Atomics.load(this.words, WORDS.terminating) !== 0 && Atomics.load(this.words, WORDS.wholeCalls) === 0
    );
  }

  /**
   * For the main thread, before a call that must not be ended midway; as `hold`, for what is called very often. One
   * within another goes on.
   */
  enterCall(): void {
    for (;;) {
      if (Atomics.add(this.words, WORDS.wholeCalls, 1) > 0) return;
      if (Atomics.load(this.words, WORDS.terminating) === 0) return;
      this.leaveCall();
      Atomics.wait(this.words, WORDS.terminating, 1);
    }
  }

  leaveCall(): void {
    Atomics.sub(this.words, WORDS.wholeCalls, 1);
  }

  /** For the control thread: not at all, rather than later. @returns whether it was done. */
  tryHold(work: () => void): boolean {
    if (Atomics.compareExchange(this.words, WORDS.lock, 0, 1) !== 0) return false;
    try {
      work();
    } finally {
      this.release();
    }
    return true;
  }

  /** For the control thread. */
  async holdFirst<T>(work: () => Promise<T>): Promise<T> {
    Atomics.store(this.words, WORDS.terminating, 1);
    await this.callsEnded();
    this.acquire();
    try {
      return await work();
    } finally {
      this.release();
      Atomics.store(this.words, WORDS.terminating, 0);
      Atomics.notify(this.words, WORDS.terminating);
    }
  }

  /** No other call begins meanwhile. One that takes longer than anybody waits for is ended after all. */
  private async callsEnded(): Promise<void> {
    const until = performance.now() + CALL_MS;
    while (Atomics.load(this.words, WORDS.wholeCalls) > 0 && performance.now() < until) await sleep(1);
  }

  /** 2 stands for held and waited for: only then has the release somebody to wake, which costs a system call. */
  private acquire(): void {
    if (Atomics.compareExchange(this.words, WORDS.lock, 0, 1) === 0) return;
    while (Atomics.exchange(this.words, WORDS.lock, 2) !== 0) Atomics.wait(this.words, WORDS.lock, 2);
  }

  private release(): void {
    if (Atomics.exchange(this.words, WORDS.lock, 0) === 2) Atomics.notify(this.words, WORDS.lock);
  }
}
