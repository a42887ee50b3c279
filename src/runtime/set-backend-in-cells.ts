import * as tf from "@tensorflow/tfjs";
import { BackendError } from "./backend-error.js";
import { takeAlong } from "./take-along.js";

interface Engine {
  setBackend(name: string): Promise<boolean>;
  readonly registryFactory: Readonly<Record<string, unknown>>;
}

/** Registered names of back ends that are corrected. cpu is from the first start of any. */
const corrected = new Set(["cpu"]);
let starting = 0;
let taken = false;

/** Runs a start of ours, in which `tf.setBackend` is TensorFlow.js's own. */
export async function startingOurselves<T>(start: () => Promise<T>): Promise<T> {
  starting++;
  try {
    return await start();
  } finally {
    starting--;
  }
}

/**
 * `tf.setBackend` in a cell starts what `%backend` starts, by its names too: what a package registers of itself is not
 * corrected, and of names that are not registered TensorFlow.js says no more.
 * @param registeredName of the one that was started now
 * @param use starts one by the name that `%backend` has for it
 */
export function takeSetBackend(registeredName: string, use: (name: string) => Promise<unknown>): void {
  corrected.add(registeredName);
  if (taken) return;
  taken = true;
  const engine = tf.engine() as unknown as Engine;
  const { setBackend } = engine;
  engine.setBackend = async (name) => {
    const isOfUser = name in engine.registryFactory && !["wasm", "webgpu"].includes(name);
    if (starting > 0) return setBackend.call(engine, name);
    // Of the GPU alone: elsewhere, one that is started is in use as soon as this is called.
    if (tf.getBackend() === "webgpu" && name !== "webgpu") await takeAlong();
    if (corrected.has(name) || isOfUser) return setBackend.call(engine, name);
    try {
      await use(name);
      return true;
    } catch (error) {
      if (!(error instanceof BackendError)) throw error;
      const { message, remedy } = error;
      throw new BackendError(`${message}\nTo enable it: ${remedy}`, remedy, { cause: error });
    }
  };
}
