import * as tf from "@tensorflow/tfjs";
import { pool } from "../layers/pooling/pooling.js";
import type { JsonValue } from "../formats/model-file.js";
import { activationOf } from "../layers/activations.js";
import {
  convolve,
  depthwiseConvolve,
  transposedConvolve,
  transposedLength,
} from "../layers/convolution/convolve.js";
import { asChannelsLast } from "../layers/layout.js";
import { cropToRatio, padToRatio } from "../layers/images/aspect-ratio.js";
import { resize } from "../layers/images/resize.js";
import { toGray } from "./images/colors.js";
import { operation, type Operation, type Values } from "./operation.js";
import { axes, axis, bool, float, integers, number } from "./values.js";

/** Activations as operations: the function's name, and the settings that it takes. */
const ACTIVATIONS: Readonly<Record<string, string>> = {
  Celu: "celu",
  Elu: "elu",
  Gelu: "gelu",
  Glu: "glu",
  HardShrink: "hard_shrink",
  HardSigmoid: "hard_sigmoid",
  HardSilu: "hard_silu",
  HardTanh: "hard_tanh",
  LeakyRelu: "leaky_relu",
  LogSigmoid: "log_sigmoid",
  LogSoftmax: "log_softmax",
  Relu: "relu",
  Relu6: "relu6",
  Selu: "selu",
  Sigmoid: "sigmoid",
  Silu: "silu",
  SoftShrink: "soft_shrink",
  Softmax: "softmax",
  Softplus: "softplus",
  Softsign: "softsign",
  SparsePlus: "sparse_plus",
  SparseSigmoid: "sparse_sigmoid",
  Sparsemax: "sparsemax",
  Squareplus: "squareplus",
  TanhShrink: "tanh_shrink",
  Threshold: "threshold",
};

/** keras/ops/nn.py and image.py */
export const NEURAL: readonly Operation[] = [
  ...Object.entries(ACTIVATIONS).map(([name, activation]) =>
    operation(name, "x", (values) => {
      const config: Record<string, JsonValue> = name === "Gelu" ? { approximate: true } : {};
      for (const [key, value] of Object.entries(values)) {
        if (typeof value === "number" || typeof value === "boolean") config[key] = value;
      }
      const origin = { major: 3, version: null, backend: null } as const;
      const x = float(values["x"] ?? values["features"]);
      const apply = (value: tf.Tensor) =>
        activationOf({ class_name: activation, config }, origin).apply(value);
      // Over all elements, where no axis is.
      const whole = values["axis"] === null && /softmax/.test(activation);
      return whole ? tf.reshape(apply(tf.reshape(x, [-1])), x.shape) : apply(x);
    }),
  ),
  operation("MaxPool", "inputs", (values) => pooled(values, "max")),
  operation("AveragePool", "inputs", (values) => pooled(values, "avg")),
  operation("Conv", "inputs kernel", (values) => {
    const kernel = float(values["kernel"]);
    return laidOut(values, (x) =>
      convolve(x, kernel, window(values, kernel.rank - 2), x.shape.at(-1)! / kernel.shape[kernel.rank - 2]!),
    );
  }),
  operation("DepthwiseConv", "inputs kernel", (values) => {
    const kernel = float(values["kernel"]);
    return laidOut(values, (x) => depthwiseConvolve(x, kernel, window(values, kernel.rank - 2)));
  }),
  operation("SeparableConv", "inputs depthwise_kernel pointwise_kernel", (values) => {
    const [depthwise, pointwise] = [float(values["depthwise_kernel"]), float(values["pointwise_kernel"])];
    const rank = depthwise.rank - 2;
    const single = { strides: ones(rank), dilations: ones(rank), padding: "valid" } as const;
    return laidOut(values, (x) =>
      convolve(depthwiseConvolve(x, depthwise, window(values, rank)), pointwise, single),
    );
  }),
  operation("ConvTranspose", "inputs kernel", (values) => {
    const kernel = float(values["kernel"]);
    const rank = kernel.rank - 2;
    const settings = window(values, rank);
    const extra = values["output_padding"];
    return laidOut(values, (x) => {
      const size = x.shape.slice(1, -1).map((n, i) => {
        const padding =
          extra === undefined || extra === null ? null : (integers(extra)[i] ?? integers(extra)[0]!);
        return transposedLength(
          n,
          kernel.shape[i]!,
          settings.strides[i]!,
          settings.dilations[i]!,
          settings.padding,
          padding,
        );
      });
      return transposedConvolve(x, kernel, size, settings);
    });
  }),
  operation("BatchNorm", "x mean variance offset scale", (values) => {
    const x = float(values["x"]);
    const at = axis(values["axis"], x.rank, -1);
    const shape = x.shape.map((n, i) => (i === at ? n : 1));
    const part = (name: string, otherwise: number) =>
      values[name] === undefined || values[name] === null
        ? tf.scalar(otherwise)
        : tf.reshape(float(values[name]), shape);
    const factor = tf.mul(
      part("scale", 1),
      tf.rsqrt(tf.add(part("variance", 1), number(values["epsilon"], 1e-3))),
    );
    return tf.add(tf.mul(tf.sub(x, part("mean", 0)), factor), part("offset", 0));
  }),
  operation("LayerNorm", "x gamma beta", (values) => {
    const x = float(values["x"]);
    const over = axes(values, x.rank) ?? [x.rank - 1];
    const { mean, variance } = tf.moments(x, over, true);
    const factor = tf.rsqrt(tf.add(variance, number(values["epsilon"], 1e-7)));
    // Deprecated, and no root mean square: Keras neither takes the mean off nor adds beta.
    const rms = values["rms_scaling"] === true;
    const scaled = tf.mul(rms ? x : tf.sub(x, mean), factor);
    // A gamma of fewer axes lies along those that are normalized.
    const along = (part: tf.Tensor) =>
      part.rank === x.rank || (over.length === 1 && over[0] === x.rank - 1)
        ? part
        : tf.reshape(
            part,
            x.shape.map((n, i) => (over.includes(i) ? n : 1)),
          );
    const gamma = values["gamma"] ? tf.mul(scaled, along(float(values["gamma"]))) : scaled;
    return values["beta"] && !rms ? tf.add(gamma, along(float(values["beta"]))) : gamma;
  }),
  operation("RMSNorm", "x scale", (values) => {
    const x = float(values["x"]);
    const mean = tf.mean(tf.square(x), axes(values, x.rank) ?? [x.rank - 1], true);
    const scaled = tf.mul(x, tf.rsqrt(tf.add(mean, number(values["epsilon"], 1e-7))));
    return values["scale"] ? tf.mul(scaled, float(values["scale"])) : scaled;
  }),
  operation("DotProductAttention", "query key value bias mask scale", (values) =>
    dotProductAttention(values),
  ),
  operation("DepthToSpace", "x block_size", (values) =>
    laidOut({ ...values, inputs: values["x"] }, (x) =>
      tf.depthToSpace(x as tf.Tensor4D, number(values["block_size"], 2)),
    ),
  ),
  operation("SpaceToDepth", "x block_size", (values) =>
    laidOut({ ...values, inputs: values["x"] }, (x) => spaceToDepth(x, number(values["block_size"], 2))),
  ),
  operation("Resize", "images", (values) =>
    laidOut({ ...values, inputs: values["images"] }, (x) => {
      const size = integers(values["size"]) as [number, number];
      const batched = (x.rank === 3 ? tf.expandDims(x, 0) : x) as tf.Tensor4D;
      const framed =
        values["pad_to_aspect_ratio"] === true
          ? padToRatio(batched, size, number(values["fill_value"], 0))
          : values["crop_to_aspect_ratio"] === true
            ? cropToRatio(batched, size)
            : batched;
      const y = resize(
        framed,
        size,
        String(values["interpolation"] ?? "bilinear"),
        values["antialias"] === true,
      );
      return x.rank === 3 ? tf.squeeze(y, [0]) : y;
    }),
  ),
  operation("RGBToGrayscale", "images", (values) => laidOut({ ...values, inputs: values["images"] }, toGray)),
];

function ones(count: number): number[] {
  return Array.from({ length: count }, () => 1);
}

function spread(value: Values[string], rank: number, otherwise: number): number[] {
  const list = integers(value ?? otherwise);
  return list.length === rank ? list : Array.from({ length: rank }, () => list[0]!);
}

function window(values: Values, rank: number) {
  return {
    strides: spread(values["strides"], rank, 1),
    dilations: spread(values["dilation_rate"], rank, 1),
    padding: String(values["padding"] ?? "valid").toLowerCase() as "valid" | "same",
  };
}

function laidOut(values: Values, compute: (x: tf.Tensor) => tf.Tensor): tf.Tensor {
  return asChannelsLast(float(values["inputs"]), values["data_format"] === "channels_first", compute);
}

function pooled(values: Values, kind: "max" | "avg"): tf.Tensor {
  return laidOut(values, (x) => {
    const rank = x.rank - 2;
    const size = spread(values["pool_size"], rank, 2);
    const strides = values["strides"] ? spread(values["strides"], rank, 1) : size;
    const padding = String(values["padding"] ?? "valid").toLowerCase() as "valid" | "same";
    return pool(x, kind, size, strides, padding);
  });
}

/** Query [batch, length, heads, size], key and value alike, or of fewer heads that groups of the query's share. */
function dotProductAttention(values: Values): tf.Tensor {
  const heads = (name: string) => tf.transpose(float(values[name]), [0, 2, 1, 3]);
  const q = heads("query");
  const shared = (x: tf.Tensor) => repeatHeads(x, q.shape[1]!);
  const [k, v] = [shared(heads("key")), shared(heads("value"))];
  const scale = number(values["scale"], 1 / Math.sqrt(q.shape[3]!));
  let scores: tf.Tensor = tf.mul(tf.matMul(q, k, false, true), scale);
  if (values["bias"]) scores = tf.add(scores, float(values["bias"]));
  const lowered = (mask: tf.Tensor) => tf.sub(scores, tf.mul(tf.sub(1, tf.cast(mask, "float32")), 1e9));
  if (values["mask"]) scores = lowered(bool(values["mask"]));
  if (values["is_causal"] === true) {
    const [rows, columns] = scores.shape.slice(-2) as [number, number];
    scores = lowered(tf.greaterEqual(tf.reshape(tf.range(0, rows), [rows, 1]), tf.range(0, columns)));
  }
  return tf.transpose(tf.matMul(tf.softmax(scores), v), [0, 2, 1, 3]);
}

/** Each of the heads for as many of the query's as there are to one; a single one goes to all by itself. */
function repeatHeads(x: tf.Tensor, heads: number): tf.Tensor {
  const [batch, own, length, size] = x.shape as [number, number, number, number];
  const times = own > 1 ? Math.floor(heads / own) : 1;
  if (times <= 1) return x;
  return tf.reshape(tf.tile(tf.expandDims(x, 2), [1, 1, times, 1, 1]), [batch, own * times, length, size]);
}

function spaceToDepth(x: tf.Tensor, block: number): tf.Tensor {
  const [batch, height, width, channels] = x.shape as [number, number, number, number];
  const cut = tf.reshape(x, [batch, height / block, block, width / block, block * channels]);
  return tf.reshape(tf.transpose(cut, [0, 1, 3, 2, 4]), [
    batch,
    height / block,
    width / block,
    block * block * channels,
  ]);
}
