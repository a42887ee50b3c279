import * as tf from "@tensorflow/tfjs";
import { runGraphsThrough } from "../../../graph/run-whole.js";
import { isCreatedByDefinition } from "../../../layers/create.js";
import { isWrittenByUser } from "../../../loading/custom/custom-objects.js";
import { noteOnce } from "../../cell-display.js";
import { REGISTERED_NAME, type NodeBackend } from "../node-backend.js";
import { CompiledFunction } from "./compiled-function.js";

type ComputeWeightsSay = [
  compute: (inputs: readonly tf.Tensor[]) => tf.Tensor[],
  weights: () => readonly object[],
  say: (why: string) => void,
];
type Tensors = tf.Tensor | tf.Tensor[];
type PredictLoop = (this: tf.LayersModel, inputs: Tensors, batchSize?: number, verbose?: boolean) => Tensors;

/** Predictions (batches) of a model before a graph is made for it. */
const OP_BY_OP = 4;

let on = true;
let paused = false;
let watching = false;
let functions = new WeakMap<object, CompiledFunction>();
const told = new Map<string, string>();

/**
 * Lets `predict` and `predictOnBatch` of every model run as one TensorFlow graph on the tfjs-node back end. tfjs has
 * one method behind both (tfjs-layers, engine/training.ts, predictLoop).
 */
export function compilePredictions(): void {
  if (watching) return;
  watching = true;
  const prototype = tf.LayersModel.prototype as unknown as { predictLoop: PredictLoop };
  const eager = prototype.predictLoop;
  prototype.predictLoop = function (inputs, batchSize = 32, verbose = false) {
    const list = [inputs].flat();
    const samples = list[0]?.shape[0] ?? 0;
    // More samples than a batch come here again, batch by batch.
    if (!on || paused || tf.getBackend() !== REGISTERED_NAME || samples === 0 || samples > batchSize) {
      return eager.call(this, inputs, batchSize, verbose);
    }
    const results = tf.tidy(() => functionOf(this, eager).run(list));
    return results.length === 1 ? results[0]! : results;
  };
}

/** The same for the graphs of SavedModels and frozen graphs. */
export function compileGraphs(): void {
  runGraphsThrough({
    run(owner, inputs, compute, weights) {
      if (!on || paused || tf.getBackend() !== REGISTERED_NAME) return null;
      let known = functions.get(owner);
      if (!known) {
        const { name } = owner as { name?: string };
        const say = (why: string) => void told.set(name ?? "a graph", why);
        known = compiledFunction(compute, weights, say);
        functions.set(owner, known);
      }
      return known.run(inputs);
    },
  });
}

/** Whether predictions are compiled; what was compiled is let go when it is switched off. */
export function setCompiled(wanted: boolean): void {
  on = wanted;
  if (!wanted) functions = new WeakMap();
}

/** Lets everything run op by op for a while; graphs that are there stay. */
export function pauseCompiled(pause: boolean): void {
  paused = pause;
}

/** How predictions are computed where TensorFlow computes, a sentence each. */
export function compiledRemarks(): string[] {
  if (tf.getBackend() !== REGISTERED_NAME) return [];
  if (!on) return ["Predictions run op by op: compiled graphs are off (%backend native --compiled on)."];
  return [...told].map(([name, why]) => `${name} computes op by op: ${why}.`);
}

function functionOf(model: tf.LayersModel, eager: PredictLoop): CompiledFunction {
  const known = functions.get(model);
  if (known) return known;
  const say = (why: string) => {
    told.set(model.name, why);
    noteOnce(`${model.name} is not compiled, and computes op by op: ${why}.`);
  };
  const compute = (inputs: readonly tf.Tensor[]) => {
    const list = [...inputs];
    return [eager.call(model, list.length === 1 ? list[0]! : list, list[0]!.shape[0])].flat();
  };
  const weights = () => model.weights.map((weight) => weight.read().dataId);
  const made = compiledFunction(compute, weights, say);
  const own = usersLayer(model);
  if (own !== null) made.refuse(`the class of its layer ${own} is yours, and its code runs at each call`);
  else if (model.stateful) made.refuse("it keeps states from one call to the next");
  functions.set(model, made);
  return made;
}

function compiledFunction(...given: ComputeWeightsSay): CompiledFunction {
  const backend = tf.backend() as NodeBackend;
  return new CompiledFunction(backend, ...given, OP_BY_OP, backend.isUsingGpuDevice);
}

/** A layer whose code the user wrote: who may print from it, stop in it, or count its calls. */
function usersLayer(model: tf.LayersModel): string | null {
  for (const layer of model.layers) {
    const inside = layer instanceof tf.LayersModel ? usersLayer(layer) : isUsers(layer) ? layer.name : null;
    if (inside !== null) return inside;
  }
  return null;
}

function isUsers(layer: tf.layers.Layer): boolean {
  if (isCreatedByDefinition(layer)) return isWrittenByUser(layer.getClassName());
  return !OF_TFJS.has(layer.constructor);
}

/** TensorFlow.js's own classes, before a cell can add to them. */
const OF_TFJS: ReadonlySet<unknown> = new Set(
  Object.values(tf.serialization.SerializationMap.getMap().classNameMap).map(([made]) => made),
);
