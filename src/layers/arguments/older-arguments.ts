import type { JsonValue } from "../../formats/model-file.js";
import type { LayerSpec } from "../../keras/graph.js";
import type { Adjustment } from "../registry.js";

type Config = Readonly<Record<string, JsonValue>>;

/** Names of Keras 1 and what they are since Keras 2 (keras 2.2.4, legacy/interfaces.py). */
const RENAMED: readonly { readonly classes: RegExp; readonly names: Readonly<Record<string, string>> }[] = [
  {
    classes: /^(Dense|MaxoutDense|TimeDistributedDense|Highway|SimpleRNN|LSTM|GRU)$/,
    names: { output_dim: "units" },
  },
  {
    classes: /^(SimpleRNN|LSTM|GRU|ConvLSTM2D)$/,
    names: { inner_activation: "recurrent_activation", dropout_W: "dropout", dropout_U: "recurrent_dropout" },
  },
  {
    classes: /^(\w*Conv(olution)?[123]D(Transpose)?|Deconv(olution)?2D|ConvLSTM2D|LocallyConnected[12]D)$/,
    names: {
      nb_filter: "filters",
      filter_length: "kernel_size",
      subsample: "strides",
      subsample_length: "strides",
      atrous_rate: "dilation_rate",
    },
  },
  { classes: /^(Max|Average)Pooling1D$/, names: { pool_length: "pool_size", stride: "strides" } },
  { classes: /^(Spatial|Gaussian)?Dropout([123]D)?$/, names: { p: "rate" } },
  { classes: /^GaussianNoise$/, names: { sigma: "stddev" } },
  { classes: /^UpSampling1D$/, names: { length: "size" } },
  { classes: /./, names: { border_mode: "padding", dim_ordering: "data_format", bias: "use_bias" } },
];

const VALUES: ReadonlyMap<string, string> = new Map([
  ["th", "channels_first"],
  ["tf", "channels_last"],
]);

/** Arguments of a layer in the names of Keras 2 and 3, with what was renamed. */
export function todaysArguments(spec: LayerSpec): { spec: LayerSpec; adjustments: Adjustment[] } {
  const config = new Map(Object.entries(spec.config));
  const adjustments: Adjustment[] = [];
  const rename = (old: string, now: string, value: JsonValue) => {
    if (now in spec.config) return;
    config.set(now, typeof value === "string" ? (VALUES.get(value) ?? value) : value);
    config.delete(old);
    adjustments.push({
      code: "A07",
      argument: old,
      detail: `${old} of Keras 1 is ${now} since Keras 2`,
      fidelity: "exact",
    });
  };
  for (const { classes, names } of RENAMED) {
    if (!classes.test(spec.className)) continue;
    for (const [old, now] of Object.entries(names)) {
      // `bias` and `border_mode` are no arguments of other layers; a value of null says nothing.
      if (old in spec.config && spec.config[old] !== null) rename(old, now, spec.config[old]!);
    }
  }
  for (const sizes of [
    ["nb_row", "nb_col"],
    ["kernel_dim1", "kernel_dim2", "kernel_dim3"],
  ])
    if (joinSizes(spec.config, sizes, rename)) sizes.forEach((name) => config.delete(name));
  if (adjustments.length === 0) return { spec, adjustments };
  return { spec: { ...spec, config: Object.fromEntries(config) }, adjustments };
}

/** The sizes of a kernel, which Keras 1 saved one by one. @returns false where they are not there */
function joinSizes(
  config: Config,
  names: readonly string[],
  rename: (old: string, now: string, value: JsonValue) => void,
): boolean {
  const there = names.every((name) => typeof config[name] === "number");
  if (there) rename(names[0]!, "kernel_size", names.map((name) => config[name]!) as JsonValue[]);
  return there;
}
