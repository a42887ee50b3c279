/** Keeps outputs in the order in which they were made, although some take their time to be formatted. */
export class OutputOrder {
  /** What waits: the first entry for something that is not there yet. */
  private readonly waiting: { write: (() => void) | null }[] = [];
  private readonly unfinished = new Set<Promise<void>>();
  private writing = false;

  /** Writes now, or when everything before it is written. */
  add(write: () => void): void {
    if (this.writing || this.waiting.length === 0) write();
    else this.waiting.push({ write });
  }

  /** Takes a place for what `later` brings. */
  addLater(later: Promise<() => void>): void {
    const place: { write: (() => void) | null } = { write: null };
    this.waiting.push(place);
    const arrival = later.then((write) => {
      place.write = write;
      this.unfinished.delete(arrival);
      this.writeReady();
    });
    this.unfinished.add(arrival);
  }

  /** Resolves when all is written. */
  async settled(): Promise<void> {
    while (this.unfinished.size > 0) await Promise.all(this.unfinished);
  }

  /** Writes what is there and forgets what is not. */
  cut(): void {
    this.writing = true;
    for (const { write } of this.waiting.splice(0)) write?.();
    this.writing = false;
  }

  private writeReady(): void {
    this.writing = true; // what a write writes belongs to its place
    while (this.waiting[0]?.write) this.waiting.shift()!.write!();
    this.writing = false;
  }
}
