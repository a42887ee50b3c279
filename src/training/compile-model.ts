import * as tf from "@tensorflow/tfjs";
import type { CompileConfig } from "./compile-config.js";
import type { Loss } from "./losses/loss.js";
import { acceptArgumentsOfKeras } from "./fit-arguments.js";
import { beginEpoch, leaveOutUnvalidated } from "./validation-frequency.js";
import { type Logs, RunningLogs } from "./running-logs.js";
import { KerasOptimizer } from "./optimizers/keras-optimizer.js";
import { TrainStep, type Watched } from "./train-step.js";
import { TrainableModel } from "./trainable-model.js";

/** The parts of tfjs's model that compute (tfjs-layers/src/engine/training.ts). */
interface TrainingInternals {
  metricsNames: string[];
  feedOutputShapes: unknown[];
  makeTrainFunction(): (batch: (tf.Tensor | null)[]) => tf.Scalar[];
  makeTestFunction(): void;
  testFunction: (batch: (tf.Tensor | null)[]) => tf.Scalar[];
  checkTrainableWeightsConsistency(): void;
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
 * @param watched what `TrainStep` runs beside the outputs
 */
export function compileModel(
  model: tf.LayersModel,
  parts: TrainableModel,
  config: CompileConfig,
  optimizer: tf.Optimizer | string,
  watched: Watched,
): void {
  const loss = model.outputs.map(() => placeholder);
  tf.LayersModel.prototype.compile.call(model, { optimizer, loss, metrics: [] });
  const step = new TrainStep(model, parts, config, watched);
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
  // What trains is asked anew at each step: a layer that was frozen since needs no `compile`, as tfjs would say.
  inner.checkTrainableWeightsConsistency = () => undefined;
  if (!steps.has(model)) acceptArgumentsOfKeras(model);
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

let registered = false;

/** Metrics begin anew with each epoch; averages take the place of variables when training ends, as in Keras. */
function registerEpochs(): void {
  if (registered) return;
  registered = true;
  class Epochs extends tf.Callback {
    #running = new RunningLogs();

    override async onEpochBegin(epoch: number): Promise<void> {
      const model = this.model as tf.LayersModel;
      beginEpoch(model, epoch);
      steps.get(model)?.step.beginTraining();
      this.#running = new RunningLogs();
      return Promise.resolve();
    }

    override async onBatchEnd(_batch: number, logs?: Logs): Promise<void> {
      if (logs && steps.has(this.model as tf.LayersModel)) this.#running.add(logs);
      return Promise.resolve();
    }

    override async onEpochEnd(_epoch: number, logs: Logs = {}): Promise<void> {
      this.#running.dispose();
      leaveOutUnvalidated(this.model as tf.LayersModel, logs);
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
