import * as tf from "@tensorflow/tfjs";
import { activationOf } from "../activations.js";
import { Arguments } from "../arguments/arguments.js";
import { ComputedLayer, type Shape, type WeightSpec } from "../computed-layer.js";
import { windowedLength } from "./convolve.js";
import { asChannelsLast, channelsFirst, shapeAsChannelsLast } from "../layout.js";
import type { LayerSpec } from "../../keras/graph.js";
import type { LayerContext, LayerDefinition } from "../registry.js";

/**
 * tf_keras/layers/locally_connected: a convolution whose every position has a kernel of its own. Keras 2 stores it
 * in three ways: by output position (1), as one dense matrix with zeros (2), as that matrix's non-zeros (3).
 */
export const LOCALLY_CONNECTED: readonly LayerDefinition[] = [1, 2].map((rank) => ({
  className: `LocallyConnected${rank}D`,
  majors: [1, 2],
  arguments: [
    "filters",
    "kernel_size",
    "strides",
    "padding",
    "data_format",
    "activation",
    "use_bias",
    "implementation",
  ],
  create: (spec, context) => locallyConnected(spec, context, rank),
}));

function locallyConnected(spec: LayerSpec, { origin }: LayerContext, rank: number): ComputedLayer {
  const args = new Arguments(spec);
  const filters = args.integer("filters", undefined, 1);
  const size = args.integers("kernel_size", rank);
  const strides = args.integers("strides", rank, 1);
  const padding = args.choice("padding", ["valid", "same"], "valid");
  const bias = args.flag("use_bias", true);
  const implementation = args.integer("implementation", 1);
  const first = channelsFirst(args);
  const activation = activationOf(args.raw("activation"), origin);
  const lengths = (space: Shape) =>
    space.map((n, i) => windowedLength(n, size[i]!, strides[i]!, 1, padding) ?? 0);
  return new ComputedLayer(spec.className, spec, {
    weights: ([x]) => {
      let kernel: number[] = [];
      let output: number[] = [];
      shapeAsChannelsLast(x!, first, (shape) => {
        const space = shape.slice(1, -1) as number[];
        const channels = shape.at(-1)!;
        output = lengths(space);
        const positions = connections(space, output, size, strides, padding);
        const patch = size.reduce((a, b) => a * b, 1) * channels;
        if (implementation === 1) kernel = [product(output), patch, filters];
        else if (implementation === 2)
          kernel = first
            ? [channels, ...space, filters, ...output]
            : [...space, channels, ...output, filters];
        else kernel = [positions.reduce((n, inputs) => n + inputs.length, 0) * channels * filters];
        return shape;
      });
      const list: WeightSpec[] = [{ name: "kernel", shape: kernel, initializer: "glorotUniform" }];
      return bias ? [...list, { name: "bias", shape: [...output, filters] }] : list;
    },
    outputShape: ([x]) =>
      shapeAsChannelsLast(x!, first, (shape) => [shape[0]!, ...lengths(shape.slice(1, -1)), filters]),
    compute: ([x], { weights }) =>
      asChannelsLast(x!, first, (input) => {
        const space = input.shape.slice(1, -1);
        const channels = input.shape.at(-1)!;
        const output = lengths(space) as number[];
        const positions = connections(space, output, size, strides, padding);
        const columns = product(space) * channels;
        const matrix = denseMatrix(weights[0]!, {
          implementation,
          positions,
          channels,
          filters,
          rows: columns,
          first,
          rank,
        });
        const flat = tf.reshape(input, [input.shape[0]!, columns]) as tf.Tensor2D;
        const y = tf.reshape(tf.matMul(flat, matrix), [input.shape[0]!, ...output, filters]);
        return activation.apply(bias ? tf.add(y, first ? asKerasAdds(weights[1]!) : weights[1]!) : y);
      }),
  });
}

/** For each output position the input positions under its kernel, in the kernel's order. */
function connections(
  space: readonly number[],
  output: readonly number[],
  size: readonly number[],
  strides: readonly number[],
  padding: "valid" | "same",
): number[][] {
  // Not TensorFlow's "same": the kernel's middle lies on every stride-th pixel (conv_utils.py `conv_connected_inputs`).
  const before = size.map((n) => (padding === "same" ? Math.floor(n / 2) : 0));
  return grid(output).map((position) =>
    grid(size).flatMap((offset) => {
      const at = offset.map((o, i) => position[i]! * strides[i]! + o - before[i]!);
      const inside = at.every((n, i) => n >= 0 && n < space[i]!);
      return inside ? [at.reduce((index, n, i) => index * space[i]! + n, 0)] : [];
    }),
  );
}

function grid(sizes: readonly number[]): number[][] {
  return sizes.reduce<number[][]>(
    (list, n) => list.flatMap((head) => Array.from({ length: n }, (_, i) => [...head, i])),
    [[]],
  );
}

/** With channels first Keras adds [...output, filters] as if it were [filters, ...output]: a new shape, nothing moved. */
function asKerasAdds(bias: tf.Tensor): tf.Tensor {
  const output = bias.shape.slice(0, -1);
  const read = tf.reshape(bias, [bias.shape.at(-1)!, ...output]);
  return tf.transpose(read, [...output.map((_, i) => i + 1), 0]);
}

interface Connected {
  readonly implementation: number;
  readonly positions: readonly (readonly number[])[];
  readonly channels: number;
  readonly filters: number;
  /** Input positions times channels. */
  readonly rows: number;
  /** Whether the stored kernel counts channels before space. */
  readonly first: boolean;
  readonly rank: number;
}

/** The kernel as [input positions and channels, output positions and filters]. */
function denseMatrix(kernel: tf.Tensor, connected: Connected): tf.Tensor2D {
  const { implementation, positions, filters, rows, first, rank } = connected;
  const width = positions.length * filters;
  const cells = implementation === 1 ? cellsByPosition(connected) : cellsByOutput(connected);
  const whole = first && implementation === 2 ? channelsBehindSpace(kernel, rank) : kernel;
  // Gathered rather than scattered: the cells without a weight read a zero behind the last, and gather has a gradient.
  const values =
    implementation === 2 ? tf.gather(tf.reshape(whole, [rows * width]), cells) : tf.reshape(kernel, [-1]);
  const places = new Int32Array(rows * width).fill(cells.length);
  cells.forEach((cell, i) => (places[cell] = i));
  const padded = tf.concat([values, tf.zeros([1])]);
  return tf.reshape(tf.gather(padded, tf.tensor1d(places, "int32")), [rows, width]);
}

/** [channels, ...space, filters, ...output] to [...space, channels, ...output, filters]. */
function channelsBehindSpace(kernel: tf.Tensor, rank: number): tf.Tensor {
  const half = (start: number) => [...Array.from({ length: rank }, (_, i) => start + 1 + i), start];
  return tf.transpose(kernel, [...half(0), ...half(rank + 1)]);
}

/** Cells of the matrix in the order [position, place under the kernel and channel, filter]. */
function cellsByPosition({ positions, channels, filters, first }: Connected): number[] {
  const width = positions.length * filters;
  return positions.flatMap((inputs, p) =>
    pairs(inputs, channels, first).flatMap(([input, channel]) =>
      Array.from({ length: filters }, (_, f) => (input * channels + channel) * width + p * filters + f),
    ),
  );
}

/** Cells in the order of the outputs, then of the inputs, as each lies in memory. */
function cellsByOutput({ positions, channels, filters, first }: Connected): number[] {
  const width = positions.length * filters;
  const outputs = pairs([...positions.keys()], filters, first);
  return outputs.flatMap(([p, f]) =>
    pairs(positions[p]!, channels, first).map(
      ([input, channel]) => (input * channels + channel) * width + p * filters + f,
    ),
  );
}

/** Every position with every channel, positions or channels outermost. */
function pairs(positions: readonly number[], channels: number, first: boolean): [number, number][] {
  const each = Array.from({ length: channels }, (_, channel) => channel);
  return first
    ? each.flatMap((channel) => positions.map((at): [number, number] => [at, channel]))
    : positions.flatMap((at) => each.map((channel): [number, number] => [at, channel]));
}

function product(list: readonly number[]): number {
  return list.reduce((a, b) => a * b, 1);
}
