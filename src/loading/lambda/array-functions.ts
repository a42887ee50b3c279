import * as tf from "@tensorflow/tfjs";
import { divideNoNan } from "../../ops/divide-no-nan.js";
import { define, direct, functions, unary } from "./function-table.js";
import {
  asAxis,
  asNumber,
  asNumbers,
  asPairs,
  asShape,
  asTensor,
  NotTranslated,
  shapeText,
  type Term,
  type Value,
} from "./value.js";

// Pooling, padding, products, norms and new arrays, as Lambdas use them.

unary("is_nan isnan", "isNaN", (x) => tf.isNaN(x));
unary("is_finite isfinite", "isFinite", (x) => tf.isFinite(x));
direct("divide_no_nan", "divNoNan", "x y", ([x, y]) => divideNoNan(asTensor(x), asTensor(y)));
define("fill full", {
  parameters: ["shape", "value"],
  result: "tensor",
  text: ([shape, value]) => `tf.fill(${shapeText(shape)}, ${value!.text})`,
  run: ([shape, value]) => tf.fill(asShape(shape), asNumber(value)),
});
direct("broadcast_to", "broadcastTo", "x shape", ([x, shape]) =>
  tf.broadcastTo(asTensor(x), asNumbers(shape)),
);
direct("unstack", "unstack", "x axis", ([x, axis]) => tf.unstack(asTensor(x), asNumber(axis ?? 0)));
functions.set("unstack", { ...functions.get("unstack")!, result: "tensors" });
direct("linspace", "linspace", "start stop num", ([start, stop, num]) =>
  tf.linspace(asNumber(start), asNumber(stop), asNumber(num)),
);
define("range arange", {
  parameters: ["start", "limit", "delta"],
  result: "tensor",
  text: ([start, limit, step]) => {
    const by = step ? `, ${step.text}` : "";
    return `tf.range(${limit ? `${start!.text}, ${limit.text}` : `0, ${start!.text}`}${by})`;
  },
  run: ([start, limit, step]) => {
    const [from, to] = limit === undefined || limit === null ? [0, start] : [start, limit];
    return tf.range(asNumber(from), asNumber(to), asNumber(step ?? 1));
  },
});

for (const family of ["K", "ops", "np"])
  define(`${family}:arange`, { ...functions.get("arange")!, parameters: ["start", "stop", "step", "dtype"] });

define("norm", {
  parameters: ["x", "ord", "axis", "keepdims"],
  result: "tensor",
  text: ([x, order, axis, keep]) => {
    euclidean(order?.constant);
    return `tf.sqrt(tf.sum(tf.square(${x!.text}), ${axis?.text ?? "undefined"}, ${keep?.text ?? "false"}))`;
  },
  run: ([x, order, axis, keep]) => {
    euclidean(order);
    return tf.sqrt(tf.sum(tf.square(asTensor(x)), asAxis(axis), keep === true));
  },
});

function euclidean(order: Value): void {
  if (order !== undefined && order !== null && order !== 2 && order !== "euclidean")
    throw new NotTranslated(`a norm of order ${String(order)}`);
}

// `keras.utils.normalize` works on arrays of NumPy, which no layer has.
functions.delete("normalize");

define("moments", {
  parameters: ["x", "axis", "shift", "keepdims"],
  result: "tensors",
  text: ([x, axis, , keep]) =>
    `((m) => [m.mean, m.variance])(tf.moments(${x!.text}, ${axis?.text ?? "undefined"}, ${keep?.text ?? "false"}))`,
  run: ([x, axis, , keep]) => {
    const { mean, variance } = tf.moments(asTensor(x), asAxis(axis), keep === true);
    return [mean, variance];
  },
});

const moments = functions.get("moments")!;
define("ops:moments", {
  ...moments,
  parameters: ["x", "axis", "keepdims"],
  text: ([x, axis, keep]) => moments.text([x, axis, undefined, keep]),
  run: ([x, axis, keep]) => moments.run([x, axis, undefined, keep]),
});

define("clip_by_norm", {
  parameters: ["x", "clip_norm", "axis"],
  result: "tensor",
  text: ([x, most, axis]) =>
    `tf.div(tf.mul(${x!.text}, ${most!.text}), tf.maximum(tf.sqrt(tf.sum(tf.square(${x!.text}), ${axis?.text ?? "undefined"}, true)), ${most!.text}))`,
  run: ([x, most, axis]) => {
    const length = tf.sqrt(tf.sum(tf.square(asTensor(x)), asAxis(axis), true));
    return tf.div(tf.mul(asTensor(x), asNumber(most)), tf.maximum(length, asNumber(most)));
  },
});

define("roll", {
  parameters: ["x", "shift", "axis"],
  result: "tensor",
  text: ([x, shift, axis]) =>
    alongEach(shift, axis).reduce(
      (rolled, [by, along]) =>
        `((x, by, axis) => tf.gather(x, tf.cast(tf.mod(tf.sub(tf.range(0, x.shape.at(axis)), by), x.shape.at(axis)), "int32"), axis))(${rolled}, ${by.text}, ${along.text})`,
      x!.text,
    ),
  run: ([x, shift, axis]) => {
    const [by, along] = [shift, axis].map((value) =>
      Array.isArray(value) ? asNumbers(value) : [asNumber(value)],
    );
    return along!.reduce((tensor, axis, i) => {
      const length = tensor.shape.at(axis)!;
      const places = tf.mod(tf.sub(tf.range(0, length), by![i]!), length);
      return tf.gather(tensor, tf.cast(places, "int32"), axis);
    }, asTensor(x));
  },
});

/** A shift and its axis, or lists of both. */
function alongEach(shift: Term | undefined, axis: Term | undefined): (readonly [Term, Term])[] {
  if (!shift || !axis) throw new NotTranslated("roll without an axis");
  if (shift.kind !== "list" && axis.kind !== "list") return [[shift, axis]];
  if (!shift.items || shift.items.length !== axis.items?.length)
    throw new NotTranslated("roll along other axes than it has shifts for");
  return shift.items.map((by, i) => [by, axis.items![i]!] as const);
}

/** TensorFlow and NumPy repeat each element; `K.repeat` is another function. */
for (const family of ["tf", "np", "ops"]) {
  const elements = functions.get("repeat_elements")!;
  define(`${family}:repeat`, {
    ...elements,
    text: (given) => elements.text(withAxis(given)),
    run: (given) => elements.run(withAxis(given)),
  });
}

function withAxis<T>(given: readonly (T | undefined)[]): readonly T[] {
  if (given[1] === undefined || given[2] === undefined) throw new NotTranslated("repeat without an axis");
  return given as readonly T[];
}

/** Windows and strides: a number, a pair, or one for each axis of [batch, height, width, channels]. */
function windowOf(value: Value): [number, number] {
  if (!Array.isArray(value)) return [asNumber(value), asNumber(value)];
  const numbers = asNumbers(value);
  return (numbers.length === 4 ? numbers.slice(1, 3) : numbers) as [number, number];
}

function pooling(names: string, kind: "avg" | "max"): void {
  const run = kind === "avg" ? tf.avgPool : tf.maxPool;
  define(names, {
    parameters: ["x", "ksize", "strides", "padding"],
    result: "tensor",
    text: ([x, size, strides, padding]) =>
      `tf.${kind}Pool(${x!.text}, ${JSON.stringify(windowOf(size?.constant))}, ${JSON.stringify(windowOf((strides ?? size)?.constant))}, ${JSON.stringify(paddingOf(padding?.constant))})`,
    run: ([x, size, strides, padding]) => {
      const { rank } = asTensor(x);
      if (rank !== 4) throw new NotTranslated(`pooling of ${rank} axes, which are no pictures`);
      return run(asTensor(x) as tf.Tensor4D, windowOf(size), windowOf(strides ?? size), paddingOf(padding));
    },
  });
}
pooling("avg_pool avg_pool2d average_pool", "avg");
pooling("max_pool max_pool2d", "max");

// `keras.ops` pools over as many axes as there are, which the operation does.
for (const name of ["average_pool", "max_pool"]) {
  const ofPictures = functions.get(name)!;
  define(`ops:${name}`, {
    ...ofPictures,
    text: () => {
      throw new NotTranslated("pooling over other axes than those of pictures");
    },
  });
}

/** Steps [batch, steps, channels] as a picture of one column. */
function pooling1d(name: string, kind: "avg" | "max"): void {
  define(name, {
    parameters: ["x", "ksize", "strides", "padding"],
    result: "tensor",
    text: ([x, size, strides, padding]) =>
      `tf.squeeze(tf.${kind}Pool(tf.expandDims(${x!.text}, 2), [${stepsOf(size?.constant)}, 1], [${stepsOf(strides?.constant)}, 1], ${JSON.stringify(paddingOf(padding?.constant))}), [2])`,
    run: ([x, size, strides, padding]) => {
      const picture = tf.expandDims(asTensor(x), 2) as tf.Tensor4D;
      const pool = kind === "avg" ? tf.avgPool : tf.maxPool;
      return tf.squeeze(pool(picture, [stepsOf(size), 1], [stepsOf(strides), 1], paddingOf(padding)), [2]);
    },
  });
}
pooling1d("avg_pool1d", "avg");
pooling1d("max_pool1d", "max");

function stepsOf(value: Value): number {
  const steps = Array.isArray(value) ? (value as readonly Value[]).at(value.length === 3 ? 1 : 0) : value;
  return asNumber(steps);
}

/** TensorFlow's, and that of Keras's backend. */
for (const [name, parameters] of [
  ["batch_normalization", ["x", "mean", "variance", "offset", "scale", "variance_epsilon"]],
  ["K:batch_normalization", ["x", "mean", "var", "beta", "gamma", "axis", "epsilon"]],
] as const)
  define(name, {
    parameters,
    result: "tensor",
    text: ([x, mean, variance, offset, scale, fifth, sixth]) => {
      const epsilon = (name === "batch_normalization" ? fifth : sixth)?.text ?? "1e-3";
      const normal = `tf.div(tf.sub(${x!.text}, ${mean!.text}), tf.sqrt(tf.add(${variance!.text}, ${epsilon})))`;
      const scaled = scale && scale.constant !== null ? `tf.mul(${normal}, ${scale.text})` : normal;
      return offset && offset.constant !== null ? `tf.add(${scaled}, ${offset.text})` : scaled;
    },
    run: ([x, mean, variance, offset, scale, fifth, sixth]) => {
      const epsilon = asNumber((name === "batch_normalization" ? fifth : sixth) ?? 1e-3);
      const spread = tf.sqrt(tf.add(asTensor(variance), epsilon));
      const normal = tf.div(tf.sub(asTensor(x), asTensor(mean)), spread);
      const scaled = scale === undefined || scale === null ? normal : tf.mul(normal, asTensor(scale));
      return offset === undefined || offset === null ? scaled : tf.add(scaled, asTensor(offset));
    },
  });

define("pool2d", {
  parameters: ["x", "pool_size", "strides", "padding", "data_format", "pool_mode"],
  result: "tensor",
  text: ([x, size, strides, padding, , mode]) =>
    `tf.${mode?.constant === "avg" ? "avg" : "max"}Pool(${x!.text}, ${size!.text}, ${strides?.text ?? "1"}, ${JSON.stringify(paddingOf(padding?.constant))})`,
  run: ([x, size, strides, padding, , mode]) =>
    (mode === "avg" ? tf.avgPool : tf.maxPool)(
      asTensor(x) as tf.Tensor4D,
      windowOf(size),
      windowOf(strides ?? 1),
      paddingOf(padding),
    ),
});

function paddingOf(value: Value): "same" | "valid" {
  return typeof value === "string" && /^same$/i.test(value) ? "same" : "valid";
}

define("temporal_padding", {
  parameters: ["x", "padding"],
  result: "tensor",
  text: ([x, padding]) => `tf.pad(${x!.text}, [[0, 0], ${padding?.text ?? "[1, 1]"}, [0, 0]])`,
  run: ([x, padding]) => tf.pad(asTensor(x), asPairs([[0, 0], padding ?? [1, 1], [0, 0]])),
});

/** `K.elu` has a scale below zero. */
define("K:elu", {
  parameters: ["x", "alpha"],
  result: "tensor",
  text: ([x, alpha]) =>
    alpha === undefined || alpha.constant === 1
      ? `tf.elu(${x!.text})`
      : `tf.where(tf.greater(${x!.text}, 0), ${x!.text}, tf.mul(tf.expm1(${x!.text}), ${alpha.text}))`,
  run: ([x, alpha]) => {
    const tensor = asTensor(x);
    return tf.where(tf.greater(tensor, 0), tensor, tf.mul(tf.expm1(tensor), asNumber(alpha ?? 1)));
  },
});

/** What the model does when it predicts. */
define("in_train_phase", {
  parameters: ["x", "alt", "training"],
  result: "tensor",
  text: ([, alt]) => alt!.text,
  run: ([, alt]) => asTensor(alt),
});
define("in_test_phase", {
  parameters: ["x", "alt", "training"],
  result: "tensor",
  text: ([x]) => x!.text,
  run: ([x]) => asTensor(x),
});
define("floatx", { parameters: [], result: "other", text: () => '"float32"', run: () => "float32" });

define("rgb_to_grayscale", {
  parameters: ["images"],
  result: "tensor",
  text: ([x]) => `tf.sum(tf.mul(${x!.text}, [0.2989, 0.587, 0.114]), -1, true)`,
  run: ([x]) => tf.sum(tf.mul(asTensor(x), [0.2989, 0.587, 0.114]), -1, true),
});

define("per_image_standardization", {
  parameters: ["image"],
  result: "tensor",
  text: ([x]) =>
    `((x) => ((m) => tf.div(tf.sub(x, m.mean), tf.maximum(tf.sqrt(m.variance), 1 / Math.sqrt(x.size / x.shape[0]))))(tf.moments(x, [-3, -2, -1], true)))(${x!.text})`,
  run: ([x]) => {
    const image = asTensor(x);
    const { mean, variance } = tf.moments(image, [-3, -2, -1], true);
    const least = 1 / Math.sqrt(image.shape.slice(-3).reduce((a, b) => a * b, 1));
    return tf.div(tf.sub(image, mean), tf.maximum(tf.sqrt(variance), least));
  },
});

/** Products of the examples of a batch, one by one (tf_keras backend.py `batch_dot`). */
define("batch_dot", {
  parameters: ["x", "y", "axis"],
  result: "tensor",
  text: ([x, y, axis]) => `(${BATCH_DOT})(${x!.text}, ${y!.text}, ${axis?.text ?? "undefined"})`,
  run: ([x, y, axis]) => batchDot(asTensor(x), asTensor(y), axis),
});

function batchDot(x: tf.Tensor, y: tf.Tensor, axes: Value): tf.Tensor {
  const [i, j] = Array.isArray(axes)
    ? asNumbers(axes)
    : axes === undefined || axes === null
      ? [x.rank - 1, y.rank === 2 ? 1 : y.rank - 2]
      : [asNumber(axes), asNumber(axes)];
  const [a, b] = [i! < 0 ? i! + x.rank : i!, j! < 0 ? j! + y.rank : j!];
  const left = x.shape.flatMap((_, axis) => (axis === 0 || axis === a ? [] : [axis]));
  const right = y.shape.flatMap((_, axis) => (axis === 0 || axis === b ? [] : [axis]));
  const [n, k] = [x.shape[0]!, x.shape[a]!];
  const product = tf.matMul(
    tf.reshape(tf.transpose(x, [0, ...left, a]), [n, -1, k]),
    tf.reshape(tf.transpose(y, [0, b, ...right]), [n, k, -1]),
  );
  const shape = [n, ...left.map((axis) => x.shape[axis]!), ...right.map((axis) => y.shape[axis]!)];
  return tf.reshape(product, shape.length === 1 ? [n, 1] : shape);
}

/** The same for the text that the user sees. */
const BATCH_DOT =
  "(x, y, axes) => { " +
  "const [i, j] = Array.isArray(axes) ? axes : axes === undefined ? [x.rank - 1, y.rank === 2 ? 1 : y.rank - 2] : [axes, axes]; " +
  "const [a, b] = [i < 0 ? i + x.rank : i, j < 0 ? j + y.rank : j]; " +
  "const left = [...x.shape.keys()].filter((axis) => axis !== 0 && axis !== a); " +
  "const right = [...y.shape.keys()].filter((axis) => axis !== 0 && axis !== b); " +
  "const [n, k] = [x.shape[0], x.shape[a]]; " +
  "const product = tf.matMul(tf.reshape(tf.transpose(x, [0, ...left, a]), [n, -1, k]), tf.reshape(tf.transpose(y, [0, b, ...right]), [n, k, -1])); " +
  "const shape = [n, ...left.map((axis) => x.shape[axis]), ...right.map((axis) => y.shape[axis])]; " +
  "return tf.reshape(product, shape.length === 1 ? [n, 1] : shape); }";

/** `np.float32(2)`, `np.int32(2.7)`: a number of another type. */
for (const name of ["float32", "float64", "int32", "int64"]) {
  const whole = name.startsWith("int");
  define(`np:${name}`, {
    parameters: ["x"],
    result: "number",
    text: ([x]) => (whole ? `Math.trunc(${x!.text})` : x!.text),
    run: ([x]) => (whole ? Math.trunc(asNumber(x)) : asNumber(x)),
  });
}

/** `np.prod(x.shape[1:])` is a number. */
define("np:prod", {
  parameters: ["x"],
  result: "number",
  text: ([x]) => `${shapeOf(x).text}.reduce((a, b) => a * b, 1)`,
  run: ([x]) => asNumbers(x).reduce((a, b) => a * b, 1),
});

function shapeOf(term: Term | undefined): Term {
  if (term?.kind !== "list") throw new NotTranslated("a product of what is no list");
  return term;
}

/** Numbers as they stand. */
define("np:array np:asarray", functions.get("constant")!);
