import process from "node:process";

const EVENTS: readonly unknown[] = ["uncaughtException", "unhandledRejection"];
type Listener = (...values: unknown[]) => void;

/**
 * Runs a step and takes off again at once what the WebAssembly module puts on the process. Emscripten installs handlers
 * that rethrow, and with them the first rejection that nobody handles ends the process: also one of a cell that is
 * stopped while the module starts. What cells put there meanwhile stays.
 */
export async function withoutModuleHandlers<T>(step: () => Promise<T>): Promise<T> {
  const events: NodeJS.EventEmitter = process;
  const added = (event: string | symbol, listener: Listener) => {
    if (!EVENTS.includes(event) || !/tfjs-backend-wasm/.test(new Error().stack ?? "")) return;
    // Not on yet; nothing can be rejected before this.
    queueMicrotask(() => events.removeListener(event, listener));
  };
  events.on("newListener", added);
  try {
    return await step();
  } finally {
    events.removeListener("newListener", added);
  }
}
