import * as tf from "@tensorflow/tfjs";

type LossFunction = (yTrue: tf.Tensor, yPred: tf.Tensor) => tf.Tensor;

let taking = false;

/**
 * Lets the losses of TensorFlow.js take labels of int32 and bool, as Keras does (losses.py casts them to the type of the
 * prediction): `sparseCategoricalCrossentropy` refuses numbers of classes that are whole numbers.
 */
export function takeLabelsOfAnyNumberType(): void {
  if (taking) return;
  taking = true;
  const { compile } = tf.LayersModel.prototype;
  tf.LayersModel.prototype.compile = function (args) {
    compile.call(this, args);
    const model = this as unknown as { lossFunctions: LossFunction[] };
    model.lossFunctions = model.lossFunctions.map(
      (loss) => (yTrue, yPred) => loss(yTrue.dtype === "string" ? yTrue : yTrue.toFloat(), yPred),
    );
  };
}
