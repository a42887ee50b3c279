import { createRequire } from "node:module";
import os from "node:os";
import { Worker } from "node:worker_threads";
import type { BackendWasm, setThreadsCount } from "@tensorflow/tfjs-backend-wasm";
import { emscriptenFactory, THREADED_WASM, type PoolWorker } from "./emscripten-module.js";
import { guardInterrupted } from "./interrupted-kernels.js";
import { Refusals } from "./refusals.js";

/** Emscripten's pool is made for so many threads beside the main one. */
const POOL = 8;

/** What is used of the package, which is loaded when the back end is started. */
export interface WasmPackage {
  readonly BackendWasm: typeof BackendWasm;
  readonly setThreadsCount: typeof setThreadsCount;
}

/** How many threads compute on wasm: one for each core, 8 at most. */
export function wasmThreads(): number {
  return Math.min(os.availableParallelism(), POOL);
}

/**
 * TensorFlow.js's wasm back end with several threads, which the package gives to browsers alone. XNNPACK's kernels
 * (products, convolutions, pools, most of what is element by element) are shared out; the rest runs on one.
 *
 * @throws Error when threads or the memory that they share cannot be had
 */
export async function startThreadedWasm(wasm: WasmPackage, threads: number): Promise<BackendWasm> {
  const nodeRequire = createRequire(import.meta.url);
  // XNNPACK takes half of the processors that it is told of: it counts on two threads for each core.
  const processors = { cpus: () => Array.from({ length: 2 * threads }) };
  const create = emscriptenFactory({
    require: (name: string): unknown => (name === "os" ? processors : nodeRequire(name)),
    Worker: poolOf(threads - 1),
  });
  const refusals = new Refusals();
  const module = await create({
    locateFile: (name: string) => (name.endsWith(".wasm") ? THREADED_WASM : name),
    printErr: (line: string) => refusals.hear(line),
  });
  refusals.throwFrom(module);
  guardInterrupted(module, threads);
  const number = "number";
  const tfjs = {
    init: module.cwrap("init", null, []),
    initWithThreadsCount: module.cwrap("init_with_threads_count", null, [number]),
    getThreadsCount: module.cwrap("get_threads_count", number, []),
    registerTensor: module.cwrap("register_tensor", null, [number, number, number]),
    disposeData: module.cwrap("dispose_data", null, [number]),
    dispose: module.cwrap("dispose", null, []),
  };
  wasm.setThreadsCount(threads);
  type WasmModule = ConstructorParameters<typeof BackendWasm>[0];
  return new wasm.BackendWasm(Object.assign(module, { tfjs }) as unknown as WasmModule);
}

/**
 * The class of the pool's threads. Emscripten makes eight before it starts and takes the last first: only as many are
 * real as are used, each of which costs a thread of Node.
 */
function poolOf(real: number): new () => PoolWorker {
  let made = 0;
  return class {
    onmessage?: NonNullable<PoolWorker["onmessage"]>;

    constructor() {
      made++;
      if (made > POOL - real) return realWorker() as never;
    }

    postMessage(): void {
      setImmediate(() => this.onmessage?.({ data: { cmd: "loaded" } }));
    }

    on(): void {}
    once(): void {}
    unref(): void {}
    terminate(): void {}
  };
}

function realWorker(): PoolWorker {
  // What the process was started with is for its own code.
  const worker = new Worker(new URL("./thread.js", import.meta.url), { execArgv: [] });
  // Emscripten lets go of it when it is loaded, and holds the process with it again when it runs.
  worker.ref = () => {};
  return worker as unknown as PoolWorker;
}
