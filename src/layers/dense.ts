import * as tf from "@tensorflow/tfjs";
import type { LayerSpec } from "../keras/graph.js";
import { activationOf } from "./activations.js";
import { Arguments } from "./arguments/arguments.js";
import { quantizedDense } from "./quantized/quantized-dense.js";
import type { LayerDefinition } from "./registry.js";
import { weightSettings } from "./weights/weight-settings.js";

/** keras/layers/core/dense.py */
export const DENSE: LayerDefinition = {
  className: "Dense",
  majors: [1, 2, 3],
  arguments: ["units", "activation", "use_bias"],
  inert: ["lora_rank", "lora_alpha", "quantization_config", "input_dim"],
  create(spec, context) {
    const quantized = quantizedDense(spec, context);
    if (quantized) return quantized;
    const args = new Arguments(spec);
    const layer = tf.layers.dense({
      name: spec.name,
      units: args.integer("units", undefined, 1),
      useBias: args.flag("use_bias", true),
      ...denseSettings(spec),
    });
    const activation = activationOf(args.raw("activation"), context.origin);
    return inFewOperations(Object.assign(layer, { activation }));
  },
};

/** How kernel and bias start, and what is added to the loss for them, as tfjs's own Dense takes it. */
function denseSettings({ config }: LayerSpec): Partial<Parameters<typeof tf.layers.dense>[0]> {
  const [kernel, bias] = [weightSettings(config, "kernel"), weightSettings(config, "bias")];
  const all = {
    kernelInitializer: kernel.initializer,
    kernelRegularizer: kernel.regularizer,
    kernelConstraint: kernel.constraint,
    biasInitializer: bias.initializer,
    biasRegularizer: bias.regularizer,
    biasConstraint: bias.constraint,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null));
}

/** What tfjs's Dense holds once it is built. */
interface BuiltDense {
  readonly kernel: tf.LayerVariable;
  readonly bias: tf.LayerVariable | null;
}

/** Back ends with a kernel for product, bias and activation together. */
const FUSING = new Set(["wasm", "webgpu"]);

/**
 * tfjs's Dense calls that kernel everywhere. Where it is only a product and an addition, what it is wrapped in (a
 * transposition of the weights that changes nothing, six reshapes) costs more than it saves.
 */
function inFewOperations<Dense extends tf.layers.Layer & { activation: ReturnType<typeof activationOf> }>(
  layer: Dense,
): Dense {
  const whole = layer.call.bind(layer);
  layer.call = (inputs, named) => {
    if (FUSING.has(tf.getBackend())) return whole(inputs, named);
    return tf.tidy(() => {
      const x = Array.isArray(inputs) ? inputs[0]! : inputs;
      const { kernel, bias } = layer as unknown as BuiltDense;
      const [features, units] = kernel.shape as [number, number];
      const before = x.shape.slice(0, -1);
      const rows = tf.reshape(x, [tf.util.sizeFromShape(before), features]);
      const product = tf.matMul(rows, kernel.read() as tf.Tensor2D);
      const biased = bias ? tf.add(product, bias.read()) : product;
      return layer.activation.apply(tf.reshape(biased, [...before, units]));
    });
  };
  return layer;
}
