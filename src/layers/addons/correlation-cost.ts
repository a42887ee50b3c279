import * as tf from "@tensorflow/tfjs";
import { Arguments } from "../arguments/arguments.js";
import { ComputedLayer, type Shape } from "../computed-layer.js";
import { asChannelsLast, channelsFirst, shapeAsChannelsLast } from "../layout.js";
import type { LayerDefinition } from "../registry.js";

/**
 * tensorflow_addons/layers/optical_flow.py, after FlowNet (Fischer et al., arXiv 1504.06852): how well patches of
 * two images agree for every displacement, the mean of the products over a patch. [batch, h, w, channels] twice to
 * [batch, h', w', (2 r + 1)^2], r = max_displacement / stride_2.
 */
export const correlationCost: LayerDefinition = {
  className: "Addons>CorrelationCost",
  majors: [2],
  arguments: ["kernel_size", "max_displacement", "stride_1", "stride_2", "pad", "data_format"],
  create(spec) {
    const args = new Arguments(spec);
    const first = channelsFirst(args);
    const settings: Correlation = {
      size: args.integer("kernel_size", undefined, 1),
      furthest: args.integer("max_displacement", undefined, 0),
      stride: args.integer("stride_1", undefined, 1),
      step: args.integer("stride_2", undefined, 1),
      pad: args.integer("pad", undefined, 0),
    };
    if (settings.size % 2 === 0) throw args.wrong("kernel_size", "an odd integer");
    return new ComputedLayer(spec.className, spec, {
      outputShape: ([a]) => shapeAsChannelsLast(a!, first, (shape) => outputShape(shape, settings)),
      compute: ([a, b]) => {
        const last = (x: tf.Tensor) => (first ? tf.transpose(x, [0, 2, 3, 1]) : x);
        const costs = correlation(last(a!), last(b!), settings);
        return first ? asChannelsLast(tf.transpose(costs, [0, 3, 1, 2]), true, (x) => x) : costs;
      },
    });
  },
};

interface Correlation {
  readonly size: number;
  readonly furthest: number;
  readonly stride: number;
  readonly step: number;
  readonly pad: number;
}

function outputShape(shape: Shape, settings: Correlation): Shape {
  const reach = Math.floor(settings.furthest / settings.step);
  return [
    shape[0]!,
    ...shape.slice(1, 3).map((n) => (n === null ? null : outputLength(n, settings))),
    (2 * reach + 1) ** 2,
  ];
}

function outputLength(n: number, { furthest, size, stride, pad }: Correlation): number {
  const border = furthest + (size - 1) / 2;
  return Math.ceil((n + 2 * (pad - border)) / stride);
}

function correlation(a: tf.Tensor, b: tf.Tensor, settings: Correlation): tf.Tensor {
  const { size, furthest, stride, step, pad } = settings;
  const [, height, width] = a.shape as [number, number, number];
  const rows = outputLength(height, settings);
  const columns = outputLength(width, settings);
  const around = (x: tf.Tensor) =>
    tf.pad(x, [
      [0, 0],
      [pad, pad],
      [pad, pad],
      [0, 0],
    ]);
  const [p, q] = [around(a), around(b)];
  const reach = Math.floor(furthest / step);
  // Rows and columns of all patches, with the border of a patch and, for the second image, a displacement.
  const span = (count: number) => (count - 1) * stride + size;
  const cut = (x: tf.Tensor, dy: number, dx: number) =>
    tf.slice(x, [0, furthest + dy, furthest + dx, 0], [-1, span(rows), span(columns), -1]);
  const still = cut(p, 0, 0);
  const costs: tf.Tensor[] = [];
  for (let dy = -reach; dy <= reach; dy++) {
    for (let dx = -reach; dx <= reach; dx++) {
      const product = tf.mean(tf.mul(still, cut(q, dy * step, dx * step)), 3, true) as tf.Tensor4D;
      costs.push(tf.avgPool(product, size, stride, "valid"));
    }
  }
  return tf.concat(costs, 3);
}
