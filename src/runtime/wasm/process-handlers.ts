import process from "node:process";

const EVENTS = ["uncaughtException", "unhandledRejection"] as const;

/**
 * Runs a step and takes off again what it put on the process. Emscripten installs handlers that rethrow, and with
 * them the first unhandled rejection in a cell ends the process.
 */
export async function withoutNewHandlers<T>(step: () => Promise<T>): Promise<T> {
  const before = EVENTS.map((event) => new Set(process.listeners(event as "exit")));
  try {
    return await step();
  } finally {
    for (const [i, event] of EVENTS.entries()) {
      for (const listener of process.listeners(event as "exit")) {
        if (!before[i]!.has(listener)) process.removeListener(event, listener);
      }
    }
  }
}
