/** A thread of the WebAssembly back end: takes Emscripten's words, which threads.ts starts it for. */

import { parentPort } from "node:worker_threads";
import { emscriptenFactory, type EmscriptenModule } from "./emscripten-module.js";

/** What is used of WebAssembly, whose types come with the browsers' only. */
interface WebAssemblyApi {
  readonly Instance: new (module: object, imports: object) => { readonly exports: object };
}

interface Load {
  readonly cmd: "load";
  readonly wasmModule: object;
  readonly wasmMemory: { readonly buffer: SharedArrayBuffer };
}

interface Run {
  readonly cmd: "run";
  readonly pthread_ptr: number;
  readonly start_routine: number;
  readonly arg: number;
}

let module: EmscriptenModule | null = null;

parentPort!.on("message", (message: Load | Run | { cmd: "cancel" }) => {
  if (message.cmd === "load") load(message);
  else if (message.cmd === "run") run(message, module!);
});

function load({ wasmModule, wasmMemory }: Load): void {
  const { WebAssembly: wasm } = globalThis as unknown as { WebAssembly: WebAssemblyApi };
  const postMessage = (message: unknown) => parentPort!.postMessage(message);
  const startWorker = (made: EmscriptenModule) => {
    module = made;
    postMessage({ cmd: "loaded" });
  };
  void emscriptenFactory({ postMessage, startWorker })({
    ENVIRONMENT_IS_PTHREAD: true,
    wasmMemory,
    buffer: wasmMemory.buffer,
    instantiateWasm(imports: object, receive: (instance: object) => void) {
      const instance = new wasm.Instance(wasmModule, imports);
      receive(instance);
      return instance.exports;
    },
  });
}

function run(message: Run, { PThread, ...module }: EmscriptenModule): void {
  module.__emscripten_thread_init(message.pthread_ptr, 0, 0, 1);
  module.establishStackSpace();
  PThread.receiveObjectTransfer(message);
  PThread.threadInitTLS();
  try {
    module.invokeEntryPoint(message.start_routine, message.arg);
  } catch (error) {
    // So Emscripten leaves a thread that goes on with messages.
    if (error !== "unwind") throw error;
  }
}
