import * as tf from "@tensorflow/tfjs";
import type { CallValue } from "../layers/computed-layer.js";
import { together } from "./elementwise.js";
import { operation, type Operation, type Values } from "./operation.js";
import { axis, float, number, tensor, tensors } from "./values.js";

/** A list of lists of numbers. */
function isMatrix(value: Values[string]): boolean {
  const inner = Array.isArray(value) ? (value as CallValue[])[0] : null;
  return Array.isArray(inner) && !(inner as CallValue[]).some((item) => item instanceof tf.Tensor);
}

/** keras/ops/numpy.py and linalg.py: products of vectors and matrices. */
export const ALGEBRA: readonly Operation[] = [
  operation("Matmul", "x1 x2", ({ x1, x2, transpose_a: left, transpose_b: right }) =>
    matmul(...together(x1, x2), left === true, right === true),
  ),
  operation("Dot", "x1 x2", ({ x1, x2 }) => {
    const [a, b] = together(x1, x2);
    if (a.rank === 0 || b.rank === 0) return tf.mul(a, b);
    return tensordot(a, b, [a.rank - 1], [Math.max(b.rank - 2, 0)]);
  }),
  operation("Inner", "x1 x2", ({ x1, x2 }) => {
    const [a, b] = together(x1, x2);
    if (a.rank === 0 || b.rank === 0) return tf.mul(a, b);
    return tensordot(a, b, [a.rank - 1], [b.rank - 1]);
  }),
  operation("Vdot", "x1 x2", ({ x1, x2 }) => {
    const [a, b] = together(x1, x2);
    return tf.sum(tf.mul(tf.reshape(a, [-1]), tf.reshape(b, [-1])));
  }),
  operation("Outer", "x1 x2", ({ x1, x2 }) => {
    const [a, b] = together(x1, x2);
    return tf.mul(tf.reshape(a, [-1, 1]), tf.reshape(b, [1, -1]));
  }),
  operation("Tensordot", "x1 x2 axes", ({ x1, x2, axes }) => {
    const [a, b] = together(x1, x2);
    if (typeof axes === "number") {
      const count = Array.from({ length: axes }, (_, i) => i);
      return tensordot(
        a,
        b,
        count.map((i) => a.rank - axes + i),
        count,
      );
    }
    const [left, right] = axes as unknown as [number | number[], number | number[]];
    return tensordot(a, b, [left].flat(), [right].flat());
  }),
  operation("Einsum", "operands 1 2 3 4 5", (values) => {
    // Those beyond the first come under their numbers.
    const more = Object.keys(values)
      .filter((key) => /^\d+$/.test(key))
      .sort((x, y) => Number(x) - Number(y));
    // Called by name it has the subscripts first, as in Python; in a file they are an argument of its own.
    const first = values["subscripts"] === undefined ? "operands" : "subscripts";
    // A list of lists is one matrix, a list of tensors several operands.
    const given = ["operands", ...more].filter((key) => key !== first && values[key] !== undefined);
    const operands = (given.length === 0 ? ["operands"] : given).flatMap((key) =>
      isMatrix(values[key]) ? [tensor(values[key])] : tensors(values[key]),
    );
    const whole = operands.every(({ dtype }) => dtype === "int32");
    return einsum(String(values[first]), whole ? operands : operands.map(float));
  }),
  operation("Cross", "x1 x2", ({ x1, x2 }) => {
    const [a, b] = [float(x1), float(x2)];
    const part = (x: tf.Tensor, i: number) => tf.gather(x, [i], x.rank - 1);
    const term = (i: number, j: number) =>
      tf.sub(tf.mul(part(a, i), part(b, j)), tf.mul(part(a, j), part(b, i)));
    // In a plane only the third part is left.
    if (a.shape.at(-1) === 2 && b.shape.at(-1) === 2) return tf.squeeze(term(0, 1), [-1]);
    return tf.concat([term(1, 2), term(2, 0), term(0, 1)], a.rank - 1);
  }),
  operation("Kron", "x1 x2", ({ x1, x2 }) => {
    const given = together(x1, x2);
    const rank = Math.max(given[0].rank, given[1].rank);
    const [a, b] = given.map((x) => [...Array.from({ length: rank - x.rank }, () => 1), ...x.shape]) as [
      number[],
      number[],
    ];
    // Each axis of the one around the same axis of the other.
    const apart = tf.mul(
      tf.reshape(
        given[0],
        a.flatMap((n) => [n, 1]),
      ),
      tf.reshape(
        given[1],
        b.flatMap((n) => [1, n]),
      ),
    );
    return tf.reshape(
      apart,
      a.map((n, i) => n * b[i]!),
    );
  }),
  operation("Normalize", "x axis order epsilon", (values) => {
    const x = float(values["x"]);
    const at = axis(values["axis"], x.rank, -1);
    const order = number(values["order"], 2);
    const epsilon = number(values["epsilon"], 1e-12);
    if (order === 2)
      return tf.mul(x, tf.rsqrt(tf.maximum(tf.sum(tf.square(x), at, true), epsilon ** 2 || 1e-24)));
    const length = tf.pow(tf.sum(tf.pow(tf.abs(x), order), at, true), 1 / order);
    return tf.div(x, tf.maximum(length, epsilon));
  }),
];

/** Leading axes broadcast; vectors stand as a row on the left and a column on the right. */
export function matmul(a: tf.Tensor, b: tf.Tensor, left = false, right = false): tf.Tensor {
  if (a.rank === 1 && b.rank === 1) return tf.sum(tf.mul(a, b));
  if (a.rank === 1) return tf.squeeze(matmul(tf.expandDims(a, 0), b, false, right), [-2 + b.rank]);
  if (b.rank === 1) return tf.squeeze(matmul(a, tf.expandDims(b, 1), left), [a.rank - 1]);
  if (b.rank === 2 && a.rank > 2 && !left) {
    const inner = a.shape.at(-1)!;
    const flat = tf.matMul(tf.reshape(a, [-1, inner]) as tf.Tensor2D, b as tf.Tensor2D, false, right);
    return tf.reshape(flat, [...a.shape.slice(0, -1), flat.shape[1]!]);
  }
  return tf.matMul(a, b, left, right);
}

function tensordot(a: tf.Tensor, b: tf.Tensor, left: readonly number[], right: readonly number[]): tf.Tensor {
  const [first, second] = [
    left.map((i) => (i < 0 ? i + a.rank : i)),
    right.map((i) => (i < 0 ? i + b.rank : i)),
  ];
  const restA = a.shape.map((_, i) => i).filter((i) => !first.includes(i));
  const restB = b.shape.map((_, i) => i).filter((i) => !second.includes(i));
  const size = (x: tf.Tensor, axes: readonly number[]) => axes.reduce((n, i) => n * x.shape[i]!, 1);
  const inner = size(a, first);
  const matrixA = tf.reshape(tf.transpose(a, [...restA, ...first]), [size(a, restA), inner]) as tf.Tensor2D;
  const matrixB = tf.reshape(tf.transpose(b, [...second, ...restB]), [inner, size(b, restB)]) as tf.Tensor2D;
  return tf.reshape(tf.matMul(matrixA, matrixB), [
    ...restA.map((i) => a.shape[i]!),
    ...restB.map((i) => b.shape[i]!),
  ]);
}

/** Of any number of operands, two at a time; `...` stands for as many axes as are left over. */
export function einsum(subscripts: string, operands: readonly tf.Tensor[]): tf.Tensor {
  const plain = subscripts.replace(/\s/g, "");
  const [left, right] = plain.split("->") as [string, string | undefined];
  const free = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"].filter((letter) => !plain.includes(letter));
  const inputs = left.split(",");
  const spare = inputs.map((term, i) => operands[i]!.rank - term.replace("...", "").length);
  const widest = Math.max(0, ...inputs.map((term, i) => (term.includes("...") ? spare[i]! : 0)));
  const filled = inputs.map((term, i) =>
    term.replace("...", free.slice(widest - spare[i]!, widest).join("")),
  );
  const diagonals = filled.map((term, i) => onDiagonals(term, operands[i]!));
  diagonals.forEach(([term], i) => (filled[i] = term));
  const letters = [...new Set(filled.join(""))];
  const once = letters.filter((letter) => filled.join("").split(letter).length === 2).sort();
  const output = (right ?? once.join("")).replace("...", free.slice(0, widest).join(""));
  const values = diagonals.map(([, value]) => value);
  let [term, value] = [filled[0]!, values[0]!];
  for (let i = 1; i < operands.length; i++) {
    const later = filled.slice(i + 1).join("") + output;
    const both = [...new Set(term + filled[i]!)];
    const next =
      i === operands.length - 1 ? output : both.filter((letter) => later.includes(letter)).join("");
    value = tf.einsum(`${term},${filled[i]!}->${next}`, value, values[i]!);
    term = next;
  }
  return operands.length === 1 ? tf.einsum(`${term}->${output}`, value) : value;
}

/** An operand whose label stands twice (`bii`) is its diagonal there; tfjs knows each label once. */
function onDiagonals(term: string, value: tf.Tensor): [string, tf.Tensor] {
  const again = [...term].findIndex((letter, i) => term.indexOf(letter) < i);
  if (again < 0) return [term, value];
  const first = term.indexOf(term[again]!);
  const rest = value.shape.map((_, i) => i).filter((i) => i !== first && i !== again);
  const size = value.shape[first]!;
  const turned = tf.transpose(value, [...rest, first, again]);
  const flat = tf.reshape(turned, [...rest.map((i) => value.shape[i]!), size * size]);
  const cells = Array.from({ length: size }, (_, i) => i * (size + 1));
  const diagonal = tf.gather(flat, tf.tensor1d(cells, "int32"), flat.rank - 1);
  return onDiagonals([...rest, first].map((i) => term[i]!).join(""), diagonal);
}
