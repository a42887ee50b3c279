import * as tf from "@tensorflow/tfjs";
import { ownResult, replaceKernel } from "../corrections/kernel.js";

/**
 * Two kernels of tfjs-node 4.22.0 for complex numbers: a matrix that is to be turned is conjugated as well, which no
 * other back end does, and what is padded with has no complex form.
 */
export function correctComplexKernels(backendName: string): void {
  const reason = "complex";
  replaceKernel(
    backendName,
    "BatchMatMul",
    (own) => (args) => {
      const { a, b } = args.inputs as { a: tf.Tensor; b: tf.Tensor };
      const { transposeA, transposeB } = args.attrs as unknown as Turned;
      if (a.dtype !== "complex64" || !(transposeA || transposeB)) return own(args);
      return tf.tidy(() => {
        const inputs = { a: transposeA ? turned(a) : a, b: transposeB ? turned(b) : b };
        return ownResult(own, { ...args, inputs, attrs: { transposeA: false, transposeB: false } });
      });
    },
    reason,
  );
  replaceKernel(
    backendName,
    "PadV2",
    (own) => (args) => {
      const { x } = args.inputs as { x: tf.Tensor };
      if (x.dtype !== "complex64") return own(args);
      const border = { ...args.attrs, constantValue: 0 };
      return tf.tidy(() =>
        tf.complex(
          ownResult(own, { ...args, inputs: { x: tf.real(x) } }),
          ownResult(own, { ...args, inputs: { x: tf.imag(x) }, attrs: border }),
        ),
      );
    },
    reason,
  );
}

interface Turned {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/** The last two axes in each other's place. */
function turned(x: tf.Tensor): tf.Tensor {
  const axes = x.shape.map((_, axis) => axis);
  return tf.transpose(x, [...axes.slice(0, -2), axes.at(-1)!, axes.at(-2)!]);
}
