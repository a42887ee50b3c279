import * as tf from "@tensorflow/tfjs";
import { Arguments } from "../arguments/arguments.js";
import { ComputedLayer, type Shape } from "../computed-layer.js";
import { windowedLength } from "../convolution/convolve.js";
import { asChannelsLast, channelsFirst, shapeAsChannelsLast } from "../layout.js";
import type { LayerDefinition } from "../registry.js";

type Kind = "avg" | "max";

/** keras/layers/pooling. */
export const POOLING: readonly LayerDefinition[] = [1, 2, 3].flatMap((rank) => [
  windowed("max", rank),
  windowed("avg", rank),
  global("max", rank),
  global("avg", rank),
]);

function windowed(kind: Kind, rank: number): LayerDefinition {
  const className = `${kind === "max" ? "Max" : "Average"}Pooling${rank}D`;
  return {
    className,
    aliases: [`${kind === "max" ? "Max" : "Avg"}Pool${rank}D`],
    majors: [1, 2, 3],
    arguments: ["pool_size", "strides", "padding", "data_format"],
    create(spec) {
      const args = new Arguments(spec);
      const size = args.integers("pool_size", rank, 2);
      const strides = args.integers("strides", rank, size);
      const padding = args.choice("padding", ["valid", "same"], "valid");
      const first = channelsFirst(args);
      return new ComputedLayer(className, spec, {
        outputShape: ([x]) =>
          shapeAsChannelsLast(x!, first, (shape) => [
            shape[0]!,
            ...shape.slice(1, -1).map((n, i) => windowedLength(n, size[i]!, strides[i]!, 1, padding)),
            shape.at(-1)!,
          ]),
        compute: ([x]) => asChannelsLast(x!, first, (input) => pool(input, kind, size, strides, padding)),
      });
    },
  };
}

/** Channels last, in one to three axes of space. */
export function pool(
  x: tf.Tensor,
  kind: Kind,
  size: number[],
  strides: number[],
  padding: "valid" | "same",
): tf.Tensor {
  const lengths = x.shape.slice(1, -1).map((n, i) => windowedLength(n, size[i]!, strides[i]!, 1, padding)!);
  // A window that fits nowhere: kernels of wasm write beyond what is reserved for nothing.
  if (x.size === 0 || lengths.includes(0)) return tf.zeros([x.shape[0]!, ...lengths, x.shape.at(-1)!]);
  if (size.length === 3) {
    const three = kind === "max" ? tf.maxPool3d : tf.avgPool3d;
    return three(
      x as tf.Tensor5D,
      size as [number, number, number],
      strides as [number, number, number],
      padding,
    );
  }
  const two = kind === "max" ? tf.maxPool : tf.avgPool;
  if (size.length === 2) {
    return two(x as tf.Tensor4D, size as [number, number], strides as [number, number], padding);
  }
  const flat = tf.expandDims(x, 2) as tf.Tensor4D;
  return tf.squeeze(two(flat, [size[0]!, 1], [strides[0]!, 1], padding), [2]);
}

function global(kind: Kind, rank: number): LayerDefinition {
  const className = `Global${kind === "max" ? "Max" : "Average"}Pooling${rank}D`;
  return {
    className,
    aliases: [`Global${kind === "max" ? "Max" : "Avg"}Pool${rank}D`],
    majors: [1, 2, 3],
    arguments: ["data_format", "keepdims"],
    namedArguments: ["mask"],
    create(spec) {
      const args = new Arguments(spec);
      const first = channelsFirst(args);
      const keep = args.flag("keepdims", false);
      const axes = Array.from({ length: rank }, (_, i) => i + (first ? 2 : 1));
      return new ComputedLayer(className, spec, {
        outputShape: ([x]): Shape =>
          keep ? x!.map((n, i) => (axes.includes(i) ? 1 : n)) : x!.filter((_, i) => !axes.includes(i)),
        compute: ([x], { named }) => {
          const mask = named["mask"];
          if (mask instanceof tf.Tensor && kind === "avg") return maskedMean(x!, mask, axes[0]!, keep);
          return kind === "max" ? tf.max(x!, axes, keep) : tf.mean(x!, axes, keep);
        },
      });
    },
  };
}

/** The mean over the steps that the mask keeps (global_average_pooling1d.py). */
function maskedMean(x: tf.Tensor, mask: tf.Tensor, axis: number, keep: boolean): tf.Tensor {
  const kept = tf.expandDims(tf.cast(mask, "float32"), axis === 1 ? 2 : 1);
  return tf.div(tf.sum(tf.mul(x, kept), axis, keep), tf.sum(kept, axis, keep));
}
