import type * as tf from "@tensorflow/tfjs";
import { replaceKernel } from "../corrections/kernel.js";
import type { OpAttribute } from "./load-binding.js";
import { REGISTERED_NAME, type Executes } from "./node-backend.js";

/**
 * Multiplies two matrices by TensorFlow's MatMul. tfjs-node takes BatchMatMulV2 for them, which is slower (for
 * [1024, 768] and [768, 3072] 1.7 times, on an Intel processor), and which a graph does not join with the addition and
 * the activation behind it (tensorflow/core/grappler/optimizers/remapper.cc).
 */
export function multiplyMatricesAsSuch(): void {
  replaceKernel(
    REGISTERED_NAME,
    "BatchMatMul",
    (own) => (args) => {
      const { a, b } = args.inputs as { a: tf.Tensor; b: tf.Tensor };
      const bothPlain = [a, b].every(({ shape, dtype }) => shape.length === 2 && dtype === "float32");
      if (!bothPlain) return own(args);
      const { transposeA, transposeB } = args.attrs as unknown as {
        transposeA: boolean;
        transposeB: boolean;
      };
      const backend = args.backend as Executes;
      const { binding } = backend;
      const attributes = [
        { name: "T", type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT },
        { name: "transpose_a", type: binding.TF_ATTR_BOOL, value: transposeA },
        { name: "transpose_b", type: binding.TF_ATTR_BOOL, value: transposeB },
      ] as OpAttribute[];
      return backend.executeMultipleOutputs("MatMul", attributes, [a, b], 1)[0]!;
    },
    "matrices",
  );
}
