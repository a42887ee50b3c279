import * as tf from "@tensorflow/tfjs";
import { callText, define, functions, type TensorFunction } from "./function-table.js";
import "./array-functions.js";
import "./functions.js";
import { asNumber, asNumbers, asTensor, NotTranslated, type Term, type Value } from "./value.js";

// Layers of Keras that a function makes and calls at once, `Flatten()(x)`: those without weights. Parameters are the
// layer's input, then what the layer is made with.

function layer(names: string, definition: Omit<TensorFunction, "result">): void {
  for (const name of names.split(" ")) define(`layer:${name}`, { ...definition, result: "tensor" });
}

/** The definition for a layer's class name; undefined for one that has weights, or is not known. */
export function layerFunction(className: string): TensorFunction | undefined {
  return functions.get(`layer:${className}`);
}

layer("Flatten", functions.get("batch_flatten")!);
layer("Reshape", {
  parameters: ["x", "target_shape"],
  text: ([x, shape]) => `tf.reshape(${x!.text}, [${x!.text}.shape[0], ...${shape!.text}])`,
  run: ([x, shape]) => tf.reshape(asTensor(x), [asTensor(x).shape[0]!, ...asNumbers(shape)]),
});
layer("Permute", {
  parameters: ["x", "dims"],
  text: ([x, dims]) => `tf.transpose(${x!.text}, [0, ...${dims!.text}])`,
  run: ([x, dims]) => tf.transpose(asTensor(x), [0, ...asNumbers(dims)]),
});
layer("RepeatVector", functions.get("K:repeat")!);
layer("Softmax", functions.get("softmax")!);
layer("ReLU", {
  parameters: ["x", "max"],
  text: ([x, most]) => functions.get("K:relu")!.text([x, undefined, most]),
  run: ([x, most]) => functions.get("K:relu")!.run([x, 0, most]),
});
layer("LeakyReLU", {
  parameters: ["x", "alpha", "negative_slope"],
  text: ([x, alpha, slope]) => `tf.leakyRelu(${x!.text}, ${(alpha ?? slope)?.text ?? "0.3"})`,
  run: ([x, alpha, slope]) => tf.leakyRelu(asTensor(x), asNumber(alpha ?? slope ?? 0.3)),
});
layer("Rescaling", {
  parameters: ["x", "scale", "offset"],
  text: ([x, scale, offset]) => `tf.add(tf.mul(${x!.text}, ${scale!.text}), ${offset?.text ?? "0"})`,
  run: ([x, scale, offset]) =>
    tf.add(tf.mul(asTensor(x), asTensor(scale)), offset === undefined ? 0 : asTensor(offset)),
});

layer("Concatenate", functions.get("concatenate")!);
layer("Dot", {
  parameters: ["x", "axis"],
  text: ([list, axis]) => {
    const [x, y] = [0, 1].map((i): Term => ({ ...list!, kind: "tensor", text: `${list!.text}[${i}]` }));
    return functions.get("batch_dot")!.text([x, y, axis]);
  },
  run: ([list, axis]) => functions.get("batch_dot")!.run([...listed(list), axis]),
});
for (const [name, tfName, run] of [
  ["Add", "add", tf.add],
  ["Multiply", "mul", tf.mul],
  ["Subtract", "sub", tf.sub],
  ["Maximum", "maximum", tf.maximum],
  ["Minimum", "minimum", tf.minimum],
] as const)
  layer(name, {
    parameters: ["x"],
    text: ([list]) => `${list!.text}.reduce((a, b) => tf.${tfName}(a, b))`,
    run: ([list]) => listed(list).reduce((a, b) => run(a, b)),
  });
layer("Average", {
  parameters: ["x"],
  text: ([list]) => `tf.div(${list!.text}.reduce((a, b) => tf.add(a, b)), ${list!.text}.length)`,
  run: ([list]) => {
    const tensors = listed(list);
    return tf.div(
      tensors.reduce((a, b) => tf.add(a, b)),
      tensors.length,
    );
  },
});

function listed(value: Value): tf.Tensor[] {
  if (!Array.isArray(value)) throw new NotTranslated("a layer that joins what is no list");
  return (value as readonly Value[]).map(asTensor);
}

for (const [kind, pool] of [
  ["Average", "avg_pool"],
  ["Max", "max_pool"],
] as const) {
  for (const [rank, of, window] of [
    ["1D", `${pool}1d`, 2],
    ["2D", pool, [2, 2]],
  ] as const) {
    const { text, run } = functions.get(of)!;
    const full = <T>(given: readonly (T | undefined)[], size: T): (T | undefined)[] => {
      const [x, own = size, strides, padding] = given;
      return [x, own, strides ?? own, padding];
    };
    layer(`${kind}Pooling${rank} ${kind}Pool${rank}`, {
      parameters: ["x", "pool_size", "strides", "padding"],
      text: (given) =>
        text(full(given.map(unlessNone), { kind: "list", text: "", constant: window, run: () => window })),
      run: (given) =>
        run(
          full<Value>(
            given.map((value) => value ?? undefined),
            window,
          ),
        ),
    });
  }
  const reduce = functions.get(kind === "Average" ? "mean" : "max")!;
  for (const [rank, axes] of [
    ["1D", [1]],
    ["2D", [1, 2]],
  ] as const)
    layer(`Global${kind}Pooling${rank} Global${kind}Pool${rank}`, {
      parameters: ["x", "keepdims"],
      text: ([x, keep]) =>
        callText(kind === "Average" ? "mean" : "max", [
          x,
          { kind: "list", text: `[${axes.join(", ")}]`, run: () => axes },
          keep,
        ]),
      run: ([x, keep]) => reduce.run([x, axes, keep]),
    });
}

function unlessNone(term: Term | undefined): Term | undefined {
  return term?.constant === null ? undefined : term;
}

/** Each row and each column as often as `size` says. */
layer("UpSampling2D", {
  parameters: ["x", "size", "interpolation"],
  text: ([x, size, interpolation]) => {
    const [rows, columns] = pair(size?.constant, 2);
    if (isBilinear(interpolation?.constant))
      return `tf.image.resizeBilinear(${x!.text}, [${x!.text}.shape[1] * ${rows}, ${x!.text}.shape[2] * ${columns}], false, true)`;
    const repeat = (text: string, axis: number, times: number) =>
      `tf.concat(tf.split(${text}, ${x!.text}.shape[${axis}], ${axis}).flatMap((part) => Array(${times}).fill(part)), ${axis})`;
    return repeat(repeat(x!.text, 1, rows), 2, columns);
  },
  run: ([x, size, interpolation]) => {
    const [rows, columns] = pair(size, 2);
    const picture = asTensor(x) as tf.Tensor4D;
    const [height, width] = [picture.shape[1] * rows, picture.shape[2] * columns];
    if (isBilinear(interpolation)) return tf.image.resizeBilinear(picture, [height, width], false, true);
    const { run } = functions.get("repeat_elements")!;
    return run([run([picture, rows, 1]), columns, 2]);
  },
});
layer("UpSampling1D", {
  parameters: ["x", "size"],
  text: ([x, size]) =>
    `tf.concat(tf.split(${x!.text}, ${x!.text}.shape[1], 1).flatMap((part) => Array(${size?.text ?? "2"}).fill(part)), 1)`,
  run: ([x, size]) => functions.get("repeat_elements")!.run([x, size ?? 2, 1]),
});

function isBilinear(interpolation: Value): boolean {
  if (interpolation === undefined || interpolation === "nearest") return false;
  if (interpolation === "bilinear") return true;
  throw new NotTranslated(`a picture made larger by the way ${String(interpolation)}`);
}

layer("ZeroPadding2D", {
  parameters: ["x", "padding"],
  text: ([x, padding]) =>
    `tf.pad(${x!.text}, ${JSON.stringify([[0, 0], ...sides(padding?.constant, 1), [0, 0]])})`,
  run: ([x, padding]) => tf.pad(asTensor(x), [[0, 0], ...sides(padding, 1), [0, 0]]),
});
layer("Cropping2D", {
  parameters: ["x", "cropping"],
  text: ([x, cropping]) => {
    const [[top, bottom], [left, right]] = sides(cropping?.constant, 0);
    const { text } = x!;
    return `tf.slice(${text}, [0, ${top}, ${left}, 0], [-1, ${text}.shape[1] - ${top + bottom}, ${text}.shape[2] - ${left + right}, -1])`;
  },
  run: ([x, cropping]) => {
    const [[top, bottom], [left, right]] = sides(cropping, 0);
    const [, height, width] = asTensor(x).shape as [number, number, number];
    return tf.slice(asTensor(x), [0, top, left, 0], [-1, height - top - bottom, width - left - right, -1]);
  },
});

/** A number for both axes, or one for each. */
function pair(value: Value, otherwise: number): [number, number] {
  if (!Array.isArray(value)) {
    const one = asNumber(value ?? otherwise);
    return [one, one];
  }
  return asNumbers(value) as [number, number];
}

/** A number, one for each axis, or one for each side of each axis. */
function sides(value: Value, otherwise: number): [[number, number], [number, number]] {
  const [first, second] = Array.isArray(value) ? (value as readonly Value[]) : [value, value];
  return [pair(first, otherwise), pair(second, otherwise)];
}
