import * as tf from "@tensorflow/tfjs";

/** The initializer of tfjs-layers, as it is inside (tfjs-layers/src/initializers.ts, `Orthogonal`). */
interface Orthogonal {
  readonly gain: number;
  readonly seed?: number;
}

/**
 * Makes orthogonal matrices by Gram and Schmidt's way on the numbers themselves. tfjs-layers takes tensor operations for
 * each column: the recurrent kernel of an LSTM of 256 units took seconds on wasm, and minutes on cpu.
 * As keras.initializers.OrthogonalInitializer: columns that are orthogonal, or rows where there are fewer of them.
 */
export function orthogonalByNumbers(): void {
  const { classNameMap } = tf.serialization.SerializationMap.getMap();
  const initializer = classNameMap["Orthogonal"]![0] as unknown as { prototype: object };
  Object.assign(initializer.prototype, {
    apply(this: Orthogonal, shape: tf.Shape, dtype: tf.NumericDataType = "float32"): tf.Tensor {
      if (shape.length < 2) throw new Error("The orthogonal initializer needs a shape of two axes or more.");
      const sizes = shape as number[];
      const rows = tf.util.sizeFromShape(sizes.slice(0, -1));
      const columns = sizes.at(-1)!;
      const [count, length] = rows < columns ? [rows, columns] : [columns, rows];
      const vectors = orthonormal(normalNumbers(count, length, this.seed), count, length, this.gain);
      return tf.tidy(() => {
        const made = tf.tensor2d(vectors, [count, length], "float32");
        return (rows < columns ? made : made.transpose()).reshape(sizes).cast(dtype);
      });
    },
  });
}

function normalNumbers(count: number, length: number, seed?: number): Float64Array {
  const numbers = tf.randomNormal([count, length], 0, 1, "float32", seed);
  const values = Float64Array.from(numbers.dataSync());
  numbers.dispose();
  return values;
}

/** The vectors one behind the other, each made orthogonal to those before it and of the length `gain`. */
function orthonormal(vectors: Float64Array, count: number, length: number, gain: number): Float32Array {
  const vector = (i: number) => vectors.subarray(i * length, (i + 1) * length);
  for (let i = 0; i < count; i++) {
    const made = vector(i);
    for (let j = 0; j < i; j++) {
      const before = vector(j);
      const share = dot(made, before);
      for (let k = 0; k < length; k++) made[k]! -= share * before[k]!;
    }
    const norm = Math.sqrt(dot(made, made));
    for (let k = 0; k < length; k++) made[k]! /= norm;
  }
  return Float32Array.from(vectors, (value) => gain * value);
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k]! * b[k]!;
  return sum;
}
