import * as tf from "@tensorflow/tfjs";
import { composed, replaceKernel, type KernelArguments, type KernelFunction } from "./kernel.js";

/** Kernels without a form above rank 4 are run at rank 3 or 1, on the same numbers. */
export function lowerRankAboveFour(backendName: string): void {
  replaceKernel(backendName, "PadV2", aboveFour(pad));
  replaceKernel(backendName, "MirrorPad", aboveFour(mirrorPad));
  replaceKernel(backendName, "Reverse", aboveFour(reverse));
  replaceKernel(backendName, "Select", aboveFour(select, "t"));
}

function aboveFour(lowered: KernelFunction, input = "x"): (own: KernelFunction) => KernelFunction {
  return (own) => (args) => (rankOf(args, input) > 4 ? lowered(args) : own(args));
}

function rankOf({ inputs }: KernelArguments, input: string): number {
  return (inputs[input] as tf.TensorInfo).shape.length;
}

type Paddings = [number, number][];

const pad = composed<{ paddings: Paddings; constantValue: number }>(({ x }, { paddings, constantValue }) =>
  padEachAxis(x!, paddings, (part, pairs) => tf.pad(part, pairs, constantValue)),
);

const mirrorPad = composed<{ paddings: Paddings; mode: "reflect" | "symmetric" }>(
  ({ x }, { paddings, mode }) => padEachAxis(x!, paddings, (part, pairs) => tf.mirrorPad(part, pairs, mode)),
);

function padEachAxis(
  x: tf.Tensor,
  paddings: Paddings,
  padPart: (part: tf.Tensor, pairs: Paddings) => tf.Tensor,
): tf.Tensor {
  const shape = [...x.shape];
  let result = tf.clone(x);
  for (const [axis, [before, after]] of paddings.entries()) {
    if (before === 0 && after === 0) continue;
    const part = aroundAxis(result, shape, axis);
    shape[axis]! += before + after;
    result = tf.reshape(
      padPart(part, [
        [0, 0],
        [before, after],
        [0, 0],
      ]),
      shape,
    );
  }
  return result;
}

const reverse = composed<{ dims: number | number[] }>(({ x }, { dims }) => {
  let result = tf.clone(x!);
  for (const axis of tf.util.parseAxisParam(dims, x!.shape)) {
    result = tf.reshape(tf.reverse(aroundAxis(result, x!.shape, axis), 1), x!.shape);
  }
  return result;
});

const select = composed(({ condition, t, e }) => {
  const flat = [condition!, t!, e!].map((part) => tf.reshape(part, [-1]));
  return tf.reshape(tf.where(flat[0]!, flat[1]!, flat[2]!), t!.shape);
});

/** The axis in the middle: [all before it, it, all after it]. */
export function aroundAxis(x: tf.Tensor, shape: readonly number[], axis: number): tf.Tensor3D {
  const outer = shape.slice(0, axis).reduce((product, size) => product * size, 1);
  const inner = shape.slice(axis + 1).reduce((product, size) => product * size, 1);
  return tf.reshape(x, [outer, shape[axis]!, inner]);
}
