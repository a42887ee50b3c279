import * as tf from "@tensorflow/tfjs";
import { dilationsOf } from "./dilated-filter.js";
import { type KernelFunction } from "./kernel.js";
import type { Windowed } from "./unreached-border.js";

/**
 * A window larger than the input with its padding fits nowhere: the result has no numbers, where the other axes are
 * as they would be. XNNPACK takes its count of windows for a large one then, and writes over the memory.
 * @param own the kernel for all other inputs
 * @param empty the kernel that gives tensors without numbers
 */
export function withoutWindows(own: KernelFunction, empty: KernelFunction): KernelFunction {
  return (args) => {
    const inputs = args.inputs as { x: tf.TensorInfo; filter?: tf.TensorInfo };
    return fitsNowhere(inputs, args.attrs as unknown as Windowed) ? empty(args) : own(args);
  };
}

function fitsNowhere(
  { x, filter }: { readonly x: tf.TensorInfo; readonly filter?: tf.TensorInfo },
  { pad, dataFormat, dilations, filterSize }: Windowed,
): boolean {
  if (pad === "same") return false;
  const axes = x.shape.length - 2;
  const first = dataFormat?.startsWith("NC") ? 2 : 1;
  const sizes = filter
    ? filter.shape.slice(0, axes)
    : Array.from({ length: axes }, (_, i) => at(filterSize!, i));
  const steps = dilationsOf(dilations, axes);
  return sizes.some((size, i) => {
    const padded = x.shape[first + i]! + (pad === "valid" ? 0 : paddingOf(pad, first + i));
    return (size - 1) * steps[i]! + 1 > padded;
  });
}

/** Before and after together, along one axis of the input. */
export function paddingOf(pad: unknown, axis: number): number {
  if (typeof pad === "number") return 2 * pad;
  const [before = 0, after = 0] = (pad as number[][])[axis] ?? [];
  return before + after;
}

/** Along one of the axes of the window. */
export function at(value: number | readonly number[], i: number): number {
  return typeof value === "number" ? value : value[i]!;
}
