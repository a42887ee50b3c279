import * as tf from "@tensorflow/tfjs";
import { checkSizes, type Labelled } from "./corrections/einsum.js";

type Operands = Readonly<Record<string, tf.Tensor>>;

interface Engine {
  runKernel(name: string, inputs: Operands, attrs?: object): unknown;
}

let taking = false;

/**
 * Lets `tf.einsum` take a label twice in a term (`ii->i`, the diagonal) and more than two operands, as TensorFlow does:
 * made of operations and of equations that every back end takes, so that gradients go through.
 */
export function takeEinsumOfAnyTerms(): void {
  if (taking) return;
  taking = true;
  const engine = tf.engine() as unknown as Engine;
  const { runKernel } = engine;
  engine.runKernel = (name, inputs, attrs) => {
    const made =
      name === "Einsum" ? inSteps((attrs as { equation: string }).equation, Object.values(inputs)) : null;
    return made ?? runKernel.call(engine, name, inputs, attrs);
  };
}

/** @returns null for an equation that needs no steps, or that the kernel refuses */
function inSteps(equation: string, operands: readonly tf.Tensor[]): tf.Tensor | null {
  const [left = "", output] = equation.replace(/\s/g, "").split("->");
  const terms = left.split(",");
  if (output === undefined || equation.includes(".") || terms.length !== operands.length) return null;
  if (terms.length <= 2 && !terms.some(repeats)) return null;
  checkSizes(terms, operands);
  return tf.tidy(() => {
    let [first, ...rest] = terms.map((labels, i) => diagonal({ tensor: operands[i]!, labels }));
    while (rest.length > 1) {
      const [second, ...others] = rest;
      const asked = output + others.map(({ labels }) => labels).join("");
      first = product(first!, second!, asked);
      rest = others;
    }
    const both = [first!, ...rest];
    return tf.einsum(
      `${both.map(({ labels }) => labels).join(",")}->${output}`,
      ...both.map(({ tensor }) => tensor),
    );
  });
}

function repeats(labels: string): boolean {
  return new Set(labels).size < labels.length;
}

/** @param asked labels of the result and of the operands that follow */
function product(a: Labelled, b: Labelled, asked: string): Labelled {
  const labels = [...new Set(a.labels + b.labels)].filter((label) => asked.includes(label)).join("");
  return { tensor: tf.einsum(`${a.labels},${b.labels}->${labels}`, a.tensor, b.tensor), labels };
}

/** Takes of axes of one label the places where their indices are the same. */
function diagonal({ tensor, labels }: Labelled): Labelled {
  const second = [...labels].findIndex((label, i) => labels.indexOf(label) < i);
  if (second < 0) return { tensor, labels };
  const first = labels.indexOf(labels[second]!);
  const others = tensor.shape.map((_, axis) => axis).filter((axis) => axis !== first && axis !== second);
  const n = tensor.shape[first]!;
  const rows = tf.reshape(tf.transpose(tensor, [...others, first, second]), [
    ...others.map((axis) => tensor.shape[axis]!),
    n * n,
  ]);
  const places = tf.tensor1d(
    Array.from({ length: n }, (_, i) => i * (n + 1)),
    "int32",
  );
  return diagonal({
    tensor: tf.gather(rows, places, others.length),
    labels: others.map((axis) => labels[axis]!).join("") + labels[second]!,
  });
}
