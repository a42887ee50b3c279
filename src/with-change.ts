import { calledWhole } from "./called-whole.js";

/** What takes back the changes of the calls that are under way, in their order. */
const takeBack: (() => void)[] = [];

const begin = calledWhole((change: () => () => void) => void takeBack.push(change()));
const end = calledWhole(() => takeBack.pop()?.());

/**
 * Runs with something changed that is as before when the call has ended, also where an interrupt ends it: no `finally`
 * runs then.
 * @param change makes the change, and returns what takes it back; both take a moment
 * @param run returns no promise
 */
export function withChange<T>(change: () => () => void, run: () => T): T {
  begin(change);
  try {
    return run();
  } finally {
    end();
  }
}

/** Told by whoever interrupts, when code was ended where it stood. */
export function takeChangesBack(): void {
  while (takeBack.length > 0) end();
}
