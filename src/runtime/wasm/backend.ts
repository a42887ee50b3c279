import * as tf from "@tensorflow/tfjs";
import { BackendError } from "../backend-error.js";
import type { Backend } from "../backend.js";
import { readAsPairs } from "./complex.js";
import { correctWasm } from "./corrections.js";
import { withoutModuleHandlers } from "./process-handlers.js";
import { refuseAddressZero } from "./used-up-memory.js";
import { viewMovedTensors } from "./views.js";
import { startThreadedWasm, wasmThreads, type WasmPackage } from "./threads.js";

const WASM = "wasm";

/** TensorFlow.js compiled to WebAssembly, with XNNPACK: needs nothing, some twenty times faster than cpu. */
export const wasm: Backend = {
  name: "wasm",
  registeredName: "wasm",
  summary: "WebAssembly with SIMD",
  examine: async () => ({ usable: true, found: "part of TensorFlow.js" }),
  async start() {
    const found = await import("@tensorflow/tfjs-backend-wasm");
    correctWasm();
    preferThreads(found);
    if (isDead()) forget();
    const started = await withoutModuleHandlers(() => tf.setBackend("wasm"));
    if (!started) {
      throw new BackendError(
        "The WebAssembly module of TensorFlow.js cannot be started.",
        "npm install, in loadlab's folder",
      );
    }
    refuseAddressZero(tf.backend());
    viewMovedTensors(tf.backend());
    readAsPairs(tf.backend());
    const simd = await tf.env().getAsync("WASM_HAS_SIMD_SUPPORT");
    const threads = found.getThreadsCount();
    return {
      device: threads > 1 ? `${threads} CPU cores` : "1 CPU core",
      driver: simd ? "WebAssembly with SIMD" : "WebAssembly",
      memory: null,
      remarks: simd ? [] : ["This Node runs WebAssembly without SIMD: expect a quarter of the speed."],
    };
  },
};

type Factory = () => tf.KernelBackend | Promise<tf.KernelBackend>;

interface Registries {
  readonly registry: Record<string, tf.KernelBackend>;
  readonly registryFactory: Record<string, { factory: Factory; priority: number }>;
}

let preferred = false;

/** The package's own way, with one thread, is left for where memory cannot be shared. */
function preferThreads(found: WasmPackage): void {
  if (preferred) return;
  preferred = true;
  const registered = (tf.engine() as unknown as Registries).registryFactory[WASM]!;
  const oneThread = registered.factory;
  registered.factory = () => startThreadedWasm(found, wasmThreads()).catch(oneThread);
}

/** Its memory was used up, or written over: then every computation throws, and stays so. */
function isDead(): boolean {
  const backend = (tf.engine() as unknown as Registries).registry[WASM];
  if (!backend) return false;
  const add = tf.getKernel("Add", WASM).kernelFunc;
  try {
    const one = {
      dataId: backend.write(new Float32Array([1]), [1], "float32"),
      shape: [1],
      dtype: "float32" as const,
    };
    const two = add({ inputs: { a: one, b: one }, backend }) as tf.TensorInfo;
    const [sum] = backend.readSync(two.dataId) as Float32Array;
    for (const { dataId } of [one, two]) backend.disposeData(dataId);
    return sum !== 2;
  } catch {
    return true;
  }
}

/** Takes the instance off, so that the next start makes a fresh one; tensors on it are lost. */
function forget(): void {
  const { registry, registryFactory } = tf.engine() as unknown as Registries;
  const { factory, priority } = registryFactory[WASM]!;
  try {
    tf.removeBackend(WASM);
  } catch {
    Reflect.deleteProperty(registry, WASM);
    Reflect.deleteProperty(registryFactory, WASM);
  }
  tf.registerBackend(WASM, factory, priority);
}
