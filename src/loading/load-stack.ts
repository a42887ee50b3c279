import { whenInterrupted } from "../runtime/memory/current-cell.js";

/** A part of a load that is under way, for whoever looks on from outside: a debugger. */
export interface LoadFrame {
  readonly kind: "load" | "step" | "layer";
  /** The file, the step, or the layer with its class. */
  readonly name: string;
  /** What is at hand there; made when asked for. */
  view(): Readonly<Record<string, unknown>>;
}

const frames: LoadFrame[] = [];

export const loadStack: {
  /** Outermost first. */
  readonly frames: readonly LoadFrame[];
  /** Called when a step or a layer has begun. */
  entered: (() => void) | null;
} = { frames, entered: null };

whenInterrupted((terminated) => {
  // No `finally` has run.
  if (terminated) frames.length = 0;
});

/** Does a part of a load; it is over when the promise is, where the work gives one. */
export function within<T>(frame: LoadFrame, work: () => T): T {
  const leave = () => {
    const at = frames.indexOf(frame);
    if (at >= 0) frames.splice(at, 1);
  };
  frames.push(frame);
  let promised = false;
  try {
    if (frame.kind !== "load") loadStack.entered?.();
    const result = work();
    promised = result instanceof Promise;
    return promised ? ((result as Promise<unknown>).finally(leave) as T) : result;
  } finally {
    if (!promised) leave();
  }
}
