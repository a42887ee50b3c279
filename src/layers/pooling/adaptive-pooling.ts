import * as tf from "@tensorflow/tfjs";
import { Arguments } from "../arguments/arguments.js";
import { ComputedLayer } from "../computed-layer.js";
import { asChannelsLast, channelsFirst, shapeAsChannelsLast } from "../layout.js";
import type { LayerDefinition } from "../registry.js";

/** keras/layers/pooling/adaptive_*: bin i of an axis goes from floor(i n / o) to ceil((i + 1) n / o). */
export const ADAPTIVE_POOLING: readonly LayerDefinition[] = (["Average", "Max"] as const).flatMap((kind) =>
  [1, 2, 3].map((rank): LayerDefinition => {
    const className = `Adaptive${kind}Pooling${rank}D`;
    return {
      className,
      majors: [3],
      arguments: ["output_size", "data_format"],
      create(spec) {
        const args = new Arguments(spec);
        const size = args.integers("output_size", rank);
        const first = channelsFirst(args);
        return new ComputedLayer(className, spec, {
          outputShape: ([x]) =>
            shapeAsChannelsLast(x!, first, (shape) => [shape[0]!, ...size, shape.at(-1)!]),
          compute: ([x]) =>
            asChannelsLast(x!, first, (input) =>
              size.reduce((y, bins, i) => adaptivelyPooled(y, i + 1, bins, kind), input),
            ),
        });
      },
    };
  }),
);

/** One axis in bins. */
export function adaptivelyPooled(
  x: tf.Tensor,
  axis: number,
  bins: number,
  kind: "Average" | "Max",
): tf.Tensor {
  const length = x.shape[axis]!;
  const parts = Array.from({ length: bins }, (_, i) => {
    const begin = Math.floor((i * length) / bins);
    const end = Math.ceil(((i + 1) * length) / bins);
    const from = x.shape.map((_n, k) => (k === axis ? begin : 0));
    const size = x.shape.map((n, k) => (k === axis ? end - begin : n));
    const part = tf.slice(x, from, size);
    return kind === "Max" ? tf.max(part, axis, true) : tf.mean(part, axis, true);
  });
  return tf.concat(parts, axis);
}
