import * as tf from "@tensorflow/tfjs";

let done = false;

/**
 * Lets `model.trainable = false` freeze the layers within, as in Keras: TensorFlow.js marks their weights alone, which a
 * `tf.sequential` around the model takes back when it is built, and a BatchNormalization in it would go on taking the
 * moments of batches. `true` unfreezes what stands in a model that was frozen as a whole.
 */
export function freezeWithin(): void {
  if (done) return;
  done = true;
  const container = Object.getPrototypeOf(tf.LayersModel.prototype) as object;
  const { get, set } = Object.getOwnPropertyDescriptor(container, "trainable")!;
  Object.defineProperty(container, "trainable", {
    get,
    set(this: tf.LayersModel, trainable: boolean) {
      // A Sequential says `true` to the model within whenever it is built: layers that are frozen one by one stay so.
      const changes = !trainable || !this.trainable;
      set!.call(this, trainable);
      if (changes) for (const layer of this.layers) layer.trainable = trainable;
    },
    configurable: true,
  });
}
