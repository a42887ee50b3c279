type Listener = (...values: never[]) => void;

/** Events of the process with what the runner does at each; without it, an error that nobody catches ends the runner. */
export function keepListeners(kept: Readonly<Record<string, Listener>>): void {
  const events: NodeJS.EventEmitter = process;
  /** Cells mean their own when they call `process.removeAllListeners()`, which goes on removing. */
  const removed = (event: string, listener: Listener) => {
    if (kept[event] === listener) queueMicrotask(listen);
  };
  const all = Object.entries({ ...kept, removeListener: removed });
  const listen = () => {
    for (const [event, listener] of all)
      if (!events.listeners(event).includes(listener)) events.on(event, listener);
  };
  listen();
}
