import * as tf from "@tensorflow/tfjs";
import { Arguments } from "../arguments/arguments.js";
import { epsilonOf } from "./epsilon.js";
import { fromZero } from "./axes.js";
import { ComputedLayer, type WeightSpec } from "../computed-layer.js";
import type { LayerDefinition } from "../registry.js";

/** keras/layers/normalization: those that know no moving averages. */
export const STATELESS_NORMALIZATION: readonly LayerDefinition[] = [
  {
    className: "GroupNormalization",
    majors: [2, 3],
    arguments: ["groups", "axis", "epsilon", "center", "scale"],
    create: (spec) => groupNormalization(spec.name, new Arguments(spec)),
  },
  {
    className: "UnitNormalization",
    majors: [2, 3],
    arguments: ["axis"],
    create(spec) {
      const axes = new Arguments(spec).numbers("axis", [-1]);
      return new ComputedLayer("UnitNormalization", spec, {
        outputShape: ([x]) => x!,
        compute: ([x]) => {
          const squares = tf.sum(tf.square(x!), fromZero(axes, x!.rank), true);
          return tf.mul(x!, tf.rsqrt(tf.maximum(squares, 1e-12)));
        },
      });
    },
  },
  {
    className: "RMSNormalization",
    majors: [3],
    arguments: ["axis", "epsilon"],
    create(spec) {
      const args = new Arguments(spec);
      const axes = args.numbers("axis", [-1]);
      const epsilon = epsilonOf(args, 1e-6, true);
      return new ComputedLayer("RMSNormalization", spec, {
        weights: ([x]) => {
          const shape = fromZero(axes, x!.length)
            .sort((a, b) => a - b)
            .map((i) => x![i]!);
          if (shape.some((n) => n === null)) throw args.wrong("axis", "axes of known length");
          const last = x!.slice(-shape.length);
          if (!shape.every((n, i) => n === 1 || n === last[i]))
            throw args.wrong(
              "axis",
              "the last axes, or ones as long as them: Keras lays the scale on the last",
            );
          return [{ name: "scale", shape, initializer: "ones" }];
        },
        outputShape: ([x]) => x!,
        compute: ([x], { weights }) => {
          const over = fromZero(axes, x!.rank);
          const mean = tf.mean(tf.square(x!), over, true);
          // Keras broadcasts the scale from the last axis, whatever axes it normalizes.
          return tf.mul(tf.mul(x!, tf.rsqrt(tf.add(mean, epsilon))), weights[0]!);
        },
      });
    },
  },
];

/**
 * Mean and variance over each group of channels together with all of space.
 * @param single the axis that keeps its own statistics where each channel is a group: the channels' own by default
 */
export function groupNormalization(
  name: string,
  args: Arguments,
  single: (axis: number, rank: number) => number = (axis) => axis,
): ComputedLayer {
  const axis = args.integer("axis", -1);
  const epsilon = epsilonOf(args, 1e-3);
  const center = args.flag("center", true);
  const scale = args.flag("scale", true);
  const groups = args.integer("groups", 32, -1);
  if (groups === 0) throw args.wrong("groups", "-1, or an integer of at least 1");
  return new ComputedLayer(
    "GroupNormalization",
    { name },
    {
      weights: ([x]) => {
        const channels = x!.at(axis) ?? null;
        if (axis === 0 || channels === null)
          throw args.wrong("axis", "an axis of known length, not the batch's");
        if (groups !== -1 && channels % groups !== 0) throw args.wrong("groups", `a divisor of ${channels}`);
        const shape = [channels];
        const list: WeightSpec[] = [];
        if (scale) list.push({ name: "gamma", shape, initializer: "ones" });
        if (center) list.push({ name: "beta", shape });
        return list;
      },
      outputShape: ([x]) => x!,
      compute: ([x], { weights }) => {
        const at = axis < 0 ? axis + x!.rank : axis;
        const channels = x!.shape[at]!;
        const count = groups === -1 ? channels : groups;
        const alone = count === channels;
        const own = alone ? [channels] : [count, channels / count];
        const shape = [...x!.shape.slice(0, at), ...own, ...x!.shape.slice(at + 1)];
        const grouped = tf.reshape(x!, shape);
        const apart = alone ? single(at, x!.rank) : at;
        const over = shape.map((_, i) => i).filter((i) => i !== 0 && i !== apart);
        const { mean, variance } = tf.moments(grouped, over, true);
        const normal = tf.reshape(
          tf.mul(tf.sub(grouped, mean), tf.rsqrt(tf.add(variance, epsilon))),
          x!.shape,
        );
        const along = x!.shape.map((n, i) => (i === at ? n : 1));
        const scaled = scale ? tf.mul(normal, tf.reshape(weights[0]!, along)) : normal;
        return center ? tf.add(scaled, tf.reshape(weights[scale ? 1 : 0]!, along)) : scaled;
      },
    },
  );
}
