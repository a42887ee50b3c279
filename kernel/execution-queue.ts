/** Runs one job after another, in the order in which they came. */
export class ExecutionQueue<T> {
  private readonly waiting: T[] = [];
  private busy = false;

  constructor(private readonly work: (job: T) => Promise<void>) {}

  /** Whether a job is under way. */
  get isBusy(): boolean {
    return this.busy;
  }

  add(job: T): void {
    this.waiting.push(job);
    if (!this.busy) void this.drain();
  }

  /** Takes out the waiting jobs that match. */
  remove(matches: (job: T) => boolean): T[] {
    const removed = this.waiting.filter(matches);
    this.waiting.splice(0, Infinity, ...this.waiting.filter((job) => !matches(job)));
    return removed;
  }

  some(matches: (job: T) => boolean): boolean {
    return this.waiting.some(matches);
  }

  private async drain(): Promise<void> {
    this.busy = true;
    for (let job = this.waiting.shift(); job !== undefined; job = this.waiting.shift()) await this.work(job);
    this.busy = false;
  }
}
