import * as tf from "@tensorflow/tfjs";
import { KerasModel } from "../keras/keras-model.js";
import type { CompileConfig } from "./compile-config.js";
import { maskedWeights, reduceWeighted } from "./losses/reduction.js";
import { KerasOptimizer } from "./optimizers/keras-optimizer.js";
import { MeanOfBatches, RunningMetric } from "./running-results.js";
import type { TrainableModel } from "./trainable-model.js";

/** A batch as tfjs hands it over: inputs, targets, then sample weights or nulls. */
type Batch = readonly (tf.Tensor | null)[];

/** Tensors of a model that training runs beside its outputs. */
export interface Watched {
  /** Masks of the outputs, in their order. */
  readonly masks: readonly (tf.SymbolicTensor | null)[];
  /** What layers add to the loss by themselves. */
  readonly addedLosses: readonly tf.SymbolicTensor[];
}

/** By output and by metric; no losses where they are counted by samples, as tfjs does by itself. */
interface Running {
  readonly losses: readonly MeanOfBatches[];
  readonly metrics: readonly RunningMetric[];
}

/** Computes losses and metrics of batches as Keras does, for the loops of tfjs. */
export class TrainStep {
  readonly #model: tf.LayersModel;
  readonly #parts: TrainableModel;
  readonly #config: CompileConfig;
  /** Gives the outputs, then those of their masks that there are, then what is added to the loss. */
  readonly #masked: tf.LayersModel;
  /** By output: the place of its mask among what `#masked` gives. */
  readonly #places: readonly (number | null)[];
  /** Of the batches that were trained on in this epoch, and of those that were only looked at. */
  #trained: Running = { losses: [], metrics: [] };
  #tested: Running = { losses: [], metrics: [] };
  #testing = false;

  constructor(
    model: tf.LayersModel,
    parts: TrainableModel,
    config: CompileConfig,
    { masks, addedLosses }: Watched,
  ) {
    this.#model = model;
    this.#parts = parts;
    this.#config = config;
    const present = [...new Set(masks.filter((mask) => mask !== null))];
    const { inputs, outputs } = model;
    const beside = [...present, ...addedLosses.filter((tensor) => !outputs.includes(tensor))];
    this.#masked = beside.length === 0 ? model : new KerasModel({ inputs, outputs: [...outputs, ...beside] });
    this.#places = masks.map((mask) => (mask ? outputs.length + present.indexOf(mask) : null));
    this.beginTraining();
    this.beginTest();
  }

  /** Begins an epoch: its metrics start from nothing. */
  beginTraining(): void {
    this.#trained = this.#anew(this.#trained);
  }

  /** Begins an evaluation; that of an epoch begins by itself, when its training is over. */
  beginTest(): void {
    this.#tested = this.#anew(this.#tested);
    this.#testing = false;
  }

  #anew({ losses, metrics }: Running): Running {
    for (const total of [...losses, ...metrics]) total.dispose();
    return {
      losses: this.#config.meanOfBatches ? this.#config.losses.map(() => new MeanOfBatches()) : [],
      metrics: this.#config.metrics.map((metric) => new RunningMetric(metric)),
    };
  }

  /** One step on a batch. @returns total loss, loss by output where there are several, metrics */
  train(batch: Batch): tf.Scalar[] {
    let report: tf.Scalar[] = [];
    if (this.#testing) this.beginTest();
    const optimizer = this.#model.optimizer;
    const variables = this.#parts.trainable();
    if (optimizer instanceof KerasOptimizer) {
      for (const { variable, path } of variables) optimizer.name(variable, path);
    }
    const loss = () => {
      const { result, penalties } = this.#parts.trained(() => this.#run(batch, true));
      report = [...result.reported, ...result.metrics].map((value) => tf.keep(tf.clone(value)));
      return sum([...this.#weighted(result.losses), ...penalties]);
    };
    const plain = variables.map(({ variable }) => variable);
    // Keras makes no step where nothing is trained, and counts losses and averages all the same.
    const total =
      plain.length === 0
        ? tf.tidy(loss)
        : optimizer instanceof KerasOptimizer
          ? optimizer.minimizeTables(loss, (name) => this.#parts.lookups(name), true, plain)!
          : optimizer.minimize(loss, true, plain)!;
    this.#parts.release();
    this.#parts.constrain();
    return [total, ...this.#shown(report)];
  }

  /** Loss and metrics of a batch without a step. */
  test(batch: Batch): tf.Scalar[] {
    this.#testing = true;
    return tf.tidy(() => {
      const { result, penalties } = this.#parts.penalized(() => this.#run(batch, false));
      const total = sum([...this.#weighted(result.losses), ...penalties]);
      this.#parts.release();
      return [total, ...this.#shown([...result.reported, ...result.metrics])];
    });
  }

  /** Losses of outputs stand in the history only where there are several. */
  #shown(report: tf.Scalar[]): tf.Scalar[] {
    const outputs = this.#model.outputs.length;
    if (outputs > 1) return report;
    for (const loss of report.slice(0, 1)) loss.dispose();
    return report.slice(1);
  }

  /** @returns losses by output, what is reported of them, metrics */
  #run(batch: Batch, training: boolean): Record<"losses" | "reported" | "metrics", tf.Scalar[]> {
    const { inputs, outputs } = this.#model;
    const xs = batch.slice(0, inputs.length) as tf.Tensor[];
    const ys = batch.slice(inputs.length, inputs.length + outputs.length) as tf.Tensor[];
    const weights = batch.slice(inputs.length + outputs.length);
    const all = [this.#masked.call(xs, { training })].flat();
    const predicted = all.slice(0, outputs.length);
    const masks = this.#places.map((place) => (place === null ? null : all[place]!));
    const losses = predicted.map((yPred, i) => this.#loss(i, ys[i]!, yPred, weights[i] ?? null, masks[i]!));
    const size = xs[0]?.shape[0] ?? 1;
    const running = training ? this.#trained : this.#tested;
    const reported = losses.map((loss, i) => running.losses[i]?.add(loss, size) ?? loss);
    const metrics = running.metrics.map((total) => {
      const { output, weighted, masked } = total.of;
      const given = weighted ? (weights[output] ?? null) : null;
      const mask = masked ? masks[output]! : null;
      return total.add(asFloat(ys[output]!), predicted[output]!, maskedWeights(given, mask, "sum"), size);
    });
    return { losses, reported, metrics };
  }

  #loss(
    output: number,
    yTrue: tf.Tensor,
    yPred: tf.Tensor,
    weights: tf.Tensor | null,
    mask: tf.Tensor | null,
  ): tf.Scalar {
    const trained = this.#config.losses[output];
    if (!trained) return tf.scalar(0);
    const { loss } = trained;
    const counted = maskedWeights(weights, mask, loss.reduction, this.#config.meanOverAllSteps);
    return reduceWeighted(loss.values(asFloat(yTrue), yPred), counted, loss.reduction);
  }

  /** By the loss weights; the history shows losses of outputs without them. */
  #weighted(losses: tf.Scalar[]): tf.Scalar[] {
    return losses.map((loss, i) => tf.mul(loss, this.#config.losses[i]?.weight ?? 1));
  }
}

function sum(values: tf.Scalar[]): tf.Scalar {
  return values.length === 0 ? tf.scalar(0) : (tf.addN(values) as tf.Scalar);
}

function asFloat(x: tf.Tensor): tf.Tensor {
  return x.dtype === "float32" ? x : tf.cast(x, "float32");
}
