import * as tf from "@tensorflow/tfjs";
import { broadcastTo } from "../../ops/broadcast.js";

/**
 * Einstein summation of one or two tensors by transposing and multiplying matrices: every back end has those, and
 * gradients. An ellipsis stands for broadcast dimensions.
 * @throws Error when the equation does not fit the tensors.
 */
export function einsum(equation: string, tensors: readonly tf.Tensor[]): tf.Tensor {
  const [left = "", right] = equation.replaceAll(" ", "").split("->");
  const terms = left.split(",");
  if (terms.length !== tensors.length || tensors.length > 2) {
    throw new Error(`the equation ${equation} is for ${terms.length} tensors, ${tensors.length} are given`);
  }
  const labelled = tensors.map((tensor, i) => label(terms[i]!, tensor, equation));
  const output = right === undefined ? implicitOutput(labelled) : expand(right, labelled);
  const [a, b] = labelled.map((operand) => diagonal(operand));
  return b === undefined ? arrange(reduceTo(a!, output), output) : contract(a!, b, output);
}

/** Multiply-adds of a summation: the product of all dimensions under one label each. */
export function einsumProducts(equation: string, shapes: readonly (readonly number[])[]): number {
  const terms = equation.replaceAll(" ", "").split("->")[0]!.split(",");
  const dims = new Map<string, number>();
  shapes.forEach((shape, i) => {
    const [before = "", after = ""] = (terms[i] ?? "").split("...");
    shape.forEach((dim, d) => {
      const back = shape.length - d;
      const label = before[d] ?? (back <= after.length ? after.at(-back)! : `.${back - after.length}`);
      dims.set(label, Math.max(dims.get(label) ?? 0, dim));
    });
  });
  return [...dims.values()].reduce((n, dim) => n * dim, 1);
}

interface Labelled {
  readonly labels: readonly string[];
  readonly tensor: tf.Tensor;
}

/** Dimensions under an ellipsis are labelled from the right: `.0` is the last of them. */
function label(term: string, tensor: tf.Tensor, equation: string): Labelled {
  const [before = "", after] = term.split("...");
  const named = [...before, ...(after ?? "")].length;
  const extra = tensor.rank - named;
  if (extra < 0 || (after === undefined && extra !== 0)) {
    throw new Error(`the equation ${equation} does not fit a tensor of shape [${tensor.shape.join(", ")}]`);
  }
  const dots = Array.from({ length: extra }, (_, i) => `.${extra - 1 - i}`);
  return { labels: [...before, ...dots, ...(after ?? "")], tensor };
}

function ellipsisOf(operands: readonly Labelled[]): string[] {
  const longest = Math.max(
    0,
    ...operands.map(({ labels }) => labels.filter((name) => name.startsWith(".")).length),
  );
  return Array.from({ length: longest }, (_, i) => `.${longest - 1 - i}`);
}

function expand(right: string, operands: readonly Labelled[]): string[] {
  const [before = "", after] = right.split("...");
  return after === undefined ? [...before] : [...before, ...ellipsisOf(operands), ...after];
}

function implicitOutput(operands: readonly Labelled[]): string[] {
  const all = operands.flatMap(({ labels }) => labels.filter((name) => !name.startsWith(".")));
  return [
    ...ellipsisOf(operands),
    ...all.filter((name) => all.indexOf(name) === all.lastIndexOf(name)).sort(),
  ];
}

/** A label twice in one operand means its diagonal. */
function diagonal({ labels, tensor }: Labelled): Labelled {
  const twice = labels.find((name, i) => labels.indexOf(name) !== i);
  if (twice === undefined) return { labels, tensor };
  const first = labels.indexOf(twice);
  const second = labels.indexOf(twice, first + 1);
  const n = tensor.shape[first]!;
  const others = labels.map((_, d) => d).filter((d) => d !== first && d !== second);
  const moved = tf.transpose(tensor, [...others, first, second]);
  const flat = tf.reshape(moved, [...others.map((d) => tensor.shape[d]!), n * n]);
  const places = tf.tensor1d(
    Int32Array.from({ length: n }, (_, i) => i * n + i),
    "int32",
  );
  return diagonal({
    labels: [...others.map((d) => labels[d]!), twice],
    tensor: tf.gather(flat, places, others.length),
  });
}

/** Sums over labels that are not wanted. */
function reduceTo({ labels, tensor }: Labelled, wanted: readonly string[]): Labelled {
  const axes = labels.flatMap((name, d) => (wanted.includes(name) ? [] : [d]));
  if (axes.length === 0) return { labels, tensor };
  return { labels: labels.filter((name) => wanted.includes(name)), tensor: tf.sum(tensor, axes) };
}

/** Puts dimensions in the order of `output`; an ellipsis that only the other operand has is 1 here. */
function arrange({ labels, tensor }: Labelled, output: readonly string[]): tf.Tensor {
  const order = output.map((name) => labels.indexOf(name));
  return order.every((d, i) => d === i) ? tf.clone(tensor) : tf.transpose(tensor, order);
}

function contract(first: Labelled, second: Labelled, output: readonly string[]): tf.Tensor {
  const a = reduceTo(first, [...output, ...second.labels]);
  const b = reduceTo(second, [...output, ...first.labels]);
  const batch = a.labels.filter((name) => b.labels.includes(name) && output.includes(name));
  const summed = a.labels.filter((name) => b.labels.includes(name) && !output.includes(name));
  const onlyA = a.labels.filter((name) => !b.labels.includes(name));
  const onlyB = b.labels.filter((name) => !a.labels.includes(name));
  const sizes = new Map<string, number>();
  for (const { labels, tensor } of [a, b]) {
    // What is 1 is repeated, also to none.
    labels.forEach((name, d) => {
      if ((sizes.get(name) ?? 1) === 1) sizes.set(name, tensor.shape[d]!);
    });
  }
  const size = (names: readonly string[]): number => names.reduce((n, name) => n * sizes.get(name)!, 1);
  const shape = (names: readonly string[]): number[] => names.map((name) => sizes.get(name)!);
  const left = tf.reshape(spread(a, [...batch, ...onlyA, ...summed], sizes), [
    size(batch),
    size(onlyA),
    size(summed),
  ]);
  const right = tf.reshape(spread(b, [...batch, ...summed, ...onlyB], sizes), [
    size(batch),
    size(summed),
    size(onlyB),
  ]);
  const product = tf.reshape(tf.matMul(left, right), [...shape(batch), ...shape(onlyA), ...shape(onlyB)]);
  return arrange({ labels: [...batch, ...onlyA, ...onlyB], tensor: product }, output);
}

/** Transposed to the given order, dimensions of 1 under an ellipsis repeated to their full size. */
function spread(operand: Labelled, order: readonly string[], sizes: ReadonlyMap<string, number>): tf.Tensor {
  const moved = arrange(operand, order);
  const full = order.map((name) => sizes.get(name)!);
  return moved.shape.every((dim, d) => dim === full[d]) ? moved : broadcastTo(moved, full);
}
