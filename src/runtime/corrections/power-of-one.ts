import * as tf from "@tensorflow/tfjs";
import { replaceKernel } from "./kernel.js";

interface HostBackend {
  readSync(dataId: object): Float32Array;
}

/**
 * 1 to any power is 1, NaN and infinity too, and so is -1 to an infinite one: as in C and TensorFlow, not as in JavaScript.
 * Of operands that are equally long, or of which one is read over and over (broadcast-first.ts).
 */
export function powerOfOne(backendName: string): void {
  replaceKernel(
    backendName,
    "Pow",
    (own) => (args) => {
      const result = own(args) as tf.TensorInfo;
      const host = args.backend as unknown as HostBackend;
      const values = host.readSync(result.dataId);
      if (!values.some(Number.isNaN)) return result;
      const { a, b } = args.inputs as { a: tf.TensorInfo; b: tf.TensorInfo };
      const [bases, exponents] = [host.readSync(a.dataId), host.readSync(b.dataId)];
      for (let i = 0; i < values.length; i++) {
        if (!Number.isNaN(values[i])) continue;
        const [base, exponent] = [bases[i % bases.length]!, exponents[i % exponents.length]!];
        if (base === 1 || (base === -1 && Math.abs(exponent) === Infinity)) values[i] = 1;
      }
      return result;
    },
    "one",
  );
}
