import * as tf from "@tensorflow/tfjs";
import { BackendError } from "../backend-error.js";
import type { Backend } from "../backend.js";
import { correctWasm } from "./corrections.js";
import { withoutNewHandlers } from "./process-handlers.js";

/** TensorFlow.js compiled to WebAssembly, with XNNPACK: needs nothing, some twenty times faster than cpu. */
export const wasm: Backend = {
  name: "wasm",
  registeredName: "wasm",
  summary: "WebAssembly with SIMD, on one CPU core",
  examine: async () => ({ usable: true, found: "part of TensorFlow.js" }),
  async start() {
    await import("@tensorflow/tfjs-backend-wasm");
    correctWasm();
    const started = await withoutNewHandlers(() => tf.setBackend("wasm"));
    if (!started) {
      throw new BackendError(
        "The WebAssembly module of TensorFlow.js cannot be started.",
        "npm install, in loadlab's folder",
      );
    }
    const simd = await tf.env().getAsync("WASM_HAS_SIMD_SUPPORT");
    return {
      device: "1 CPU core",
      driver: simd ? "WebAssembly with SIMD" : "WebAssembly",
      memory: null,
      remarks: simd ? [] : ["This Node runs WebAssembly without SIMD: expect a quarter of the speed."],
    };
  },
};
