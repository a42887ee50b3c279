/** The `n` of the `In [n]` that runs now, or ran last; null outside a notebook. Tensors are booked on it. */
let current: number | null = null;

export function setCurrentCell(executionCount: number): void {
  current = executionCount;
}

export function currentCell(): number | null {
  return current;
}
