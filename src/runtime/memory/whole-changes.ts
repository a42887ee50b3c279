import * as tf from "@tensorflow/tfjs";
import { calledWhole } from "../../called-whole.js";

/** The engine's own methods that are wrapped (tfjs-core, engine.ts). */
interface Engine {
  disposeTensor(tensor: tf.Tensor): void;
  moveData(backend: tf.KernelBackend, dataId: object): void;
  makeVariable(value: tf.Tensor, trainable?: boolean, name?: string, dtype?: tf.DataType): tf.Variable;
}

let whole = false;

/**
 * Changes of who holds which memory take several steps. An interrupt between two of them left a variable that was being
 * assigned to without data, so that its model was lost, or data that was freed counted as there: freed once more, it took
 * the memory of other tensors with it.
 */
export function changeMemoryWhole(): void {
  if (whole) return;
  whole = true;
  const engine = tf.engine() as unknown as Engine;
  engine.disposeTensor = calledWhole(engine.disposeTensor.bind(engine));
  engine.moveData = calledWhole(engine.moveData.bind(engine));
  engine.makeVariable = calledWhole(engine.makeVariable.bind(engine));
  const { assign } = tf.Variable.prototype;
  const assignWhole = calledWhole((variable: tf.Variable, value: tf.Tensor) => assign.call(variable, value));
  tf.Variable.prototype.assign = function (this: tf.Variable, value) {
    assignWhole(this, value);
  };
}
