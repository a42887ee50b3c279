import * as tf from "@tensorflow/tfjs";

/** The values of a model's weights at one moment. */
export class WeightsKept {
  readonly #values: readonly (readonly [tf.LayerVariable, tf.Tensor])[];

  constructor(model: tf.LayersModel) {
    this.#values = model.weights.map((weight) => [weight, tf.keep(tf.clone(weight.read()))] as const);
  }

  restore(): void {
    for (const [weight, value] of this.#values) weight.write(value);
  }

  dispose(): void {
    tf.dispose(this.#values.map(([, value]) => value));
  }
}
