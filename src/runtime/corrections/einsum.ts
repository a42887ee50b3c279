import * as tf from "@tensorflow/tfjs";
import { KernelRun, replaceKernel, type Info, type KernelFunction } from "./kernel.js";

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
  replaceKernel(backendName, "Einsum", () => einsumKernel(backendName));
}

function einsumKernel(backendName: string): KernelFunction {
  return ({ inputs, attrs, backend }) => {
    const { terms, output } = readEquation((attrs as unknown as { equation: string }).equation);
    const operands = Object.values(inputs) as Info[];
    checkSizes(terms, operands);
    const run = new KernelRun(backendName, backend);
    const [a, b] = operands.map((operand, i) => {
      const elsewhere = output + (terms[1 - i] ?? "");
      return reduceTo(run, operand, terms[i]!, elsewhere);
    });
    const product = b ? multiply(run, a!, b, output) : a!;
    const result = transposeTo(run, product.info, product.labels, output);
    return run.done(result === operands[0] ? run.run("Identity", { x: result }) : result);
  };
}

interface Labelled {
  readonly info: Info;
  readonly labels: string;
}

/** Sums over the labels that occur in this operand alone. */
function reduceTo(run: KernelRun, info: Info, labels: string, elsewhere: string): Labelled {
  const axis = [...labels].map((label, i) => (elsewhere.includes(label) ? -1 : i)).filter((i) => i >= 0);
  if (axis.length === 0) return { info, labels };
  const kept = [...labels].filter((label) => elsewhere.includes(label)).join("");
  return { info: run.run("Sum", { x: info }, { axis, keepDims: false }), labels: kept };
}

function multiply(run: KernelRun, a: Labelled, b: Labelled, output: string): Labelled {
  const both = [...a.labels].filter((label) => b.labels.includes(label));
  const batch = both.filter((label) => output.includes(label)).join("");
  const summed = both.filter((label) => !output.includes(label)).join("");
  const freeA = [...a.labels].filter((label) => !both.includes(label)).join("");
  const freeB = [...b.labels].filter((label) => !both.includes(label)).join("");
  const size = sizes([a, b]);
  const product = (labels: string) => [...labels].reduce((total, label) => total * size.get(label)!, 1);
  const left = transposeTo(run, a.info, a.labels, batch + freeA + summed);
  const right = transposeTo(run, b.info, b.labels, batch + summed + freeB);
  const matrices = run.run(
    "BatchMatMul",
    {
      a: run.reshape(left, [product(batch), product(freeA), product(summed)]),
      b: run.reshape(right, [product(batch), product(summed), product(freeB)]),
    },
    { transposeA: false, transposeB: false },
  );
  const labels = batch + freeA + freeB;
  return {
    info: run.reshape(
      matrices,
      [...labels].map((label) => size.get(label)!),
    ),
    labels,
  };
}

function transposeTo(run: KernelRun, info: Info, from: string, to: string): Info {
  if (from === to) return info;
  return run.run("Transpose", { x: info }, { perm: [...to].map((label) => from.indexOf(label)) });
}

function sizes(operands: readonly Labelled[]): Map<string, number> {
  return new Map(
    operands.flatMap(({ info, labels }) => [...labels].map((label, i) => [label, info.shape[i]!] as const)),
  );
}

function checkSizes(terms: readonly string[], operands: readonly Info[]): void {
  const size = new Map<string, number>();
  for (const [i, term] of terms.entries()) {
    const { shape } = operands[i]!;
    if (shape.length !== term.length) {
      throw new Error(`einsum operand ${i + 1} has the shape [${shape}], and its labels are "${term}".`);
    }
    for (const [axis, label] of [...term].entries()) {
      const known = size.get(label) ?? shape[axis]!;
      if (known !== shape[axis]) throw new Error(`einsum label "${label}" is ${known} and ${shape[axis]}.`);
      size.set(label, known);
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
