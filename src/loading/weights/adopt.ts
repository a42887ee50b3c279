import type { JsonValue, StoredWeight } from "../../formats/model-file.js";
import type { LayerSpec } from "../../keras/graph.js";

type Values = Readonly<Record<string, JsonValue>>;
type Stored = readonly Pick<StoredWeight, "name" | "shape">[];

/**
 * The arguments under which a layer takes the stored weights as they are: `units` from a kernel, `use_bias` from
 * their number. Only those that differ from what the config says; null where nothing follows or nothing differs.
 */
export function adoptedArguments(spec: LayerSpec, stored: Stored): Values | null {
  const rule = RULES.find(({ classes }) => classes.test(spec.className));
  const implied = rule && stored.length > 0 ? rule.imply(stored, spec.config) : null;
  if (!implied) return null;
  const different = Object.entries(implied).filter(([key, value]) => !same(spec.config[key] ?? null, value));
  return different.length > 0 ? Object.fromEntries(different) : null;
}

interface Rule {
  readonly classes: RegExp;
  imply(stored: Stored, config: Values): Values | null;
}

const RULES: readonly Rule[] = [
  {
    classes: /^Dense$/,
    imply: ([kernel, bias], config) =>
      of(kernel, 2, ([into, units]) =>
        isTurned(into!, units!, bias, config) ? null : { units: units!, use_bias: !!bias },
      ),
  },
  {
    classes: /^(Conv|Convolution)[123]D$/,
    imply: (stored) => convolution(stored, (shape) => shape.at(-1)!),
  },
  {
    classes: /^(Conv[123]DTranspose|Deconvolution2D)$/,
    imply: (stored) => convolution(stored, (shape) => shape.at(-2)!),
  },
  {
    classes: /^DepthwiseConv[12]D$/,
    imply: ([kernel, bias]) =>
      kernel && kernel.shape.length >= 3
        ? { kernel_size: kernel.shape.slice(0, -2), depth_multiplier: kernel.shape.at(-1)!, use_bias: !!bias }
        : null,
  },
  {
    classes: /^SeparableConv[12]D$/,
    imply: ([depthwise, pointwise, bias]) =>
      depthwise && pointwise
        ? {
            kernel_size: depthwise.shape.slice(0, -2),
            depth_multiplier: depthwise.shape.at(-1)!,
            filters: pointwise.shape.at(-1)!,
            use_bias: !!bias,
          }
        : null,
  },
  { classes: /^(CuDNN)?(LSTM|GRU)$|^(LSTM|GRU|SimpleRNN)Cell$|^SimpleRNN$/, imply: recurrent },
  {
    classes: /^Embedding$/,
    imply: ([table]) => of(table, 2, ([words, width]) => ({ input_dim: words!, output_dim: width! })),
  },
  { classes: /^(BatchNormalization(V[12])?|LayerNormalization|GroupNormalization)$/, imply: normalization },
  {
    classes: /^MultiHeadAttention$/,
    imply: (stored) => {
      const query = stored.find(({ shape }) => shape.length === 3);
      return query
        ? { num_heads: query.shape[1]!, key_dim: query.shape[2]!, use_bias: stored.length > 4 }
        : null;
    },
  },
];

/** Whether a Dense kernel is stored [units, inputs]: by the bias, or by the units that the config has, as text too. */
function isTurned(into: number, units: number, bias: Stored[number] | undefined, config: Values): boolean {
  if (into === units) return false;
  const said = bias?.shape.length === 1 ? bias.shape[0] : Number(config["units"] ?? Number.NaN);
  return said === into;
}

function of(
  weight: Stored[number] | undefined,
  rank: number,
  imply: (shape: readonly number[]) => Values | null,
): Values | null {
  return weight?.shape.length === rank ? imply(weight.shape) : null;
}

function convolution([kernel, bias]: Stored, filters: (shape: readonly number[]) => number): Values | null {
  if (!kernel || kernel.shape.length < 3) return null;
  return { filters: filters(kernel.shape), kernel_size: kernel.shape.slice(0, -2), use_bias: !!bias };
}

function recurrent([, recurrentKernel, bias]: Stored, config: Values): Values | null {
  if (recurrentKernel?.shape.length !== 2) return null;
  const [units, all] = recurrentKernel.shape as [number, number];
  const implied = { units, use_bias: bias !== undefined };
  const gated = bias !== undefined && (all === 3 * units || "reset_after" in config);
  return gated ? { ...implied, reset_after: bias.shape.length === 2 } : implied;
}

/** By the names of the weights: without them, two could be either of scale and center. */
function normalization(stored: Stored, config: Values): Values | null {
  const has = (name: string) => stored.some((weight) => new RegExp(`(^|/)${name}(:0)?$`).test(weight.name));
  if (has("gamma") || has("beta") || has("moving_mean")) return { scale: has("gamma"), center: has("beta") };
  // Archives number the weights: all of them say it, fewer do not say which they are.
  const most = "momentum" in config ? 4 : 2;
  if (stored.length === most) return { scale: true, center: true };
  return most === 4 && stored.length === 2 ? { scale: false, center: false } : null;
}

function same(a: JsonValue, b: JsonValue): boolean {
  const list = (value: JsonValue) => (Array.isArray(value) ? value : [value]);
  const [one, other] = [list(a), list(b)];
  // One number stands for as many as there are axes.
  if (!Array.isArray(a) && Array.isArray(b)) return b.every((item) => item === a);
  return one.length === other.length && one.every((item, i) => item === other[i]);
}
