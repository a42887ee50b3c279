import * as tf from "@tensorflow/tfjs";
import { ownResult, replaceKernel } from "./kernel.js";

/** The name that TensorFlow.js gives the scope of an operation. */
const SCOPE = "logSumExp__op";

/**
 * `tf.logSumExp` takes the greatest number off before it takes exponentials. Where that is infinite the difference is
 * NaN, and so was the result, of a row that is masked with -Infinity too; TensorFlow takes 0 off then
 * (math_ops.py, `reduce_logsumexp`). Back ends share the operation, so it is its maximum that is another.
 */
export function finiteInLogSumExp(backendName: string): void {
  replaceKernel(
    backendName,
    "Max",
    (own) => (args) => {
      if (!isInLogSumExp()) return own(args);
      return tf.tidy(() => {
        const greatest = ownResult(own, args);
        return tf.where(tf.isFinite(greatest), greatest, tf.zerosLike(greatest));
      });
    },
    "of logSumExp",
  );
}

function isInLogSumExp(): boolean {
  const { scopeStack } = tf.engine().state as unknown as { scopeStack: readonly { readonly name: string }[] };
  // That of `max` is the last.
  return scopeStack.at(-2)?.name === SCOPE;
}
