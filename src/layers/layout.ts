import * as tf from "@tensorflow/tfjs";
import type { Arguments } from "./arguments/arguments.js";
import type { Shape } from "./computed-layer.js";

/** True when a layer's data has its channels before its spatial axes, in any major's spelling. */
export function channelsFirst(args: Arguments): boolean {
  const format = args.raw("data_format") ?? args.raw("dim_ordering");
  return format === "channels_first" || format === "th";
}

/** Runs a computation that knows channels last only, whatever the layer's own layout. */
export function asChannelsLast(
  x: tf.Tensor,
  first: boolean,
  compute: (x: tf.Tensor) => tf.Tensor,
): tf.Tensor {
  if (!first) return compute(x);
  const result = compute(tf.transpose(x, toLast(x.rank)));
  return tf.transpose(result, toFirst(result.rank));
}

export function shapeAsChannelsLast(shape: Shape, first: boolean, change: (shape: Shape) => Shape): Shape {
  if (!first) return change(shape);
  const result = change(toLast(shape.length).map((i) => shape[i]!));
  return toFirst(result.length).map((i) => result[i]!);
}

function toLast(rank: number): number[] {
  return rank < 3 ? Array.from({ length: rank }, (_, i) => i) : [0, ...span(2, rank), 1];
}

function toFirst(rank: number): number[] {
  return rank < 3 ? Array.from({ length: rank }, (_, i) => i) : [0, rank - 1, ...span(1, rank - 1)];
}

function span(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}
