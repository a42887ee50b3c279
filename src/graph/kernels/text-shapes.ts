import * as tf from "@tensorflow/tfjs";
import type { Kernel, KernelResult, OpCall } from "../kernel.js";
import { ComplexTensor, StringTensor, WideIntegers, type GraphValue } from "../value.js";
import { complexAt } from "./complex.js";
import { integersOf } from "./integers.js";

/**
 * Runs an op that only moves elements (Reshape, Gather, Concat, ...) on strings or wide integers: each element is
 * replaced by its number, the numbers are moved as int32, and the elements are looked up again. Of complex numbers
 * both parts are moved.
 */
export function moveElements(
  call: OpCall,
  run: (input: (index: number) => tf.Tensor) => tf.Tensor | tf.Tensor[],
): KernelResult {
  if (call.inputs.every((value) => value instanceof tf.Tensor)) return run((index) => call.tensor(index));
  const moving = movedInputs(call, run);
  if (moving.some((value) => value instanceof ComplexTensor)) return moveComplex(call, run);
  const kind = moving.find((value) => value instanceof StringTensor || value instanceof WideIntegers);
  if (kind === undefined) return run((index) => call.tensor(index));
  // Number 0 stands for what an op fills in by itself.
  const pool: (Uint8Array | bigint)[] = [kind instanceof StringTensor ? new Uint8Array(0) : 0n];
  const moved = run((index) => numberElements(elementsOf(call, index), pool));
  const restore = (tensor: tf.Tensor): GraphValue => {
    const values = Array.from(tensor.dataSync(), (number) => pool[number]!);
    return kind instanceof StringTensor
      ? new StringTensor(tensor.shape, values as Uint8Array[])
      : new WideIntegers(tensor.shape, values as bigint[]);
  };
  return Array.isArray(moved) ? moved.map(restore) : restore(moved);
}

/** As `moveElements`, for values that are no inputs of the op but the variables that its inputs name. */
export function moveValues(
  values: readonly GraphValue[],
  run: (tensors: readonly tf.Tensor[]) => tf.Tensor,
): GraphValue {
  if (values.every((value) => value instanceof tf.Tensor)) return run(values);
  if (values.some((value) => value instanceof ComplexTensor)) {
    const parts = values as readonly ComplexTensor[];
    return new ComplexTensor(
      run(parts.map(({ real }) => real)),
      run(parts.map(({ imaginary }) => imaginary)),
    );
  }
  const text = values.some((value) => value instanceof StringTensor);
  const pool: (Uint8Array | bigint)[] = [text ? new Uint8Array(0) : 0n];
  const moved = run(values.map((value) => numberElements(apart(value), pool)));
  const elements = Array.from(moved.dataSync(), (number) => pool[number]!);
  return text
    ? new StringTensor(moved.shape, elements as Uint8Array[])
    : integersOf(elements as bigint[], moved.shape);
}

function apart(value: GraphValue): StringTensor | WideIntegers {
  if (value instanceof StringTensor || value instanceof WideIntegers) return value;
  const { shape } = value as tf.Tensor;
  return new WideIntegers(shape, Array.from((value as tf.Tensor).dataSync(), BigInt));
}

/** The inputs whose elements an op moves; others only say where to. */
function movedInputs(call: OpCall, run: Parameters<typeof moveElements>[1]): GraphValue[] {
  const moved: GraphValue[] = [];
  run((index) => {
    moved.push(call.value(index));
    return tf.zeros([...call.shapeOf(index)], "int32");
  });
  return moved;
}

function moveComplex(call: OpCall, run: Parameters<typeof moveElements>[1]): KernelResult {
  const real = run((index) => complexAt(call, index).real);
  const imaginary = run((index) => complexAt(call, index).imaginary);
  if (!Array.isArray(real)) return new ComplexTensor(real, imaginary as tf.Tensor);
  return real.map((part, i) => new ComplexTensor(part, (imaginary as tf.Tensor[])[i]!));
}

function elementsOf(call: OpCall, index: number): StringTensor | WideIntegers {
  const value = call.value(index);
  if (value instanceof StringTensor || value instanceof WideIntegers) return value;
  // Beside wide integers, those that fit are wide as well.
  return new WideIntegers(call.shapeOf(index), call.numbers(index).map(BigInt));
}

function numberElements(value: StringTensor | WideIntegers, pool: (Uint8Array | bigint)[]): tf.Tensor {
  const start = pool.length;
  for (const element of value.values) pool.push(element);
  const numbers = Int32Array.from({ length: value.values.length }, (_, i) => start + i);
  return tf.tensor(numbers, [...value.shape], "int32");
}

/** Pairs of elements after broadcasting two string tensors. */
export function broadcastStrings(
  a: StringTensor,
  b: StringTensor,
): { shape: number[]; pairs: [Uint8Array, Uint8Array][] } {
  const shape = tf.backend_util.assertAndGetBroadcastShape([...a.shape], [...b.shape]);
  const left = broadcastStringsTo(a, shape);
  const right = broadcastStringsTo(b, shape);
  return { shape, pairs: left.map((bytes, i) => [bytes, right[i]!]) };
}

/** The elements of a string tensor repeated to a shape. */
export function broadcastStringsTo(value: StringTensor, shape: readonly number[]): Uint8Array[] {
  const size = shape.reduce((n, dim) => n * dim, 1);
  const offset = shape.length - value.shape.length;
  return Array.from({ length: size }, (_, i) => {
    let rest = i;
    let at = 0;
    let stride = 1;
    for (let d = shape.length - 1; d >= 0; d--) {
      const index = rest % shape[d]!;
      rest = Math.floor(rest / shape[d]!);
      const dim = value.shape[d - offset];
      if (dim === undefined) continue;
      if (dim !== 1) at += index * stride;
      stride *= dim;
    }
    return value.values[at]!;
  });
}

/** An op on input 0 that only moves elements, so that it works on strings as well. */
export function mover(host: readonly number[], run: (call: OpCall, x: tf.Tensor) => tf.Tensor): Kernel {
  return { host, run: (call) => moveElements(call, (input) => run(call, input(0))) };
}
