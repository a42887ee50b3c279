import * as tf from "@tensorflow/tfjs";
import { repeatBatches } from "../corrections/batches-beside.js";
import { cpuKernel } from "../corrections/cpu-fallback.js";
import {
  composed,
  ownResult,
  replaceKernel,
  type KernelArguments,
  type KernelFunction,
} from "../corrections/kernel.js";
import { packEachShape } from "./packed-matrices.js";

/** From as many multiplications in one product on, slices and the quick product are sooner than the slow one. */
const MANY = 1 << 15;

interface Turned {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

/**
 * XNNPACK multiplies one pair of matrices that are not transposed; batches go through plain loops, which take twenty
 * times as long (attention over 128 tokens: 24 ms in place of 1). So a batch is multiplied matrix by matrix.
 */
export function multiplyEachMatrix(backendName: string): void {
  replaceKernel(backendName, "BatchMatMul", (plain) =>
    repeatBatches(eachMatrix(backendName, packEachShape(plain))),
  );
}

function eachMatrix(backendName: string, own: KernelFunction): KernelFunction {
  return (args) => {
    const { a, b } = args.inputs as { a: tf.Tensor; b: tf.Tensor };
    // XNNPACK refuses matrices without numbers, and integers.
    if (a.size === 0 || b.size === 0 || a.dtype !== "float32" || b.dtype !== "float32")
      return cpuKernel(backendName, "BatchMatMul")(args);
    const { transposeA, transposeB } = args.attrs as unknown as Turned;
    const [left, right] = [a.shape.slice(0, -2), b.shape.slice(0, -2)];
    const batch = tf.util.sizeFromShape(left) === 1 ? right : left;
    const matrices = tf.util.sizeFromShape(batch);
    const quick = matrices === 1 && !transposeA && !transposeB;
    if (quick || !sameBatches(left, right) || !isLarge(a, b, transposeA)) return own(args);
    const product = composed((inputs) => {
      const x = stacked(inputs["a"]!, transposeA);
      const y = stacked(inputs["b"]!, transposeB);
      const attrs = { transposeA: false, transposeB: false } as unknown as KernelArguments["attrs"];
      const products = Array.from({ length: matrices }, (_, i) =>
        ownResult(own, { ...args, inputs: { a: matrixOf(x, i), b: matrixOf(y, i) }, attrs }),
      );
      const all = products.length === 1 ? products[0]! : tf.concat(products, 0);
      return tf.reshape(all, [...batch, ...all.shape.slice(-2)]);
    });
    return product(args);
  };
}

function sameBatches(left: readonly number[], right: readonly number[]): boolean {
  return left.join() === right.join() || [left, right].some((dims) => dims.every((dim) => dim === 1));
}

function isLarge(a: tf.Tensor, b: tf.Tensor, transposeA: boolean): boolean {
  const [first, second] = a.shape.slice(-2) as [number, number];
  const [rows, inner] = transposeA ? [second, first] : [first, second];
  const columns = inner === 0 ? 0 : tf.util.sizeFromShape(b.shape.slice(-2)) / inner;
  return a.dtype === "float32" && b.dtype === "float32" && rows * inner * columns >= MANY;
}

function stacked(x: tf.Tensor, transposed: boolean): tf.Tensor3D {
  const flat = tf.reshape(x, [-1, ...x.shape.slice(-2)] as [number, number, number]);
  return (transposed ? tf.transpose(flat, [0, 2, 1]) : flat) as tf.Tensor3D;
}

function matrixOf(x: tf.Tensor3D, i: number): tf.Tensor3D {
  return x.shape[0] === 1 ? x : tf.slice(x, [i, 0, 0], [1, -1, -1]);
}
