import * as tf from "@tensorflow/tfjs";
import { shapeList, type Shape } from "./computed-layer.js";

interface Wrapping {
  build(inputs: readonly Shape[]): void;
  /** Variables of the wrapper itself, after those of the layers, never trained by gradients; small random numbers. */
  state?(): (readonly [name: string, shape: number[]])[];
  outputShape(inputs: readonly Shape[]): Shape | Shape[];
  /** @param own the variables of `state` */
  compute(
    inputs: readonly tf.Tensor[],
    kwargs: Record<string, unknown>,
    own: readonly tf.LayerVariable[],
  ): tf.Tensor | tf.Tensor[];
}

/** A layer around others: its weights are theirs, in the order in which it holds them. */
export class WrapperLayer extends tf.layers.Layer {
  static readonly className: string = "WrapperLayer";

  private readonly own: tf.LayerVariable[] = [];

  constructor(
    private readonly kerasClass: string,
    name: string,
    readonly wrapped: readonly tf.layers.Layer[],
    private readonly wrapping: Wrapping,
  ) {
    super({ name });
  }

  override getClassName(): string {
    return this.kerasClass;
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    this.wrapping.build(shapeList(inputShape));
    for (const [name, shape] of this.wrapping.state?.() ?? []) {
      this.own.push(
        this.addWeight(
          name,
          shape,
          "float32",
          tf.initializers.truncatedNormal({ stddev: 0.02 }),
          undefined,
          false,
        ),
      );
    }
    this.built = true;
  }

  override computeOutputShape(inputShape: tf.Shape | tf.Shape[]): tf.Shape | tf.Shape[] {
    return this.wrapping.outputShape(shapeList(inputShape));
  }

  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: Record<string, unknown>): tf.Tensor | tf.Tensor[] {
    return tf.tidy(() => this.wrapping.compute(Array.isArray(inputs) ? inputs : [inputs], kwargs, this.own));
  }

  override get weights(): tf.LayerVariable[] {
    const [only, ...others] = this.wrapped ?? [];
    return only && others.length === 0 ? [...only.weights, ...(this.own ?? [])] : super.weights;
  }

  override get trainableWeights(): tf.LayerVariable[] {
    return this.trainable ? (this.wrapped?.flatMap((layer) => layer.trainableWeights) ?? []) : [];
  }

  override set trainableWeights(_weights: tf.LayerVariable[]) {
    // The wrapped layers own them.
  }

  override get nonTrainableWeights(): tf.LayerVariable[] {
    const layers = this.wrapped ?? [];
    const still = layers.flatMap((layer) => layer.nonTrainableWeights);
    const own = this.own ?? [];
    return this.trainable
      ? [...still, ...own]
      : [...layers.flatMap((layer) => layer.trainableWeights), ...still, ...own];
  }

  override set nonTrainableWeights(_weights: tf.LayerVariable[]) {
    // The wrapped layers own them.
  }
}
