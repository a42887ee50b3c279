import * as tf from "@tensorflow/tfjs";
import { byteText } from "../../loading/notation.js";

const SIGNS =
  /out of memory|OOM when allocating|Aborted\(|memory access out of bounds|Invalid typed array length|Array buffer allocation failed|bad_alloc|RESOURCE_EXHAUSTED/i;

interface Engine {
  runKernel(name: string, inputs: Record<string, tf.Tensor | undefined>, attrs?: object): unknown;
}

let explained = false;

/** Errors of a back end that has no memory left say what was to be computed, and how much is held already. */
export function explainOutOfMemory(): void {
  if (explained) return;
  explained = true;
  const engine = tf.engine() as unknown as Engine;
  const { runKernel } = engine;
  engine.runKernel = (name, inputs, attrs) => {
    try {
      return runKernel.call(engine, name, inputs, attrs);
    } catch (error) {
      throw SIGNS.test(String((error as Error).message))
        ? outOfMemory(name, inputs, attrs, error as Error)
        : error;
    }
  };
}

function outOfMemory(
  kernel: string,
  inputs: Record<string, tf.Tensor | undefined>,
  attrs: object | undefined,
  cause: Error,
): RangeError {
  const given = Object.values(inputs).filter((input) => input?.shape);
  const shapes = given.map((input) => `[${input!.shape}] ${input!.dtype}`).join(", ");
  const { shape } = (attrs ?? {}) as { shape?: readonly number[] };
  const what = shapes || (shape ? `[${shape}]` : "nothing");
  const { numBytes, numTensors } = tf.memory();
  const backend = tf.getBackend();
  const dead = backend === "wasm" && /Aborted|out of bounds/.test(cause.message);
  return new RangeError(
    `Out of memory on ${backend}: ${kernel} of ${what} found no room beside ${numTensors} tensors with ` +
      `${byteText(numBytes)}. Use smaller batches or dispose() of what is not needed (%memory lists it).` +
      (dead
        ? " The WebAssembly memory is used up: %backend wasm starts a fresh one; its tensors are lost."
        : ""),
    { cause },
  );
}
