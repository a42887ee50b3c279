import * as tf from "@tensorflow/tfjs";
import { activationOf } from "../activations.js";
import { Arguments } from "../arguments/arguments.js";
import { ComputedLayer, type Shape, type WeightSpec } from "../computed-layer.js";
import {
  convolve,
  depthwiseConvolve,
  transposedConvolve,
  transposedLength,
  windowedLength,
  type Window,
} from "./convolve.js";
import { asChannelsLast, channelsFirst, shapeAsChannelsLast } from "../layout.js";
import { LayerError } from "../../keras/finding.js";
import type { LayerSpec } from "../../keras/graph.js";
import { loraOf } from "../quantized/lora.js";
import type { LayerContext, LayerDefinition } from "../registry.js";

const SHARED = [
  "kernel_size",
  "strides",
  "padding",
  "data_format",
  "dilation_rate",
  "activation",
  "use_bias",
];

/** keras/layers/convolutional. */
export const CONVOLUTION: readonly LayerDefinition[] = [
  ...[1, 2, 3].map((rank): LayerDefinition => ({
    className: `Conv${rank}D`,
    aliases: [`Convolution${rank}D`, `AtrousConvolution${rank}D`, `AtrousConv${rank}D`],
    majors: [1, 2, 3],
    arguments: ["filters", "groups", ...SHARED],
    inert: ["lora_rank", "lora_alpha", "quantization_config"],
    create: (spec, context) => convolution(spec, context, rank),
  })),
  ...[1, 2, 3].map((rank): LayerDefinition => ({
    className: `Conv${rank}DTranspose`,
    aliases: [`Convolution${rank}DTranspose`, ...(rank === 2 ? ["Deconvolution2D", "Deconv2D"] : [])],
    majors: [1, 2, 3],
    arguments: ["filters", "output_padding", "output_shape", "groups", ...SHARED],
    create: (spec, context) => transposed(spec, context, rank),
  })),
  ...[1, 2].map((rank): LayerDefinition => ({
    className: `DepthwiseConv${rank}D`,
    majors: [2, 3],
    arguments: ["depth_multiplier", ...SHARED],
    // Keras 2 writes these of its parent class.
    inert: ["groups", "filters"],
    create: (spec, context) => depthwise(spec, context, rank),
  })),
  ...[1, 2].map((rank): LayerDefinition => ({
    className: `SeparableConv${rank}D`,
    aliases: [`SeparableConvolution${rank}D`],
    majors: [1, 2, 3],
    arguments: ["filters", "depth_multiplier", ...SHARED],
    inert: ["groups"],
    create: (spec, context) => separable(spec, context, rank),
  })),
];

interface Settings {
  readonly first: boolean;
  readonly size: readonly number[];
  readonly window: Window;
  readonly bias: boolean;
  /** Runs on channels last; Keras's activation then sees the layer's own layout: `softmax` goes over its last axis. */
  run(x: tf.Tensor, bias: tf.Tensor | undefined, convolve: (x: tf.Tensor) => tf.Tensor): tf.Tensor;
}

function settings(args: Arguments, context: LayerContext, rank: number): Settings {
  const activation = activationOf(args.raw("activation"), context.origin);
  const first = channelsFirst(args);
  return {
    first,
    size: args.integers("kernel_size", rank),
    window: {
      strides: args.integers("strides", rank, 1),
      dilations: args.integers("dilation_rate", rank, 1),
      padding: args.choice("padding", rank === 1 ? ["valid", "same", "causal"] : ["valid", "same"], "valid"),
    },
    bias: args.flag("use_bias", true),
    run: (x, bias, convolve) =>
      activation.apply(
        asChannelsLast(x, first, (input) => (bias ? tf.add(convolve(input), bias) : convolve(input))),
      ),
  };
}

function convolution(spec: LayerSpec, context: LayerContext, rank: number): ComputedLayer {
  const args = new Arguments(spec);
  const filters = args.integer("filters", undefined, 1);
  const groups = args.integer("groups", 1, 1);
  const { first, size, window, bias, run } = settings(args, context, rank);
  const lora = loraOf(spec);
  return new ComputedLayer(spec.className, spec, {
    storedInOrder: lora !== null,
    weights: ([x]) => {
      const channels = channelCount(x!, first);
      if (channels % groups !== 0) throw args.wrong("groups", `a divisor of the ${channels} channels`);
      const kernel: WeightSpec = {
        name: "kernel",
        shape: [...size, channels / groups, filters],
        initializer: "glorotUniform",
      };
      const own: WeightSpec[] = bias ? [kernel, { name: "bias", shape: [filters] }] : [kernel];
      return lora?.weights(own) ?? own;
    },
    outputShape: ([x]) =>
      shapeAsChannelsLast(x!, first, (shape) => [
        shape[0]!,
        ...spatial(shape).map((n, i) =>
          windowedLength(n, size[i]!, window.strides[i]!, window.dilations[i]!, window.padding),
        ),
        filters,
      ]),
    compute: ([x], { weights }) => {
      const kernel = lora ? tf.add(weights[0]!, lora.product(weights)) : weights[0]!;
      return run(x!, bias ? weights[1] : undefined, (input) => convolve(input, kernel, window, groups));
    },
  });
}

function transposed(spec: LayerSpec, context: LayerContext, rank: number): ComputedLayer {
  const args = new Arguments(spec);
  const filters = args.integer("filters", undefined, 1);
  const { first, size, window, bias, run } = settings(args, context, rank);
  const padding = args.has("output_padding") ? args.integers("output_padding", rank, undefined, 0) : null;
  const given = givenLengths(args, rank, first);
  const length = (n: number, i: number) => {
    const asked = given[i] ?? null;
    if (asked !== null) {
      const back = windowedLength(asked, size[i]!, window.strides[i]!, window.dilations[i]!, window.padding);
      if (back !== n)
        throw args.wrong("output_shape", `lengths whose convolution gives the input's length ${n}`);
      return asked;
    }
    return transposedLength(
      n,
      size[i]!,
      window.strides[i]!,
      window.dilations[i]!,
      window.padding,
      padding === null ? null : padding[i]!,
    );
  };
  return new ComputedLayer(spec.className, spec, {
    weights: ([x]) => {
      const kernel: WeightSpec = {
        name: "kernel",
        shape: [...size, filters, channelCount(x!, first)],
        initializer: "glorotUniform",
      };
      return bias ? [kernel, { name: "bias", shape: [filters] }] : [kernel];
    },
    outputShape: ([x]) =>
      shapeAsChannelsLast(x!, first, (shape) => [
        shape[0]!,
        ...spatial(shape).map((n, i) => (n === null ? null : length(n, i))),
        filters,
      ]),
    compute: ([x], { weights }) =>
      run(x!, weights[1], (input) =>
        transposedConvolve(input, weights[0]!, input.shape.slice(1, -1).map(length), window),
      ),
  });
}

/** Keras 1 saved the shape that a Deconvolution2D gives, [batch, ...], which strides alone leave open. */
function givenLengths(args: Arguments, rank: number, first: boolean): (number | null)[] {
  const saved = args.raw("output_shape") ?? null;
  if (saved === null) return [];
  const lengths = Array.isArray(saved) ? saved.slice(first ? 2 : 1, first ? undefined : -1) : [];
  const fits = lengths.every((n) => n === null || (Number.isSafeInteger(n) && (n as number) > 0));
  if (lengths.length !== rank || !fits)
    throw args.wrong("output_shape", `null or whole numbers, ${rank + 2} with batch and channels`);
  return lengths as (number | null)[];
}

function depthwise(spec: LayerSpec, context: LayerContext, rank: number): ComputedLayer {
  const args = new Arguments(spec);
  const multiplier = args.integer("depth_multiplier", 1, 1);
  const { first, size, window, bias, run } = settings(args, context, rank);
  return new ComputedLayer(spec.className, spec, {
    weights: ([x]) => {
      const channels = channelCount(x!, first);
      const kernel: WeightSpec = {
        name: "kernel",
        shape: [...size, channels, multiplier],
        initializer: "glorotUniform",
      };
      return bias ? [kernel, { name: "bias", shape: [channels * multiplier] }] : [kernel];
    },
    outputShape: ([x]) =>
      shapeAsChannelsLast(x!, first, (shape) => [
        shape[0]!,
        ...spatial(shape).map((n, i) =>
          windowedLength(n, size[i]!, window.strides[i]!, window.dilations[i]!, window.padding),
        ),
        shape.at(-1)! * multiplier,
      ]),
    compute: ([x], { weights }) =>
      run(x!, weights[1], (input) => depthwiseConvolve(input, weights[0]!, window)),
  });
}

function separable(spec: LayerSpec, context: LayerContext, rank: number): ComputedLayer {
  const args = new Arguments(spec);
  const filters = args.integer("filters", undefined, 1);
  const multiplier = args.integer("depth_multiplier", 1, 1);
  const { first, size, window, bias, run } = settings(args, context, rank);
  const single = { strides: size.map(() => 1), dilations: size.map(() => 1), padding: "valid" } as const;
  return new ComputedLayer(spec.className, spec, {
    weights: ([x]) => {
      const channels = channelCount(x!, first);
      const kernels: WeightSpec[] = [
        { name: "depthwise_kernel", shape: [...size, channels, multiplier], initializer: "glorotUniform" },
        {
          name: "pointwise_kernel",
          shape: [...size.map(() => 1), channels * multiplier, filters],
          initializer: "glorotUniform",
        },
      ];
      return bias ? [...kernels, { name: "bias", shape: [filters] }] : kernels;
    },
    outputShape: ([x]) =>
      shapeAsChannelsLast(x!, first, (shape) => [
        shape[0]!,
        ...spatial(shape).map((n, i) =>
          windowedLength(n, size[i]!, window.strides[i]!, window.dilations[i]!, window.padding),
        ),
        filters,
      ]),
    compute: ([x], { weights }) =>
      run(x!, weights[2], (input) =>
        convolve(depthwiseConvolve(input, weights[0]!, window), weights[1]!, single),
      ),
  });
}

function spatial(shape: Shape): Shape {
  return shape.slice(1, -1);
}

function channelCount(shape: Shape, first: boolean): number {
  const count = first ? shape[1] : shape.at(-1);
  if (typeof count === "number") return count;
  throw new LayerError(
    "G11",
    undefined,
    `an input of shape [${shape.map((n) => n ?? "?").join(", ")}]`,
    "the number of channels must be known before the kernel can be made",
    "Give the model's input a shape with its channels.",
  );
}
