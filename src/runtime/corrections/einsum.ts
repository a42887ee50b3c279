import * as tf from "@tensorflow/tfjs";
import { composed, replaceKernel } from "./kernel.js";

/** `bqhd,bkhd->bhqk` taken apart. */
export interface Equation {
  readonly terms: readonly string[];
  readonly output: string;
}

/**
 * Reads an equation of one or two operands without ellipsis, as TensorFlow.js takes it.
 * @throws Error for a label that stands twice in a term, or for more operands.
 */
export function readEquation(equation: string): Equation {
  const [left = "", right] = equation.replace(/\s/g, "").split("->");
  const terms = left.split(",");
  if (right === undefined) throw new Error(`The einsum equation "${equation}" has no "->".`);
  if (terms.length > 2)
    throw new Error(`einsum takes one or two operands; "${equation}" has ${terms.length}.`);
  if (equation.includes("."))
    throw new Error(
      `The ellipsis in einsum "${equation}" is not read here: write a letter for each axis it stands for.`,
    );
  for (const term of [...terms, right]) {
    if (new Set(term).size !== term.length)
      throw new Error(`"${term}" in einsum "${equation}" repeats a label.`);
  }
  return { terms, output: right };
}

/**
 * Einsum as sums, transposes and one batched matrix product. The kernels of TensorFlow.js multiply everything
 * with everything first: for attention over 512 tokens that is gigabytes.
 */
export function lowerEinsum(backendName: string): void {
  replaceKernel(backendName, "Einsum", () =>
    composed<{ equation: string }>((inputs, { equation }) => einsum(equation, Object.values(inputs))),
  );
}

export interface Labelled {
  readonly tensor: tf.Tensor;
  readonly labels: string;
}

function einsum(equation: string, operands: readonly tf.Tensor[]): tf.Tensor {
  const { terms, output } = readEquation(equation);
  checkSizes(terms, operands);
  const [a, b] = operands.map((operand, i) => sumAlone(operand, terms[i]!, output + (terms[1 - i] ?? "")));
  const { tensor, labels } = b ? multiply(a!, b, output) : a!;
  return labels === output ? tf.clone(tensor) : arrange(tensor, labels, output);
}

/** Sums over the labels that occur in this operand alone. */
function sumAlone(tensor: tf.Tensor, labels: string, elsewhere: string): Labelled {
  const axes = [...labels].map((label, i) => (elsewhere.includes(label) ? -1 : i)).filter((i) => i >= 0);
  if (axes.length === 0) return { tensor, labels };
  return {
    tensor: tf.sum(tensor, axes),
    labels: [...labels].filter((label) => elsewhere.includes(label)).join(""),
  };
}

function multiply(a: Labelled, b: Labelled, output: string): Labelled {
  const both = [...a.labels].filter((label) => b.labels.includes(label));
  const batch = both.filter((label) => output.includes(label)).join("");
  const summed = both.filter((label) => !output.includes(label)).join("");
  const freeA = [...a.labels].filter((label) => !both.includes(label)).join("");
  const freeB = [...b.labels].filter((label) => !both.includes(label)).join("");
  const sizes = sizesOf([a, b]);
  const size = (labels: string) => [...labels].reduce((total, label) => total * sizes.get(label)!, 1);
  const left = arrange(a.tensor, a.labels, batch + freeA + summed);
  const right = arrange(b.tensor, b.labels, batch + summed + freeB);
  const product = tf.matMul(
    tf.reshape(left, [size(batch), size(freeA), size(summed)]),
    tf.reshape(right, [size(batch), size(summed), size(freeB)]),
  );
  const labels = batch + freeA + freeB;
  return {
    tensor: tf.reshape(
      product,
      [...labels].map((label) => sizes.get(label)!),
    ),
    labels,
  };
}

function arrange(tensor: tf.Tensor, from: string, to: string): tf.Tensor {
  return from === to
    ? tensor
    : tf.transpose(
        tensor,
        [...to].map((label) => from.indexOf(label)),
      );
}

function sizesOf(operands: readonly Labelled[]): Map<string, number> {
  return new Map(
    operands.flatMap(({ tensor, labels }) =>
      [...labels].map((label, i) => [label, tensor.shape[i]!] as const),
    ),
  );
}

/** @throws Error where shapes are not those of the labels. */
export function checkSizes(terms: readonly string[], operands: readonly tf.Tensor[]): void {
  const sizes = new Map<string, number>();
  for (const [i, term] of terms.entries()) {
    const { shape } = operands[i]!;
    if (shape.length !== term.length) {
      throw new Error(`einsum operand ${i + 1} has the shape [${shape}], and its labels are "${term}".`);
    }
    for (const [axis, label] of [...term].entries()) {
      const known = sizes.get(label) ?? shape[axis]!;
      if (known !== shape[axis]) throw new Error(`einsum label "${label}" is ${known} and ${shape[axis]}.`);
      sizes.set(label, known);
    }
  }
}

/**
 * d(a,b->out)/da = (out,b->a): the equation with its terms exchanged. Labels that stand in `a` alone were summed,
 * so the gradient is the same along them.
 */
export const einsumGradient: tf.GradConfig = {
  kernelName: "Einsum",
  saveAllInputs: true,
  gradFunc: (dy, saved, attrs) => {
    const { terms, output } = readEquation((attrs as unknown as { equation: string }).equation);
    const gradients = terms.map((term, i) => () => {
      const other = terms.length === 2 ? terms[1 - i]! : null;
      const known = output + (other ?? "");
      const reached = [...term].filter((label) => known.includes(label)).join("");
      const operands = other === null ? [dy as tf.Tensor] : [dy as tf.Tensor, saved[1 - i]!];
      const equation = `${other === null ? output : `${output},${other}`}->${reached}`;
      return spread(tf.einsum(equation, ...operands), reached, term, saved[i]!.shape);
    });
    return Object.fromEntries(gradients.entries());
  },
};

function spread(gradient: tf.Tensor, reached: string, term: string, shape: number[]): tf.Tensor {
  if (reached === term) return gradient;
  const narrow = [...term].map((label, i) => (reached.includes(label) ? shape[i]! : 1));
  return tf.broadcastTo(tf.reshape(gradient, narrow), shape);
}
