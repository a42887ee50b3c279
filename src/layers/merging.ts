import * as tf from "@tensorflow/tfjs";
import { LayerError } from "../keras/finding.js";
import { Arguments } from "./arguments/arguments.js";
import { ComputedLayer, type CallValue, type Computation, type Shape } from "./computed-layer.js";
import type { LayerDefinition } from "./registry.js";

/** keras/layers/merging. Broadcasting follows base_merge.py: ranks are aligned at the batch axis. */
export const MERGING: readonly LayerDefinition[] = [
  elementwise("Add", (list) => list.reduce((a, b) => tf.add(a, b))),
  elementwise("Subtract", ([a, b]) => tf.sub(a!, b!)),
  {
    className: "Multiply",
    majors: [2, 3],
    arguments: [],
    namedArguments: ["mask"],
    create: (spec) =>
      new ComputedLayer("Multiply", spec, {
        outputShape: (shapes) => shapes.reduce(broadcast),
        compute: (list, { named }) =>
          alignRanks(unmasked(list, named["mask"])).reduce((a, b) => tf.mul(a, b)),
      }),
  },
  elementwise("Average", (list) =>
    tf.div(
      list.reduce((a, b) => tf.add(a, b)),
      list.length,
    ),
  ),
  extreme("Maximum", tf.maximum),
  extreme("Minimum", tf.minimum),
  {
    className: "Concatenate",
    majors: [2, 3],
    arguments: ["axis"],
    create(spec) {
      const axis = new Arguments(spec).integer("axis", -1);
      return new ComputedLayer("Concatenate", spec, {
        outputShape: (shapes) => concatenated(shapes, axis),
        compute: (list) => tf.concat([...list], axis < 0 ? axis + list[0]!.rank : axis),
      });
    },
  },
  {
    className: "Dot",
    majors: [2, 3],
    arguments: ["axes", "normalize"],
    create(spec) {
      const args = new Arguments(spec);
      const axes = args.numbers("axes");
      if (axes.length < 1 || axes.length > 2 || axes.includes(0))
        throw args.wrong("axes", "an axis other than the batch's, or two of them");
      return new ComputedLayer(
        "Dot",
        spec,
        dot(axes[0]!, axes[1] ?? axes[0]!, args.flag("normalize", false)),
      );
    },
  },
];

function elementwise(className: string, merge: (inputs: readonly tf.Tensor[]) => tf.Tensor): LayerDefinition {
  return {
    className,
    majors: [2, 3],
    arguments: [],
    create: (spec) =>
      new ComputedLayer(className, spec, {
        outputShape: (shapes) => shapes.reduce(broadcast),
        compute: (list) => merge(alignRanks(list)),
      }),
  };
}

/** Where a mask leaves an input out, the others alone count (base_merge.py `_apply_merge_op_and_or_mask`). */
function extreme(className: string, choose: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor): LayerDefinition {
  return {
    className,
    majors: [2, 3],
    arguments: [],
    namedArguments: ["mask"],
    create: (spec) =>
      new ComputedLayer(className, spec, {
        outputShape: (shapes) => shapes.reduce(broadcast),
        compute: (inputs, { named }) => {
          const list = alignRanks(inputs);
          const masks = masksLike(list, named["mask"]);
          return list
            .map((x, i) => ({ x, mask: masks[i] ?? null }))
            .reduce((a, b) => {
              const right = b.mask ? tf.where(b.mask, b.x, a.x) : b.x;
              const left = a.mask ? tf.where(a.mask, a.x, right) : a.x;
              const mask = a.mask && b.mask ? tf.logicalOr(a.mask, b.mask) : null;
              return { x: choose(left, right), mask };
            }).x;
        },
      }),
  };
}

/** A mask for each input, as large as the input; null for inputs without one. */
function masksLike(list: readonly tf.Tensor[], given: CallValue | undefined): (tf.Tensor | null)[] {
  return list.map((x, i) => {
    const mask: CallValue = Array.isArray(given) ? (given as CallValue[])[i]! : null;
    if (!(mask instanceof tf.Tensor)) return null;
    return tf.cast(tf.mul(tf.onesLike(x), tf.expandDims(tf.cast(mask, "float32"), -1)), "bool");
  });
}

/** Keras 3 takes what a mask leaves out for 1, and for 0 where every input has a mask (multiply.py). */
function unmasked(list: readonly tf.Tensor[], given: CallValue | undefined): readonly tf.Tensor[] {
  const masks = (Array.isArray(given) ? given : []).map((mask) =>
    mask instanceof tf.Tensor ? tf.cast(mask, "float32") : null,
  );
  if (!masks.some((mask) => mask !== null)) return list;
  const all = masks.every((mask) => mask !== null);
  const kept = all
    ? tf.expandDims(
        masks.reduce((a, b) => tf.maximum(a!, b!))!,
        -1,
      )
    : null;
  const data = list.map((x, i) => {
    const mask = masks[i];
    if (!mask) return x;
    const whole = tf.mul(tf.onesLike(x), tf.expandDims(mask, -1));
    return tf.where(tf.cast(whole, "bool"), x, tf.onesLike(x));
  });
  return kept ? [...data, kept] : data;
}

/** Inputs of lower rank get axes of size 1 after the batch axis (base_merge.py `call`). */
function alignRanks(list: readonly tf.Tensor[]): tf.Tensor[] {
  const rank = Math.max(...list.map((x) => x.rank));
  return list.map((x) =>
    x.rank === rank || x.rank === 0
      ? x
      : tf.reshape(x, [x.shape[0]!, ...Array.from({ length: rank - x.rank }, () => 1), ...x.shape.slice(1)]),
  );
}

function broadcast(a: Shape, b: Shape): Shape {
  const [longer, shorter] = a.length >= b.length ? [a, b] : [b, a];
  const gap = longer.length - shorter.length;
  if (shorter.length === 0) return longer;
  const aligned = [shorter[0]!, ...Array.from({ length: gap }, () => 1), ...shorter.slice(1)];
  return longer.map((size, i) => {
    const other = aligned[i]!;
    if (size === other || other === 1) return size;
    if (size !== null && size !== 1 && other !== null)
      throw unlike(a, b, "sizes along an axis must be equal, or 1");
    return size === 1 || size === null ? other : size;
  });
}

function concatenated(shapes: readonly Shape[], axis: number): Shape {
  const result = [...shapes[0]!];
  const at = axis < 0 ? axis + result.length : axis;
  result[at] = shapes.reduce<number | null>(
    (sum, shape) => (sum === null || shape[at] == null ? null : sum + shape[at]),
    0,
  );
  for (const shape of shapes) {
    if (shape.length !== result.length) throw unlike(shapes[0]!, shape, "inputs must have as many axes");
    shape.forEach((size, i) => {
      if (i === at) return;
      if (result[i] === null) result[i] = size;
      else if (size !== null && size !== result[i])
        throw unlike(shapes[0]!, shape, `sizes must be equal along all axes but ${axis}`);
    });
  }
  return result;
}

function unlike(a: Shape, b: Shape, why: string): LayerError {
  const [one, other] = [a, b].map((shape) => `[${shape.map((n) => n ?? "?").join(", ")}]`);
  return new LayerError(
    "G11",
    undefined,
    `inputs of shapes ${one} and ${other}`,
    why,
    "Look at what it is called on.",
  );
}

/** keras/layers/merging/dot.py `batch_dot`: any ranks, one axis of each input contracted. */
function dot(first: number, second: number, normalize: boolean): Computation {
  const at = (axis: number, rank: number) => (axis < 0 ? axis + rank : axis);
  return {
    outputShape: ([a, b]) => {
      const left = a!.filter((_, i) => i !== at(first, a!.length));
      const right = b!.filter((_, i) => i !== 0 && i !== at(second, b!.length));
      const shape = [...left, ...right];
      return shape.length === 1 ? [...shape, 1] : shape;
    },
    compute: ([x, y]) => {
      const axes = [at(first, x!.rank), at(second, y!.rank)] as const;
      const a = normalize ? unit(x!, axes[0]) : x!;
      const b = normalize ? unit(y!, axes[1]) : y!;
      const left = matrix(a, axes[0], false);
      const right = matrix(b, axes[1], true);
      const product = tf.matMul(left.matrix, right.matrix);
      const shape = [a.shape[0]!, ...left.rest, ...right.rest];
      return tf.reshape(product, shape.length === 1 ? [...shape, 1] : shape);
    },
  };
}

/** [batch, rest, contracted], or with `contractedFirst` [batch, contracted, rest]. */
function matrix(
  x: tf.Tensor,
  axis: number,
  contractedFirst: boolean,
): { matrix: tf.Tensor3D; rest: number[] } {
  const others = x.shape.map((_, i) => i).filter((i) => i !== 0 && i !== axis);
  const rest = others.map((i) => x.shape[i]!);
  const size = rest.reduce((a, b) => a * b, 1);
  const turned = tf.transpose(x, contractedFirst ? [0, axis, ...others] : [0, ...others, axis]);
  const shape: [number, number, number] = contractedFirst
    ? [x.shape[0]!, x.shape[axis]!, size]
    : [x.shape[0]!, size, x.shape[axis]!];
  return { matrix: tf.reshape(turned, shape), rest };
}

function unit(x: tf.Tensor, axis: number): tf.Tensor {
  return tf.mul(x, tf.rsqrt(tf.maximum(tf.sum(tf.square(x), axis, true), 1e-12)));
}
