import * as tf from "@tensorflow/tfjs";
import { LayerError } from "../../keras/finding.js";
import type { LayerSpec } from "../../keras/graph.js";
import { Arguments } from "../arguments/arguments.js";
import { normalizeSpectrum } from "../normalization/normalize-spectrum.js";
import type { Shape } from "../computed-layer.js";
import { readingAs } from "../weights/reading-as.js";
import type { LayerContext, LayerDefinition } from "../registry.js";
import { WrapperLayer } from "../wrapper-layer.js";

/** tensorflow_addons/layers/spectral_normalization.py: what training stores is normalised already. */
export const addonsSpectralNormalization: LayerDefinition = {
  className: "Addons>SpectralNormalization",
  majors: [2],
  arguments: ["layer", "power_iterations"],
  create(spec, context) {
    const inner = innerOf(spec, context);
    const iterations = new Arguments(spec).number("power_iterations", 1);
    return new WrapperLayer(spec.className, spec.name, [inner], {
      build: ([x]) => buildInner(inner, x!),
      state: () => [["sn_u", [1, inner.weights[0]?.shape.at(-1) ?? 1]]],
      outputShape: ([x]) => inner.computeOutputShape(x!) as Shape,
      compute: ([x], kwargs, [u]) => {
        if (kwargs["training"] === true) normalizeSpectrum(inner.weights[0]!, u!, iterations);
        return inner.apply(x!, kwargs) as tf.Tensor;
      },
    });
  },
};

/**
 * tensorflow_addons/layers/wrappers.py (Salimans and Kingma, arXiv 1602.07868): the kernel, v, is scaled to unit
 * length and then by g, one number for each of its outputs. Variables: g, v, the layer's others, `initialized` and,
 * where the scale is started from data, those of a copy of the layer. A layer that was saved before its first call
 * starts its scale at that call: with data_init from the copy's outputs for that batch, else as the length of v.
 */
export const weightNormalization: LayerDefinition = {
  className: "Addons>WeightNormalization",
  majors: [2],
  arguments: ["layer", "data_init"],
  create(spec, context) {
    const inner = innerOf(spec, context);
    const fromData = spec.config["data_init"] !== false;
    return new WeightNormalized(
      spec,
      inner,
      fromData ? context.build(unactivated(spec.inner["layer"]![0]!)) : null,
    );
  },
};

function innerOf(spec: LayerSpec, context: LayerContext): tf.layers.Layer {
  const inner = spec.inner["layer"]?.[0];
  if (inner) return context.build(inner);
  throw new LayerError(
    "A24",
    "layer",
    `a ${spec.className} without layer`,
    "the wrapper computes nothing by itself",
    "Restore layer in the layer's config.",
  );
}

/** The copy whose outputs start the scale has no activation, but in recurrent layers. */
function unactivated(spec: LayerSpec): LayerSpec {
  const copy = { ...spec, path: `${spec.path}/data_dep_init` };
  return RECURRENT.has(spec.className) ? copy : { ...copy, config: { ...spec.config, activation: "linear" } };
}

const RECURRENT: ReadonlySet<string> = new Set(["LSTM", "GRU", "SimpleRNN", "RNN"]);

function buildInner(inner: tf.layers.Layer, shape: Shape): void {
  if (inner.built) return;
  inner.build(shape);
  inner.built = true;
}

class WeightNormalized extends tf.layers.Layer {
  static readonly className: string = "WeightNormalized";
  private g: tf.LayerVariable | null = null;
  private initialized: tf.LayerVariable | null = null;

  constructor(
    private readonly spec: LayerSpec,
    private readonly inner: tf.layers.Layer,
    private readonly copy: tf.layers.Layer | null,
  ) {
    super({ name: spec.name });
  }

  override getClassName(): string {
    return this.spec.className;
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    buildInner(this.inner, inputShape as Shape);
    const kernel = this.kernel();
    const ones = tf.initializers.ones();
    const zeros = tf.initializers.zeros();
    this.g = this.addWeight("g", [kernel.shape.at(-1)!], "float32", ones, undefined, true);
    const others = this.inner.trainableWeights.filter((variable) => variable !== kernel);
    this.trainableWeights = [this.g, kernel, ...others];
    this.initialized = this.addWeight("initialized", [], "float32", zeros, undefined, false);
    if (this.copy) buildInner(this.copy, inputShape as Shape);
    const copies = this.copy?.weights ?? [];
    this.nonTrainableWeights = [...this.inner.nonTrainableWeights, this.initialized, ...copies];
    this.built = true;
  }

  /** Of a recurrent layer its recurrent kernel is normalised, of others their kernel. */
  private kernel(): tf.LayerVariable {
    const named = (name: string) =>
      this.inner.weights.find(({ originalName }) => originalName.endsWith(name));
    const kernel = named("recurrent_kernel") ?? named("kernel");
    if (kernel) return kernel;
    throw new LayerError(
      "A24",
      "layer",
      `a WeightNormalization around ${this.inner.getClassName()}`,
      "only a layer with a kernel can be normalised",
      "Register the whole layer under its own name.",
    );
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape | tf.Shape[] {
    return this.inner.computeOutputShape(inputShape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: Record<string, unknown>): tf.Tensor | tf.Tensor[] {
    const x = Array.isArray(inputs) ? inputs[0]! : inputs;
    return tf.tidy(() => {
      const kernel = this.kernel();
      if (this.initialized!.read().dataSync()[0] === 0) this.start(x, kernel);
      const v = kernel.read();
      const scaled = tf.mul(tf.mul(v, tf.rsqrt(tf.maximum(squares(v), 1e-12))), tf.clone(this.g!.read()));
      // The layer reads its kernel through the variable, so for the length of the call it reads the scaled one.
      return readingAs(new Map([[kernel, () => scaled]]), () => this.inner.call(x, kwargs) as tf.Tensor);
    });
  }

  /** What the first call of all does; the bias then centres the batch. */
  private start(x: tf.Tensor, kernel: tf.LayerVariable): void {
    const g = this.g!;
    if (this.copy) {
      const outputs = this.copy.call(x, {}) as tf.Tensor | tf.Tensor[];
      const first = Array.isArray(outputs) ? outputs[0]! : outputs;
      const over = first.shape.map((_, axis) => axis).slice(0, -1);
      const { mean, variance } = tf.moments(first, over);
      const each = tf.rsqrt(tf.add(variance, 1e-10));
      // A recurrent kernel holds the gates side by side, and each has as many outputs as the layer.
      const scale = tf.tile(each, [g.shape[0]! / each.shape[0]!]);
      g.write(tf.mul(g.read(), scale));
      this.bias()?.write(tf.neg(tf.mul(mean, each)));
    } else g.write(tf.reshape(tf.sqrt(squares(kernel.read())), [-1]));
    this.initialized!.write(tf.scalar(1));
  }

  /** The bias that the layer itself holds: that of a recurrent layer is its cell's, and stays. */
  private bias(): tf.LayerVariable | undefined {
    if (this.inner.weights.some(({ originalName }) => originalName.endsWith("recurrent_kernel")))
      return undefined;
    return this.inner.weights.find(({ originalName }) => originalName.endsWith("bias"));
  }
}

/** The squares of each output's part of a kernel, together. */
function squares(v: tf.Tensor): tf.Tensor {
  const over = Array.from({ length: v.rank - 1 }, (_, axis) => axis);
  return tf.sum(tf.square(v), over, true);
}
