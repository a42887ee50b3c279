import * as tf from "@tensorflow/tfjs";
import { LayerError } from "../../keras/finding.js";
import { isObject } from "../../keras/json.js";
import type { LayerSpec } from "../../keras/graph.js";
import { activationOf } from "../activations.js";
import { RewrittenLayer } from "../quantized/rewritten-layer.js";
import type { LayerContext, LayerDefinition } from "../registry.js";
import { knownLayer, type KnownLayer } from "./known-layer.js";

const PACKAGE = "tensorflow-model-optimization 0.8, python/core";
const FOLDER = `${PACKAGE}/quantization/keras`;

/**
 * Quantisation-aware training, where weights and activations are rounded to 8 bits between bounds stored with them;
 * and pruning, where a mask stored with a weight says what of it counts.
 */
export const MODEL_OPTIMIZATION: readonly KnownLayer[] = [
  {
    className: "QuantizeWrapperV2",
    title: "A layer with weights and outputs rounded to 8 bits",
    source: `${FOLDER}/quantize_wrapper.py`,
    definition: quantizeWrapper(),
  },
  knownLayer({
    className: "QuantizeLayer",
    title: "Inputs rounded to 8 bits",
    source: `${FOLDER}/quantize_layer.py`,
    compute: ([x], { weights }) => fakeQuantized(x!, weights[0]!, weights[1]!, false),
  }),
  {
    className: "PruneLowMagnitude",
    title: "A layer whose smallest weights are masked",
    source: `${PACKAGE}/sparsity/keras/pruning_wrapper.py`,
    definition: pruningWrapper(),
  },
];

function pruningWrapper(): LayerDefinition {
  return {
    className: "PruneLowMagnitude",
    aliases: ["pruning_wrapper>PruneLowMagnitude"],
    majors: [2],
    arguments: ["layer", "pruning_schedule", "block_size", "block_pooling_type", "sparsity_m_by_n"],
    create(spec, context) {
      const { inner } = innerOf(spec, context, false);
      const own = pruningState(context.stored ?? []);
      return new RewrittenLayer(spec.className, spec.name, inner, {
        state: () => own,
        weight: (variable, state) => {
          const mask = state(masksOf(inner, own).get(variable) ?? "");
          return mask && tf.mul(variable.read(), mask);
        },
      });
    },
  };
}

/** A mask and a threshold for each weight that is pruned, which all have the same names, and the count of steps. */
function pruningState(
  stored: readonly { readonly name: string; readonly shape: readonly number[] }[],
): { name: string; shape: readonly number[] }[] {
  return stored
    .map(({ name, shape }) => ({ name: bare(name), shape }))
    .filter(({ name }) => /^(mask|threshold|pruning_step)(_\d+)?$/.test(name))
    .map(({ name, shape }, i) => ({ name: `${name}_${i}`, shape }));
}

/** Masks have their weights' shapes, and stand in their order. */
function masksOf(
  inner: tf.layers.Layer,
  own: readonly { readonly name: string; readonly shape: readonly number[] }[],
): ReadonlyMap<tf.LayerVariable, string> {
  const masks = own.filter(({ name }) => name.startsWith("mask"));
  const found = new Map<tf.LayerVariable, string>();
  for (const variable of inner.weights) {
    const next = masks[found.size];
    if (next && String(next.shape) === String(variable.shape)) found.set(variable, next.name);
  }
  return found;
}

function quantizeWrapper(): LayerDefinition {
  return {
    className: "QuantizeWrapperV2",
    aliases: ["QuantizeWrapper"],
    majors: [2],
    arguments: ["layer", "quantize_config"],
    create(spec, context) {
      const rounded = (context.stored ?? []).some(({ name }) => bare(name) === "pre_activation_min");
      const { inner, activation } = innerOf(spec, context, rounded);
      const extra = () =>
        (context.stored ?? [])
          .slice(inner.weights.length)
          .map(({ name, shape }) => ({ name: bare(name), shape }));
      return new RewrittenLayer(spec.className, spec.name, inner, {
        state: extra,
        weight: (variable, state) => {
          const own = bare(variable.originalName);
          // tfjs calls the kernel of a depthwise convolution "kernel" too.
          const name = state(`depthwise_${own}_min`) ? `depthwise_${own}` : own;
          const [low, high] = [state(`${name}_min`), state(`${name}_max`)];
          return low && high ? fakeQuantized(variable.read(), low, high, true) : null;
        },
        after: (output, state) => {
          const roundedAt = (place: string, x: tf.Tensor): tf.Tensor => {
            const [low, high] = [state(`${place}_min`), state(`${place}_max`)];
            return low && high ? fakeQuantized(x, low, high, false) : x;
          };
          const active = activation ? activation(roundedAt("pre_activation", output)) : output;
          return roundedAt("output", roundedAt("post_activation", active));
        },
      });
    },
  };
}

/** @param apart whether the layer's numbers are rounded before its activation, which is then computed apart from it */
function innerOf(
  spec: LayerSpec,
  context: LayerContext,
  apart: boolean,
): { inner: tf.layers.Layer; activation: ((x: tf.Tensor) => tf.Tensor) | null } {
  const held = spec.inner["layer"]?.[0];
  const inner = held && withoutNoOp(held);
  if (inner && apart) {
    const activation = activationOf(inner.config["activation"], context.origin);
    const plain = context.build({ ...inner, config: { ...inner.config, activation: null } });
    return { inner: plain, activation: (x) => activation.apply(x) };
  }
  if (inner) return { inner: context.build(inner), activation: null };
  throw new LayerError(
    "A24",
    "layer",
    `a ${spec.className} without layer`,
    "the wrapper computes nothing by itself",
    "Restore layer in the layer's config.",
  );
}

/** A layer whose activation comes behind the normalisation after it is saved with one that does nothing. */
function withoutNoOp(layer: LayerSpec): LayerSpec {
  const saved = layer.config["activation"];
  const inside = isObject(saved) && isObject(saved["config"]) ? saved["config"]["activation"] : undefined;
  const none = [saved, inside].some((each) => isObject(each) && each["class_name"] === "NoOpActivation");
  return none ? { ...layer, config: { ...layer.config, activation: null } } : layer;
}

/** `kernel_min` of `quant_dense/kernel_min:0`. */
function bare(name: string): string {
  return name.replace(/:\d+$/, "").replace(/^.*\//, "");
}

/**
 * Rounds to 8 bits between two bounds, moved so that zero is one of the steps
 * (tf.quantization.fake_quant_with_min_max_vars). Bounds are one number, or one for each channel.
 */
function fakeQuantized(x: tf.Tensor, low: tf.Tensor, high: tf.Tensor, narrow: boolean): tf.Tensor {
  const [least, most] = narrow ? [1, 255] : [0, 255];
  const scale = perChannel(tf.maximum(tf.div(tf.sub(high, low), most - least), 1e-30), x);
  const zero = tf.sub(least, tf.div(perChannel(low, x), scale));
  const point = tf.floor(tf.add(tf.clipByValue(zero, least, most), 0.5));
  const [bottom, top] = [tf.mul(tf.sub(least, point), scale), tf.mul(tf.sub(most, point), scale)];
  const inside = tf.minimum(tf.maximum(x, bottom), top);
  const steps = tf.floor(tf.add(tf.div(tf.sub(inside, bottom), scale), 0.5));
  return tf.add(tf.mul(steps, scale), bottom);
}

/** Bounds by channel belong to the last axis; of a depthwise kernel to the one before it. */
function perChannel(bound: tf.Tensor, x: tf.Tensor): tf.Tensor {
  if (bound.rank === 0 || bound.size === x.shape.at(-1)) return bound;
  return tf.expandDims(bound, -1);
}
