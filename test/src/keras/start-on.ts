import { cpu } from "../../../src/runtime/cpu.js";
import { wasm } from "../../../src/runtime/wasm/backend.js";

/** Makes a back end current, with its corrections, for the tests that compare numbers. */
export async function startOn(name: "cpu" | "wasm"): Promise<void> {
  await { cpu, wasm }[name].start({ asked: true });
}
