import type { JsonValue } from "../../formats/model-file.js";
import { LayerError } from "../../keras/finding.js";
import type { LayerSpec } from "../../keras/graph.js";
import { brief } from "../../keras/json.js";

type Config = Readonly<Record<string, JsonValue>>;

/** Arguments of a layer that contradict each other. */
interface Pair {
  readonly only: RegExp;
  /** The majors of Keras that refuse it; all unless said. */
  readonly majors?: readonly number[];
  /** The first is the one to correct. */
  readonly names: readonly [string, ...string[]];
  broken(config: Config): boolean;
  readonly allowed: string;
}

const LOOKUPS = /^(String|Integer)Lookup$/;
const CONVOLUTIONS = /^(Depthwise|Separable)?Conv[123]D(Transpose)?$/;

const given = (value: JsonValue | undefined): value is JsonValue => value !== undefined && value !== null;
const numbers = (value: JsonValue | undefined): number[] =>
  [value ?? []].flat(2).filter((item): item is number => typeof item === "number");
const encodes = ({ output_mode: mode }: Config): boolean => given(mode) && mode !== "int";

/** What Keras's constructors check of several arguments together. */
const PAIRS: readonly Pair[] = [
  {
    only: LOOKUPS,
    names: ["idf_weights", "output_mode"],
    broken: ({ idf_weights: weights, output_mode: mode }) =>
      given(weights) && !/^tf[_-]idf$/.test(String(mode)),
    allowed: 'left out unless output_mode is "tf_idf"',
  },
  {
    only: LOOKUPS,
    names: ["idf_weights", "vocabulary"],
    broken: ({ idf_weights: weights, vocabulary }) =>
      Array.isArray(weights) && Array.isArray(vocabulary) && weights.length < vocabulary.length,
    allowed: "one number for each token of the vocabulary",
  },
  {
    only: LOOKUPS,
    names: ["output_mode", "invert"],
    broken: (config) => config["invert"] === true && encodes(config),
    allowed: '"int" where invert is true',
  },
  {
    only: /^((String|Integer)Lookup|Hashing|Discretization)$/,
    names: ["sparse", "output_mode"],
    broken: (config) => config["sparse"] === true && !encodes(config),
    allowed: 'false where output_mode is "int"',
  },
  {
    only: /^Normalization$/,
    names: ["mean", "variance"],
    broken: ({ mean, variance }) => given(mean) !== given(variance),
    allowed: "given together with variance, or left out with it",
  },
  {
    only: /^Rescaling$/,
    names: ["scale"],
    broken: ({ scale }) => scale === null,
    allowed: "a number, or a list of them",
  },
  {
    only: /^Discretization$/,
    majors: [2],
    names: ["num_bins", "bin_boundaries"],
    broken: ({ num_bins: count, bin_boundaries: bounds }) => given(count) && given(bounds),
    allowed: "left out where bin_boundaries are given",
  },
  {
    only: /^Discretization$/,
    names: ["bin_boundaries"],
    broken: ({ bin_boundaries: bounds }) => numbers(bounds).some((n, i, all) => i > 0 && n < all[i - 1]!),
    allowed: "numbers of which none is below the one before it",
  },
  {
    only: /^Resizing$/,
    names: ["pad_to_aspect_ratio", "crop_to_aspect_ratio"],
    broken: (config) => config["pad_to_aspect_ratio"] === true && config["crop_to_aspect_ratio"] === true,
    allowed: "false where crop_to_aspect_ratio is true",
  },
  {
    only: /^GroupQueryAttention$/,
    names: ["num_query_heads", "num_key_value_heads"],
    broken: ({ num_query_heads: queries, num_key_value_heads: keys }) =>
      numbers(queries)[0]! % numbers(keys)[0]! > 0,
    allowed: "a multiple of num_key_value_heads",
  },
  {
    only: CONVOLUTIONS,
    names: ["dilation_rate", "strides"],
    broken: ({ dilation_rate: dilation, strides }) =>
      numbers(dilation).some((n) => n > 1) && numbers(strides).some((n) => n > 1),
    allowed: "1 where strides are above 1",
  },
  {
    only: /^Conv[123]D$/,
    names: ["filters", "groups"],
    broken: ({ filters, groups }) => numbers(filters)[0]! % numbers(groups)[0]! > 0,
    allowed: "a multiple of groups",
  },
  {
    only: /^Conv[123]DTranspose$/,
    names: ["output_padding", "strides"],
    broken: ({ output_padding: padding, strides }) => {
      const steps = numbers(strides);
      return numbers(padding).some((n, i) => n >= (steps[i] ?? steps[0] ?? 1));
    },
    allowed: "less than strides",
  },
];

/**
 * Looks at arguments that depend on each other, before a layer is made.
 * @param major of the Keras that wrote the file
 * @throws LayerError A24 with the argument to correct, what the file has and what is allowed
 */
export function checkPairs({ config }: LayerSpec, className: string, major: number): void {
  for (const { only, majors, names, broken, allowed } of PAIRS) {
    if (!only.test(className) || (majors && !majors.includes(major)) || !broken(config)) continue;
    const found = names
      .filter((name) => given(config[name]))
      .map((name) => `${name} = ${brief(config[name]!)}`);
    throw new LayerError(
      "A24",
      names[0],
      found.join(" with ") || `${names[0]} is missing`,
      `the argument must be ${allowed}`,
      `Correct ${names[0]} in the layer's config.`,
    );
  }
}
