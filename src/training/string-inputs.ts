import * as tf from "@tensorflow/tfjs";
import { withChange } from "../with-change.js";
import type { WithSampleWeights } from "./sample-weights.js";

type Step = (batch: (tf.Tensor | null)[]) => tf.Scalar[];

/** The parts of tfjs's model that batches are cut and used in (tfjs-layers/src/engine/training.ts). */
export interface WithStrings extends WithSampleWeights {
  makeTrainFunction(): Step;
  makeTestFunction(): void;
  testFunction: Step;
}

/**
 * Strings as inputs of `fit` and `evaluate`: TensorFlow.js takes the rows of a batch by `gather`, which has none for
 * strings. The numbers of the rows go through it in their place.
 */
export function acceptStrings(model: WithStrings): void {
  const rows: Uint8Array[][] = [];
  /** Of one row, by input. */
  const shapes = new Map<number, readonly number[]>();
  /** Calls that go on: a callback of `fit` may evaluate. */
  let calls = 0;
  const end = () => {
    if (--calls === 0) rows.length = 0;
  };
  const begin = () => {
    // What a fit that a stop has ended midway has left.
    if (!model.isTraining) [calls, rows.length] = [0, 0];
    calls++;
    return end;
  };
  const standardize = model.standardizeUserDataXY.bind(model);
  model.standardizeUserDataXY = (x, y, ...rest) => {
    const [xs, ys] = standardize(x, y, ...rest);
    return [xs.map((tensor, i) => (tensor.dtype === "string" ? numbered(tensor, i) : tensor)), ys];
  };
  const numbered = (tensor: tf.Tensor, input: number): tf.Tensor => {
    const [samples = 0, ...shape] = tensor.shape;
    shapes.set(input, shape);
    const all = tf.backend().readSync(tensor.dataId) as unknown as Uint8Array[];
    const size = tf.util.sizeFromShape(shape);
    const first = rows.length;
    for (let i = 0; i < samples; i++) rows.push(all.slice(i * size, (i + 1) * size));
    return tf.range(first, first + samples, 1, "int32");
  };
  const strings = (numbers: tf.Tensor, shape: readonly number[]): tf.Tensor =>
    tf.tensor(
      [...numbers.dataSync()].flatMap((row) => rows[row]!),
      [numbers.shape[0]!, ...shape],
      "string",
    );
  const spelt =
    (step: Step): Step =>
    (batch) => {
      if (calls === 0 || rows.length === 0) return step(batch);
      return step(
        batch.map((tensor, i) => {
          const shape = shapes.get(i);
          return tensor?.dtype === "int32" && tensor.rank === 1 && shape ? strings(tensor, shape) : tensor;
        }),
      );
    };
  const [makeTrain, makeTest, fit, evaluate] = [
    model.makeTrainFunction,
    model.makeTestFunction,
    model.fit.bind(model),
    model.evaluate.bind(model),
  ];
  model.makeTrainFunction = () => spelt(makeTrain());
  model.makeTestFunction = () => {
    makeTest();
    model.testFunction = spelt(model.testFunction);
  };
  model.fit = (x, y, args) => {
    begin();
    return fit(x, y, args).finally(end);
  };
  model.evaluate = (x, y, args) => withChange(begin, () => evaluate(x, y, args));
}
