import type { JsonValue, StoredLayer } from "../formats/model-file.js";
import { adoptedArguments } from "./adopt.js";
import { chainOrder, type Chained } from "./draft-order.js";
import { printable } from "./notation.js";

type Config = { [key: string]: JsonValue };

/** A drafted layer, and from what it was drawn. */
export interface DraftedLayer {
  readonly className: string;
  readonly config: Readonly<Config>;
  /** `kernel (3, 3, 1, 8), bias (8,)`; empty for a layer that was put between others. */
  readonly from: string;
}

/**
 * An architecture for weights that have none: a chain of layers in the file's order, each known by the names and
 * shapes of its weights. Activations, pooling and branches leave no weights: they are for the user to put in.
 */
export function draftLayers(stored: readonly StoredLayer[]): DraftedLayer[] {
  const layers: DraftedLayer[] = [];
  for (const drafted of inOrder(stored)) layers.push(...between(layers.at(-1) ?? null, drafted), drafted);
  const input = layers[0] && inputShape(layers);
  if (input) layers[0] = { ...layers[0]!, config: { batch_input_shape: input, ...layers[0]!.config } };
  return layers;
}

/** The layers as the file has them, or, where that cannot be a chain, in an order that is one. */
function inOrder(stored: readonly StoredLayer[]): DraftedLayer[] {
  const drafts = stored.flatMap((source) => draftLayer(source) ?? []);
  const order = chainOrder(drafts.map(chained));
  const layers = order ? order.map((i) => drafts[i]!) : drafts;
  return layers.map((layer, i) => returningSteps(layer, layers[i + 1]));
}

const RECURRENT = /^(LSTM|GRU|SimpleRNN)$/;

/** One recurrent layer before another, or before a convolution, hands on every step. */
function returningSteps(layer: DraftedLayer, next: DraftedLayer | undefined): DraftedLayer {
  const steps =
    RECURRENT.test(layer.className) && /^(LSTM|GRU|SimpleRNN|Conv1D)$/.test(next?.className ?? "");
  return steps ? { ...layer, config: { ...layer.config, return_sequences: true } } : layer;
}

function chained({ className, config, from }: DraftedLayer): Chained {
  const [kernel = []] = shapesIn(from);
  const gives = Number(config["units"] ?? config["filters"] ?? config["output_dim"] ?? kernel.at(-1) ?? 0);
  const dense = className === "Dense" || RECURRENT.test(className);
  const takes = className === "Embedding" ? null : ((dense ? kernel[0] : kernel.at(-2)) ?? gives);
  return { takes, gives, first: className === "Embedding", flattens: className === "Dense" };
}

/** `kernel (3, 4), bias (4)` to [[3, 4], [4]]. */
function shapesIn(from: string): number[][] {
  return [...from.matchAll(/\(([\d, ]+)\)/g)].map(([, shape]) => shape!.split(", ").map(Number));
}

/** The draft as a Keras config, as `model.to_json()` writes it. */
export function draftConfig(layers: readonly DraftedLayer[], name: string): JsonValue {
  return {
    class_name: "Sequential",
    config: {
      name,
      layers: layers.map(({ className, config }) => ({ class_name: className, config: { ...config } })),
    },
    keras_version: "2.15.0",
    backend: "tensorflow",
  };
}

/** The draft as a TypeScript cell, to be corrected and run: a line for each layer, with the weights it is drawn from. */
export function draftCell(layers: readonly DraftedLayer[], name: string, code: string): string {
  const rows = layers.map(({ className, config, from }) => {
    const note = from === "" ? " // put between: nothing in the file says so" : ` // ${from}`;
    return `      { class_name: ${JSON.stringify(className)}, config: ${inline(config)} },${note}`;
  });
  return [
    "// A draft: activations, pooling and branches leave no weights, so put them in where they belong.",
    `await session.fix("${code}", "architecture", {`,
    '  class_name: "Sequential",',
    "  config: {",
    `    name: ${JSON.stringify(name)},`,
    "    layers: [",
    ...rows,
    "    ],",
    "  },",
    "});",
    "",
  ].join("\n");
}

function inline(config: Readonly<Config>): string {
  const entries = Object.entries(config).map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
  return `{ ${entries.join(", ")} }`;
}

function draftLayer(source: StoredLayer): DraftedLayer | null {
  const weights = source.weights.filter(({ name }) => !/seed_generator|iteration/.test(name));
  if (weights.length === 0) return null;
  const className = classOf(source.name, weights);
  const from = weights
    .map(({ name, shape }) => `${printable(lastPart(name), 40)} (${shape.join(", ")})`)
    .join(", ");
  if (className === null) return null;
  const stored = weights.map(({ name, shape }) => ({ name, shape }));
  const spec = {
    className,
    config: {},
    name: "",
    path: "",
    module: null,
    registeredName: null,
    buildConfig: null,
    model: null,
    inner: {},
  };
  const implied = adoptedArguments(spec, stored) ?? {};
  // Said, since the default of Keras before TensorFlow was another.
  const gated: Config = { recurrent_activation: "sigmoid" };
  const extra: Config = /Conv/.test(className)
    ? { padding: "same" }
    : /^(LSTM|GRU)$/.test(className)
      ? gated
      : {};
  return { className, config: { name: plainName(source.name), ...implied, ...extra }, from };
}

/** Names of layers that say their class, by what Keras calls them when nobody names them. */
const BY_NAME: readonly (readonly [RegExp, string])[] = [
  [/^(conv[123]d)_?transpose/, "Conv2DTranspose"],
  [/^depthwise_conv2d/, "DepthwiseConv2D"],
  [/^separable_conv2d/, "SeparableConv2D"],
  [/^batch_?norm/, "BatchNormalization"],
  [/^layer_norm/, "LayerNormalization"],
  [/^group_norm/, "GroupNormalization"],
  [/^embedding/, "Embedding"],
  [/^gru/, "GRU"],
  [/^lstm/, "LSTM"],
  [/^simple_rnn/, "SimpleRNN"],
];

function classOf(name: string, weights: StoredLayer["weights"]): string | null {
  const plain = plainName(name).toLowerCase();
  const said = BY_NAME.find(([pattern]) => pattern.test(plain));
  if (said) return said[1];
  const has = (part: RegExp) => weights.some((weight) => part.test(lastPart(weight.name)));
  const ranks = weights.map(({ shape }) => shape.length);
  if (has(/moving_(mean|variance)/)) return "BatchNormalization";
  if (has(/^embeddings/)) return "Embedding";
  if (has(/^depthwise_kernel/)) return has(/^pointwise_kernel/) ? "SeparableConv2D" : "DepthwiseConv2D";
  const recurrent = weights[1]?.shape;
  if (ranks[0] === 2 && ranks[1] === 2 && recurrent) {
    const gates = recurrent[1]! / recurrent[0]!;
    return gates === 4 ? "LSTM" : gates === 3 ? "GRU" : gates === 1 ? "SimpleRNN" : null;
  }
  if (has(/^gamma/) && ranks.every((rank) => rank === 1))
    return weights.length === 4 ? "BatchNormalization" : "LayerNormalization";
  if (ranks.every((rank) => rank === 1)) return weights.length === 4 ? "BatchNormalization" : null;
  return ["", "", "Dense", "Conv1D", "Conv2D", "Conv3D"][ranks[0]!] || null;
}

function lastPart(name: string): string {
  return name.replace(/:\d+$/, "").split("/").at(-1)!;
}

function plainName(name: string): string {
  return name.split("/").at(-1)!;
}

/** What must stand between a convolution and a Dense: nothing, pooling to one value a channel, or a flattening. */
function between(before: DraftedLayer | null, next: DraftedLayer): DraftedLayer[] {
  if (!before || next.className !== "Dense") return [];
  const rank = spaceOf(before);
  const channels = before.config["filters"];
  const wanted = /kernel \((\d+),/.exec(next.from)?.[1] ?? /\((\d+), \d+\)/.exec(next.from)?.[1];
  if (rank === 0 || typeof channels !== "number" || wanted === undefined) return [];
  const name = Number(wanted) === channels ? `global_average_pooling${rank}d` : "flatten";
  const className = Number(wanted) === channels ? `GlobalAveragePooling${rank}D` : "Flatten";
  return [{ className, config: { name: `${name}_before_${String(next.config["name"])}` }, from: "" }];
}

function spaceOf({ className }: DraftedLayer): number {
  return Number(/Conv([123])D/.exec(className)?.[1] ?? 0);
}

/** The shape of the input: features from the first kernel; lengths from a flattening behind, where there is one. */
function inputShape(layers: readonly DraftedLayer[]): JsonValue[] | null {
  const [first] = layers as [DraftedLayer, ...DraftedLayer[]];
  const kernel = /\(([\d, ]+)\)/.exec(first.from)?.[1]?.split(", ").map(Number) ?? [];
  if (first.className === "Embedding") return [null, null];
  if (first.className === "Dense") return [null, kernel[0]!];
  if (/^(LSTM|GRU|SimpleRNN)$/.test(first.className)) return [null, null, kernel[0]!];
  const rank = spaceOf(first);
  if (rank === 0) return null;
  const side = sideBefore(layers, rank);
  return [null, ...Array.from({ length: rank }, () => side), kernel.at(-2)!];
}

/** With padding `same` and no pooling, a flattening behind the convolutions tells the side of a square input. */
function sideBefore(layers: readonly DraftedLayer[], rank: number): number | null {
  const at = layers.findIndex(({ className }) => className === "Flatten");
  const channels = layers.slice(0, at).findLast((layer) => spaceOf(layer) > 0)?.config["filters"];
  const wanted = at < 0 ? undefined : /\((\d+), \d+\)/.exec(layers[at + 1]?.from ?? "")?.[1];
  if (wanted === undefined || typeof channels !== "number") return null;
  const side = (Number(wanted) / channels) ** (1 / rank);
  return Number.isInteger(Math.round(side * 1e9) / 1e9) ? Math.round(side) : null;
}
