import * as tf from "@tensorflow/tfjs";
import { withChange } from "../with-change.js";

/** The parts of tfjs's model that data go through (tfjs-layers/src/engine/training.ts). */
export interface WithSampleWeights {
  readonly isTraining: boolean;
  standardizeUserData(
    x: unknown,
    y: unknown,
    sampleWeight: unknown,
    ...rest: unknown[]
  ): Promise<[tf.Tensor[], tf.Tensor[], tf.Tensor[] | null]>;
  standardizeUserDataXY(x: unknown, y: unknown, ...rest: unknown[]): [tf.Tensor[], tf.Tensor[]];
  fit(x: unknown, y: unknown, args?: { validationData?: readonly unknown[] }): Promise<tf.History>;
  evaluate(x: unknown, y: unknown, args?: { sampleWeight?: unknown }): tf.Scalar | tf.Scalar[];
}

/**
 * `sampleWeight` of `fit` and in its `validationData`, which tfjs refuses, and of `evaluate`, which it takes and leaves
 * unread: one tensor for all outputs or a list, times the class weights.
 */
export function acceptSampleWeights(inner: WithSampleWeights): void {
  const standardize = inner.standardizeUserData.bind(inner);
  // Of data to validate on, which `fit` asks for after those to train on.
  let validated: { readonly weights: unknown; asked: boolean } | null = null;
  inner.standardizeUserData = async (x, y, given, ...rest) => {
    const sampleWeight = validated?.asked ? validated.weights : given;
    if (validated) validated.asked = true;
    const [xs, ys, byClass] = await standardize(x, y, null, ...rest);
    if (sampleWeight === undefined || sampleWeight === null) return [xs, ys, byClass];
    const weights = byOutput(sampleWeight, ys);
    // Among the targets, so that tfjs cuts off those of its `validationSplit` too.
    if (!byClass) return [xs, [...ys, ...weights.map((weight) => tf.clone(weight))], null];
    return [xs, ys, weights.map((weight, i) => (byClass[i] ? tf.mul(weight, byClass[i]) : tf.clone(weight)))];
  };
  const fit = inner.fit.bind(inner);
  inner.fit = async (x, y, args) => {
    const data = args?.validationData;
    // One beside another is refused.
    if (inner.isTraining) return fit(x, y, args);
    // Those of a fit that a stop has ended midway may be left.
    validated = data?.length === 3 ? { weights: data[2], asked: false } : null;
    if (!validated) return fit(x, y, args);
    return fit(x, y, { ...args, validationData: data!.slice(0, 2) }).finally(() => (validated = null));
  };
  const [evaluate, standardizeXY] = [inner.evaluate.bind(inner), inner.standardizeUserDataXY.bind(inner)];
  let evaluated: unknown = null;
  inner.standardizeUserDataXY = (x, y, ...rest) => {
    const [xs, ys] = standardizeXY(x, y, ...rest);
    if (evaluated === null) return [xs, ys];
    return [xs, [...ys, ...byOutput(evaluated, ys).map((weight) => tf.clone(weight))]];
  };
  inner.evaluate = (x, y, args) => {
    const change = () => {
      evaluated = args?.sampleWeight ?? null;
      return () => void (evaluated = null);
    };
    return withChange(change, () => evaluate(x, y, args));
  };
}

function byOutput(sampleWeight: unknown, ys: readonly tf.Tensor[]): tf.Tensor[] {
  return (Array.isArray(sampleWeight) ? sampleWeight : ys.map(() => sampleWeight)) as tf.Tensor[];
}
