import type { JsonValue, StoredLayer } from "../../formats/model-file.js";
import { adoptedArguments } from "../weights/adopt.js";
import { printable } from "../../notation.js";

export type Config = { [key: string]: JsonValue };

/** A drafted layer, and from what it was drawn. */
export interface DraftedLayer {
  readonly className: string;
  readonly config: Readonly<Config>;
  /** `kernel (3, 3, 1, 8), bias (8,)`; empty for a layer that was put between others. */
  readonly from: string;
}

/** A layer as the names and shapes of its weights tell it; null where they tell none. */
export function draftLayer(source: StoredLayer): DraftedLayer | null {
  const weights = source.weights.filter(({ name }) => !/seed_generator|iteration/.test(name));
  if (weights.length === 0) return null;
  const from = weights
    .map(({ name, shape }) => `${printable(lastPart(name), 40)} (${shape.join(", ")})`)
    .join(", ");
  const half = oneDirection(weights);
  if (half) return bothDirections(source.name, half, from);
  const className = classOf(source.name, weights);
  if (className === null) return null;
  const name = plainName(source.name);
  return { className, config: { name, ...argumentsOf(className, weights) }, from };
}

/** The first half of a Bidirectional's weights, where the second is of the same shapes. */
function oneDirection(weights: StoredLayer["weights"]): StoredLayer["weights"] | null {
  const half = weights.length / 2;
  if (half !== 2 && half !== 3) return null;
  const [forward, backward] = [weights.slice(0, half), weights.slice(half)];
  const same = forward.every(({ shape }, i) => shape.join() === backward[i]!.shape.join());
  return same && recurrentClass(forward) !== null ? forward : null;
}

function bothDirections(path: string, weights: StoredLayer["weights"], from: string): DraftedLayer {
  const className = recurrentClass(weights)!;
  const name = plainName(path);
  const config = { name: `${name}_${className.toLowerCase()}`, ...argumentsOf(className, weights) };
  return { className: "Bidirectional", config: { name, layer: { class_name: className, config } }, from };
}

function argumentsOf(className: string, weights: StoredLayer["weights"]): Config {
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
  return { ...implied, ...extra };
}

/** Names of layers that say their class, by what Keras calls them when nobody names them. */
const BY_NAME: readonly (readonly [RegExp, string])[] = [
  [/^conv1d_?transpose/, "Conv1DTranspose"],
  [/^conv2d_?transpose/, "Conv2DTranspose"],
  [/^conv3d_?transpose/, "Conv3DTranspose"],
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
  if (ranks[0] === 2 && ranks[1] === 2) return recurrentClass(weights);
  if (has(/^gamma/) && ranks.every((rank) => rank === 1))
    return weights.length === 4 ? "BatchNormalization" : "LayerNormalization";
  if (ranks.every((rank) => rank === 1)) return weights.length === 4 ? "BatchNormalization" : null;
  return ["", "", "Dense", "Conv1D", "Conv2D", "Conv3D"][ranks[0]!] || null;
}

/** By the gates in the recurrent kernel. */
function recurrentClass([kernel, recurrent]: StoredLayer["weights"]): string | null {
  if (kernel?.shape.length !== 2 || recurrent?.shape.length !== 2) return null;
  const [units, all] = recurrent.shape as [number, number];
  return kernel.shape[1] === all ? (GATED.get(all / units) ?? null) : null;
}

const GATED: ReadonlyMap<number, string> = new Map([
  [4, "LSTM"],
  [3, "GRU"],
  [1, "SimpleRNN"],
]);

function lastPart(name: string): string {
  return name.replace(/:\d+$/, "").split("/").at(-1)!;
}

function plainName(name: string): string {
  return name.split("/").at(-1)!;
}
