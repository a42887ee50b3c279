import { tf } from "../../../src/index.js";

/** The class that notebooks/models/custom_attention.h5 was saved with, in TypeScript. */
export class MyAttention extends tf.layers.Layer {
  units: number;
  w!: tf.LayerVariable;
  b!: tf.LayerVariable;
  v!: tf.LayerVariable;

  constructor(config: Record<string, unknown>) {
    super({ name: config["name"] as string });
    this.units = config["units"] as number;
  }

  override build(inputShape: tf.Shape): void {
    const features = inputShape.at(-1)!;
    this.w = this.addWeight("w", [features, this.units]);
    this.b = this.addWeight("b", [this.units]);
    this.v = this.addWeight("v", [this.units, 1]);
    super.build(inputShape);
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const x = (Array.isArray(inputs) ? inputs[0] : inputs) as tf.Tensor3D;
    const [, time, features] = x.shape;
    const hidden = tf.tanh(tf.add(tf.matMul(x.reshape([-1, features]), this.w.read()), this.b.read()));
    const scores = tf.matMul(hidden as tf.Tensor2D, this.v.read() as tf.Tensor2D).reshape([-1, time]);
    return tf.sum(tf.mul(x, tf.softmax(scores).expandDims(2)), 1);
  }
}
