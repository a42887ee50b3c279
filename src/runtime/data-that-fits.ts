import * as tf from "@tensorflow/tfjs";
import { plural } from "../notation.js";
import { namedLosses } from "../training/compile-model.js";

type Shape = readonly (number | null)[];

/** What a model takes in one place or gives in one: an input or an output. */
interface Place {
  readonly name: string;
  readonly shape: Shape;
  readonly dtype?: string;
}

/**
 * Why data does not fit the inputs of a model, in terms of what was given, and what would make it fit.
 * @param call as the sentence begins: `predict()`
 * @param data a tensor, a list of them or one by the names of the inputs
 * @returns null where it fits
 */
export function whyInputsDoNotFit(model: tf.LayersModel, call: string, data: unknown): string | null {
  const places = model.inputs.map(({ shape, dtype }, i) => ({ name: model.inputNames[i]!, shape, dtype }));
  const given = tensorsOf(data, model.inputNames);
  if (given === null) return null;
  if (given.length !== places.length)
    return `${call} was given ${plural(given.length, "tensor")}, and the model has ${plural(places.length, "input")}: ${listed(places)}.`;
  const counts = given.map(({ shape }) => shape[0]);
  for (const [i, tensor] of given.entries()) {
    const place = places[i]!;
    if ((tensor.dtype === "string") !== (place.dtype === "string"))
      return `${call} was given ${said(tensor)} for the input ${quoted(place.name)}, which takes ${place.dtype === "string" ? "strings" : "numbers"} ${inWords(place.shape)}.`;
    if (fits(tensor.shape, place.shape)) continue;
    return `${call} was given ${said(tensor)} for the input ${quoted(place.name)}, which takes ${inWords(place.shape)}.${adviceOn(tensor.shape, place.shape)}`;
  }
  if (new Set(counts).size <= 1) return null;
  return `${call} was given other numbers of samples for each input: ${counts.map((n, i) => `${n} for ${quoted(places[i]!.name)}`).join(", ")}. Give as many for each.`;
}

/**
 * Why labels do not fit the outputs of a model and their losses.
 * @param samples of the inputs
 * @returns null where they fit
 */
export function whyTargetsDoNotFit(
  model: tf.LayersModel,
  call: string,
  data: unknown,
  samples: number | null,
): string | null {
  const places = model.outputs.map(({ shape }, i) => ({ name: model.outputNames[i]!, shape }));
  if (data === undefined || data === null)
    return `${call} was given no labels. They come second, after the inputs; the model has ${plural(places.length, "output")}: ${listed(places)}.`;
  const given = tensorsOf(data, model.outputNames);
  if (given === null) return null;
  if (given.length !== places.length)
    return `${call} was given labels in ${plural(given.length, "tensor")}, and the model has ${plural(places.length, "output")}: ${listed(places)}.`;
  const losses = namedLosses(model);
  for (const [i, tensor] of given.entries()) {
    if (samples !== null && tensor.shape[0] !== samples)
      return `${call} was given ${plural(samples, "sample")} and labels ${said(tensor)} of ${tensor.shape[0] ?? "none"}: give as many labels as samples.`;
    const why = whyLabelsDoNotFit(tensor, places[i]!, losses[i]?.name ?? null);
    if (why !== null)
      return `${call} was given labels ${said(tensor)} for the output ${told(places[i]!)}${why}`;
  }
  return null;
}

/**
 * A class that there is not would count as none: the loss would be 0 there, without a word. TensorFlow refuses it as well.
 * @returns null also where the labels cannot be read at once
 */
export function whyClassesAreOutside(model: tf.LayersModel, call: string, data: unknown): string | null {
  const given = tensorsOf(data, model.outputNames);
  if (given === null || tf.getBackend() === "webgpu") return null;
  const losses = namedLosses(model);
  for (const [i, labels] of given.entries()) {
    const classes = model.outputs[i]?.shape.at(-1);
    if (
      !isSparse(losses[i]?.name) ||
      losses[i]?.ignoredClass !== null ||
      typeof classes !== "number" ||
      classes < 2
    )
      continue;
    if (labels.dtype === "string" || labels.size === 0) continue;
    // The loss may be over another axis than the last: its labels have another shape.
    const before = model.outputs[i]!.shape.slice(0, -1);
    if (!fits(labels.shape, before) && !fits(labels.shape, [...before, 1])) continue;
    const [least, most] = tf.tidy(() => [labels.min().dataSync()[0]!, labels.max().dataSync()[0]!]);
    const wrong = least < 0 ? least : most >= classes ? most : null;
    if (wrong !== null)
      return `${call} was given the label ${wrong} for the output ${told({ name: model.outputNames[i]!, shape: model.outputs[i]!.shape })}: its ${classes} classes are 0 to ${classes - 1}.`;
  }
  return null;
}

function isSparse(loss: string | null | undefined): loss is string {
  return typeof loss === "string" && /^sparse_?categorical/i.test(loss);
}

function whyLabelsDoNotFit(labels: tf.Tensor, { shape }: Place, loss: string | null): string | null {
  if (labels.dtype === "string") return ". Labels are numbers: give each class one.";
  const classes = shape.at(-1) ?? null;
  const sparse = isSparse(loss);
  const wanted = sparse ? [...shape.slice(0, -1), 1] : shape;
  if (fits(labels.shape, wanted)) return null;
  if (sparse && fits(labels.shape, shape.slice(0, -1))) return null;
  if (sparse && fits(labels.shape, shape))
    return `, and its loss ${loss} takes the number of the class, ${inWords(shape.slice(0, -1))}. One-hot labels: y.argMax(-1) gives the numbers, or compile with categoricalCrossentropy.`;
  const isNumbers = fits(labels.shape, [...shape.slice(0, -1), 1]) || fits(labels.shape, shape.slice(0, -1));
  if (loss !== null && /^categorical_?crossentropy/i.test(loss) && isNumbers)
    return `, and its loss ${loss} takes one-hot labels. Numbers of classes: tf.oneHot(y.flatten().toInt(), ${classes ?? "CLASSES"}) makes them so, or compile with sparseCategoricalCrossentropy.`;
  const by = loss === null ? "it is trained on" : `its loss ${loss} takes`;
  return `, and ${by} labels ${inWords(sparse ? shape.slice(0, -1) : shape)}.`;
}

/** Null for what is no data for such places, or has something else in it. */
function tensorsOf(data: unknown, names: readonly string[]): tf.Tensor[] | null {
  const list: unknown[] =
    data instanceof tf.Tensor
      ? [data]
      : Array.isArray(data)
        ? data
        : data !== null && typeof data === "object"
          ? names.map((name) => (data as Readonly<Record<string, unknown>>)[name])
          : [undefined];
  return list.every((one) => one instanceof tf.Tensor) ? list : null;
}

/** TensorFlow.js gives a vector a second axis. */
function fits(given: readonly number[], wanted: Shape): boolean {
  const matches = (shape: readonly number[]) =>
    shape.length === wanted.length &&
    wanted.every((size, i) => i === 0 || size === null || size === shape[i]);
  return matches(given) || (given.length === 1 && matches([...given, 1]));
}

/** A sentence with the call that brings the values into the shape, where one does surely; else none. */
function adviceOn(given: readonly number[], wanted: Shape): string {
  const one = wanted.slice(1);
  const same = (shape: readonly (number | null)[]) =>
    shape.length === one.length && one.every((size, i) => size === null || size === shape[i]);
  if (same(given)) return " It is one sample without the axis of samples: x.expandDims(0).";
  if (one.at(-1) === 1 && same([...given.slice(1), 1])) return " The last axis is missing: x.expandDims(-1).";
  const channelsLast = [...given.slice(2), given[1] ?? 0];
  if (one.length > 2 && !same(given.slice(1)) && same(channelsLast)) {
    const axes = [0, ...given.slice(2).map((_, i) => i + 2), 1];
    return ` Its channels come first: x.transpose([${axes.join(", ")}]).`;
  }
  if (one.some((size) => size === null)) return "";
  const elements = (one as number[]).reduce((a, b) => a * b, 1);
  const perSample = given.slice(1).reduce((a, b) => a * b, 1);
  const whole = given.reduce((a, b) => a * b, 1);
  if (perSample === elements || whole === elements)
    return ` In that shape: x.reshape([-1, ${one.join(", ")}]).`;
  if (given.length === 4 && one.length === 3 && given[3] === one[2])
    return ` To scale images: tf.image.resizeBilinear(x, [${one[0]}, ${one[1]}]).`;
  return "";
}

function listed(places: readonly Place[]): string {
  return places.map(told).join(", ");
}

function told({ name, shape }: Place): string {
  return `${quoted(name)} ${inWords(shape)}`;
}

function said(tensor: tf.Tensor): string {
  return `[${tensor.shape.join(", ")}] ${tensor.dtype}`;
}

/** `[samples, 28, 28, 1]`; an axis of any size is a question mark. */
function inWords(shape: Shape): string {
  return `[${shape.map((size, i) => size ?? (i === 0 ? "samples" : "?")).join(", ")}]`;
}

function quoted(name: string): string {
  return JSON.stringify(name);
}
