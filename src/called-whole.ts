/** Around calls that leave memory in disorder when they are ended midway. */
export interface Gate {
  enter(): void;
  leave(): void;
}

let gate: Gate = { enter: () => undefined, leave: () => undefined };

/** Told by whoever interrupts. */
export function guardCalls(by: Gate): void {
  gate = by;
}

/** A function of compiled code that no interrupt ends midway: the cell ends before its next call, or behind this one. */
export function calledWhole<P extends unknown[], R>(call: (...values: P) => R): (...values: P) => R {
  return (...values) => {
    gate.enter();
    try {
      return call(...values);
    } finally {
      gate.leave();
    }
  };
}
