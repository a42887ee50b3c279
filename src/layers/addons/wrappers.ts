import * as tf from "@tensorflow/tfjs";
import { LayerError } from "../../keras/finding.js";
import type { LayerSpec } from "../../keras/graph.js";
import { Arguments } from "../arguments.js";
import { normalizeSpectrum } from "../normalize-spectrum.js";
import type { Shape } from "../computed-layer.js";
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
 * where the scale was started from data, those of a copy that nothing reads.
 */
export const weightNormalization: LayerDefinition = {
  className: "Addons>WeightNormalization",
  majors: [2],
  arguments: ["layer", "data_init"],
  create(spec, context) {
    const inner = innerOf(spec, context);
    return new WeightNormalized(spec, inner, spec.config["data_init"] !== false);
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

function buildInner(inner: tf.layers.Layer, shape: Shape): void {
  if (inner.built) return;
  inner.build(shape);
  inner.built = true;
}

class WeightNormalized extends tf.layers.Layer {
  static readonly className: string = "WeightNormalized";
  private g: tf.LayerVariable | null = null;

  constructor(
    private readonly spec: LayerSpec,
    private readonly inner: tf.layers.Layer,
    private readonly copied: boolean,
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
    const flag = this.addWeight("initialized", [], "float32", zeros, undefined, false);
    const copies = this.copied
      ? this.inner.weights.map((variable) =>
          this.addWeight(`copy/${variable.originalName}`, variable.shape, "float32", zeros, undefined, false),
        )
      : [];
    this.nonTrainableWeights = [...this.inner.nonTrainableWeights, flag, ...copies];
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
      const v = kernel.read();
      const over = Array.from({ length: v.rank - 1 }, (_, axis) => axis);
      const length = tf.maximum(tf.sum(tf.square(v), over, true), 1e-12);
      const scaled = tf.mul(tf.mul(v, tf.rsqrt(length)), this.g!.read());
      // The layer reads its kernel through the variable, so for the length of the call it reads the scaled one.
      const read = kernel.read.bind(kernel);
      kernel.read = () => scaled as tf.Variable;
      try {
        return this.inner.call(x, kwargs) as tf.Tensor;
      } finally {
        kernel.read = read;
      }
    });
  }
}
