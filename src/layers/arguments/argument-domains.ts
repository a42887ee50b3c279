import type * as tf from "@tensorflow/tfjs";
import type { JsonValue } from "../../formats/model-file.js";
import { LayerError } from "../../keras/finding.js";
import type { LayerSpec } from "../../keras/graph.js";
import { brief, isObject } from "../../keras/json.js";
import { checkPairs } from "./argument-pairs.js";
import { Arguments } from "./arguments.js";
import { shapeList, type Shape } from "../computed-layer.js";
import type { LayerDefinition } from "../registry.js";

/** What an argument may be, whatever layer has it. */
interface Domain {
  readonly names: readonly string[];
  /** Classes that mean something else by the name, or take it as it comes. */
  readonly except?: RegExp;
  readonly only?: RegExp;
  /** The majors of Keras that check it; all unless said. */
  readonly majors?: readonly number[];
  readonly allowed: string;
  fits(value: JsonValue): boolean;
}

const isFlag = (value: JsonValue) => typeof value === "boolean" || value === 0 || value === 1;
const isNumber = (value: JsonValue): value is number => typeof value === "number" && Number.isFinite(value);
const isCount = (value: JsonValue) => Number.isSafeInteger(value) && (value as number) >= 1;
const isShape = (value: JsonValue): boolean =>
  Array.isArray(value) && value.every((n) => n === null || (Number.isSafeInteger(n) && (n as number) >= 0));
const choice = (...names: string[]): Pick<Domain, "allowed" | "fits"> => ({
  allowed: names.map((name) => `"${name}"`).join(" or "),
  fits: (value) => typeof value === "string" && names.includes(value),
});

/** A factor as Keras 3 checks it (`_set_factor`): a number within bounds, or two of which a part is. */
const factor = (low: number, high: number): Pick<Domain, "allowed" | "fits"> => ({
  allowed: `a number between ${low} and ${high}, or two of them`,
  fits: (value) => {
    const [from, to = from] = [value].flat();
    const pair = !Array.isArray(value) || value.length === 2;
    return pair && isNumber(from!) && isNumber(to!) && from <= high && to >= low;
  },
});

/** Two bounds as Keras 2 checks them: a number stands for itself and its negative. */
const bounds = (least: number, most = Infinity): Pick<Domain, "allowed" | "fits"> => ({
  allowed: `a number of at least 0, or two from ${least} on of which the second is no less than the first`,
  fits: (value) => {
    const [low, high] = Array.isArray(value) ? value : [isNumber(value) ? -value : value, value];
    return isNumber(low!) && isNumber(high!) && low >= least && low <= high && high <= most;
  },
});

/** A share, or two of them. */
const shares: Pick<Domain, "allowed" | "fits"> = {
  allowed: "a number between 0 and 1, or two of them",
  fits: (value) => {
    const list = Array.isArray(value) ? value : [value];
    const counted = !Array.isArray(value) || list.length === 2;
    return counted && list.every((item) => isNumber(item) && item >= 0 && item <= 1);
  },
};

/**
 * Arguments that many layers share, with what Keras's own constructors let through. Null is always let through: it
 * asks for the default.
 */
const DOMAINS: readonly Domain[] = [
  {
    names: ["data_format", "dim_ordering"],
    ...choice("channels_last", "channels_first", "tf", "th", "default"),
  },
  {
    names: ["rate", "dropout", "recurrent_dropout", "survival_probability"],
    only: /Dropout|RNN|LSTM|GRU|Attention|StochasticDepth/,
    allowed: "a number between 0 and 1",
    fits: (value) => isNumber(value) && value >= 0 && value <= 1,
  },
  {
    names: ["epsilon", "norm_epsilon", "layernorm_epsilon", "stddev", "min_power", "ref_power", "sigma"],
    allowed: "a number of at least 0",
    // A random image layer has bounds for it.
    fits: (value) => [value].flat().every((item) => isNumber(item) && item >= 0),
  },
  {
    names: ["negative_slope", "max_value", "threshold", "theta"],
    only: /ReLU$/,
    allowed: "a number of at least 0",
    fits: (value) => isNumber(value) && value >= 0,
  },
  {
    names: ["momentum"],
    allowed: "a number between 0 and 1",
    fits: (value) => isNumber(value) && value >= 0 && value <= 1,
  },
  {
    names: ["min_freq", "max_freq", "top_db", "mag_exp", "sampling_rate"],
    allowed: "a number of at least 0",
    fits: (value) => isNumber(value) && value >= 0,
  },
  {
    names: ["mask_value"],
    allowed: "a number, or text where the layer takes text",
    fits: (value) => isNumber(value) || typeof value === "string",
  },
  {
    names: ["l1", "l2", "diag_scale", "leaky"],
    allowed: "a number",
    fits: isNumber,
  },
  {
    names: [
      ...["use_bias", "mask_zero", "center", "sparse", "keepdims", "use_scale", "tie_weights", "normalize"],
      ...["data_init", "use_factorised", "use_projection_bias", "return_attn_coef", "learned_epsilon"],
      ...[
        "use_boundary",
        "use_kernel",
        "use_gate",
        "affine",
        "approximate",
        "renorm",
        "rms_scaling",
        "invert",
        "synchronized",
      ],
      ...["return_sequences", "return_state", "go_backwards", "stateful", "unroll", "zero_output_for_mask"],
    ],
    allowed: "true or false",
    fits: isFlag,
  },
  { names: ["groups"], except: /Normalization$/, allowed: "an integer of at least 1", fits: isCount },
  { names: ["power_iterations"], allowed: "an integer of at least 1", fits: isCount },
  {
    names: ["height", "width"],
    only: /^(Random|Center)Crop$|^Resizing$/,
    allowed: "an integer of at least 1",
    fits: isCount,
  },
  {
    names: ["implementation"],
    only: /^LocallyConnected/,
    allowed: "1, 2 or 3",
    fits: (value) => value === 1 || value === 2 || value === 3,
  },
  {
    names: ["interpolation"],
    only: /^(Resizing|UpSampling2D|RandomHeight|RandomWidth)$/,
    ...choice("nearest", "bilinear", "bicubic", "lanczos3", "lanczos5", "area", "gaussian", "mitchellcubic"),
  },
  {
    names: ["noise_shape", "query_shape", "key_shape", "value_shape"],
    allowed: "a list of integers or null",
    fits: isShape,
  },
  {
    names: ["output_shape"],
    only: /^(EinsumDense|MultiHeadAttention)$/,
    allowed: "an integer of at least 1, or a list of them",
    fits: (value) => isCount(value) || (Array.isArray(value) && value.every((n) => n === null || isCount(n))),
  },
  {
    names: ["factor"],
    only: /^Random(Contrast|Hue|Sharpness|Invert|Grayscale|Erasing|GaussianBlur|ElasticTransform|Perspective)$|^(CutMix|AugMix|RandAugment)$/,
    ...factor(0, 1),
  },
  { names: ["factor"], only: /^Random(Brightness|Saturation|ColorDegeneration)$/, ...factor(-1, 1) },
  { names: ["factor"], only: /^RandomPosterization$/, ...factor(1, 8) },
  { names: ["height_factor", "width_factor"], only: /^Random(Zoom|Translation)$/, ...factor(-1, 1) },
  { names: ["height_factor", "width_factor"], majors: [2], only: /^RandomTranslation$/, ...bounds(-1) },
  { names: ["factor"], majors: [3], only: /^RandomRotation$/, ...factor(-1, 1) },
  { names: ["factor"], majors: [2], only: /^RandomRotation$/, ...bounds(-Infinity) },
  { names: ["factor"], majors: [2], only: /^Random(Height|Width)$/, ...bounds(-1) },
  { names: ["addition_factor", "threshold_factor"], only: /^Solarization$/, ...shares },
  { names: ["scale"], only: /^Random(Erasing|ElasticTransform)$/, ...factor(0, 1) },
  {
    names: ["scale"],
    only: /^RandomPerspective$/,
    allowed: "a number between 0 and 1",
    fits: (value) => isNumber(value) && value >= 0 && value <= 1,
  },
  {
    names: ["max_tokens"],
    only: /^((String|Integer)Lookup|TextVectorization)$/,
    allowed: "an integer of at least 2",
    fits: (value) => isCount(value) && value !== 1,
  },
  {
    names: ["salt"],
    only: /^(Hashing|(String|Integer)Lookup)$/,
    allowed: "an integer, or two of them",
    fits: (value) =>
      Number.isSafeInteger(value) ||
      (Array.isArray(value) && value.length === 2 && value.every(Number.isSafeInteger)),
  },
  {
    names: ["value_range"],
    only: /^(Solarization|ContrastLimitedAdaptiveHistogramEqualization|AutoContrast)$/,
    allowed: "two numbers",
    fits: (value) => Array.isArray(value) && value.length === 2 && value.every(isNumber),
  },
  { names: ["fill_mode"], only: /^Resizing$/, ...choice("constant") },
  {
    names: ["kernel_size"],
    only: /^RandomGaussianBlur$/,
    allowed: "an odd integer of at least 1, or two of them",
    fits: (value) => [value].flat().every((n) => isCount(n!) && (n as number) % 2 === 1),
  },
  {
    names: ["factor"],
    only: /^RandomContrast$/,
    majors: [2],
    allowed: "a number between 0 and 1, or two of at least 0",
    fits: (value) => [value].flat().every((n) => isNumber(n!) && n >= 0),
  },
  {
    names: ["alpha"],
    only: /^LeakyReLU$/,
    majors: [3],
    allowed: "a number of at least 0",
    fits: (value) => isNumber(value) && value >= 0,
  },
  { names: ["x_factor", "y_factor"], only: /^RandomShear$/, ...factor(0, 1) },
  { names: ["contrast_factor", "hue_factor"], only: /^RandomColorJitter$/, ...factor(0, 1) },
  { names: ["brightness_factor", "saturation_factor"], only: /^RandomColorJitter$/, ...factor(-1, 1) },
  {
    names: ["num_bins", "num_tokens"],
    allowed: "an integer of at least 1",
    fits: isCount,
  },
  {
    names: ["layer", "backward_layer"],
    allowed: "a saved layer, with class_name and config",
    fits: (value) => isObject(value) && typeof value["class_name"] === "string",
  },
  {
    names: ["mean", "variance"],
    only: /^Normalization$/,
    allowed: "a number, or a list of them",
    fits: (value) => isNumber(value) || Array.isArray(value),
  },
];

/**
 * Looks at a layer's arguments before it is made.
 * @param major of the Keras that wrote the file
 * @throws LayerError A24 with the argument, what the file has there and what is allowed
 */
export function checkArguments(spec: LayerSpec, definition: LayerDefinition, major: number): void {
  const args = new Arguments(spec);
  for (const { names, only, except, majors, allowed, fits } of DOMAINS) {
    if (majors && !majors.includes(major)) continue;
    if (only && !only.test(definition.className)) continue;
    if (except?.test(definition.className)) continue;
    for (const name of names) {
      const taken = definition.arguments.includes(name) || definition.inert?.includes(name);
      if (!taken || !args.has(name)) continue;
      if (!fits(args.raw(name)!)) throw args.wrong(name, allowed);
    }
  }
  checkPairs(spec, definition.className, major);
}

/** Layers whose axis counts the axes of their first input. */
const AXES = /^(Addons>)?(Softmax|Sparsemax|Maxout|PoincareNormalize|Concatenate|\w*Normalization(V[12])?)$/;

/** Lets a layer refuse axes that its input does not have, when it is called: only then is the rank known. */
export function guardAxes(layer: tf.layers.Layer, spec: LayerSpec, definition: LayerDefinition): void {
  const name = definition.className === "Dot" ? "axes" : "axis";
  const saved = spec.config[name];
  const axes = (Array.isArray(saved) ? saved : [saved]).filter((axis) => typeof axis === "number");
  const counted = name === "axes" || AXES.test(definition.className);
  if (!counted || axes.length === 0) return;
  const build = layer.build.bind(layer);
  layer.build = (shape) => {
    const shapes = shapeList(shape);
    // Each axis of a Dot counts in an input of its own.
    if (name === "axes") axes.forEach((axis, i) => checkAxes(name, [axis], shapes[i] ?? [], saved!));
    else checkAxes(name, axes, shapes[0] ?? [], saved!);
    build(shape);
  };
}

function checkAxes(name: string, axes: readonly number[], shape: Shape, saved: JsonValue): void {
  const rank = shape.length;
  if (axes.every((axis) => Number.isInteger(axis) && axis >= -rank && axis < rank)) return;
  throw new LayerError(
    "A24",
    name,
    `${name} = ${brief(saved)} for an input of shape [${shape.map((n) => n ?? "?").join(", ")}]`,
    `the argument must be an integer between ${-rank} and ${rank - 1}, or a list of them`,
    `Correct ${name} in the layer's config.`,
  );
}
