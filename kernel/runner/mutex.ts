/**
 * One lock between the runner's main thread, which holds it to do what must not be cut short, and its control
 * thread, which holds it while it terminates what the main thread runs.
 */
export class Mutex {
  /** @param word in shared memory; 0 while nobody holds it. */
  constructor(
    private readonly words: Int32Array,
    private readonly index: number,
  ) {}

  hold<T>(work: () => T): T {
    this.acquire();
    try {
      return work();
    } finally {
      this.release();
    }
  }

  acquire(): void {
    while (Atomics.compareExchange(this.words, this.index, 0, 1) !== 0)
      Atomics.wait(this.words, this.index, 1);
  }

  release(): void {
    Atomics.store(this.words, this.index, 0);
    Atomics.notify(this.words, this.index);
  }
}
