import * as tf from "@tensorflow/tfjs";

/** Runs a computation and frees every tensor that it made; what it returns holds none. */
export function scoped<T>(run: () => T): T {
  tf.engine().startScope();
  try {
    return run();
  } finally {
    tf.engine().endScope();
  }
}
