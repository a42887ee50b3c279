import * as tf from "@tensorflow/tfjs";
import type { LayerSpec } from "../../keras/graph.js";
import { activationOf } from "../activations.js";
import { Arguments } from "../arguments/arguments.js";
import { ComputedLayer, type WeightSpec } from "../computed-layer.js";
import { groupNormalization } from "../normalization/stateless-normalization.js";
import { recurrence } from "../recurrent/recurrent.js";
import { cellOf } from "../recurrent/recurrent-cells.js";
import type { LayerDefinition } from "../registry.js";
import { addonsGelu, projectedOnSimplex, snake } from "./activations.js";
import { correlationCost } from "./correlation-cost.js";
import { crf } from "./crf.js";
import { addonsMultiHeadAttention } from "./multi-head-attention.js";
import { ADDONS_POOLING } from "./pooling.js";
import { addonsSpectralNormalization, weightNormalization } from "./wrappers.js";

/** The layers of TensorFlow Addons 0.23 (tensorflow_addons/layers), under the names that files have for them. */
export const ADDONS_LAYERS: readonly LayerDefinition[] = [
  ...ADDONS_POOLING,
  addonsMultiHeadAttention,
  addonsSpectralNormalization,
  weightNormalization,
  crf,
  correlationCost,
  {
    className: "Addons>GroupNormalization",
    majors: [2],
    arguments: ["groups", "axis", "epsilon", "center", "scale"],
    create: (spec) => addonsGroups(spec, new Arguments(spec)),
  },
  {
    className: "Addons>InstanceNormalization",
    majors: [2],
    arguments: ["groups", "axis", "epsilon", "center", "scale"],
    create: (spec) => addonsGroups(spec, new Arguments({ ...spec, config: { ...spec.config, groups: -1 } })),
  },
  {
    className: "Addons>FilterResponseNormalization",
    majors: [2],
    arguments: ["epsilon", "axis", "learned_epsilon"],
    create: filterResponseNormalization,
  },
  pointwise("GELU", ["approximate"], (args) => {
    const approximate = args.flag("approximate", true);
    return (x) => addonsGelu(x, approximate);
  }),
  pointwise("Sparsemax", ["axis"], (args) => {
    const axis = args.integer("axis", -1);
    return (x) => projectedOnSimplex(x, axis);
  }),
  pointwise("PoincareNormalize", ["axis", "epsilon"], (args) => {
    const axis = args.integer("axis", 1);
    const epsilon = args.number("epsilon", 1e-5);
    return (x) => {
      const inverse = tf.rsqrt(tf.sum(tf.square(x), axis, true));
      return tf.mul(x, tf.minimum(tf.mul(inverse, 1 - epsilon), 1));
    };
  }),
  {
    className: "Addons>Snake",
    majors: [2],
    arguments: [],
    create: (spec) =>
      new ComputedLayer(spec.className, spec, {
        weights: () => [{ name: "frequency", shape: [], initializer: "ones" }],
        outputShape: ([x]) => x!,
        compute: ([x], { weights }) => snake(x!, weights[0]!),
      }),
  },
  { className: "Addons>TLU", majors: [2], arguments: ["affine"], create: thresholdedLinearUnit },
  { className: "Addons>Maxout", majors: [2], arguments: ["num_units", "axis"], create: maxout },
  {
    className: "Addons>StochasticDepth",
    majors: [2],
    arguments: ["survival_probability"],
    create: stochasticDepth,
  },
  {
    className: "Addons>PolynomialCrossing",
    majors: [2],
    arguments: ["projection_dim", "diag_scale", "use_bias"],
    create: polynomialCrossing,
  },
  {
    className: "Addons>NoisyDense",
    majors: [2],
    arguments: ["units", "sigma", "use_factorised", "activation", "use_bias"],
    create: (spec, { origin }) => noisyDense(spec, activationOf(spec.config["activation"], origin)),
  },
  { className: "Addons>NetVLAD", majors: [2], arguments: ["num_clusters"], create: netVlad },
  {
    className: "Addons>EmbeddingBag",
    majors: [2],
    arguments: ["input_dim", "output_dim", "mask_zero", "combiner"],
    callArguments: ["indices", "weights"],
    create: embeddingBag,
  },
  {
    className: "Addons>ESN",
    majors: [2],
    arguments: [
      ...["units", "leaky", "use_bias", "activation", "return_sequences", "return_state", "go_backwards"],
      ...["stateful", "unroll", "zero_output_for_mask", "time_major"],
    ],
    inert: ["connectivity", "spectral_radius", "use_norm2", "implementation"],
    namedArguments: ["mask", "initial_state", "constants", "training"],
    create: (spec, context) =>
      new ComputedLayer(
        spec.className,
        spec,
        recurrence(spec, cellOf({ ...spec, className: "Addons>ESNCell" }, context), context),
      ),
  },
];

/**
 * Where each channel is a group and the axis counts from the end (-2, not -1), Addons takes the statistics along the
 * axis before it (normalizations.py, `_apply_normalization`): gamma and beta stay on the axis itself.
 */
function addonsGroups(spec: LayerSpec, args: Arguments): ComputedLayer {
  const saved = args.integer("axis", -1);
  return groupNormalization(spec.name, args, (axis) => {
    const apart = saved < -1 ? axis - 1 : axis;
    if (apart === 0)
      throw args.wrong("axis", "an axis that TensorFlow Addons can normalise: none before it is the batch's");
    return apart;
  });
}

function pointwise(
  name: string,
  args: readonly string[],
  make: (args: Arguments) => (x: tf.Tensor) => tf.Tensor,
): LayerDefinition {
  return {
    className: `Addons>${name}`,
    majors: [2],
    arguments: args,
    create(spec) {
      const apply = make(new Arguments(spec));
      return new ComputedLayer(spec.className, spec, {
        outputShape: ([x]) => x!,
        compute: ([x]) => apply(x!),
      });
    },
  };
}

/** Singh and Krishnan, arXiv 1911.09737: each channel over the root of its mean square, [batch, h, w, channels]. */
function filterResponseNormalization(spec: LayerSpec): ComputedLayer {
  const args = new Arguments(spec);
  const epsilon = Math.abs(args.number("epsilon", 1e-6));
  const learned = args.flag("learned_epsilon", false);
  const axes = args.numbers("axis", [1, 2]);
  return new ComputedLayer(spec.className, spec, {
    weights: ([x]) => {
      const shape = [1, 1, 1, x!.at(-1) ?? 0];
      return [
        ...(learned ? [{ name: "learned_epsilon", shape: [1] }] : []),
        { name: "gamma", shape, initializer: "ones" },
        { name: "beta", shape },
      ];
    },
    outputShape: ([x]) => x!,
    compute: ([x], { weights }) => {
      const [gamma, beta] = weights.slice(-2) as [tf.Tensor, tf.Tensor];
      const least = learned ? tf.add(epsilon, tf.abs(weights[0]!)) : tf.scalar(epsilon);
      const scale = tf.rsqrt(tf.add(tf.mean(tf.square(x!), axes, true), least));
      return tf.add(tf.mul(gamma, tf.mul(x!, scale)), beta);
    },
  });
}

function thresholdedLinearUnit(spec: LayerSpec): ComputedLayer {
  const affine = new Arguments(spec).flag("affine", false);
  return new ComputedLayer(spec.className, spec, {
    weights: ([x]) =>
      ["tau", ...(affine ? ["alpha"] : [])].map((name) => ({ name, shape: x!.slice(1) as number[] })),
    outputShape: ([x]) => x!,
    compute: ([x], { weights }) =>
      tf.maximum(x!, affine ? tf.add(weights[0]!, tf.mul(weights[1]!, x!)) : weights[0]!),
  });
}

function maxout(spec: LayerSpec): ComputedLayer {
  const args = new Arguments(spec);
  const units = args.integer("num_units", undefined, 1);
  const axis = args.integer("axis", -1);
  return new ComputedLayer(spec.className, spec, {
    outputShape: ([x]) => {
      const at = axis < 0 ? axis + x!.length : axis;
      const channels = x![at];
      if (typeof channels === "number" && channels % units !== 0) {
        throw args.wrong("num_units", `a divisor of the ${channels} features`);
      }
      return x!.map((n, i) => (i === at ? units : n));
    },
    compute: ([x]) => {
      const at = axis < 0 ? axis + x!.rank : axis;
      const shape = [...x!.shape];
      shape.splice(at, 1, shape[at]! / units, units);
      return tf.max(tf.reshape(x!, shape), at);
    },
  });
}

/** shortcut + residual, the residual as often as it survives in training, by its probability when predicting. */
function stochasticDepth(spec: LayerSpec): ComputedLayer {
  const survival = new Arguments(spec).number("survival_probability", 0.5);
  return new ComputedLayer(spec.className, spec, {
    outputShape: ([x]) => x!,
    compute: ([shortcut, residual], { training }) => {
      const share = training ? (Math.random() < survival ? 1 : 0) : survival;
      return tf.add(shortcut!, tf.mul(residual!, share));
    },
  });
}

/** The cross layer of DCN-v2 (Wang et al., arXiv 2008.13535) on [x0, x], both [batch, features]. */
function polynomialCrossing(spec: LayerSpec): ComputedLayer {
  const args = new Arguments(spec);
  const projection = args.has("projection_dim") ? args.integer("projection_dim", undefined, 1) : null;
  const diagonal = args.number("diag_scale", 0);
  const bias = args.flag("use_bias", true);
  return new ComputedLayer(spec.className, spec, {
    weights: ([, x]) => {
      const size = x!.at(-1) ?? 0;
      const kernels: WeightSpec[] =
        projection === null
          ? [{ name: "kernel", shape: [size, size], initializer: "glorotUniform" }]
          : [
              { name: "kernel_u", shape: [size, projection], initializer: "glorotUniform" },
              { name: "kernel_v", shape: [projection, size], initializer: "glorotUniform" },
            ];
      return bias ? [...kernels, { name: "bias", shape: [size] }] : kernels;
    },
    outputShape: ([x]) => x!,
    compute: ([first, x], { weights }) => {
      const kernels = weights.slice(0, projection === null ? 1 : 2);
      const product = kernels.reduce((y, kernel) => tf.matMul(y, kernel), x! as tf.Tensor);
      const widened = diagonal === 0 ? product : tf.add(product, tf.mul(x!, diagonal));
      const output = tf.add(tf.mul(first!, widened), x!);
      return bias ? tf.add(output, weights.at(-1)!) : output;
    },
  });
}

/** Fortunato et al., arXiv 1706.10295: kernel and bias are a mean and a scaled noise, which is stored with them. */
function noisyDense(spec: LayerSpec, activation: { apply(x: tf.Tensor): tf.Tensor }): ComputedLayer {
  const args = new Arguments(spec);
  const units = args.integer("units", undefined, 1);
  const bias = args.flag("use_bias", true);
  return new ComputedLayer(spec.className, spec, {
    weights: ([x]) => {
      const shape = [x!.at(-1) ?? 0, units];
      const three = (of: string, size: number[]): WeightSpec[] => [
        { name: `sigma_${of}`, shape: size, initializer: "ones" },
        { name: `mu_${of}`, shape: size, initializer: of === "kernel" ? "glorotUniform" : "zeros" },
        { name: `eps_${of}`, shape: size, trainable: false },
      ];
      return [...three("kernel", shape), ...(bias ? three("bias", [units]) : [])];
    },
    outputShape: ([x]) => [...x!.slice(0, -1), units],
    compute: ([x], { weights }) => {
      const noisy = (first: number) =>
        tf.add(weights[first + 1]!, tf.mul(weights[first]!, weights[first + 2]!));
      const flat = tf.matMul(tf.reshape(x!, [-1, x!.shape.at(-1)!]), noisy(0));
      const product = tf.reshape(flat, [...x!.shape.slice(0, -1), units]);
      return activation.apply(bias ? tf.add(product, noisy(3)) : product);
    },
  });
}

/** Arandjelović et al., arXiv 1511.07247: frames [batch, time, features] to [batch, features x clusters]. */
function netVlad(spec: LayerSpec): ComputedLayer {
  const clusters = new Arguments(spec).integer("num_clusters", undefined, 1);
  return new ComputedLayer(spec.className, spec, {
    weights: ([x]) => {
      const size = x!.at(-1) ?? 0;
      return [
        { name: "cluster_centers", shape: [1, size, clusters], initializer: "glorotUniform" },
        { name: "dense/kernel", shape: [size, clusters], initializer: "glorotUniform" },
        { name: "dense/bias", shape: [clusters] },
      ];
    },
    outputShape: ([x]) => [x![0]!, (x!.at(-1) ?? 0) * clusters],
    compute: ([x], { weights }) => {
      const [batch, time, size] = x!.shape as [number, number, number];
      const scores = tf.matMul(tf.reshape(x!, [batch * time, size]), weights[1]!);
      const shares = tf.reshape(tf.softmax(tf.add(scores, weights[2]!)), [batch, time, clusters]);
      const centers = tf.mul(tf.sum(shares, 1, true), weights[0]!);
      const residual = tf.sub(tf.matMul(x!, shares, true, false), centers);
      return unitLength(tf.reshape(unitLength(residual), [batch, size * clusters]));
    },
  });
}

/** Along the axis after the batch (tf.nn.l2_normalize). */
function unitLength(x: tf.Tensor): tf.Tensor {
  return tf.mul(x, tf.rsqrt(tf.maximum(tf.sum(tf.square(x), 1, true), 1e-12)));
}

/** The embeddings of a bag of indices [batch, bag], added up or averaged: [batch, output_dim]. */
function embeddingBag(spec: LayerSpec): ComputedLayer {
  const args = new Arguments(spec);
  const vocabulary = args.integer("input_dim", undefined, 1);
  const width = args.integer("output_dim", undefined, 1);
  const mean = args.choice("combiner", ["sum", "mean", "SUM", "MEAN"], "sum").toLowerCase() === "mean";
  return new ComputedLayer(spec.className, spec, {
    weights: () => [{ name: "embeddings", shape: [vocabulary, width], initializer: "glorotUniform" }],
    outputShape: ([x]) => [...x!.slice(0, -1), width],
    compute: ([indices, shares], { weights }) => {
      const rows = tf.gather(weights[0]!, tf.cast(indices!, "int32"));
      const weighted = shares ? tf.mul(rows, tf.expandDims(shares, -1)) : rows;
      return mean ? tf.mean(weighted, -2) : tf.sum(weighted, -2);
    },
  });
}
