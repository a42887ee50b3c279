import * as tf from "@tensorflow/tfjs";
import type { CompileConfig } from "./compile-config.js";
import type { Loss } from "./losses/loss.js";
import { KerasOptimizer } from "./optimizers/keras-optimizer.js";
import { TrainStep } from "./train-step.js";
import { TrainableModel } from "./trainable-model.js";

/** The parts of tfjs's model that its loops go through (tfjs-layers/src/engine/training.ts). */
interface TrainingInternals {
  metricsNames: string[];
  feedOutputShapes: unknown[];
  makeTrainFunction(): (batch: (tf.Tensor | null)[]) => tf.Scalar[];
  makeTestFunction(): void;
  testFunction: (batch: (tf.Tensor | null)[]) => tf.Scalar[];
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

/** Steps of compiled models, for the callbacks that every `fit` of tfjs makes. */
const steps = new WeakMap<
  tf.LayersModel,
  { step: TrainStep; parts: TrainableModel; losses: CompileConfig["losses"] }
>();

/** By output, what a model was compiled with; null for functions of the user's and for none. */
export function namedLosses(model: tf.LayersModel): readonly (Pick<Loss, "name" | "ignoredClass"> | null)[] {
  const ours = steps.get(model);
  if (ours) return ours.losses.map((one) => one?.loss ?? null);
  const { loss } = model as { loss?: unknown };
  const named = (one: unknown) => (typeof one === "string" ? { name: one, ignoredClass: null } : null);
  return model.outputNames.map((name, i) => {
    if (Array.isArray(loss)) return named(loss[i]);
    return named(typeof loss === "object" && loss !== null ? (loss as Record<string, unknown>)[name] : loss);
  });
}

/**
 * Compiles a model so that `fit`, `fitDataset`, `evaluate` and `trainOnBatch` of tfjs compute Keras's losses and
 * metrics: loss weights, reductions, sample weights, masks, regularizers, constraints, metrics over the whole epoch.
 * @param masks of the outputs, in their order
 */
export function compileModel(
  model: tf.LayersModel,
  parts: TrainableModel,
  config: CompileConfig,
  optimizer: tf.Optimizer,
  masks: readonly (tf.SymbolicTensor | null)[],
): void {
  model.compile({ optimizer, loss: model.outputs.map(() => placeholder), metrics: [] });
  const step = new TrainStep(model, parts, config, masks);
  const inner = model as unknown as TrainingInternals;
  inner.metricsNames = historyNames(config);
  // Targets are not of the outputs' shape where classes are numbers; the losses see to it.
  inner.feedOutputShapes = model.outputs.map(() => null);
  inner.makeTrainFunction = () => {
    step.beginTraining();
    return (batch) => step.train(batch);
  };
  inner.makeTestFunction = () => {
    step.beginTest();
    inner.testFunction = (batch) => step.test(batch);
  };
  acceptSampleWeights(inner);
  steps.set(model, { step, parts, losses: config.losses });
  registerEpochs();
}

/** tfjs wants functions of its own; ours run in their place. */
function placeholder(yTrue: tf.Tensor, yPred: tf.Tensor): tf.Scalar {
  return tf.mean(tf.squaredDifference(yTrue, yPred)).asScalar();
}

/** `loss`, losses by output, metrics by output: Keras's keys. */
function historyNames({ metrics, outputs }: CompileConfig): string[] {
  const several = outputs.length > 1;
  const said = (output: number, name: string) => (several ? prefixed(outputs[output]!, name) : name);
  const counts = new Map<string, number>();
  const unique = (name: string) => {
    const count = counts.get(name) ?? 0;
    counts.set(name, count + 1);
    return count === 0 ? name : `${name}_${count}`;
  };
  return [
    "loss",
    ...(several ? outputs.map((name) => `${name}_loss`) : []),
    ...metrics.map(({ output, metric, weighted }) => {
      const name = said(output, metric.name);
      return unique(weighted && counts.has(name) ? said(output, `weighted_${metric.name}`) : name);
    }),
  ];
}

/** Keras 2 saves names that have the output's in them already. */
function prefixed(output: string, name: string): string {
  return name.startsWith(`${output}_`) ? name : `${output}_${name}`;
}

/**
 * `sampleWeight` of `fit` and in its `validationData`, which tfjs refuses, and of `evaluate`, which it takes and leaves
 * unread: one tensor for all outputs or a list, times the class weights.
 */
function acceptSampleWeights(inner: TrainingInternals): void {
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
    if (data?.length !== 3) return fit(x, y, args);
    validated = { weights: data[2], asked: false };
    return fit(x, y, { ...args, validationData: data.slice(0, 2) }).finally(() => (validated = null));
  };
  const [evaluate, standardizeXY] = [inner.evaluate.bind(inner), inner.standardizeUserDataXY.bind(inner)];
  let evaluated: unknown = null;
  inner.standardizeUserDataXY = (x, y, ...rest) => {
    const [xs, ys] = standardizeXY(x, y, ...rest);
    if (evaluated === null) return [xs, ys];
    return [xs, [...ys, ...byOutput(evaluated, ys).map((weight) => tf.clone(weight))]];
  };
  inner.evaluate = (x, y, args) => {
    evaluated = args?.sampleWeight ?? null;
    try {
      return evaluate(x, y, args);
    } finally {
      evaluated = null;
    }
  };
}

function byOutput(sampleWeight: unknown, ys: readonly tf.Tensor[]): tf.Tensor[] {
  return (Array.isArray(sampleWeight) ? sampleWeight : ys.map(() => sampleWeight)) as tf.Tensor[];
}

let registered = false;

/** Metrics begin anew with each epoch; averages take the place of variables when training ends, as in Keras. */
function registerEpochs(): void {
  if (registered) return;
  registered = true;
  class Epochs extends tf.Callback {
    override async onEpochBegin(): Promise<void> {
      steps.get(this.model as tf.LayersModel)?.step.beginTraining();
      return Promise.resolve();
    }

    override async onTrainEnd(): Promise<void> {
      const model = this.model as tf.LayersModel;
      const { optimizer } = model;
      const parts = steps.get(model)?.parts;
      if (parts && optimizer instanceof KerasOptimizer) {
        optimizer.finalize(parts.trainable().map(({ variable }) => variable));
      }
      return Promise.resolve();
    }
  }
  tf.registerCallbackConstructor(0, Epochs as never);
}
