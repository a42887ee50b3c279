import { calledWhole } from "../../called-whole.js";
import type { EmscriptenModule } from "./emscripten-module.js";

/**
 * A cell that is interrupted ends between two calls of the module, or, where one takes very long, inside of it, without
 * a `finally`. Where that was a kernel shared out to threads, their pool waits for a main thread that has gone, and the next kernel would wait for ever. So each call of
 * the module is marked while it runs: a call that finds the mark of another goes on with a pool of one thread, and
 * new threads are started for the time after it. The tensors stay.
 */
export function guardInterrupted(module: EmscriptenModule, threads: number): void {
  const { cwrap } = module;
  const setThreads = cwrap("init_with_threads_count", null, ["number"]);
  let running = false;
  let shared = threads > 1;

  const leaveThreads = () => {
    shared = false;
    setThreads(1);
    replaceThreads(module, threads - 1, () => {
      setThreads(threads);
      shared = true;
    });
  };
  module.cwrap = (name, result, parameters) => {
    const call = calledWhole(cwrap(name, result, parameters));
    return (...values) => {
      if (running && shared) leaveThreads();
      running = true;
      try {
        return call(...values);
      } finally {
        running = false;
      }
    };
  };
}

/** Ends the threads that wait, and starts as many. @param done called when they are there, while no kernel runs */
function replaceThreads(module: EmscriptenModule, count: number, done: () => void): void {
  const { PThread } = module;
  for (const [address, worker] of Object.entries(PThread.pthreads)) {
    worker.once("exit", () => module.__emscripten_thread_free_data(Number(address)));
    void worker.terminate();
  }
  PThread.pthreads = {};
  PThread.runningWorkers = [];
  let missing = count;
  for (let i = 0; i < count; i++) {
    PThread.allocateUnusedWorker();
    PThread.loadWasmModuleToWorker(PThread.unusedWorkers.at(-1)!, () => {
      missing--;
      if (missing === 0) done();
    });
  }
}
