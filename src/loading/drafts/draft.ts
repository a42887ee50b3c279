import type { JsonValue, StoredLayer } from "../../formats/model-file.js";
import { draftLayer, type Config, type DraftedLayer } from "./draft-layer.js";
import { nestedParts } from "./nested-parts.js";
import { chainOrder, type Chained } from "./draft-order.js";

/**
 * An architecture for weights that have none: a chain of layers in the file's order, each known by the names and
 * shapes of its weights. Activations, pooling and branches leave no weights: they are for the user to put in.
 */
export function draftLayers(stored: readonly StoredLayer[]): DraftedLayer[] {
  const layers: DraftedLayer[] = [];
  for (const drafted of inOrder(stored)) layers.push(...between(layers, drafted), drafted);
  const [first] = layers;
  if (first) layers[0] = { ...first, config: { batch_input_shape: inputShape(layers), ...first.config } };
  return layers;
}

/** The layers as the file has them, or, where that cannot be a chain, in an order that is one. */
function inOrder(stored: readonly StoredLayer[]): DraftedLayer[] {
  const drafts = counted(stored)
    .flatMap(nestedParts)
    .flatMap((source) => draftLayer(source) ?? []);
  const order = chainOrder(drafts.map(chained));
  const layers = order ? order.map((i) => drafts[i]!) : drafts;
  return layers.map((layer, i) =>
    returningSteps(
      layer,
      layers.slice(i + 1).find((next) => !isNormalization(next)),
    ),
  );
}

/** Archives of Keras 3 list groups by name, `dense_10` before `dense_2`: here in the order of their numbers. */
function counted(stored: readonly StoredLayer[]): readonly StoredLayer[] {
  const sorted = stored.every(({ name }, i) => i === 0 || stored[i - 1]!.name < name);
  if (!sorted) return stored;
  return [...stored].sort((a, b) => a.name.localeCompare(b.name, "en", { numeric: true }));
}

const RECURRENT = /^(LSTM|GRU|SimpleRNN)$/;

function isNormalization({ className }: DraftedLayer): boolean {
  return className.endsWith("Normalization");
}

/** The recurrent layer's own class and arguments, also in a Bidirectional; null for other layers. */
function recurrentPart({ className, config }: DraftedLayer): Config | null {
  if (RECURRENT.test(className)) return config as Config;
  return className === "Bidirectional" ? ((config["layer"] as Config)["config"] as Config) : null;
}

/** A recurrent layer hands on every step to another, to a convolution, and to a Dense that takes several steps. */
function returningSteps(layer: DraftedLayer, next: DraftedLayer | undefined): DraftedLayer {
  const part = recurrentPart(layer);
  if (!part || !next) return layer;
  const several = next.className === "Dense" && chained(next).takes! > chained(layer).gives;
  if (!several && !recurrentPart(next) && spaceOf(next) !== 1) return layer;
  const config = { ...part, return_sequences: true };
  if (layer.className !== "Bidirectional") return { ...layer, config };
  const inner = layer.config["layer"] as Config;
  return { ...layer, config: { ...layer.config, layer: { ...inner, config } } };
}

function chained(layer: DraftedLayer): Chained {
  const { className, config, from } = layer;
  const [kernel = []] = shapesIn(from);
  const part = recurrentPart(layer);
  const about = {
    first: className === "Embedding",
    flattens: className === "Dense",
    normalizes: isNormalization(layer),
  };
  if (part) {
    const units = Number(part["units"]) * (className === "Bidirectional" ? 2 : 1);
    return { ...about, takes: kernel[0]!, gives: units };
  }
  if (className === "DepthwiseConv2D")
    return { ...about, takes: kernel.at(-2)!, gives: kernel.at(-2)! * kernel.at(-1)! };
  const gives = Number(config["units"] ?? config["filters"] ?? config["output_dim"] ?? kernel.at(-1) ?? 0);
  const takes = className.endsWith("Transpose") ? kernel.at(-1) : kernel.at(-2);
  return { ...about, takes: className === "Embedding" ? null : (takes ?? gives), gives };
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

/** What must stand before a Dense: nothing, pooling to one value a channel, or a flattening. */
function between(layers: readonly DraftedLayer[], next: DraftedLayer): DraftedLayer[] {
  const before = layers.at(-1);
  if (!before || next.className !== "Dense") return [];
  const rank = spaceBehind(layers);
  if (rank === 0) return [];
  const pooled = chained(next).takes === chained(before).gives;
  const name = pooled ? `global_average_pooling${rank}d` : "flatten";
  const className = pooled ? `GlobalAveragePooling${rank}D` : "Flatten";
  return [{ className, config: { name: `${name}_before_${String(next.config["name"])}` }, from: "" }];
}

/** Axes of space or time that a chain's output has between examples and features. */
function spaceBehind(layers: readonly DraftedLayer[]): number {
  const last = layers.findLast((layer) => !isNormalization(layer));
  return last ? spaceOf(last) : 0;
}

function spaceOf(layer: DraftedLayer): number {
  if (layer.className === "Embedding") return 1;
  const part = recurrentPart(layer);
  if (part) return part["return_sequences"] === true ? 1 : 0;
  return Number(/Conv([123])D/.exec(layer.className)?.[1] ?? 0);
}

/** The shape of the input: features from the first kernel; lengths from a flattening behind, where there is one. */
function inputShape(layers: readonly DraftedLayer[]): JsonValue[] {
  const [first] = layers as [DraftedLayer, ...DraftedLayer[]];
  const { takes } = chained(first);
  const shaping = layers.find((layer) => !isNormalization(layer));
  const rank = shaping ? (recurrentPart(shaping) ? 1 : spaceOf(shaping)) : 0;
  return [null, ...sidesBefore(layers, rank), ...(takes === null ? [] : [takes])];
}

/** With padding `same` and no pooling, a flattening behind tells the sides of an input that is nearly square. */
function sidesBefore(layers: readonly DraftedLayer[], rank: number): (number | null)[] {
  const at = layers.findIndex(({ className }) => className === "Flatten");
  const places = at < 1 ? null : chained(layers[at + 1]!).takes! / chained(layers[at - 1]!).gives;
  // A Flatten that the next kernel does not fit tells nothing.
  if (places === null || !Number.isInteger(places)) return Array.from({ length: rank }, () => null);
  const sides: number[] = [];
  let left = places;
  for (let axes = rank; axes > 0; axes--) {
    const side = divisorNear(left, left ** (1 / axes));
    sides.push(side);
    left /= side;
  }
  return sides;
}

/** The greatest divisor of a whole number that is not above a bound, up to rounding. */
function divisorNear(whole: number, bound: number): number {
  let divisor = Math.max(1, Math.floor(bound + 1e-6));
  if (bound >= whole) return whole;
  while (whole % divisor !== 0) divisor--;
  return divisor;
}
