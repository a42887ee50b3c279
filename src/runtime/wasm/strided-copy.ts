import type { WasmBackend } from "./wasm-backend.js";

/** Where a tensor finds its numbers in another: along each axis so many, so far apart; 0 repeats, less goes backwards. */
export interface Strided {
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  /** Of the first number. */
  readonly offset: number;
}

export interface Axis {
  readonly length: number;
  readonly stride: number;
}

type Numbers = ReturnType<WasmBackend["typedArrayFromHeap"]>;

/** Copied number by number below as many: a call of `set` costs as much. */
const SHORT = 8;

/** @param out as many numbers as the shape has, in their order */
export function copyStrided(x: Numbers, out: Numbers, { shape, strides, offset }: Strided): void {
  if (out.length === 0) return;
  const axes = merged(shape, strides);
  const run = axes.pop() ?? { length: 1, stride: 1 };
  const places = axes.map(() => 0);
  let from = offset;
  for (let to = 0; to < out.length; to += run.length) {
    copyRun(x, from, out, to, run);
    for (let i = axes.length - 1; i >= 0; i--) {
      const { length, stride } = axes[i]!;
      from += stride;
      places[i]!++;
      if (places[i]! < length) break;
      from -= length * stride;
      places[i] = 0;
    }
  }
}

/** Axes that go on where the one before them ends are one; those of one number are none. */
function merged(shape: readonly number[], strides: readonly number[]): Axis[] {
  const axes: Axis[] = [];
  for (const [i, length] of shape.entries()) {
    const stride = strides[i]!;
    if (length === 1) continue;
    const before = axes.at(-1);
    if (before?.stride === stride * length)
      axes[axes.length - 1] = { length: before.length * length, stride };
    else axes.push({ length, stride });
  }
  return axes;
}

/** Numbers along one axis. */
export function copyRun(x: Numbers, from: number, out: Numbers, to: number, { length, stride }: Axis): void {
  if (length >= SHORT && stride === 1) out.set(x.subarray(from, from + length), to);
  else if (length >= SHORT && stride === 0) out.fill(x[from]!, to, to + length);
  else for (let i = 0; i < length; i++) out[to + i] = x[from + i * stride]!;
}
