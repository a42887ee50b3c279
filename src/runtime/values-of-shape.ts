import * as tf from "@tensorflow/tfjs";

/** Where TensorFlow.js makes every tensor of numbers (tfjs-core, engine.ts). */
interface Engine {
  makeTensor(values: unknown, shape: readonly number[], ...rest: unknown[]): tf.Tensor;
}

let checked = false;

/**
 * `tf.tensor([[1, 2], [3]])` takes the shape from the first inner array. Back ends then read past the numbers that
 * there are, or leave some out: here it is an error that says so.
 */
export function checkValuesOfShape(): void {
  if (checked) return;
  checked = true;
  const engine = tf.engine() as unknown as Engine;
  const { makeTensor } = engine;
  engine.makeTensor = (values, shape, ...rest) => {
    if (Array.isArray(values) || (ArrayBuffer.isView(values) && !(values instanceof DataView))) {
      checkCount((values as readonly unknown[]).length, shape);
    }
    return makeTensor.call(engine, values, shape, ...rest);
  };
}

/** @throws {RangeError} where the shape has another number of places than there are values. */
function checkCount(count: number, shape: readonly number[]): void {
  const places = shape.reduce((product, length) => product * length, 1);
  if (count === places) return;
  throw new RangeError(
    `A tensor of shape [${shape.join(", ")}] has ${places} values, here are ${count}. The shape is that of the first ` +
      "inner arrays: all must be as long, and none may stand where others hold a single value.",
  );
}
