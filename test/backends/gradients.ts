import * as tf from "@tensorflow/tfjs";
import type { Outcome, TensorValues } from "./case.js";
import { argumentsOf, type GradientCase, weighted } from "./gradient-cases.js";

/** Gradients by the tape of TensorFlow.js, in every argument. */
export async function gradientsOf(one: GradientCase): Promise<Outcome> {
  try {
    const args = argumentsOf(one);
    const gradients = tf.grads((...given) => weighted(one.compute(...given)) as tf.Scalar)(args);
    const tensors: TensorValues[] = [];
    for (const { shape, dtype, ...tensor } of gradients.map((g) => ({
      shape: g.shape,
      dtype: g.dtype,
      data: () => g.data(),
    }))) {
      tensors.push({ shape, dtype, values: Array.from(await tensor.data(), Number) });
    }
    return { status: "values", tensors };
  } catch (error) {
    return { status: "error", message: String((error as Error).message || error).split("\n")[0]! };
  }
}

/** Half the distance of the two points, in float32: smaller is lost in rounding, larger in curvature. */
const STEP = 1e-2;

/** The same by central differences of the forward computation alone. */
export async function differencesOf(one: GradientCase): Promise<TensorValues[]> {
  const args = argumentsOf(one);
  const results: TensorValues[] = [];
  for (const [index, arg] of args.entries()) {
    const values = Array.from(await arg.data());
    const slopes: number[] = [];
    for (let i = 0; i < values.length; i++) {
      const at = async (shift: number) => {
        const moved = values.map((value, j) => (j === i ? value + shift : value));
        const given = args.map((other, k) => (k === index ? tf.tensor(moved, arg.shape) : other));
        const sum = tf.tidy(() => weighted(one.compute(...given)));
        return (await sum.data())[0]!;
      };
      slopes.push(((await at(STEP)) - (await at(-STEP))) / (2 * STEP));
    }
    results.push({ shape: arg.shape, dtype: "float32", values: slopes });
  }
  return results;
}
