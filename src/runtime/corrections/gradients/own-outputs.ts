import * as tf from "@tensorflow/tfjs";

interface Engine {
  addTapeNode(kernelName: string, inputs: unknown, outputs: readonly tf.Tensor[], ...rest: unknown[]): void;
}

/**
 * The tape's own lists of results: TensorFlow.js (engine.ts, `runKernelFunc`) hands out the list that the tape has, so
 * that `tf.unstack(x).reverse()` and `tf.split(x, 3).pop()` turned gradients about.
 */
export function recordOwnOutputs(): void {
  const engine = tf.engine() as unknown as Engine;
  const record = engine.addTapeNode.bind(engine);
  engine.addTapeNode = (kernelName, inputs, outputs, ...rest) =>
    record(kernelName, inputs, [...outputs], ...rest);
}
