import * as tf from "@tensorflow/tfjs";
import { JUPYTER_DISPLAY } from "../display/bundle.js";
import { numpyText } from "../display/tensor/numpy-text.js";
import { shortNumber } from "../display/short-number.js";
import { headingOf } from "../display/tensor/tensor-report.js";
import { count, plural, printable, shapeText } from "../notation.js";
import { classNameOf, summarize } from "../loading/report/summarize.js";
import { KerasOptimizer } from "../training/optimizers/keras-optimizer.js";

/** Node's `util.inspect.custom`: how `console.log` and a list of results write a value. */
const INSPECT = Symbol.for("nodejs.util.inspect.custom");

/** A tensor of more elements is not read for its text. */
const MOST_READ = 100_000;
/** The values of a tensor inside another value stay on its line up to so many characters. */
const ONE_LINE = 60;

/** What `util.inspect` passes: how many levels are left, and with how many it began. */
interface InspectOptions {
  readonly depth?: number | null;
}

type Engine = ReturnType<typeof tf.engine>;

let shown = false;

/**
 * Tensors, layers, models, optimizers, datasets and what TensorFlow.js runs on say what they are where a cell prints or returns them, in place of the
 * hundreds of lines of TensorFlow.js's own members. A model that is the result of a cell shows its layers.
 */
export function showValuesInCells(): void {
  if (shown) return;
  shown = true;
  inspected(tf.Tensor.prototype, tensorText);
  inspected(tf.SymbolicTensor.prototype, symbolicText);
  inspected(tf.LayerVariable.prototype, variableText);
  inspected(tf.layers.Layer.prototype, layerText);
  inspected(tf.LayersModel.prototype, modelText);
  inspected(tf.Optimizer.prototype, tfjsOptimizerText);
  inspected(KerasOptimizer.prototype, optimizerText);
  inspected(tf.data.Dataset.prototype, datasetText);
  inspected(tf.KernelBackend.prototype, backendText);
  inspected(Object.getPrototypeOf(tf.engine()) as Engine, engineText);
  inspected(tf.Environment.prototype, environmentText);
  Object.defineProperty(tf.LayersModel.prototype, JUPYTER_DISPLAY, {
    async value(this: tf.LayersModel) {
      if (!hasCalls(this)) return { "text/plain": modelText(this) };
      const { showSummary } = await import("../display/summary/show-summary.js");
      return (await showSummary(this)).data;
    },
    configurable: true,
  });
}

function inspected<T extends object>(prototype: T, text: (value: T, inside: boolean) => string): void {
  Object.defineProperty(prototype, INSPECT, {
    value(this: T, depth: number | null, options: InspectOptions) {
      try {
        return text(this, depth !== options.depth);
      } catch {
        return `[${this.constructor.name}]`; // a layer of the user's that is half made
      }
    },
    configurable: true,
  });
}

/** As a result of its own with its values as NumPy prints them; inside another value on one line. */
function tensorText(tensor: tf.Tensor, inside: boolean): string {
  // TensorFlow.js numbers the variables that nobody named.
  const isNamed = tensor instanceof tf.Variable && !/^\d+$/.test(tensor.name);
  const name = isNamed ? ` "${printable(tensor.name, 80)}"` : "";
  const heading = `${headingOf(tensor.shape, tensor.dtype)}${name}`;
  if (tensor.isDisposed) return `${heading} (disposed)`;
  const values = valuesOf(tensor);
  if (values === null) return heading;
  const printed = numpyText(values, tensor.shape, tensor.dtype);
  if (!inside) return `${heading}\n${printed}`;
  return printed.length > ONE_LINE || printed.includes("\n") ? heading : `${heading} ${printed}`;
}

/** Null for what a text need not wait for: a WebGPU device answers later, or never where it was lost. */
function valuesOf(tensor: tf.Tensor): ArrayLike<unknown> | null {
  if (tensor.size > MOST_READ || tf.getBackend() === "webgpu") return null;
  return tensor.dataSync<"float32">();
}

function symbolicText({ dtype, shape, sourceLayer }: tf.SymbolicTensor): string {
  return `SymbolicTensor ${dtype} ${shapeText(shape)} of "${printable(sourceLayer.name, 80)}"`;
}

/** By the name that it was given: TensorFlow.js numbers those that an earlier model in the process had too. */
function variableText({ originalName, dtype, shape }: tf.LayerVariable): string {
  return `LayerVariable "${printable(originalName, 80)}" ${dtype} ${shapeText(shape)}`;
}

/** `Conv2D "conv2d", 80 parameters: kernel (3, 3, 1, 8), bias (8,)` */
function layerText(layer: tf.layers.Layer): string {
  const name = `${printable(classNameOf(layer), 60)} "${printable(layer.name, 80)}"`;
  if (!layer.built) return `${name}, not built`;
  const { weights } = layer;
  if (weights.length === 0) return `${name}, no weights`;
  const parts = weights
    .slice(0, 6)
    .map((weight) => `${lastPart(weight.originalName)} ${shapeText(weight.shape)}`);
  const more = weights.length > parts.length ? `, ${weights.length - parts.length} more` : "";
  return `${name}, ${plural(layer.countParams(), "parameter")}: ${parts.join(", ")}${more}`;
}

function lastPart(name: string): string {
  return printable(name.slice(name.lastIndexOf("/") + 1), 60);
}

/** `Sequential "mnist_cnn", 9 layers, 14,410 parameters` */
function modelText(model: tf.LayersModel): string {
  const name = `${printable(classNameOf(model), 60)} "${printable(model.name, 80)}"`;
  if (!hasCalls(model)) return `${name}, ${plural(model.layers.length, "layer")}, not built`;
  const layers = summarize(model).layers.filter(({ depth }) => depth === 0);
  return `${name}, ${plural(layers.length, "layer")}, ${count(model.countParams())} parameters`;
}

/** A sequential model of TensorFlow.js is built late, and knows its shapes before. */
function hasCalls(model: tf.LayersModel): boolean {
  return model.built || (model.outputs as readonly unknown[] | undefined)?.length === 1;
}

function optimizerText({ spec, iterations, learningRate }: KerasOptimizer): string {
  return `${printable(spec.className, 60)}, ${plural(iterations, "step")}, learning rate ${shortNumber(learningRate)}`;
}

/** `AdamOptimizer, 5 steps, learning rate 0.001` */
function tfjsOptimizerText(optimizer: tf.Optimizer): string {
  const { learningRate } = optimizer as { learningRate?: unknown };
  const rate = typeof learningRate === "number" ? `, learning rate ${shortNumber(learningRate)}` : "";
  return `${printable(optimizer.constructor.name, 60)}, ${plural(optimizer.iterations, "step")}${rate}`;
}

/** `Dataset of 3 elements`; TensorFlow.js does not know the number where a function or a file gives them. */
function datasetText({ size, constructor }: tf.data.Dataset<tf.TensorContainer>, inside: boolean): string {
  // Those that its functions make have no class of their own.
  const name = /^class_\d+$|^$/.test(constructor.name) ? "Dataset" : printable(constructor.name, 60);
  const known = size as number | null | undefined;
  const elements = known === Infinity ? "elements without end" : plural(known ?? 0, "element");
  const text = `${name} of ${known == null ? "elements not counted" : elements}`;
  return inside ? text : `${text}; the first ones: await dataset.take(3).toArray()`;
}

/** `BackendWasm "wasm", 3 tensors` */
function backendText(backend: tf.KernelBackend): string {
  const engine = tf.engine();
  const name = Object.keys(engine.registry).find((key) => engine.registry[key] === backend);
  const kind = printable(backend.constructor.name, 60);
  return name === undefined
    ? kind
    : `${kind} "${printable(name, 60)}", ${plural(backend.numDataIds(), "tensor")}`;
}

/** `Engine on "wasm", 3 tensors, 1,200 bytes` */
function engineText(engine: Engine): string {
  const { numTensors, numBytes } = engine.memory();
  return `Engine on "${printable(engine.backendName, 60)}", ${plural(numTensors, "tensor")}, ${plural(numBytes, "byte")}`;
}

/** The flags that have a value: others are found when they are asked for. */
function environmentText(environment: tf.Environment): string {
  const flags = Object.entries(environment.getFlags()).sort(([a], [b]) => (a < b ? -1 : 1));
  const lines = flags.map(([name, value]) => `\n  ${printable(name, 80)}: ${String(value)}`);
  return `Environment with ${plural(flags.length, "flag")}${lines.join("")}`;
}
