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
 * the memory of other tensors with it. Stateful layers and SGD let go of what they have before they take another.
 */
export function changeMemoryWhole(): void {
  if (whole) return;
  whole = true;
  const engine = tf.engine() as unknown as Engine;
  engine.disposeTensor = calledWhole(engine.disposeTensor.bind(engine));
  engine.moveData = calledWhole(engine.moveData.bind(engine));
  engine.makeVariable = calledWhole(engine.makeVariable.bind(engine));
  const { classNameMap } = tf.serialization.SerializationMap.getMap();
  callMethodWhole(tf.Variable.prototype, "assign");
  callMethodWhole(tf.SGDOptimizer.prototype, "setLearningRate");
  for (const name of ["RNN", "ConvLSTM2D"]) callMethodWhole(classNameMap[name]![0].prototype, "resetStates");
}

function callMethodWhole(prototype: object, name: string): void {
  const methods = prototype as Record<string, (...args: unknown[]) => void>;
  const method = methods[name]!;
  const whole = calledWhole((owner: unknown, args: unknown[]) => method.apply(owner, args));
  methods[name] = function (...args) {
    whole(this, args);
  };
}
