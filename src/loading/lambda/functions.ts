import * as tf from "@tensorflow/tfjs";
import "./activation-functions.js";
import "./elementwise-functions.js";
import "./reduction-functions.js";
import { stopGradient } from "../../ops/stop-gradient.js";
import { callText, define, direct, functions } from "./function-table.js";
import {
  asAxis,
  asNumber,
  asNumbers,
  asPairs,
  asShape,
  asTensor,
  constantTerm,
  NotTranslated,
  shapeText,
  type Term,
  type Value,
} from "./value.js";

define("stop_gradient", {
  parameters: ["x"],
  result: "tensor",
  text: ([x]) =>
    `tf.customGrad((x) => ({ value: tf.clone(x as tf.Tensor), gradFunc: (dy: tf.Tensor) => tf.zerosLike(dy) }))(${x!.text})`,
  run: ([x]) => stopGradient(asTensor(x)),
});
define("identity copy", {
  parameters: ["x"],
  result: "tensor",
  text: ([x]) => x!.text,
  run: ([x]) => asTensor(x),
});

define("expand_dims", {
  parameters: ["x", "axis"],
  result: "tensor",
  text: ([x, axis]) => {
    if (axis?.kind === "list") throw new NotTranslated("several new axes");
    return callText("expandDims", [x, axis ?? constantTerm(-1)]);
  },
  run: ([x, axis]) => tf.expandDims(asTensor(x), asNumber(axis ?? -1)),
});
direct("squeeze", "squeeze", "x axis", ([x, axis]) => {
  const axes = asAxis(axis);
  return tf.squeeze(asTensor(x), typeof axes === "number" ? [axes] : axes);
});
functions.set("squeeze", {
  ...functions.get("squeeze")!,
  text: ([x, axis]) =>
    axis === undefined
      ? `tf.squeeze(${x!.text})`
      : `tf.squeeze(${x!.text}, ${axis.kind === "list" ? axis.text : `[${axis.text}]`})`,
});
direct("clip clip_by_value", "clipByValue", "x min max", ([x, min, max]) =>
  tf.clipByValue(asTensor(x), asNumber(min), asNumber(max)),
);
define("reshape", {
  parameters: ["x", "shape"],
  result: "tensor",
  text: ([x, shape]) => callText("reshape", [x, shape && { ...shape, text: shapeText(shape) }]),
  run: ([x, shape]) => tf.reshape(asTensor(x), asShape(shape)),
});
direct("transpose permute_dimensions", "transpose", "x pattern", ([x, pattern]) =>
  tf.transpose(asTensor(x), pattern === undefined || pattern === null ? undefined : asNumbers(pattern)),
);
direct("tile", "tile", "x n", ([x, n]) => tf.tile(asTensor(x), asNumbers(n)));
direct("reverse flip", "reverse", "x axis", ([x, axis]) => tf.reverse(asTensor(x), asAxis(axis)));
define("gather take", {
  parameters: ["x", "indices", "axis"],
  result: "tensor",
  text: ([x, indices, axis]) => callText("gather", [x, whole(indices), axis]),
  run: ([x, indices, axis]) =>
    tf.gather(asTensor(x), tf.cast(asTensor(indices), "int32"), asNumber(axis ?? 0)),
});
direct("where", "where", "condition x y", ([condition, x, y]) =>
  tf.where(tf.cast(asTensor(condition), "bool"), asTensor(x), asTensor(y)),
);
/** What both branches give has been put in their place; only one of them would be computed, which changes no number. */
define("cond smart_cond switch", {
  parameters: ["pred", "true_fn", "false_fn"],
  result: "tensor",
  text: ([pred, x, y]) => callText("where", [pred, x, y]),
  run: ([pred, x, y]) => {
    const [yes, no] = [asTensor(x), asTensor(y)];
    if (yes.shape.join() !== no.shape.join())
      throw new NotTranslated("a condition whose branches give different shapes");
    return tf.where(tf.cast(asTensor(pred), "bool"), yes, no);
  },
});
define("one_hot", {
  parameters: ["indices", "num_classes"],
  result: "tensor",
  text: ([indices, depth]) => `tf.oneHot(${whole(indices)!.text}, ${depth!.text}, 1, 0, "float32")`,
  run: ([indices, depth]) => tf.oneHot(tf.cast(asTensor(indices), "int32"), asNumber(depth), 1, 0, "float32"),
});
direct("matmul", "matMul", "x y transpose_a transpose_b", ([x, y, a, b]) =>
  tf.matMul(asTensor(x), asTensor(y), a === true, b === true),
);
// Keras multiplies the last axis of `x`, however many come before it, with a matrix.
direct("dot", "matMul", "x y", ([x, y]) => {
  const [left, right] = [asTensor(x), asTensor(y)];
  return left.rank > 2 && right.rank === 2 ? tf.matMul(left, right) : tf.dot(left, right);
});
direct("add_n", "addN", "inputs", ([inputs]) => tf.addN(tensors(inputs)));
direct("bias_add", "add", "x bias", ([x, bias]) => tf.add(asTensor(x), asTensor(bias)));
define("pad", {
  parameters: ["x", "paddings", "mode", "constant_values"],
  result: "tensor",
  text: ([x, paddings, mode, value]) =>
    isConstantPad(mode?.constant)
      ? `tf.pad(${x!.text}, ${paddings!.text.replace(/^tf\.tensor\((.*)\)$/, "$1")}${value ? `, ${value.text}` : ""})`
      : `tf.mirrorPad(${x!.text}, ${paddings!.text}, ${JSON.stringify(String(mode!.constant).toLowerCase())})`,
  run: ([x, paddings, mode, value]) =>
    isConstantPad(mode)
      ? tf.pad(asTensor(x), asPairs(paddings), asNumber(value ?? 0))
      : tf.mirrorPad(asTensor(x), asPairs(paddings), String(mode).toLowerCase() as "reflect" | "symmetric"),
});
define("spatial_2d_padding", {
  parameters: ["x", "padding"],
  result: "tensor",
  text: ([x, padding]) => `tf.pad(${x!.text}, [[0, 0], ...${padding?.text ?? "[[1, 1], [1, 1]]"}, [0, 0]])`,
  run: ([x, padding]) =>
    tf.pad(asTensor(x), [
      [0, 0],
      ...(padding === undefined
        ? [
            [1, 1],
            [1, 1],
          ]
        : asPairs(padding)),
      [0, 0],
    ] as [number, number][]),
});
/** `K.repeat`: a row for each of `n` steps. `K.repeat_elements`: each element of an axis `rep` times. */
define("K:repeat", {
  parameters: ["x", "n"],
  result: "tensor",
  text: ([x, n]) => `tf.tile(tf.expandDims(${x!.text}, 1), [1, ${n!.text}, 1])`,
  run: ([x, n]) => {
    if (asTensor(x).rank !== 2) throw new NotTranslated("repeat of what has no two dimensions");
    return tf.tile(tf.expandDims(asTensor(x), 1), [1, asNumber(n), 1]);
  },
});
define("repeat_elements", {
  parameters: ["x", "rep", "axis"],
  result: "tensor",
  text: ([x, rep, axis]) =>
    `tf.concat(tf.split(${x!.text}, ${x!.text}.shape.slice(${axis!.text})[0], ${axis!.text}).flatMap((part) => Array(${rep!.text}).fill(part)), ${axis!.text})`,
  run: ([x, rep, axis]) => {
    const tensor = asTensor(x);
    const parts = tf.split(tensor, tensor.shape.at(asNumber(axis))!, asNumber(axis));
    return tf.concat(
      parts.flatMap((part) => Array<tf.Tensor>(asNumber(rep)).fill(part)),
      asNumber(axis),
    );
  },
});
direct("stack", "stack", "tensors axis", ([x, axis]) => tf.stack(tensors(x), asNumber(axis ?? 0)));
direct("depth_to_space", "depthToSpace", "x block_size", ([x, size]) =>
  tf.depthToSpace(asTensor(x) as tf.Tensor4D, asNumber(size), "NHWC"),
);
direct("constant variable", "scalar", "value dtype", ([value]) => asTensor(value));
functions.set("constant", {
  ...functions.get("constant")!,
  text: ([value]) => {
    if (value!.kind === "tensor") return value!.text;
    return value!.kind === "number" ? `tf.scalar(${value!.text})` : `tf.tensor(${value!.text})`;
  },
});

/** Keras puts the axis last in `concatenate`, TensorFlow before 1.0 put it first. */
define("concatenate concat", {
  parameters: ["tensors", "axis"],
  result: "tensor",
  text: ([list, axis]) => `tf.concat(${list!.text}, ${axis?.text ?? "-1"})`,
  run: ([list, axis]) => tf.concat(tensors(list), asNumber(axis ?? -1)),
});

define("einsum", {
  parameters: ["equation", "x", "y", "z"],
  result: "tensor",
  text: ([equation, ...operands]) => {
    if (typeof equation?.constant === "string" && equation.constant.includes("..."))
      throw new NotTranslated("an equation with an ellipsis");
    return `tf.einsum(${[equation, ...operands].flatMap((term) => (term ? [term.text] : [])).join(", ")})`;
  },
  run: ([equation, ...operands]) => {
    if (typeof equation !== "string") throw new NotTranslated("an equation that is no text");
    return tf.einsum(equation, ...operands.filter((one) => one !== undefined).map(asTensor));
  },
});

define("l2_normalize normalize", {
  parameters: ["x", "axis"],
  result: "tensor",
  text: ([x, axis]) =>
    `tf.div(${x!.text}, tf.sqrt(tf.maximum(tf.sum(tf.square(${x!.text}), ${axis?.text ?? "undefined"}, true), 1e-12)))`,
  run: ([x, axis]) => {
    const tensor = asTensor(x);
    return tf.div(tensor, tf.sqrt(tf.maximum(tf.sum(tf.square(tensor), asAxis(axis), true), 1e-12)));
  },
});

// `keras.ops.normalize` takes the last axis where TensorFlow takes all of them.
const normalize = functions.get("normalize")!;
define("ops:normalize", {
  ...normalize,
  text: ([x, axis]) => normalize.text([x, axis ?? constantTerm(-1)]),
  run: ([x, axis]) => normalize.run([x, axis ?? -1]),
});
/** `K.flatten` makes one row of everything, the batch too. */
define("K:flatten", {
  parameters: ["x"],
  result: "tensor",
  text: ([x]) => `tf.reshape(${x!.text}, [-1])`,
  run: ([x]) => tf.reshape(asTensor(x), [-1]),
});
define("batch_flatten flatten", {
  parameters: ["x"],
  result: "tensor",
  text: ([x]) => `tf.reshape(${x!.text}, [${x!.text}.shape[0], -1])`,
  run: ([x]) => tf.reshape(asTensor(x), [asTensor(x).shape[0]!, -1]),
});

define("cast_to_floatx", {
  parameters: ["x"],
  result: "tensor",
  text: ([x]) => `tf.cast(${x!.text}, "float32")`,
  run: ([x]) => tf.cast(asTensor(x), "float32"),
});

define("cast to_float to_int32", {
  parameters: ["x", "dtype"],
  result: "tensor",
  text: ([x, dtype]) => {
    const ofAnother = dtype !== undefined && dtype.constant === undefined;
    const cast = `tf.cast(${x!.text}, ${ofAnother ? dtype.text : JSON.stringify(dtypeOf(dtype?.constant))})`;
    const narrow = narrowed(dtype?.constant);
    if (!narrow) return cast;
    const { span, lowest } = narrow;
    return lowest === 0
      ? `tf.mod(${cast}, ${span})`
      : `tf.add(tf.mod(tf.sub(${cast}, ${lowest}), ${span}), ${lowest})`;
  },
  run: ([x, dtype]) => {
    const cast = tf.cast(asTensor(x), dtypeOf(dtype));
    const narrow = narrowed(dtype);
    if (!narrow) return cast;
    const [span, lowest] = [narrow.span, narrow.lowest].map((value) => tf.scalar(value, "int32"));
    return tf.add(tf.mod(tf.sub(cast, lowest!), span!), lowest!);
  },
});

define("shape int_shape", {
  parameters: ["x"],
  result: "list",
  text: ([x]) => `${x!.text}.shape`,
  run: ([x]) => asTensor(x).shape,
});
define("ndim rank", {
  parameters: ["x"],
  result: "number",
  text: ([x]) => `${x!.text}.rank`,
  run: ([x]) => asTensor(x).rank,
});
define("epsilon", { parameters: [], result: "number", text: () => "1e-7", run: () => 1e-7 });

define("K:dropout", {
  parameters: ["x", "level"],
  result: "tensor",
  random: true,
  text: (given) => callText("dropout", given),
  run: ([x, level]) => tf.dropout(asTensor(x), asNumber(level)),
});
define("random_normal normal", {
  parameters: ["shape", "mean", "stddev"],
  result: "tensor",
  random: true,
  text: (given) => callText("randomNormal", given),
  run: ([shape, mean, deviation]) =>
    tf.randomNormal(asNumbers(shape), asNumber(mean ?? 0), asNumber(deviation ?? 1)),
});
define("random_uniform uniform", {
  parameters: ["shape", "minval", "maxval"],
  result: "tensor",
  random: true,
  text: (given) => callText("randomUniform", given),
  run: ([shape, from, to]) => tf.randomUniform(asNumbers(shape), asNumber(from ?? 0), asNumber(to ?? 1)),
});

define("space_to_depth", {
  parameters: ["x", "block_size"],
  result: "tensor",
  text: ([x, size]) => {
    const n = size!.text;
    const [h, w, c] = [1, 2, 3].map((axis) => `${x!.text}.shape[${axis}]`);
    return (
      `tf.reshape(tf.transpose(tf.reshape(${x!.text}, [-1, ${h} / ${n}, ${n}, ${w} / ${n}, ${n}, ${c}]), ` +
      `[0, 1, 3, 2, 4, 5]), [-1, ${h} / ${n}, ${w} / ${n}, ${c} * ${n} * ${n}])`
    );
  },
  run: ([x, size]) => {
    const tensor = asTensor(x);
    const n = asNumber(size);
    const [, h, w, c] = tensor.shape as [number, number, number, number];
    const blocks = tf.reshape(tensor, [-1, h / n, n, w / n, n, c]);
    return tf.reshape(tf.transpose(blocks, [0, 1, 3, 2, 4, 5]), [-1, h / n, w / n, c * n * n]);
  },
});

/** TensorFlow `core/kernels/fake_quant_ops_functor.h`: the range is moved so that zero is one of the steps. */
define("fake_quant_with_min_max_vars fake_quant_with_min_max_args", {
  parameters: ["x", "min", "max", "num_bits", "narrow_range"],
  result: "tensor",
  text: ([x, min, max, bits, narrow]) => {
    const { low, high, scale } = quantization([min, max, bits, narrow].map((term) => term?.constant));
    return `tf.add(tf.mul(tf.floor(tf.add(tf.div(tf.sub(tf.clipByValue(${x!.text}, ${low}, ${high}), ${low}), ${scale}), 0.5)), ${scale}), ${low})`;
  },
  run: ([x, ...settings]) => {
    const { low, high, scale } = quantization(settings);
    const steps = tf.floor(tf.add(tf.div(tf.sub(tf.clipByValue(asTensor(x), low, high), low), scale), 0.5));
    return tf.add(tf.mul(steps, scale), low);
  },
});

function isConstantPad(mode: Value): boolean {
  return mode === undefined || mode === null || /^constant$/i.test(String(mode));
}

function quantization([min, max, bits, narrow]: readonly Value[]): {
  low: number;
  high: number;
  scale: number;
} {
  // In float32 as there, where a zero halfway between two steps may lie before the half.
  const { fround } = Math;
  const [from, to] = [fround(asNumber(min ?? -6)), fround(asNumber(max ?? 6))];
  const first = narrow === true ? 1 : 0;
  const last = 2 ** asNumber(bits ?? 8) - 1;
  const scale = fround(fround(to - from) / (last - first));
  const zero = Math.min(last, Math.max(first, Math.round(fround(first - fround(from / scale)))));
  return { low: (first - zero) * scale, high: (last - zero) * scale, scale };
}

/** Indices as TensorFlow.js takes them: a tensor of whole numbers. */
function whole(indices: Term | undefined): Term | undefined {
  if (indices?.kind !== "tensor" || /^tf\.(arg(Max|Min)\(|cast\(.*"int32"\)$)/.test(indices.text))
    return indices;
  return { ...indices, text: `tf.cast(${indices.text}, "int32")` };
}

function tensors(value: Value): tf.Tensor[] {
  if (!Array.isArray(value)) throw new NotTranslated("a list of tensors was expected");
  return (value as readonly Value[]).map(asTensor);
}

/** Steps of 256 and so on, where whole numbers of 8 and 16 bits begin anew; TensorFlow.js has none of them. */
function narrowed(dtype: Value): { readonly span: number; readonly lowest: number } | null {
  const [, unsigned, bits] = /^(u?)int(8|16)$/.exec(typeof dtype === "string" ? dtype : "") ?? [];
  if (bits === undefined) return null;
  const span = 2 ** Number(bits);
  return { span, lowest: unsigned === "u" ? 0 : -span / 2 };
}

/** The type of TensorFlow.js for one of Python. */
export function dtypeOf(value: Value): tf.DataType {
  const name = typeof value === "string" ? value : "float32";
  if (/int/.test(name)) return "int32";
  if (/^complex/.test(name)) return "complex64";
  return name === "bool" ? "bool" : "float32";
}

/** Numbers that modules hold. */
export const MODULE_CONSTANTS: ReadonlyMap<string, Term> = new Map([
  ["pi", constantTerm(Math.PI)],
  ["e", constantTerm(Math.E)],
  ["inf", constantTerm(Infinity)],
  ["float32", constantTerm("float32")],
  ["float64", constantTerm("float32")],
  ["float16", constantTerm("float32")],
  ["int32", constantTerm("int32")],
  ["int64", constantTerm("int32")],
  ...["uint8", "int8", "uint16", "int16"].map((name) => [name, constantTerm(name)] as const),
  ["bool", constantTerm("bool")],
  ["complex64", constantTerm("complex64")],
  ["complex128", constantTerm("complex64")],
  ["newaxis", constantTerm(null)],
  ["BILINEAR", constantTerm("bilinear")],
  ["NEAREST_NEIGHBOR", constantTerm("nearest")],
  ...["BICUBIC", "AREA", "LANCZOS3", "LANCZOS5", "GAUSSIAN", "MITCHELLCUBIC"].map(
    (name) => [name, constantTerm(name.toLowerCase())] as const,
  ),
]);
