import { whenInterrupted } from "../memory/current-cell.js";

/**
 * Dawn's binding for Node hands its events over in a function that it gives to `setImmediate` whenever a promise of its
 * is open (src/dawn/node/binding/AsyncRunner.cpp). Called by us, that function lets the events happen within a
 * synchronous call.
 */
let handOver: (() => void) | null = null;

/** Turns between which it only spins: results of small computations are there at once. */
const SPINS = 200;
const PAUSE_MS = 0.2;

const pause = new Int32Array(new SharedArrayBuffer(4));

/** Runs what opens a promise of Dawn's, and keeps the function that Dawn asks to have called. */
export function learnHandOver<T>(open: () => T): T {
  return withSetImmediate((real, callback, ...rest) => {
    handOver = callback as () => void;
    return real(callback, ...rest);
  }, open);
}

/** Lets Dawn's events happen until a state is reached; without Dawn's function, at once. */
export function awaitEvents(reached: () => boolean): void {
  if (!handOver) return;
  const events = handOver;
  let asked = false;
  // What is still open asks for a call at each turn: one after the last is enough.
  const note = () => {
    asked = true;
  };
  withSetImmediate(note, () => {
    for (let turn = 0; !reached(); turn++) {
      events();
      if (turn > SPINS && !reached()) Atomics.wait(pause, 0, 0, PAUSE_MS);
    }
  });
  if (asked) setImmediate(events);
}

type SetImmediate = typeof setImmediate;
type Replacement = (real: SetImmediate, ...args: Parameters<SetImmediate>) => unknown;

/** The real one while another is in its place. */
let replaced: SetImmediate | null = null;

function withSetImmediate<T>(replacement: Replacement, run: () => T): T {
  const real = globalThis.setImmediate;
  replaced = real;
  globalThis.setImmediate = ((...args: Parameters<SetImmediate>) =>
    replacement(real, ...args)) as SetImmediate;
  try {
    return run();
  } finally {
    giveBack();
  }
}

function giveBack(): void {
  if (replaced) globalThis.setImmediate = replaced;
  replaced = null;
}

// A cell that was ended within a read came by no `finally`.
whenInterrupted(() => {
  if (!replaced) return;
  giveBack();
  if (handOver) setImmediate(handOver);
});
