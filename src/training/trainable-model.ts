import * as tf from "@tensorflow/tfjs";
import type { LayerSpec, ModelGraph } from "../keras/graph.js";
import type { KerasOrigin } from "../layers/registry.js";
import { eachLayer } from "../keras/read-graph.js";
import { addedLosses, beginLosses, endLosses } from "../layers/custom/added-losses.js";
import { ComputedLayer } from "../layers/computed-layer.js";
import { isOfUser } from "../layers/custom/custom.js";
import { OwnLosses } from "./own-losses.js";
import { type Constraint, readConstraint } from "./constraints.js";
import type { Lookups } from "./optimizers/gradient.js";
import { activityPenalty, byVariable, readRegularizer, type Regularizer } from "./regularizers.js";
import { WatchedLookups } from "./watch-lookups.js";

type Layers = ReadonlyMap<string, tf.layers.Layer>;

/** A loaded model as training sees it: what trains, in Keras's order, and what is added to the loss. */
export class TrainableModel {
  readonly #penalties: (readonly [tf.LayerVariable, Regularizer])[] = [];
  readonly #own: OwnLosses[] = [];
  readonly #constraints: (readonly [tf.LayerVariable, Constraint])[] = [];
  readonly #lookups = new WatchedLookups();
  /** Penalties of outputs, gathered while a batch runs through the model. */
  #activity: tf.Scalar[] | null = null;

  constructor(
    readonly graph: ModelGraph,
    readonly layers: Layers,
    private readonly origin: KerasOrigin,
  ) {
    for (const spec of eachLayer(graph)) this.#read(spec);
  }

  /** In the order of Keras's `model.trainable_variables`, with the path of each. */
  trainable(): { readonly variable: tf.Variable; readonly path: string }[] {
    return trainableWeights(this.graph, this.layers).map(({ weight, path }) => ({
      variable: weight.read() as tf.Variable,
      path,
    }));
  }

  /** What each look-up in a table has added to the gradient since the last batch was run to train on it. */
  lookups(name: string): Lookups | null {
    return this.#lookups.of(name);
  }

  /** Runs a batch to train on it: `penalized`, with look-ups gathered. */
  trained<T>(run: () => T): { result: T; penalties: tf.Scalar[] } {
    this.#lookups.begin();
    return this.penalized(run);
  }

  /** Runs a batch, and gathers what the layers add to the loss; `release` when the sum is made. */
  penalized<T>(run: () => T): { result: T; penalties: tf.Scalar[] } {
    tf.dispose(this.#activity ?? []);
    this.#activity = [];
    beginLosses();
    const result = run();
    const penalties = [
      ...this.#penalized().map(([variable, penalty]) => penalty(variable.read())),
      ...this.#own.flatMap((losses) => losses.values()),
      ...this.#activity,
      ...addedLosses(),
    ];
    return { result, penalties };
  }

  /** Keras 3 leaves out penalties of what is frozen; Keras 2 counts them. */
  #penalized(): (readonly [tf.LayerVariable, Regularizer])[] {
    if (this.origin.major < 3 || this.#penalties.length === 0) return this.#penalties;
    const trained = this.#trained();
    return this.#penalties.filter(([variable]) => trained.has(variable));
  }

  #trained(): Set<tf.LayerVariable> {
    return new Set(trainableWeights(this.graph, this.layers).map(({ weight }) => weight));
  }

  /** Frees the penalties of outputs and the look-ups. */
  release(): void {
    tf.dispose(this.#activity ?? []);
    this.#activity = null;
    endLosses();
    this.#lookups.end();
  }

  /** Makes variables keep to their constraints, after a step. */
  constrain(): void {
    if (this.#constraints.length === 0) return;
    const trained = this.#trained();
    tf.tidy(() => {
      for (const [variable, constraint] of this.#constraints) {
        if (!trained.has(variable)) continue;
        const value = variable.read() as tf.Variable;
        value.assign(constraint(value));
      }
    });
  }

  #read(spec: LayerSpec): void {
    const layer = this.layers.get(spec.path);
    if (!layer || spec.model) return;
    const own = isOfUser(layer) && !(layer instanceof ComputedLayer) ? new OwnLosses(layer) : null;
    if (own) this.#own.push(own);
    // A class that gives its weights regularizers itself has those of the config among them.
    for (const [variable, value] of own?.any ? [] : byVariable(spec, layer, "_regularizer")) {
      const regularizer = readRegularizer(value);
      if (regularizer) this.#penalties.push([variable, regularizer]);
    }
    for (const [variable, value] of byVariable(spec, layer, "_constraint")) {
      const constraint = readConstraint(value);
      if (constraint) this.#constraints.push([variable, constraint]);
    }
    const lookups = layer instanceof ComputedLayer ? layer.computation.lookups : undefined;
    // What else reads the table gives it an ordinary gradient.
    if (lookups && !spec.config["embeddings_regularizer"])
      this.#lookups.watch(lookups, layer.weights[lookups.weight]!);
    const activity = activityPenalty(spec);
    if (activity) this.#watchOutputs(layer, activity);
  }

  /** Adds the penalty of a layer's outputs whenever it runs in training. */
  #watchOutputs(layer: tf.layers.Layer, penalty: Regularizer): void {
    const call = layer.call.bind(layer);
    layer.call = (inputs, kwargs) => {
      const outputs = call(inputs, kwargs);
      // The layer's own scope would free it at once.
      for (const output of [outputs].flat()) this.#activity?.push(tf.keep(penalty(output)));
      return outputs;
    };
  }
}

/** In the order of Keras's `model.trainable_variables`, each once, with its path and that of its layer. */
export function trainableWeights(
  graph: ModelGraph,
  layers: Layers,
): { readonly weight: tf.LayerVariable; readonly path: string; readonly layer: string }[] {
  const seen = new Set<tf.LayerVariable>();
  return trainableOf(graph, layers).filter(({ weight }) => !seen.has(weight) && seen.add(weight));
}

function trainableOf(
  graph: ModelGraph,
  layers: Layers,
): { weight: tf.LayerVariable; path: string; layer: string }[] {
  return graph.layers.flatMap((spec) => {
    const layer = layers.get(spec.path);
    if (!layer?.trainable) return [];
    if (spec.model) return trainableOf(spec.model, layers);
    return layer.trainableWeights.map((weight) => ({
      weight,
      layer: spec.path,
      path: `${spec.path}/${weight.originalName.split("/").at(-1)}`,
    }));
  });
}
