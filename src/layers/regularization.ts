import * as tf from "@tensorflow/tfjs";
import { Arguments } from "./arguments/arguments.js";
import { ComputedLayer, type Shape } from "./computed-layer.js";
import { identity } from "./identity.js";
import type { LayerDefinition } from "./registry.js";

/** keras/layers/regularization: each changes data only while training. */
export const REGULARIZATION: readonly LayerDefinition[] = [
  {
    className: "Dropout",
    majors: [1, 2, 3],
    arguments: ["rate", "noise_shape", "seed"],
    inert: ["p"],
    create(spec) {
      const args = new Arguments(spec);
      const noise = Array.isArray(args.raw("noise_shape"))
        ? (args.raw("noise_shape") as (number | null)[])
        : null;
      return dropout("Dropout", spec.name, args.number("rate", 0), (x) =>
        noise === null ? x : x.map((size, i) => noise[i] ?? size),
      );
    },
  },
  spatialDropout("SpatialDropout1D", (x) => [x[0]!, 1, x[2]!]),
  spatialDropout("SpatialDropout2D", (x, first) => (first ? [x[0]!, x[1]!, 1, 1] : [x[0]!, 1, 1, x[3]!])),
  spatialDropout("SpatialDropout3D", (x, first) =>
    first ? [x[0]!, x[1]!, 1, 1, 1] : [x[0]!, 1, 1, 1, x[4]!],
  ),
  {
    className: "GaussianNoise",
    majors: [1, 2, 3],
    arguments: ["stddev", "seed"],
    inert: ["sigma"],
    create(spec, { origin }) {
      const args = new Arguments(spec);
      const stddev = args.number("stddev", args.number("sigma", 0));
      if (origin.major === 3 && stddev > 1) throw args.wrong("stddev", "a number between 0 and 1");
      return tf.layers.gaussianNoise({ name: spec.name, stddev });
    },
  },
  {
    className: "GaussianDropout",
    majors: [1, 2, 3],
    arguments: ["rate", "seed"],
    create: (spec) =>
      tf.layers.gaussianDropout({ name: spec.name, rate: new Arguments(spec).number("rate", 0) }),
  },
  {
    className: "AlphaDropout",
    majors: [2, 3],
    arguments: ["rate", "noise_shape", "seed"],
    create: (spec) =>
      tf.layers.alphaDropout({ name: spec.name, rate: new Arguments(spec).number("rate", 0) }),
  },
  {
    className: "ActivityRegularization",
    majors: [1, 2, 3],
    arguments: ["l1", "l2"],
    create: (spec) => identity(spec),
  },
];

function spatialDropout(
  className: string,
  noise: (x: number[], channelsFirst: boolean) => number[],
): LayerDefinition {
  return {
    className,
    majors: [1, 2, 3],
    arguments: ["rate", "data_format", "seed", "noise_shape"],
    inert: ["p"],
    create(spec) {
      const args = new Arguments(spec);
      const first = args.raw("data_format") === "channels_first";
      return dropout(className, spec.name, args.number("rate", args.number("p", 0)), (x) => noise(x, first));
    },
  };
}

/** Keeps and scales up what it keeps, one draw for each element of the noise shape. */
function dropout(
  className: string,
  name: string,
  rate: number,
  noiseShape: (shape: number[]) => number[],
): ComputedLayer {
  return new ComputedLayer(
    className,
    { name },
    {
      outputShape: ([x]): Shape => x!,
      compute: ([x], { training }) => {
        if (!training || rate <= 0) return x!;
        const kept = tf.greaterEqual(tf.randomUniform(noiseShape(x!.shape), 0, 1), rate);
        return tf.mul(x!, tf.div(tf.cast(kept, "float32"), 1 - rate));
      },
    },
  );
}
