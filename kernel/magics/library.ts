import { whenInterrupted } from "../../src/runtime/memory/current-cell.js";
import { uninterrupted } from "../../src/uninterrupted.js";
import { Interrupted } from "../runner/input.js";

let interrupts = 0;
whenInterrupted(() => void interrupts++);

/**
 * Loads modules for a magic, to the end.
 * @throws Interrupted when the user has stopped the cell meanwhile: its magic goes no further then
 */
export async function loadWhole<T>(modules: () => Promise<T>): Promise<T> {
  const before = interrupts;
  const loaded = await uninterrupted(modules);
  if (interrupts !== before) throw new Interrupted();
  return loaded;
}

/**
 * The model library, loaded when a magic first needs it: TensorFlow.js takes a second that a notebook without models
 * does not pay.
 */
export function library(): Promise<typeof import("../../src/index.js")> {
  return loadWhole(() => import("../../src/index.js"));
}
