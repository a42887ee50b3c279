import type * as tf from "@tensorflow/tfjs";
import { calledWhole } from "../../called-whole.js";

interface Module {
  _malloc(bytes: number): number;
  _free(address: number): void;
  /** What the module exports; `_malloc` puts its own in its place when it is first called. */
  readonly asm: { malloc(bytes: number): number; free(address: number): void };
}

const guarded = new WeakSet<Module>();

/** What WebAssembly can have, in bytes. A larger number loses its upper bits on the way into the module. */
const MOST = 2 ** 32;

/**
 * Where no memory is left `malloc` gives 0, and of more than there can ever be it makes what the lower 32 bits say; the back
 * end puts the tensor there, over the data of the module itself: from then on all results are wrong, without a word, or
 * the next call never ends. This way it is an error, and what is there stays whole. An interrupt inside of `malloc` or
 * `free` would leave their lists in disorder, and their lock taken.
 */
export function refuseAddressZero(backend: tf.KernelBackend): void {
  const { wasm } = backend as unknown as { wasm: Module };
  if (guarded.has(wasm)) return;
  guarded.add(wasm);
  const allocate = calledWhole((bytes: number) => wasm.asm.malloc(bytes));
  wasm._free = calledWhole((address: number) => wasm.asm.free(address));
  wasm._malloc = (bytes) => {
    const address = bytes < MOST ? allocate(bytes) : 0;
    if (address !== 0 || bytes === 0) return address;
    throw new RangeError(
      `Out of memory on wasm: no room for a tensor of ${Math.ceil(bytes / 2 ** 20)} MiB in the 4 GiB that WebAssembly ` +
        "can have. Dispose of what is not needed (%memory lists it), or use smaller batches.",
    );
  };
}
