import * as tf from "@tensorflow/tfjs";
import { byteText } from "../../notation.js";
import { resultBytes } from "./result-size.js";
import { isRoomFor, isRoomLeft } from "./room-left.js";

const SIGNS =
  /out of memory|OOM when allocating|Aborted\(|memory access out of bounds|Invalid typed array length|Array buffer allocation failed|bad_alloc|RESOURCE_EXHAUSTED/i;

interface Engine {
  runKernel(name: string, inputs: Record<string, tf.Tensor | undefined>, attrs?: object): unknown;
  makeTensor(values: unknown, shape: readonly number[], ...rest: unknown[]): tf.Tensor;
}

/** Before the system says so by ending the process. */
const FULL = "the machine has too little memory left";

const BYTES_EACH = 4;

let explained = false;
let backendInUse = (): string => tf.getBackend();

/**
 * Errors of a back end that has no memory left, or of a machine that has none for it, say what was to be computed, and how much is held already.
 * @param backendName the name of the one in use, as users know it
 */
export function explainOutOfMemory(backendName: () => string): void {
  if (explained) return;
  explained = true;
  backendInUse = backendName;
  const engine = tf.engine() as unknown as Engine;
  const { runKernel, makeTensor } = engine;
  engine.makeTensor = (values, shape, ...rest) => {
    if (!isRoomLeft()) throw outOfMemory(backendName(), "a tensor", {}, { shape }, new Error(FULL));
    return makeTensor.call(engine, values, shape, ...rest);
  };
  engine.runKernel = (name, inputs, attrs) => {
    if (!isRoomLeft()) throw outOfMemory(backendName(), name, inputs, attrs, new Error(FULL));
    requireRoomForResult(backendName(), name, inputs, attrs);
    try {
      return runKernel.call(engine, name, inputs, attrs);
    } catch (error) {
      throw SIGNS.test(String((error as Error).message))
        ? outOfMemory(backendName(), name, inputs, attrs, error as Error, resultBytes(name, inputs, attrs))
        : error;
    }
  };
}

/** Back ends whose tensors are in a memory of their own, which says itself what it has no room for. */
const ELSEWHERE: ReadonlySet<string> = new Set(["cuda", "webgpu", "wasm"]);

/** A back end on the machine's memory fills a result that it was given room for, until the system ends the process. */
function requireRoomForResult(
  backend: string,
  name: string,
  inputs: Record<string, tf.Tensor | undefined>,
  attrs: object | undefined,
): void {
  if (ELSEWHERE.has(backend)) return;
  const bytes = resultBytes(name, inputs, attrs);
  if (!isRoomFor(bytes)) throw outOfMemory(backend, name, inputs, attrs, new Error(FULL), bytes);
}

/**
 * Makes the values of a shape, which is no kernel's doing.
 * @param what as users know it: `zeros`
 * @throws {RangeError} where the machine has no memory for them, or no array can be so long
 */
export function withRoomForValues<T>(what: string, shape: readonly number[], make: () => T): T {
  const bytes = shape.reduce((product, length) => product * length, BYTES_EACH);
  if (!isRoomFor(bytes)) throw outOfMemory(backendInUse(), what, {}, { shape }, new Error(FULL), bytes);
  try {
    return make();
  } catch (error) {
    if (
      !/^(Invalid typed array length|Array buffer allocation failed)/.test(String((error as Error).message))
    )
      throw error;
    throw outOfMemory(backendInUse(), what, {}, { shape }, error as Error, bytes);
  }
}

/** Bytes of a number by TensorFlow's names of types; of others 4. */
const NUMBER_BYTES: Readonly<Record<string, number>> = { double: 8, int64: 8, half: 2, bfloat16: 2, bool: 1 };

/** What TensorFlow found no room for, in words; empty where another back end says nothing of it. */
function refusedSize(message: string): string {
  const [, mebibytes] = /no room for a tensor of (\d+) MiB/.exec(message) ?? [];
  if (mebibytes) return ` for ${byteText(Number(mebibytes) * 2 ** 20)}`;
  const [, shape, type] = /allocating tensor with shape\[([\d,]+)\] and type (\w+)/.exec(message) ?? [];
  if (!shape || !type) return "";
  const bytes = shape.split(",").reduce((product, n) => product * Number(n), NUMBER_BYTES[type] ?? 4);
  return ` for [${shape}] (${byteText(bytes)})`;
}

function outOfMemory(
  backend: string,
  kernel: string,
  inputs: Record<string, tf.Tensor | undefined>,
  attrs: object | undefined,
  cause: Error,
  bytes = 0,
): RangeError {
  const given = Object.values(inputs).filter((input) => input?.shape);
  const shapes = given.map((input) => `[${input!.shape}] ${input!.dtype}`).join(", ");
  const { shape } = (attrs ?? {}) as { shape?: readonly number[] };
  const what = shapes || (shape ? `[${shape}]` : "");
  const { numBytes, numTensors } = tf.memory();
  const room = refusedSize(cause.message) || (bytes > 0 ? ` for ${byteText(bytes)}` : "");
  const dead = backend === "wasm" && /Aborted|out of bounds/.test(cause.message);
  return new RangeError(
    `Out of memory on ${backend}: ${kernel}${what && ` of ${what}`} found no room${room}${cause.message === FULL ? " on this machine" : ""} beside ` +
      `${numTensors} tensors with ${byteText(numBytes)}. Use smaller batches or dispose() of what is not needed (%memory lists it).` +
      (dead
        ? " The WebAssembly memory is used up: %backend wasm starts a fresh one; its tensors are lost."
        : ""),
    { cause },
  );
}
