import * as tf from "@tensorflow/tfjs";
import { LayerError } from "../../keras/finding.js";
import { Arguments } from "../arguments/arguments.js";
import {
  ComputedLayer,
  type CallValue,
  type Running,
  type Shape,
  type WeightSpec,
} from "../computed-layer.js";
import { INPUTS_SCALE, trainsKernel } from "../quantized/quantized-dense.js";
import { roundToFloat8, roundToInt8 } from "../quantized/quantized-inputs.js";
import type { LayerContext, LayerDefinition } from "../registry.js";

const NAMED = [
  "query_mask",
  "value_mask",
  "key_mask",
  "attention_mask",
  "return_attention_scores",
  "training",
  "use_causal_mask",
];

/** keras/layers/attention/multi_head_attention.py and grouped_query_attention.py */
export const ATTENTION: readonly LayerDefinition[] = [
  {
    className: "MultiHeadAttention",
    majors: [2, 3],
    arguments: [
      "num_heads",
      "key_dim",
      "value_dim",
      "use_bias",
      "output_shape",
      "attention_axes",
      "dropout",
      "flash_attention",
      "use_gate",
      "softmax_robust_masking",
      "sliding_window",
      "query_shape",
      "key_shape",
      "value_shape",
      "seed",
    ],
    callArguments: ["query", "value", "key"],
    namedArguments: NAMED,
    // keras-multi-head has a class of this name, with arguments of its own.
    computes: ({ config }) => !("head_num" in config),
    create(spec, context) {
      const args = new Arguments(spec);
      const heads = args.integer("num_heads", undefined, 1);
      const keySize = args.integer("key_dim", undefined, 1);
      return multiHeadAttention("MultiHeadAttention", spec.name, {
        heads,
        keyHeads: heads,
        keySize,
        valueSize: args.integer("value_dim", keySize, 1),
        bias: args.flag("use_bias", true),
        output: args.has("output_shape") ? args.numbers("output_shape") : null,
        axes: args.has("attention_axes") ? args.numbers("attention_axes") : null,
        countsHeads: context.origin.major < 3,
        gate: args.flag("use_gate", false),
        window: args.has("sliding_window") ? args.integer("sliding_window", undefined, 1) : null,
        masking:
          context.origin.major === 3 || args.flag("softmax_robust_masking", false) ? "replaced" : "lowered",
        fused: context.origin.major < 3 || args.number("dropout", 0) === 0,
        quantized: projectionMode(context),
      });
    },
  },
  {
    className: "GroupQueryAttention",
    aliases: ["GroupedQueryAttention"],
    majors: [3],
    arguments: [
      "head_dim",
      "num_query_heads",
      "num_key_value_heads",
      "use_bias",
      "dropout",
      "use_gate",
      "sliding_window",
    ],
    inert: ["flash_attention", "seed"],
    callArguments: ["query", "value", "key"],
    namedArguments: NAMED,
    create(spec, context) {
      const args = new Arguments(spec);
      const size = args.integer("head_dim", undefined, 1);
      return multiHeadAttention("GroupQueryAttention", spec.name, {
        heads: args.integer("num_query_heads", undefined, 1),
        keyHeads: args.integer("num_key_value_heads", undefined, 1),
        keySize: size,
        valueSize: size,
        bias: args.flag("use_bias", true),
        output: null,
        axes: null,
        countsHeads: false,
        gate: args.flag("use_gate", false),
        window: args.has("sliding_window") ? args.integer("sliding_window", undefined, 1) : null,
        masking: "replaced",
        fused: args.number("dropout", 0) === 0,
        quantized: projectionMode(context),
      });
    },
  },
];

interface Heads {
  readonly heads: number;
  /** Heads of key and value; each serves `heads / keyHeads` heads of the query. */
  readonly keyHeads: number;
  readonly keySize: number;
  readonly valueSize: number;
  readonly bias: boolean;
  readonly output: readonly number[] | null;
  readonly axes: readonly number[] | null;
  /**
   * Whether axes from the end count in [batch, ..., heads, size], so that -2 is that of the heads, as in Keras 2; else
   * in the query.
   */
  readonly countsHeads: boolean;
  /** Whether a projection of the query gates what comes out, before the last projection. */
  readonly gate: boolean;
  /** Each position attends to those nearer than this; null to all. */
  readonly window: number | null;
  readonly masking: "replaced" | "lowered";
  /** Whether Keras may leave the scores to its fused kernel: without dropout. */
  readonly fused: boolean;
  /** How the projections of a quantised model are stored: the inputs of those of int8 and float8 are rounded. */
  readonly quantized: "int8" | "int4" | "float8" | null;
}

/** The config of a quantised attention layer does not say that its projections are quantised; their arrays do. */
function projectionMode({ stored }: LayerContext): Heads["quantized"] {
  const kernels = (stored ?? []).filter(({ shape, dtype }) => shape.length > 1 && dtype === "int8");
  // Two numbers a byte, in rows and columns.
  if (kernels.length > 0) return kernels.some(({ shape }) => shape.length > 2) ? "int8" : "int4";
  const scales = (stored ?? []).filter(({ shape }) => shape.length === 0);
  return scales.length >= 12 ? "float8" : null;
}

/** Scores that must not count are lowered by this much before the softmax (softmax.py). */
const MASKED = 1e9;

/** Keras 3 puts a low score in the place of what is masked; Keras 2 adds one, unless it was made robust. */
function masked(scores: tf.Tensor, mask: tf.Tensor, masking: Heads["masking"]): tf.Tensor {
  if (masking === "lowered") return tf.sub(scores, tf.mul(tf.sub(1, mask), MASKED));
  const whole = tf.mul(tf.onesLike(scores), mask);
  return tf.where(tf.greater(whole, 0.5), scores, tf.fill(scores.shape, -MASKED));
}

/** Axes of a query of this rank that attention goes along, each from 1; the last of them stands for the heads. */
function attendedAxes({ axes, countsHeads }: Heads, rank: number): number[] {
  const end = countsHeads ? rank + 1 : rank;
  return (axes ?? spatialAxes(rank)).map((axis) => (axis < 0 ? axis + end : axis));
}

/** Attention goes along axes between the batch and the features, each named once; in Keras 2 also along the heads. */
function checkAttended(of: Heads, query: Shape): void {
  if (of.axes === null) return;
  const at = attendedAxes(of, query.length);
  const last = query.length - (of.countsHeads ? 1 : 2);
  const within = at.every((axis) => Number.isInteger(axis) && axis >= 1 && axis <= last);
  if (within && at.length > 0 && new Set(at).size === at.length) return;
  throw new LayerError(
    "A24",
    "attention_axes",
    `attention_axes = [${of.axes.join(", ")}] for a query of shape [${query.map((n) => n ?? "?").join(", ")}]`,
    `each must be an integer from 1 to ${query.length - 2}, once`,
    "Correct attention_axes in the layer's config.",
  );
}

function multiHeadAttention(className: string, name: string, of: Heads): ComputedLayer {
  const trainable = trainsKernel(of.quantized);
  const projection = (part: string, heads: number, inner: number, features: number): WeightSpec[] => [
    { name: `${part}/kernel`, shape: [features, heads, inner], initializer: "glorotUniform", trainable },
    ...(of.bias ? [{ name: `${part}/bias`, shape: [heads, inner] }] : []),
  ];
  const parts = ["query", "key", ...(of.gate ? ["gate"] : []), "value", "attention_output"];
  const layer: ComputedLayer = new ComputedLayer(
    className,
    { name },
    {
      quantized: of.quantized !== null,
      storedInOrder: of.quantized !== null,
      weights: (shapes) => {
        const [query, value = query, key = value] = shapes.map((shape) => shape.at(-1) ?? 0);
        const output = of.output ?? [query!];
        return [
          ...projection("query", of.heads, of.keySize, query!),
          ...projection("key", of.keyHeads, of.keySize, key!),
          ...(of.gate ? projection("gate", of.heads, of.valueSize, query!) : []),
          ...projection("value", of.keyHeads, of.valueSize, value!),
          {
            name: "attention_output/kernel",
            shape: [of.heads, of.valueSize, ...output],
            initializer: "glorotUniform",
            trainable,
          },
          ...(of.bias ? [{ name: "attention_output/bias", shape: output }] : []),
          ...(of.quantized === "float8"
            ? parts.map((part) => ({ ...INPUTS_SCALE, name: `${part}/inputs_scale` }))
            : []),
        ];
      },
      outputShape: ([query, value]): Shape | Shape[] => {
        checkAttended(of, query!);
        const output = [...query!.slice(0, -1), ...(of.output ?? query!.slice(-1))];
        if (!wantsScores(layer)) return output;
        if (attendedAxes(of, query!.length).includes(query!.length - 1))
          throw alongHeadsOnly("return_attention_scores");
        const source = value ?? query!;
        return [output, scoresShape(query!, source, of)];
      },
      compute: ([query, value = query, key = value], { weights, named }) => {
        const step = of.bias ? 2 : 1;
        const attended = attendedAxes(of, query!.rank);
        const axes = attended.filter((axis) => axis !== query!.rank - 1);
        const alongHeads = axes.length < attended.length;
        const rounded = (x: tf.Tensor, part: number) => {
          if (of.quantized === null || of.quantized === "int4") return x;
          if (of.quantized === "int8") return roundToInt8(x, [x.rank - 1]);
          return roundToFloat8(x, weights[parts.length * step + part]!);
        };
        const split = (x: tf.Tensor, part: number) => {
          const bias = of.bias ? weights[part * step + 1]! : null;
          const each = intoHeads(rounded(x, part), weights[part * step]!, bias, axes);
          return alongHeads ? headsInRow(each) : each;
        };
        const gated = of.gate ? 1 : 0;
        const q = tf.mul(split(query!, 0), 1 / Math.sqrt(of.keySize));
        const k = shared(split(key!, 1), of);
        const v = shared(split(value!, 2 + gated), of);
        let scores: tf.Tensor = tf.matMul(q, k, false, true);
        const mask = attentionMask(named, scores, of.window);
        if (mask && alongHeads) throw alongHeadsOnly("a mask");
        if (mask) scores = masked(scores, mask, of.masking);
        let shares: tf.Tensor = tf.softmax(scores);
        // Keras 3 takes the fused kernel where it can; the softmax layer makes what is masked zero, that kernel does not.
        const fused = of.fused && named["return_attention_scores"] !== true && query!.rank === 3;
        if (mask && of.masking === "replaced" && !fused) shares = tf.mul(shares, mask);
        const mixed = tf.matMul(shares, v);
        const passed = of.gate ? tf.mul(mixed, tf.sigmoid(split(query!, 2))) : mixed;
        const last = (3 + gated) * step;
        const output = outOfHeads(
          alongHeads ? headsApart(passed, of.heads) : passed,
          query!,
          axes,
          weights[last]!,
          of.bias ? weights[last + 1]! : null,
          (x) => rounded(x, 3 + gated),
        );
        if (named["return_attention_scores"] !== true) return output;
        return [output, tf.reshape(shares, scoresShape(query!.shape, value!.shape, of) as number[])];
      },
    },
  );
  return layer;
}

/** Axes that are not attended over stand before the heads, then those of the query, then those of the key. */
function scoresShape(query: Shape, source: Shape, of: Heads): Shape {
  const attended = attendedAxes(of, query.length);
  const others = query.filter((_, i) => i < query.length - 1 && !attended.includes(i));
  return [...others, of.heads, ...attended.map((i) => query[i]!), ...attended.map((i) => source[i]!)];
}

/** Repeats the heads of key or value, each in a row, until there are as many as the query has. */
function shared(x: tf.Tensor, { heads, keyHeads }: Heads): tf.Tensor {
  if (keyHeads === heads) return x;
  const index = Array.from({ length: heads }, (_, i) => Math.floor(i / (heads / keyHeads)));
  return tf.gather(x, tf.tensor1d(index, "int32"), 1);
}

function wantsScores(layer: ComputedLayer): boolean {
  const wanted = layer.signature?.kwargs["return_attention_scores"];
  return wanted?.kind === "constant" && wanted.value === true;
}

function spatialAxes(rank: number): number[] {
  return Array.from({ length: rank - 2 }, (_, i) => i + 1);
}

/** Projects [batch, ..., features] to [batch axes, heads, attended positions, size]. */
function intoHeads(
  x: tf.Tensor,
  kernel: tf.Tensor,
  bias: tf.Tensor | null,
  axes: readonly number[],
): tf.Tensor {
  const [features, heads, size] = kernel.shape as [number, number, number];
  const others = x.shape.map((_, i) => i).filter((i) => i < x.rank - 1 && !axes.includes(i));
  const turned = tf.transpose(x, [...others, ...axes, x.rank - 1]);
  const batch = others.reduce((n, i) => n * x.shape[i]!, 1);
  const length = axes.reduce((n, i) => n * x.shape[i]!, 1);
  const flat = tf.matMul(
    tf.reshape(turned, [batch * length, features]) as tf.Tensor2D,
    tf.reshape(kernel, [features, heads * size]) as tf.Tensor2D,
  );
  const biased = bias ? tf.add(flat, tf.reshape(bias, [heads * size])) : flat;
  return tf.transpose(tf.reshape(biased, [batch, length, heads, size]), [0, 2, 1, 3]);
}

/** [batch, heads, length, size] as [batch, 1, length x heads, size]: attention goes along heads, too. */
function headsInRow(x: tf.Tensor): tf.Tensor {
  const [batch, heads, length, size] = x.shape as [number, number, number, number];
  return tf.reshape(tf.transpose(x, [0, 2, 1, 3]), [batch, 1, length * heads, size]);
}

function headsApart(x: tf.Tensor, heads: number): tf.Tensor {
  const [batch, , rows, size] = x.shape as [number, number, number, number];
  return tf.transpose(tf.reshape(x, [batch, rows / heads, heads, size]), [0, 2, 1, 3]);
}

function alongHeadsOnly(found: string): LayerError {
  return new LayerError(
    "A24",
    "attention_axes",
    `${found} with attention along the heads`,
    "Keras 2 counts negative attention_axes in [batch, ..., heads, size]: -2 is the axis of the heads",
    "Write the axis from the front, as 1 for the steps of [batch, steps, features], in the layer's config.",
  );
}

function outOfHeads(
  mixed: tf.Tensor,
  query: tf.Tensor,
  axes: readonly number[],
  kernel: tf.Tensor,
  bias: tf.Tensor | null,
  rounded: (x: tf.Tensor) => tf.Tensor,
): tf.Tensor {
  const [batch, heads, length, size] = mixed.shape as [number, number, number, number];
  const output = kernel.shape.slice(2);
  const width = output.reduce((a, b) => a * b, 1);
  const flat = rounded(tf.reshape(tf.transpose(mixed, [0, 2, 1, 3]), [batch * length, heads * size]));
  const product = tf.matMul(flat as tf.Tensor2D, tf.reshape(kernel, [heads * size, width]) as tf.Tensor2D);
  const biased = bias ? tf.add(product, tf.reshape(bias, [width])) : product;
  const others = query.shape.map((_, i) => i).filter((i) => i < query.rank - 1 && !axes.includes(i));
  const order = [...others, ...axes];
  const ordered = tf.reshape(biased, [...order.map((i) => query.shape[i]!), ...output]);
  const back = order.map((_, i) => order.indexOf(i));
  return tf.transpose(ordered, [...back, ...output.map((_, i) => order.length + i)]);
}

/** One float mask [batch or 1, 1 or heads, queries, keys] of all that the call and the layer give, or null. */
function attentionMask(named: Running["named"], scores: tf.Tensor, window: number | null): tf.Tensor | null {
  const masks: tf.Tensor[] = [];
  const add = (value: CallValue | undefined, axis: number) => {
    if (value instanceof tf.Tensor) masks.push(tf.expandDims(tf.cast(value, "float32"), axis));
  };
  add(named["query_mask"], 2);
  add(named["value_mask"], 1);
  add(named["key_mask"], 1);
  const explicit = named["attention_mask"];
  if (explicit instanceof tf.Tensor) masks.push(tf.cast(explicit, "float32"));
  const [rows, columns] = scores.shape.slice(-2) as [number, number];
  const ahead = () => tf.sub(tf.range(0, columns), tf.reshape(tf.range(0, rows), [rows, 1]));
  if (named["use_causal_mask"] === true) masks.push(tf.cast(tf.lessEqual(ahead(), 0), "float32"));
  if (window !== null) masks.push(tf.cast(tf.less(tf.abs(ahead()), window), "float32"));
  if (masks.length === 0) return null;
  const all = masks.map((mask) => (mask.rank === 3 ? tf.expandDims(mask, 1) : mask));
  return all.reduce((a, b) => tf.mul(a, b));
}
