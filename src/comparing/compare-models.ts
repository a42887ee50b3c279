import * as tf from "@tensorflow/tfjs";
import { classNameOf } from "../loading/report/summarize.js";
import { difference, type Difference } from "./difference.js";
import { scoped } from "./scoped.js";

/** One layer, or one output, in two models or in a model and a reference. */
export interface ComparedRow {
  readonly name: string;
  readonly className: string;
  /** Null where the other side has nothing to compare with. */
  readonly difference: Difference | null;
  readonly note: string;
}

export interface Comparison {
  readonly title: string;
  readonly rows: readonly ComparedRow[];
  /** Index of the first row that differs by more than the tolerance; -1 when none does. */
  readonly first: number;
  readonly tolerance: number;
}

/**
 * Runs two models on the same inputs and compares what their layers return: by name, else by order. Of a model in
 * the model, the layers are compared where it differs: `encoder/dense`.
 * @param inputs for both; random ones, the same at every call, where left out
 * @throws RangeError when the two take inputs of other shapes
 */
export function compareModels(
  a: tf.LayersModel,
  b: tf.LayersModel,
  names: readonly [string, string],
  inputs: readonly tf.Tensor[] | null = null,
  tolerance = 1e-5,
): Comparison {
  requireSameInputs(a, b, names);
  return scoped(() => {
    const given = inputs ?? trialInputs(a);
    const [left, right] = [layerOutputs(a, given), layerOutputs(b, given)];
    const rows = comparedRows(left, right, names[1], tolerance);
    return compared(`${names[0]} and ${names[1]}, layer by layer`, rows, tolerance);
  });
}

/** A row for each layer on the left; where a model in the model differs, those of its layers come before its own. */
function comparedRows(
  left: readonly LayerOutput[],
  right: readonly LayerOutput[],
  rightName: string,
  tolerance: number,
): ComparedRow[] {
  const byName = new Map(right.map((row) => [row.name, row]));
  const sameCount = left.length === right.length;
  return left.flatMap(({ name, className, value, inside }, i): ComparedRow[] => {
    const other = byName.get(name) ?? (sameCount ? right[i] : undefined);
    if (!other) return [{ name, className, difference: null, note: `${rightName} has no such layer` }];
    const note = other.name === name ? "" : `compared with ${other.name}`;
    const row = { name, className, difference: difference(value, other.value), note };
    if (row.difference.largest <= tolerance || !inside || !other.inside) return [row];
    const inner = comparedRows(inside(), other.inside(), rightName, tolerance);
    return [...inner.map((one) => ({ ...one, name: `${name}/${one.name}` })), row];
  });
}

function requireSameInputs(a: tf.LayersModel, b: tf.LayersModel, names: readonly [string, string]): void {
  const [left, right] = [a, b].map((model) => model.inputs.map(({ shape }) => shape));
  const fits = (size: number | null | undefined, other: number | null | undefined) =>
    size === other || size === null || other === null;
  const same =
    left!.length === right!.length &&
    left!.every((shape, i) => {
      const other = right![i]!;
      return (
        shape.length === other.length && shape.every((size, axis) => axis === 0 || fits(size, other[axis]))
      );
    });
  if (same) return;
  const said = (shapes: typeof left) =>
    shapes!.map((shape) => `[${shape.map(String).join(", ")}]`).join(" and ");
  throw new RangeError(
    `${names[0]} takes ${said(left)}, ${names[1]} takes ${said(right)}: only models of the same inputs can be compared.`,
  );
}

/** The rows with the first that differs. */
export function compared(title: string, rows: readonly ComparedRow[], tolerance: number): Comparison {
  const first = rows.findIndex((row) => row.difference !== null && !(row.difference.largest <= tolerance));
  return { title, rows, first, tolerance };
}

interface LayerOutput {
  readonly name: string;
  readonly className: string;
  readonly value: tf.Tensor;
  /** What the layers of a model in the model return there; null for other layers. */
  readonly inside: (() => LayerOutput[]) | null;
}

/** What each layer of the model returns where the model first calls it, in the order in which they run. */
function layerOutputs(model: tf.LayersModel, inputs: readonly tf.Tensor[]): LayerOutput[] {
  const layers = model.layers.filter((layer) => layer.getClassName() !== "InputLayer");
  const calls = layers.map((layer) => {
    const call = firstCall(model, layer);
    const taken = layer instanceof tf.LayersModel ? [layer.getInputAt(call)].flat() : [];
    return { layer, symbols: [[layer.getOutputAt(call)].flat()[0]!, ...taken] };
  });
  const all = tf.model({ inputs: model.inputs, outputs: calls.flatMap(({ symbols }) => symbols) });
  const values = [all.apply([...inputs], { training: false }) as tf.Tensor | tf.Tensor[]].flat();
  return calls.map(({ layer, symbols }) => {
    const [value, ...taken] = values.splice(0, symbols.length);
    const inside = layer instanceof tf.LayersModel ? () => layerOutputs(layer, taken) : null;
    return { name: layer.name, className: classNameOf(layer), value: value!, inside };
  });
}

/** A model in the model, and a layer that others share, has calls outside of it: that which made it is one. */
function firstCall(model: tf.LayersModel, { name, inboundNodes }: tf.layers.Layer): number {
  return Math.max(
    0,
    inboundNodes.findIndex((_, i) => model.containerNodes.has(`${name}_ib-${i}`)),
  );
}

const FREE = 16;

/** Normally distributed numbers for inputs of numbers, small integers for inputs of integers. */
function trialInputs(model: tf.LayersModel): tf.Tensor[] {
  return model.inputs.map(({ shape, dtype }, i) => {
    const size = shape.map((n, axis) => n ?? (axis === 0 ? 2 : FREE));
    const feedsEmbedding = dtype === "int32" || embeds(model, i);
    return feedsEmbedding
      ? tf.randomUniformInt(size, 0, 2, 7 + i).toFloat()
      : tf.randomNormal(size, 0, 1, "float32", 7 + i);
  });
}

function embeds(model: tf.LayersModel, index: number): boolean {
  const input = model.inputs[index]!.sourceLayer;
  const consumers = input.outboundNodes?.map((node) => node.outboundLayer) ?? [];
  return consumers.some((layer) => layer.getClassName() === "Embedding");
}
