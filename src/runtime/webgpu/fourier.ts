import * as tf from "@tensorflow/tfjs";
import { cpuKernel } from "../corrections/cpu-fallback.js";
import { replaceKernel, type KernelFunction } from "../corrections/kernel.js";

const WEBGPU = "webgpu";
/** Numbers in a row whose matrices, of their square, are still small. */
const MOST = 2048;
/** Matrices that are kept: a model transforms rows of few lengths. */
const KEPT = 4;

/**
 * Fourier transforms as products with matrices of cosines and sines. The shader of TensorFlow.js 4.22.0 computes them on
 * the GPU, where WGSL wants them right to 2^-11 alone, and for angles up to 2 pi times the length.
 */
export function transformByProducts(): void {
  replaceKernel(WEBGPU, "FFT", () => transform(-1, cpuKernel(WEBGPU, "FFT")));
  replaceKernel(WEBGPU, "IFFT", () => transform(1, cpuKernel(WEBGPU, "IFFT")));
}

/** @param direction 1 for the inverse, which is divided by the length */
function transform(direction: 1 | -1, onCpu: KernelFunction): KernelFunction {
  return (args) => {
    const { input } = args.inputs as { input: tf.Tensor };
    const length = input.shape.at(-1)!;
    if (input.size === 0 || length > MOST) return onCpu(args);
    return tf.tidy(() => {
      const [cosines, sines] = matrices(length).map((values) => tf.tensor2d(values, [length, length]));
      const [re, im] = [tf.real(input), tf.imag(input)].map((part) => tf.reshape(part, [-1, length]));
      const times = (part: tf.Tensor | undefined, matrix: tf.Tensor | undefined) => tf.matMul(part!, matrix!);
      const turned = (part: tf.Tensor | undefined) => tf.mul(times(part, sines), direction);
      const parts = [tf.sub(times(re, cosines), turned(im)), tf.add(times(im, cosines), turned(re))];
      const scaled = direction === 1 ? parts.map((part) => tf.div(part, length)) : parts;
      const [real, imaginary] = scaled.map((part) => tf.reshape(part, input.shape));
      return tf.complex(real!, imaginary!);
    });
  };
}

const known = new Map<number, readonly Float32Array[]>();

/** Cosines and sines of all products of two whole numbers below the length, as parts of a turn. */
function matrices(length: number): readonly Float32Array[] {
  const made = known.get(length);
  if (made) return made;
  const turn = (2 * Math.PI) / length;
  const row = Array.from({ length }, (_, k) => [Math.cos(turn * k), Math.sin(turn * k)] as const);
  const [cosines, sines] = [new Float32Array(length ** 2), new Float32Array(length ** 2)];
  for (let i = 0; i < length; i++)
    for (let j = 0; j < length; j++) {
      const [cosine, sine] = row[(i * j) % length]!;
      cosines[i * length + j] = cosine;
      sines[i * length + j] = sine;
    }
  if (known.size === KEPT) known.delete(known.keys().next().value!);
  known.set(length, [cosines, sines]);
  return [cosines, sines];
}
