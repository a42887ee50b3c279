import * as tf from "@tensorflow/tfjs";
import { broadcastTo } from "../../ops/broadcast.js";
import type { Kernel, KernelTable, OpCall } from "../kernel.js";
import { ComplexTensor } from "../value.js";
import { complexAt } from "./complex.js";

/** Longest transform: its matrix is this squared. */
const LONGEST = 8192;

/** Complex numbers and Fourier transforms, as products with the transform's matrix: so on every back end. */
export const signal: KernelTable = {
  Complex: {
    run: (call) => {
      const [real, imaginary] = [call.tensor(0), call.tensor(1)];
      const shape = tf.backend_util.assertAndGetBroadcastShape(real.shape, imaginary.shape);
      return new ComplexTensor(broadcastTo(real, shape), broadcastTo(imaginary, shape));
    },
  },
  Real: { run: (call) => tf.clone(complexAt(call, 0).real) },
  Imag: { run: (call) => tf.clone(complexAt(call, 0).imaginary) },
  Conj: {
    run: (call) => new ComplexTensor(tf.clone(complexAt(call, 0).real), tf.neg(complexAt(call, 0).imaginary)),
  },
  ConjugateTranspose: {
    host: [1],
    run: (call) => {
      const order = call.numbers(1);
      if (!(call.value(0) instanceof ComplexTensor)) return tf.transpose(call.tensor(0), order);
      const { real, imaginary } = complexAt(call, 0);
      return new ComplexTensor(tf.transpose(real, order), tf.neg(tf.transpose(imaginary, order)));
    },
  },
  ComplexAbs: {
    run: (call) =>
      tf.sqrt(tf.add(tf.square(complexAt(call, 0).real), tf.square(complexAt(call, 0).imaginary))),
  },
  Angle: { run: (call) => tf.atan2(complexAt(call, 0).imaginary, complexAt(call, 0).real) },
  FFT: { run: (call) => transform(call, complexAt(call, 0), [-1], 1) },
  FFT2D: { run: (call) => transform(call, complexAt(call, 0), [-1, -2], 1) },
  FFT3D: { run: (call) => transform(call, complexAt(call, 0), [-1, -2, -3], 1) },
  IFFT: { run: (call) => transform(call, complexAt(call, 0), [-1], -1) },
  IFFT2D: { run: (call) => transform(call, complexAt(call, 0), [-1, -2], -1) },
  IFFT3D: { run: (call) => transform(call, complexAt(call, 0), [-1, -2, -3], -1) },
  RFFT: forward(1),
  RFFT2D: forward(2),
  RFFT3D: forward(3),
  IRFFT: backward(1),
  IRFFT2D: backward(2),
  IRFFT3D: backward(3),
};

/** e^(-+2 pi i jk/n), its real and its imaginary part. */
function matrixOf(call: OpCall, n: number, direction: 1 | -1): [tf.Tensor, tf.Tensor] {
  if (n > LONGEST) throw call.error("F18", `it transforms ${n} samples at once, the limit is ${LONGEST}`);
  const real = new Float32Array(n * n);
  const imaginary = new Float32Array(n * n);
  for (let j = 0; j < n; j++) {
    for (let k = 0; k < n; k++) {
      const angle = (-direction * 2 * Math.PI * ((j * k) % n)) / n;
      real[j * n + k] = Math.cos(angle);
      imaginary[j * n + k] = Math.sin(angle);
    }
  }
  return [tf.tensor2d(real, [n, n]), tf.tensor2d(imaginary, [n, n])];
}

function transform(
  call: OpCall,
  x: ComplexTensor,
  axes: readonly number[],
  direction: 1 | -1,
): ComplexTensor {
  return axes.reduce((value, axis) => alongAxis(call, value, axis, direction), x);
}

function alongAxis(call: OpCall, x: ComplexTensor, axis: number, direction: 1 | -1): ComplexTensor {
  const d = x.real.rank + axis;
  const order = x.real.shape.map((_, i) => i);
  order.splice(d, 1);
  order.push(d);
  const back = order.map((_, i) => order.indexOf(i));
  const n = x.real.shape[d]!;
  const [cos, sin] = matrixOf(call, n, direction);
  const moved = [x.real, x.imaginary].map((part) => tf.transpose(part, order));
  const shape = moved[0]!.shape;
  const [a, b] = moved.map((part) => tf.reshape(part, [-1, n])) as [tf.Tensor, tf.Tensor];
  const scale = direction === 1 ? 1 : 1 / n;
  const restore = (part: tf.Tensor): tf.Tensor => tf.transpose(tf.reshape(tf.mul(part, scale), shape), back);
  return new ComplexTensor(
    restore(tf.sub(tf.matMul(a, cos), tf.matMul(b, sin))),
    restore(tf.add(tf.matMul(a, sin), tf.matMul(b, cos))),
  );
}

/** Cut or padded with zeros to the lengths asked for. */
function fit(x: tf.Tensor, lengths: readonly number[]): tf.Tensor {
  const first = x.rank - lengths.length;
  const size = x.shape.map((dim, d) => (d < first ? dim : Math.min(dim, lengths[d - first]!)));
  const cut = tf.slice(x, new Array<number>(x.rank).fill(0), size);
  const pads = size.map((dim, d): [number, number] => [0, d < first ? 0 : lengths[d - first]! - dim]);
  return tf.pad(cut, pads);
}

function forward(rank: number): Kernel {
  return {
    host: [1],
    run: (call) => {
      const lengths = call.numbers(1);
      const x = fit(call.tensor(0), lengths);
      const axes = Array.from({ length: rank }, (_, i) => -1 - i);
      const full = transform(call, new ComplexTensor(x, tf.zerosLike(x)), axes, 1);
      const size = [...x.shape];
      size[x.rank - 1] = Math.floor(lengths.at(-1)! / 2) + 1;
      const half = (part: tf.Tensor): tf.Tensor => tf.slice(part, new Array<number>(part.rank).fill(0), size);
      return new ComplexTensor(half(full.real), half(full.imaginary));
    },
  };
}

/** The missing half mirrors the given one. */
function backward(rank: number): Kernel {
  return {
    host: [1],
    run: (call) => {
      const lengths = call.numbers(1);
      const n = lengths.at(-1)!;
      const kept = Math.floor(n / 2) + 1;
      const x = complexAt(call, 0);
      const shape = [...lengths.slice(0, -1), kept];
      let value = new ComplexTensor(fit(x.real, shape), fit(x.imaginary, shape));
      for (let axis = 2; axis <= rank; axis++) value = alongAxis(call, value, -axis, -1);
      const last = value.real.rank - 1;
      const order = Int32Array.from({ length: n - kept }, (_, i) => n - kept - i);
      const mirror = (part: tf.Tensor): tf.Tensor => tf.gather(part, tf.tensor1d(order, "int32"), last);
      const full = new ComplexTensor(
        tf.concat([value.real, mirror(value.real)], last),
        tf.concat([value.imaginary, tf.neg(mirror(value.imaginary))], last),
      );
      return alongAxis(call, full, -1, -1).real;
    },
  };
}
