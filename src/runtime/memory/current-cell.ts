/** The `n` of the `In [n]` that runs now, or ran last; null outside a notebook. Tensors are booked on it. */
let current: number | null = null;
const atEnd = new Set<() => void>();
const atInterrupt = new Set<(terminated: boolean) => void>();

/** Told by whoever runs cells. Needs no TensorFlow.js, so a notebook without tensors pays nothing. */
export function cellBegins(executionCount: number): void {
  current = executionCount;
}

/** Told when a cell has ended, with or without an error. */
export function cellEnds(): void {
  for (const callback of atEnd) callback();
}

/** Told when the user has stopped it. @param terminated whether code was ended where it stood, without `finally`. */
export function cellInterrupted(terminated: boolean): void {
  for (const callback of atInterrupt) callback(terminated);
}

export function whenInterrupted(callback: (terminated: boolean) => void): void {
  atInterrupt.add(callback);
}

export function currentCell(): number | null {
  return current;
}

export function whenCellEnds(callback: () => void): void {
  atEnd.add(callback);
}
