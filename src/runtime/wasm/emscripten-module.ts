import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { compileFunction } from "node:vm";

const require = createRequire(import.meta.url);
const PACKAGE = "@tensorflow/tfjs-backend-wasm";
const FILE = `${PACKAGE}/wasm-out/tfjs-backend-wasm-threaded-simd.js`;

/** Its code, for `Module.locateFile`. */
export const THREADED_WASM = require.resolve(`${PACKAGE}/dist/tfjs-backend-wasm-threaded-simd.wasm`);

/** What is used of a thread of Emscripten's, a `Worker` or what stands for one. */
export interface PoolWorker {
  onmessage?: (event: { data: { cmd: string } }) => void;
  pthread_ptr?: number;
  postMessage(message: unknown): void;
  on(event: string, listener: () => void): unknown;
  once(event: "exit", listener: () => void): unknown;
  unref(): void;
  terminate(): unknown;
}

/** What is used of TensorFlow.js's Emscripten module for several threads. */
export interface EmscriptenModule {
  cwrap(name: string, result: string | null, parameters: readonly string[]): (...values: number[]) => number;
  _malloc(bytes: number): number;
  _free(address: number): void;
  readonly PThread: {
    unusedWorkers: PoolWorker[];
    runningWorkers: PoolWorker[];
    pthreads: Record<string, PoolWorker>;
    allocateUnusedWorker(): void;
    loadWasmModuleToWorker(worker: PoolWorker, loaded: () => void): void;
    receiveObjectTransfer(message: unknown): void;
    threadInitTLS(): void;
  };
  __emscripten_thread_init(address: number, isMain: number, isRuntime: number, canBlock: number): void;
  __emscripten_thread_free_data(address: number): void;
  establishStackSpace(): void;
  invokeEntryPoint(routine: number, argument: number): void;
}

/** Makes the module; resolves when its threads are there, on a thread at once. */
export type EmscriptenFactory = (config: object) => Promise<EmscriptenModule>;

/**
 * TensorFlow.js's module for several threads (Emscripten's output, of which Node gets only the one for one thread:
 * tfjs issue 3830), with names of ours in place of the globals that it takes from a browser.
 */
export function emscriptenFactory(scope: Readonly<Record<string, unknown>>): EmscriptenFactory {
  const file = require.resolve(FILE);
  const module = { exports: {} };
  // It writes `Worker` onto the global that it is given.
  const names = {
    require,
    module,
    exports: module.exports,
    __filename: file,
    __dirname: path.dirname(file),
    global: {},
    ...scope,
  };
  const define = compileFunction(readFileSync(file, "utf8"), Object.keys(names), { filename: file });
  define(...Object.values(names));
  return module.exports as EmscriptenFactory;
}
