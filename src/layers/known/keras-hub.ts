import * as tf from "@tensorflow/tfjs";
import { LayerError } from "../../keras/finding.js";
import { activationOf } from "../activations.js";
import { ATTENTION } from "../attention/attention.js";
import { ComputedLayer, type CallValue } from "../computed-layer.js";
import { CORE } from "../core.js";
import type { LayerDefinition } from "../registry.js";
import {
  dense,
  knownLayer,
  normalized,
  otherWeights,
  type KnownCall,
  type KnownLayer,
  type KnownRow,
} from "./known-layer.js";
import { snakeCase } from "../../names/snake-case.js";
import { rotated } from "./rotary-embedding.js";

const PACKAGES = ["keras_hub", "keras_nlp"];
const HUB = "keras-hub 0.32, keras_hub/src/layers/modeling";

/** Layers from which models are built with keras-hub, keras-nlp before it. */
export const KERAS_HUB: readonly KnownLayer[] = [
  hubLayer({
    className: "TransformerEncoder",
    title: "Self attention and two dense layers, each added to its input and normalised",
    source: `${HUB}/transformer_encoder.py`,
    masked: true,
    namedArguments: ["padding_mask", "attention_mask", "return_attention_scores", "training"],
    compute([x], call) {
      const parts = partsOf(call, ENCODER);
      const mask = merged(call.named["padding_mask"] ?? call.named["mask"], call.named["attention_mask"]);
      const attended = around(x!, parts, "self_attention_layer_norm", call, (y) =>
        attend(y, y, parts["self_attention_layer"]!, mask, call, call.named["mask"]),
      );
      const output = fedForward(attended.output, parts, call);
      return attended.scores ? [output, attended.scores] : output;
    },
  }),
  hubLayer({
    className: "TransformerDecoder",
    title: "Self attention to what came before, attention to the encoder, and two dense layers",
    source: `${HUB}/transformer_decoder.py`,
    callArguments: ["decoder_sequence", "encoder_sequence"],
    namedArguments: [
      ...["decoder_padding_mask", "decoder_attention_mask", "encoder_padding_mask", "encoder_attention_mask"],
      ...["decoder_sequence_mask", "encoder_sequence_mask", "use_causal_mask", "training"],
    ],
    compute: ([x, encoded], call) => decoded(x!, encoded ?? null, call),
  }),
  hubLayer({
    className: "TokenAndPositionEmbedding",
    title: "Embeddings of tokens and of their positions, added",
    source: `${HUB}/token_and_position_embedding.py`,
    namedArguments: ["start_index", "positions"],
    compute([x], call) {
      const tables = call.args.flag("tie_weights", true) ? 1 : 2;
      const parts = partsOf(call, { token_embedding: tables, position_embedding: 1 });
      const tokens = tf.gather(parts["token_embedding"]![0]!, tf.cast(x!, "int32"));
      return tf.add(tokens, positionRows(parts["position_embedding"]![0]!, tokens, call));
    },
  }),
  hubLayer({
    className: "PositionEmbedding",
    title: "Learned embeddings of the positions of a sequence",
    source: `${HUB}/position_embedding.py`,
    namedArguments: ["start_index", "positions"],
    compute: ([x], call) => tf.add(tf.zerosLike(x!), positionRows(call.weights[0]!, x!, call)),
  }),
  hubLayer({
    className: "SinePositionEncoding",
    title: "Sines and cosines of the positions of a sequence",
    source: `${HUB}/sine_position_encoding.py`,
    namedArguments: ["start_index", "positions"],
    compute: ([x], call) => tf.add(tf.zerosLike(x!), sines(x!, call)),
  }),
  hubLayer({
    className: "RotaryEmbedding",
    title: "Features turned by angles that grow with the position",
    source: `${HUB}/rotary_embedding.py`,
    namedArguments: ["start_index", "positions"],
    compute: ([x], { args, named }) => rotated(x!, args, startOf(named), tensorOf(named["positions"])),
  }),
  hubLayer({
    className: "MaskedLMHead",
    title: "Scores of all tokens at the masked positions",
    source: `${HUB}/masked_lm_head.py`,
    callArguments: ["inputs", "mask_positions"],
    compute: ([x, positions], call) => scoredTokens(x!, positions!, call),
  }),
  hubLayer({
    className: "FNetEncoder",
    title: "Fourier transform over steps and features, and two dense layers",
    source: `${HUB}/f_net_encoder.py`,
    compute([x], call) {
      const parts = partsOf(call, FNET);
      const mixed = normal(tf.add(x!, fourier(x!)), parts["mixing_layer_norm"]!, call);
      const wide = activationOf(call.args.raw("activation") ?? "relu", call.origin).apply(
        dense(mixed, ...pair(parts["intermediate_dense"]!)),
      );
      const output = dropped(dense(wide, ...pair(parts["output_dense"]!)), call);
      return normal(tf.add(mixed, output), parts["output_layer_norm"]!, call);
    },
  }),
  hubLayer({
    className: "AlibiBias",
    title: "Attention scores lowered by the distance between query and key",
    source: `${HUB}/alibi_bias.py`,
    compute: ([scores], { args }) => {
      const [, heads, , keys] = scores!.shape as [number, number, number, number];
      const slopes = tf.tensor(slopesOf(heads, args.number("alibi_bias_max", 8)), [1, heads, 1, 1]);
      return tf.add(scores!, tf.mul(slopes, tf.range(1 - keys, 1)));
    },
  }),
  kerasLayer("CachedMultiHeadAttention", definitionOf("MultiHeadAttention", ATTENTION)),
  kerasLayer("ReversibleEmbedding", definitionOf("ReversibleEmbedding", CORE)),
];

function hubLayer(row: KnownRow): KnownLayer {
  return knownLayer({ ...row, packages: PACKAGES });
}

/** A class that computes what one of Keras's does, as long as nothing is cached between calls. */
function kerasLayer(className: string, definition: LayerDefinition): KnownLayer {
  return {
    className,
    title: `Keras's ${definition.className}`,
    source: `${HUB}/${snakeCase(className)}.py`,
    packages: PACKAGES,
    definition: { ...definition, className },
  };
}

function definitionOf(className: string, family: readonly LayerDefinition[]): LayerDefinition {
  return family.find((definition) => definition.className === className)!;
}

type Parts = Readonly<Record<string, readonly tf.Tensor[]>>;

/** Parts with the number of their weights, in the order in which the layer makes them. */
const ENCODER = {
  self_attention_layer: 8,
  self_attention_layer_norm: 2,
  feedforward_layer_norm: 2,
  feedforward_intermediate_dense: 2,
  feedforward_output_dense: 2,
};

const CROSS = { cross_attention: 8, cross_attention_layer_norm: 2 };

const DECODER = (crossing: boolean) => ({
  self_attention: 8,
  self_attention_layer_norm: 2,
  ...(crossing ? CROSS : {}),
  feedforward_intermediate_dense: 2,
  feedforward_output_dense: 2,
  feedforward_layer_norm: 2,
});

const FNET = { mixing_layer_norm: 2, output_layer_norm: 2, intermediate_dense: 2, output_dense: 2 };

/**
 * The weights of each part: by the part's name, since an archive has them sorted by it. What no weight's name has, the
 * layer's own weights in an archive, goes in the order given.
 */
function partsOf(call: KnownCall, counts: Readonly<Record<string, number>>): Parts {
  const { weights, stored } = call;
  const names = Object.keys(counts);
  const places = weights.map((_, i) => i);
  const owners = places.map((i) => ownerOf(stored[i] ?? "", names));
  const nameless = places.filter((i) => owners[i] === null);
  const parts = names.map((part) => {
    const own = places.filter((i) => owners[i] === part);
    if (own.length === 0) return nameless.splice(0, counts[part]!);
    return counts[part] === PROJECTIONS ? projectionsFirst(own, stored) : own;
  });
  if (nameless.length > 0 || parts.some((own, i) => own.length !== counts[names[i]!]))
    throw otherWeights(
      weights,
      call.name,
      `keras-hub's layer has ${Object.values(counts).reduce((a, b) => a + b, 0)}, one for each kernel, bias, scale and offset`,
    );
  return Object.fromEntries(names.map((part, i) => [part, parts[i]!.map((place) => weights[place]!)]));
}

/** Kernels and biases of query, key, value and output. */
const PROJECTIONS = 8;

/** The part in a weight's path: `_self_attention_layer/query_dense/vars/0` has the attribute, a .h5 file the name. */
function ownerOf(stored: string, parts: readonly string[]): string | null {
  const steps = stored.split("/").map((step) => step.replace(/^_/, ""));
  const named = (part: string) =>
    steps.includes(part) || (part.endsWith("_attention") && steps.includes(`${part}_layer`));
  return parts.find(named) ?? null;
}

/** Query, key, value, output. */
function projectionsFirst(own: readonly number[], stored: readonly string[]): number[] {
  const order = [/\/query/, /\/key/, /\/value/, /output/];
  const place = (i: number) => order.findIndex((pattern) => pattern.test(stored[i]!));
  return [...own].sort((a, b) => place(a) - place(b) || a - b);
}

function pair(part: readonly tf.Tensor[]): [tf.Tensor, tf.Tensor | undefined] {
  return [part[0]!, part[1]];
}

function normal(x: tf.Tensor, [gamma, beta]: readonly tf.Tensor[], { args }: KnownCall): tf.Tensor {
  return normalized(x, gamma!, beta!, args.number("layer_norm_epsilon", 1e-5));
}

function dropped(x: tf.Tensor, { args, training }: KnownCall): tf.Tensor {
  const rate = args.number("dropout", 0);
  return training && rate > 0 ? tf.dropout(x, rate) : x;
}

interface Attended {
  readonly output: tf.Tensor;
  readonly scores?: tf.Tensor;
}

/** The layer's own attention, with what comes to it and what goes round it normalised before or behind. */
function around(
  x: tf.Tensor,
  parts: Parts,
  norm: string,
  call: KnownCall,
  inside: (x: tf.Tensor) => Attended,
): Attended {
  const first = call.args.flag("normalize_first", false);
  const { output, ...scores } = inside(first ? normal(x, parts[norm]!, call) : x);
  const sum = tf.add(dropped(output, call), x);
  return { output: first ? sum : normal(sum, parts[norm]!, call), ...scores };
}

function fedForward(x: tf.Tensor, parts: Parts, call: KnownCall): tf.Tensor {
  const activation = activationOf(call.args.raw("activation") ?? "relu", call.origin);
  return around(x, parts, "feedforward_layer_norm", call, (y) => {
    const wide = activation.apply(dense(y, ...pair(parts["feedforward_intermediate_dense"]!)));
    return { output: dense(wide, ...pair(parts["feedforward_output_dense"]!)) };
  }).output;
}

function decoded(x: tf.Tensor, encoded: tf.Tensor | null, call: KnownCall): tf.Tensor {
  const { named } = call;
  const parts = partsOf(call, DECODER(encoded !== null));
  const length = x.shape[1]!;
  const ahead = tf.sub(tf.range(0, length), tf.reshape(tf.range(0, length), [length, 1]));
  const causal = named["use_causal_mask"] === false ? null : tf.expandDims(tf.lessEqual(ahead, 0), 0);
  const own = merged(
    named["decoder_padding_mask"] ?? named["decoder_sequence_mask"],
    named["decoder_attention_mask"],
  );
  let y = around(x, parts, "self_attention_layer_norm", call, (z) =>
    attend(z, z, parts["self_attention"]!, merged(null, own, causal), call),
  ).output;
  if (encoded) {
    const mask = merged(
      named["encoder_padding_mask"] ?? named["encoder_sequence_mask"],
      named["encoder_attention_mask"],
    );
    y = around(y, parts, "cross_attention_layer_norm", call, (z) =>
      attend(z, encoded, parts["cross_attention"]!, mask, call),
    ).output;
  }
  return fedForward(y, parts, call);
}

/**
 * Keras's own layer on the weights given.
 * @param own mask that the query and the value carry with them, which the layer takes by itself
 */
function attend(
  query: tf.Tensor,
  value: tf.Tensor,
  weights: readonly tf.Tensor[],
  mask: tf.Tensor | null,
  call: KnownCall,
  own?: CallValue,
): Attended {
  const [, heads, size] = weights[0]!.shape as [number, number, number];
  const layer = call.build({
    ...{ className: "MultiHeadAttention", name: "attention", path: `${call.name}/attention` },
    ...{ module: null, registeredName: null, buildConfig: null, model: null, inner: {} },
    config: { num_heads: heads, key_dim: size, dropout: call.args.number("dropout", 0) },
  });
  if (!(layer instanceof ComputedLayer)) throw new TypeError("MultiHeadAttention is computed here");
  const scores = call.named["return_attention_scores"] === true;
  const result = layer.computation.compute([query, value], {
    weights,
    variables: [],
    training: call.training,
    args: [],
    named: {
      ...(mask ? { attention_mask: mask } : {}),
      ...(own ? { query_mask: own, value_mask: own } : {}),
      return_attention_scores: scores,
    },
  });
  return Array.isArray(result) ? { output: result[0]!, scores: result[1]! } : { output: result };
}

/** One mask [batch, queries, keys] of those of keys [batch, keys] and of pairs; null where there is none. */
function merged(padding: unknown, ...pairs: unknown[]): tf.Tensor | null {
  const keys = padding instanceof tf.Tensor ? [tf.expandDims(tf.cast(padding, "float32"), 1)] : [];
  const others = pairs.filter((mask) => mask instanceof tf.Tensor).map((mask) => tf.cast(mask, "float32"));
  const all = [...keys, ...others];
  return all.length === 0 ? null : all.reduce((a, b) => tf.minimum(a, b));
}

function startOf(named: KnownCall["named"]): number {
  const start = named["start_index"];
  return typeof start === "number" ? start : 0;
}

function tensorOf(value: unknown): tf.Tensor | null {
  if (value instanceof tf.Tensor) return value;
  return Array.isArray(value) ? tf.tensor(value as number[]) : null;
}

function positionRows(table: tf.Tensor, x: tf.Tensor, { named }: KnownCall): tf.Tensor {
  const positions = tensorOf(named["positions"]);
  if (positions) return tf.gather(table, tf.cast(positions, "int32"));
  return tf.slice(table, [startOf(named), 0], [x.shape.at(-2)!, table.shape[1]!]);
}

function sines(x: tf.Tensor, { args, named }: KnownCall): tf.Tensor {
  const [steps, width] = x.shape.slice(-2) as [number, number];
  const start = startOf(named);
  const positions = tensorOf(named["positions"]) ?? tf.range(start, start + steps);
  const wave = args.number("max_wavelength", 10000);
  const scales = Array.from({ length: width }, (_, i) => wave ** (-(2 * Math.floor(i / 2)) / width));
  const angles = tf.mul(tf.expandDims(tf.cast(positions, "float32"), -1), tf.tensor1d(scales));
  const odd = tf.tensor1d(Array.from({ length: width }, (_, i) => i % 2));
  return tf.add(tf.mul(tf.sin(angles), tf.sub(1, odd)), tf.mul(tf.cos(angles), odd));
}

/** The real part of the transform over the last two axes. */
function fourier(x: tf.Tensor): tf.Tensor {
  const [steps, width] = x.shape.slice(-2) as [number, number];
  const wave = (n: number, of: (angle: number) => number) =>
    tf.tensor2d(
      Array.from({ length: n }, (_, i) =>
        Array.from({ length: n }, (_k, k) => of((2 * Math.PI * ((i * k) % n)) / n)),
      ),
    );
  const flat = tf.reshape(x, [-1, width]) as tf.Tensor2D;
  const along = (of: (angle: number) => number) => {
    const features = tf.reshape(tf.matMul(flat, wave(width, of)), [-1, steps, width]);
    const turned = tf.reshape(tf.transpose(features, [0, 2, 1]), [-1, steps]) as tf.Tensor2D;
    return tf.transpose(tf.reshape(tf.matMul(turned, wave(steps, of)), [-1, width, steps]), [0, 2, 1]);
  };
  return tf.reshape(tf.sub(along(Math.cos), along(Math.sin)), x.shape);
}

/** Slopes of the heads fall by one ratio; between powers of two, the further heads take every second of the next. */
function slopesOf(heads: number, most: number): number[] {
  const power = 2 ** Math.floor(Math.log2(heads));
  const ratio = 2 ** -(2 ** -(Math.log2(power) - Math.log2(most)));
  const own = Array.from({ length: power }, (_, i) => ratio ** (i + 1));
  if (power === heads) return own;
  const between = slopesOf(2 * power, most).filter((_, i) => i % 2 === 0);
  return [...own, ...between.slice(0, heads - power)];
}

function scoredTokens(x: tf.Tensor, positions: tf.Tensor, call: KnownCall): tf.Tensor {
  const { args, origin } = call;
  if (args.has("token_embedding")) throw sharedEmbedding();
  const parts = partsOf(call, HEAD);
  const [kernel, bias] = [parts["output_kernel"]![0]!, parts["output_bias"]![0]!];
  const at = tf.cast(positions, "int32") as tf.Tensor;
  const steps = x.shape[1]!;
  const chosen = tf.matMul(tf.oneHot(at as tf.Tensor2D, steps).cast("float32"), x);
  const wide = activationOf(args.raw("intermediate_activation") ?? "relu", origin).apply(
    dense(chosen, ...pair(parts["intermediate_dense"]!)),
  );
  const scores = dense(normal(wide, parts["intermediate_layer_norm"]!, call), kernel, bias);
  return activationOf(args.raw("activation") ?? "linear", origin).apply(scores);
}

const HEAD = { output_kernel: 1, output_bias: 1, intermediate_dense: 2, intermediate_layer_norm: 2 };

function sharedEmbedding(): LayerError {
  return new LayerError(
    "A24",
    "token_embedding",
    "token_embedding is a layer of the model",
    "a file has it once more in the config, without its weights",
    "Register MaskedLMHead with its own code, which takes the embedding's matrix.",
  );
}
