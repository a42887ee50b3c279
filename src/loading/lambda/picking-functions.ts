import * as tf from "@tensorflow/tfjs";
import { define, functions } from "./function-table.js";
import {
  asNumber,
  asNumbers,
  asTensor,
  constantTerm,
  NotTranslated,
  type Term,
  type Value,
} from "./value.js";

// Functions that pick, order and exchange what a tensor has.

define("top_k", {
  parameters: ["x", "k", "sorted"],
  result: "tensors",
  text: ([x, k]) => `((top) => [top.values, top.indices])(tf.topk(${x!.text}, ${k?.text ?? "1"}))`,
  run: ([x, k]) => {
    const { values, indices } = tf.topk(asTensor(x), asNumber(k ?? 1));
    return [values, indices];
  },
});

for (const family of ["tf", "ops", "np"])
  define(`${family}:sort`, {
    parameters: ["x", "axis", "direction"],
    result: "tensor",
    text: ([x, axis, direction]) => {
      lastAxis(axis?.constant);
      const sorted = `tf.topk(${x!.text}, ${x!.text}.shape.at(-1)).values`;
      return isDescending(direction?.constant) ? sorted : `tf.reverse(${sorted}, -1)`;
    },
    run: ([x, axis, direction]) => {
      lastAxis(axis);
      const { values } = tf.topk(asTensor(x), asTensor(x).shape.at(-1)!);
      return isDescending(direction) ? values : tf.reverse(values, -1);
    },
  });

function lastAxis(axis: Value): void {
  if (axis !== undefined && axis !== null && axis !== -1)
    throw new NotTranslated(`sorting along axis ${String(axis)}`);
}

function isDescending(direction: Value): boolean {
  return direction === "DESCENDING";
}

define("slice", {
  parameters: ["x", "begin", "size"],
  result: "tensor",
  text: ([x, begin, size]) => `tf.slice(${x!.text}, ${begin!.text}, ${size!.text})`,
  run: ([x, begin, size]) => {
    const [from, lengths] = [asNumbers(begin), asNumbers(size)];
    return tf.slice(asTensor(x), from, lengths);
  },
});

define("swapaxes", {
  parameters: ["x", "axis1", "axis2"],
  result: "tensor",
  text: ([x, a, b]) =>
    `((x, a, b) => tf.transpose(x, x.shape.map((_, i) => (i === a ? b : i === b ? a : i))))(${x!.text}, ${fromFront(a)}, ${fromFront(b)})`,
  run: ([x, a, b]) => {
    const tensor = asTensor(x);
    const [one, other] = [a, b].map((axis) => (asNumber(axis) + tensor.rank) % tensor.rank) as [
      number,
      number,
    ];
    return tf.transpose(
      tensor,
      tensor.shape.map((_, i) => (i === one ? other : i === other ? one : i)),
    );
  },
});

function fromFront(axis: Term | undefined): string {
  const value = axis?.constant;
  if (typeof value !== "number" || value < 0) throw new NotTranslated("axes that are counted from the last");
  return axis!.text;
}

define("full_like", {
  parameters: ["x", "value"],
  result: "tensor",
  text: ([x, value]) => `tf.fill(${x!.text}.shape, ${value!.text})`,
  run: ([x, value]) => tf.fill(asTensor(x).shape, asNumber(value)),
});

define("split", {
  parameters: ["x", "num_or_size_splits", "axis"],
  result: "tensors",
  text: ([x, parts, axis]) => `tf.split(${x!.text}, ${parts!.text}, ${axis?.text ?? 0})`,
  run: ([x, parts, axis]) =>
    tf.split(asTensor(x), Array.isArray(parts) ? asNumbers(parts) : asNumber(parts), asNumber(axis ?? 0)),
});

// A list says where to cut for `keras.ops` and NumPy, how long the parts are for TensorFlow.
const split = functions.get("split")!;
define("ops:split np:split", {
  ...split,
  text: (given) => {
    if (given[1]?.kind !== "number") throw new NotTranslated("a split at places");
    return split.text(given);
  },
});

/** Without an axis NumPy and `keras.ops` take of all elements in a row, and repeat along the last axis. */
for (const [name, place] of [
  ["take", 2],
  ["tile", 1],
] as const) {
  const plain = functions.get(name)!;
  define(`ops:${name} np:${name}`, {
    ...plain,
    text: (given) => {
      const wanted = given[place];
      if (wanted === undefined || wanted.constant === null || (name === "tile" && wanted.kind !== "list"))
        throw new NotTranslated(`${name} of all elements in a row`);
      return plain.text(given);
    },
  });
}

// Keras's backend joins along the last axis where NumPy and `keras.ops` join along the first.
const concatenate = functions.get("concatenate")!;
define("ops:concatenate np:concatenate", {
  ...concatenate,
  text: ([list, axis]) => concatenate.text([list, axis ?? constantTerm(0)]),
  run: ([list, axis]) => concatenate.run([list, axis ?? 0]),
});
