import * as tf from "@tensorflow/tfjs";

declare module "@tensorflow/tfjs-core/dist/tensor.js" {
  interface Tensor {
    /** `using x = tf.tensor(...)` disposes of it at the end of the block, or of the cell. */
    [Symbol.dispose](): void;
  }
}

Object.defineProperty(tf.Tensor.prototype, Symbol.dispose, {
  configurable: true,
  writable: true,
  value(this: tf.Tensor) {
    this.dispose();
  },
});
