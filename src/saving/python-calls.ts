import type { JsonValue } from "../formats/model-file.js";

import { positionsFirst } from "../layers/known/keras-tutorials.js";

/** What a class computes, as the body of `call(self, inputs, mask=None, training=None)`, whose weights are `self.w0`, ... */
type Body = (
  config: Readonly<Record<string, JsonValue>>,
  weights: readonly (readonly number[])[],
  named: readonly string[],
) => string | null;

/**
 * The lines of `call` for a class of a public package whose layer is one of ours; null where it is to be written.
 * @param className as its definition names it: `Addons>TLU`, `FixedDropout`
 * @param weights shapes of its variables, in order
 * @param named arguments that its calls name
 */
export function pythonCall(
  className: string,
  config: Readonly<Record<string, JsonValue>>,
  weights: readonly (readonly number[])[],
  named: readonly string[],
): readonly string[] | null {
  const body = Object.hasOwn(BODIES, className) ? BODIES[className]!(config, weights, named) : null;
  return body === null ? null : body.trim().split("\n");
}

const number = (value: JsonValue | undefined, otherwise: number) =>
  typeof value === "number" ? value : otherwise;

/** Gamma and beta, as far as the layer has them; their axis is brought to the end first. */
function scaled(config: Readonly<Record<string, JsonValue>>): string {
  const names = [config["scale"] !== false ? "*" : "", config["center"] !== false ? "+" : ""];
  return names
    .filter((operator) => operator !== "")
    .map((operator, i) => `y = y ${operator} tf.reshape(self.w${i}, [-1])\n`)
    .join("");
}

const addonsGroups: Body = (config) => {
  const axis = number(config["axis"], -1);
  return `
x = tf.experimental.numpy.moveaxis(inputs, ${axis}, -1)
size = x.shape[-1]
groups = ${number(config["groups"], 2) === -1 ? "size" : number(config["groups"], 2)}
rows = tf.reshape(x, [tf.shape(x)[0], -1, groups, size // groups])
mean, variance = tf.nn.moments(rows, [1, 3], keepdims=True)
y = tf.reshape((rows - mean) * tf.math.rsqrt(variance + ${number(config["epsilon"], 1e-3)}), tf.shape(x))
${scaled(config)}return tf.ensure_shape(tf.experimental.numpy.moveaxis(y, -1, ${axis}), inputs.shape)`;
};

const POSITIONS = ["maxlen", "max_len", "sequence_length"];

const BODIES: Readonly<Record<string, Body>> = {
  "Addons>GroupNormalization": addonsGroups,
  "Addons>InstanceNormalization": (config, weights) => addonsGroups({ ...config, groups: -1 }, weights, []),
  "Addons>FilterResponseNormalization": (config, weights) => `
least = ${Math.abs(number(config["epsilon"], 1e-6))}${config["learned_epsilon"] === true ? " + tf.abs(self.w0)" : ""}
power = tf.reduce_mean(tf.square(inputs), ${JSON.stringify(config["axis"] ?? [1, 2])}, keepdims=True)
return self.w${weights.length - 2} * (inputs * tf.math.rsqrt(power + least)) + self.w${weights.length - 1}`,
  "Addons>TLU": ({ affine }) =>
    `return tf.maximum(inputs, self.w0${affine === true ? " + self.w1 * inputs" : ""})`,
  "Addons>Snake": () => "return inputs + (1 - tf.cos(2 * self.w0 * inputs)) / (2 * self.w0)",
  InstanceNormalization: (config) => {
    const axis = typeof config["axis"] === "number" ? config["axis"] : null;
    const x = axis === null ? "inputs" : `tf.experimental.numpy.moveaxis(inputs, ${axis}, -1)`;
    const y = axis === null ? "y" : `tf.experimental.numpy.moveaxis(y, -1, ${axis})`;
    const over = axis === null ? "list(range(1, len(x.shape)))" : "list(range(1, len(x.shape) - 1))";
    return `
x = ${x}
mean, variance = tf.nn.moments(x, ${over}, keepdims=True)
y = (x - mean) / (tf.sqrt(variance) + ${number(config["epsilon"], 1e-3)})
${scaled(config)}return ${y}`;
  },
  FixedDropout: ({ rate, noise_shape: shape }) => `
if not training:
    return inputs
size = tf.shape(inputs)
kept = ${JSON.stringify(Array.isArray(shape) ? shape.map((n) => (n === 1 ? 1 : 0)) : [])}
noise = [1 if one else size[i] for i, one in enumerate(kept)] or None
return tf.nn.dropout(inputs, ${number(rate, 0)}, noise_shape=noise)`,
  ReversibleEmbedding: (config, weights, named) => {
    const size = config["input_dim"] as number;
    const cap = config["logit_soft_cap"];
    const forth = `
tokens = tf.cast(inputs, "int32")
return tf.gather(self.w0, tf.where(tokens < 0, tokens + ${size}, tokens))`;
    if (!named.includes("reverse")) return forth;
    return `
if reverse:
    scores = tf.tensordot(inputs, ${weights.length > 1 ? "self.w1, [[-1], [0]]" : "self.w0, [[-1], [1]]"})
    return ${typeof cap === "number" ? `tf.tanh(scores / ${cap}) * ${cap}` : "scores"}${forth}`;
  },
  L2Normalization: () => "return tf.math.l2_normalize(inputs, axis=-1) * self.w0",
  TokenAndPositionEmbedding: (config, weights) => {
    const rows = weights.map(([first]) => first ?? 0);
    const [positionsFirst_, tokensFirst] = ["self.w1, self.w0", "self.w0, self.w1"];
    const saysBoth =
      config["vocab_size"] !== undefined && POSITIONS.some((name) => config[name] !== undefined);
    const turned = positionsFirst((name) => config[name], rows, -1);
    const order = turned ? positionsFirst_ : tokensFirst;
    return `
tokens, positions = ${saysBoth || rows[0] === rows[1] ? order : `(${positionsFirst_}) if inputs.shape[-1] == ${rows[0]} else (${tokensFirst})`}
return tf.gather(tokens, tf.cast(inputs, "int32")) + positions[: inputs.shape[-1]]`;
  },
  TransformerBlock: () => `
def dense(x, kernel, bias):
    return tf.tensordot(x, kernel, [[-1], [0]]) + bias

def normalized(x, gamma, beta):
    mean, variance = tf.nn.moments(x, [-1], keepdims=True)
    return (x - mean) * tf.math.rsqrt(variance + 1e-6) * gamma + beta

query = tf.einsum("btf,fhs->bhts", inputs, self.w0) + self.w1[:, None, :]
key = tf.einsum("btf,fhs->bhts", inputs, self.w2) + self.w3[:, None, :]
value = tf.einsum("btf,fhs->bhts", inputs, self.w4) + self.w5[:, None, :]
shares = tf.nn.softmax(tf.matmul(query, key, transpose_b=True) / self.w0.shape[-1] ** 0.5)
attended = tf.einsum("bhts,hsf->btf", tf.matmul(shares, value), self.w6) + self.w7
middle = normalized(inputs + attended, self.w12, self.w13)
wide = dense(tf.nn.relu(dense(middle, self.w8, self.w9)), self.w10, self.w11)
return normalized(middle + wide, self.w14, self.w15)`,
  SeqSelfAttention: (config) => {
    if (typeof config["attention_width"] === "number" || config["history_only"] === true) return null;
    const additive = (config["attention_type"] ?? "additive") === "additive";
    const [biased, inner] = [config["use_attention_bias"] !== false, config["use_additive_bias"] !== false];
    const at = inner ? 3 : 2;
    const scores = additive
      ? `
sums = (inputs @ self.w0)[:, :, None] + (inputs @ self.w1)[:, None]${inner ? " + self.w2" : ""}
scores = tf.squeeze(tf.tanh(sums) @ self.w${at}${biased ? ` + self.w${at + 1}` : ""}, [3])`
      : `
scores = tf.matmul(inputs @ self.w0, inputs, transpose_b=True)${biased ? " + self.w1" : ""}`;
    return `${scores}
scores = keras.activations.get(self.attention_activation)(scores)
if mask is not None:
    absent = 1.0 - tf.cast(mask, "float32")[:, :, None]
    scores -= 1e4 * absent * tf.transpose(absent, [0, 2, 1])
shares = tf.nn.softmax(scores)
return ${config["return_attention"] === true ? "[shares @ inputs, shares]" : "shares @ inputs"}`;
  },
  LocallyConnected2D: (config) => locallyConnected(config, "inputs", 2),
  LocallyConnected1D: (config) => locallyConnected(config, "inputs[:, :, None]", 1),
};

function pair(value: JsonValue | undefined): readonly number[] {
  if (typeof value === "number") return [value, value];
  return Array.isArray(value) ? value.map((n) => number(n, 1)) : [1, 1];
}

/** A convolution with a kernel for each place, in any of Keras 2's three layouts of it. */
function locallyConnected(
  config: Readonly<Record<string, JsonValue>>,
  images: string,
  rank: 1 | 2,
): string | null {
  if (config["data_format"] === "channels_first") return null;
  const size = pair(config["kernel_size"]).slice(0, rank);
  const strides = pair(config["strides"] ?? 1).slice(0, rank);
  const implementation = number(config["implementation"], 1);
  const bias = config["use_bias"] !== false ? " + self.w1" : "";
  const product =
    implementation === 1
      ? patchProduct(images, size, strides)
      : maskedProduct(implementation, size, strides, config["padding"] === "same");
  return `${product}
return keras.activations.get(self.activation)(y${bias})`;
}

/** `implementation=1`: [places, patch, filters]. */
function patchProduct(images: string, size: readonly number[], strides: readonly number[]): string {
  const [rows, columns = 1] = size;
  const [down, along = 1] = strides;
  const places = size.map((_, axis) => `patches.shape[${axis + 1}]`).join(", ");
  return `
patches = tf.image.extract_patches(${images}, [1, ${rows}, ${columns}, 1], [1, ${down}, ${along}, 1], [1, 1, 1, 1], "VALID")
flat = tf.reshape(patches, [-1, self.w0.shape[0], self.w0.shape[1]])
y = tf.reshape(tf.einsum("bpi,pio->bpo", flat, self.w0), [-1, ${places}, self.w0.shape[2]])`;
}

/** `implementation=2`: [*space, channels, *output, filters] with cells that do not count; 3: those that count, by outputs. */
function maskedProduct(
  implementation: number,
  size: readonly number[],
  strides: readonly number[],
  same: boolean,
): string {
  const windows = size.map((n, axis) => `(${n}, ${strides[axis]}, ${same ? Math.floor(n / 2) : 0})`);
  const axes = size.length + 1;
  return `
cells = np.ones([1] * ${axes - 1} + [self.filters] + [1] * ${axes - 1} + [inputs.shape[-1]], bool)
for axis, (size, stride, before) in enumerate([${windows.join(", ")}]):
    length = inputs.shape[axis + 1]
    places = ${same ? "-(-length // stride)" : "(length - size) // stride + 1"}
    offset = np.arange(length) - stride * np.arange(places)[:, None] + before
    shape = [places if i == axis else length if i == axis + ${axes} else 1 for i in range(${2 * axes})]
    cells = cells & ((offset >= 0) & (offset < size)).reshape(shape)
inputs_first = list(range(${axes}, ${2 * axes})) + list(range(${axes}))
kernel = tf.convert_to_tensor(self.w0)
${
  implementation === 2
    ? "kernel = kernel * tf.cast(cells.transpose(inputs_first), kernel.dtype)"
    : `kernel = tf.scatter_nd(np.flatnonzero(cells)[:, None], kernel, [cells.size])
kernel = tf.transpose(tf.reshape(kernel, cells.shape), inputs_first)`
}
y = tf.tensordot(inputs, kernel, ${axes})`;
}
