/** Labels that a search kept, and the logarithm of their probability. */
export interface DecodedPath {
  readonly labels: readonly number[];
  readonly score: number;
}

const IMPOSSIBLE = -Infinity;

/** Logarithms of what a sequence has: ended in a blank, ended in its label, both. */
class Probability {
  blank = IMPOSSIBLE;
  label = IMPOSSIBLE;
  total = IMPOSSIBLE;

  reset(): void {
    this.blank = this.label = this.total = IMPOSSIBLE;
  }

  take({ blank, label, total }: Probability): void {
    Object.assign(this, { blank, label, total });
  }
}

/** A sequence of labels as the end of a path from the root. */
class Entry {
  readonly old = new Probability();
  readonly new = new Probability();
  private readonly children = new Map<number, Entry>();

  constructor(
    readonly parent: Entry | null,
    readonly label: number,
  ) {}

  get active(): boolean {
    return this.new.total !== IMPOSSIBLE;
  }

  child(label: number): Entry {
    const child = this.children.get(label) ?? new Entry(this, label);
    this.children.set(label, child);
    return child;
  }

  labels(): number[] {
    const found: number[] = [];
    let [label, parent] = [this.label, this.parent];
    while (parent !== null) {
      found.push(label);
      ({ label, parent } = parent);
    }
    return found.reverse();
  }
}

/**
 * Prefix beam search (Graves, Supervised Sequence Labelling, 7.5.3) as TensorFlow prunes it: a sequence that leaves the
 * beam while a step grows others loses its probability at once, also for those that would run into it
 * (tensorflow/core/util/ctc/ctc_beam_search.h). The last class is the blank.
 * @param steps logits of each step
 * @returns the beam, the likeliest first
 */
export function beamSearch(steps: readonly (readonly number[])[], width: number): DecodedPath[] {
  const root = new Entry(null, -1);
  root.new.total = root.new.blank = 0;
  let leaves = [root];
  for (const logits of steps) leaves = step(leaves, logits, width);
  return sorted(leaves).map((entry) => ({ labels: entry.labels(), score: entry.new.total }));
}

function step(leaves: readonly Entry[], logits: readonly number[], width: number): Entry[] {
  const scale = logits.reduce(logSum, IMPOSSIBLE);
  const said = logits.map((logit) => logit - scale);
  const branches = sorted(leaves);
  for (const entry of branches) entry.old.take(entry.new);
  for (const entry of branches) goOn(entry, said);
  const beam = new Beam(branches, width);
  for (const entry of branches) grow(entry, said, beam);
  return beam.entries;
}

/** The same sequence one step later: by a blank, by its label again, or by its label after its parent. */
function goOn(entry: Entry, said: readonly number[]): void {
  const { parent, label } = entry;
  if (parent !== null) {
    const before = label === parent.label ? parent.old.blank : parent.old.total;
    if (parent.active) entry.new.label = logSum(entry.new.label, before);
    entry.new.label += said[label]!;
  }
  entry.new.blank = entry.old.total + said.at(-1)!;
  entry.new.total = logSum(entry.new.blank, entry.new.label);
}

/** Puts the sequences with one label more into the beam, each in place of the unlikeliest where the beam is full. */
function grow(entry: Entry, said: readonly number[], beam: Beam): void {
  if (!beam.enters(entry.old.total)) return;
  for (let label = 0; label < said.length - 1; label++) {
    const child = entry.child(label);
    if (child.active) continue;
    child.new.blank = IMPOSSIBLE;
    child.new.label = said[label]! + (label === entry.label ? entry.old.blank : entry.old.total);
    child.new.total = child.new.label;
    if (beam.enters(child.new.total)) {
      beam.put(child);
      continue;
    }
    child.old.reset();
    child.new.reset();
  }
}

/** The likeliest sequences of a step so far. */
class Beam {
  readonly entries: Entry[];
  /** Place of the unlikeliest. */
  private last = 0;

  constructor(
    entries: readonly Entry[],
    private readonly width: number,
  ) {
    this.entries = [...entries];
    this.findLast();
  }

  enters(total: number): boolean {
    if (total === IMPOSSIBLE) return false;
    return this.entries.length < this.width || total > this.entries[this.last]!.new.total;
  }

  put(entry: Entry): void {
    if (this.entries.length < this.width) this.entries.push(entry);
    else {
      this.entries[this.last]!.new.reset();
      this.entries[this.last] = entry;
    }
    this.findLast();
  }

  private findLast(): void {
    this.last = 0;
    this.entries.forEach((entry, i) => {
      if (entry.new.total < this.entries[this.last]!.new.total) this.last = i;
    });
  }
}

function sorted(entries: readonly Entry[]): Entry[] {
  return [...entries].sort((a, b) => b.new.total - a.new.total);
}

function logSum(a: number, b: number): number {
  const most = Math.max(a, b);
  return most === IMPOSSIBLE ? most : most + Math.log1p(Math.exp(Math.min(a, b) - most));
}
