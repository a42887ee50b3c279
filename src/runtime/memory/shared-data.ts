import * as tf from "@tensorflow/tfjs";

/** The engine's own methods that are wrapped (tfjs-core, engine.ts). */
interface Engine {
  trackTensor(tensor: tf.Tensor, backend: tf.KernelBackend): void;
  disposeTensor(tensor: tf.Tensor): void;
  readonly state: {
    numBytes: number;
    readonly tensorInfo: WeakMap<object, { readonly bytes: number }>;
  };
}

let counted = false;

/**
 * Lets `tf.memory().numBytes` tell bytes that there are: TensorFlow.js counts what a reshaped or cloned tensor shares
 * with its origin once for each, and what a gradient saves of a tensor once more.
 */
export function countSharedDataOnce(): void {
  if (counted) return;
  counted = true;
  const engine = tf.engine() as unknown as Engine;
  const { trackTensor, disposeTensor } = engine;
  engine.trackTensor = (tensor, backend) => {
    const before = engine.state.numBytes;
    const shared = engine.state.tensorInfo.has(tensor.dataId);
    trackTensor.call(engine, tensor, backend);
    // One of a broken shape would spoil the sum for good.
    if (shared || !Number.isFinite(engine.state.numBytes)) engine.state.numBytes = before;
  };
  engine.disposeTensor = (tensor) => {
    const before = engine.state.numBytes;
    // Of the first tensor that had it: a boolean can share its data with the floats that it was cast to.
    const bytes = engine.state.tensorInfo.get(tensor.dataId)?.bytes ?? 0;
    disposeTensor.call(engine, tensor);
    const shared = engine.state.tensorInfo.has(tensor.dataId);
    engine.state.numBytes = shared || !Number.isFinite(bytes) ? before : before - bytes;
  };
}
