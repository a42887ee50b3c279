import type { JsonValue, ModelFile } from "../formats/model-file.js";
import { isObject } from "../keras/json.js";
import { readSerialized } from "../training/config-values.js";

/** Arguments of Keras 3.15's optimizers, as their constructors list them; every one takes those of `SHARED` too. */
const OPTIMIZER_ARGUMENTS: Readonly<Record<string, string>> = {
  adadelta: "rho epsilon",
  adafactor: "beta_2_decay epsilon_1 epsilon_2 clip_threshold relative_step",
  adagrad: "initial_accumulator_value epsilon",
  adam: "beta_1 beta_2 epsilon amsgrad",
  adamw: "beta_1 beta_2 epsilon amsgrad",
  adamax: "beta_1 beta_2 epsilon",
  ftrl: "learning_rate_power initial_accumulator_value l1_regularization_strength l2_regularization_strength l2_shrinkage_regularization_strength beta",
  lamb: "beta_1 beta_2 epsilon",
  lion: "beta_1 beta_2",
  lossscaleoptimizer: "inner_optimizer initial_scale dynamic_growth_steps",
  multioptimizer: "optimizer_map",
  muon: "adam_beta_1 adam_beta_2 adam_weight_decay epsilon exclude_layers exclude_embeddings muon_a muon_b muon_c adam_lr_ratio momentum ns_steps nesterov rms_rate",
  nadam: "beta_1 beta_2 epsilon",
  rmsprop: "rho momentum epsilon centered",
  schedulefreeadamw: "beta_1 beta_2 epsilon warmup_steps",
  sgd: "momentum nesterov",
};
/** `decay` is taken, and passed over. */
const SHARED =
  "learning_rate weight_decay clipnorm clipvalue global_clipnorm use_ema ema_momentum ema_overwrite_frequency loss_scale_factor gradient_accumulation_steps name decay";

/** Short names that Keras 3 finds among its metrics when it looks for a loss. */
const SHORT_LOSSES = /^(mse|mae|mape|msle|kld|bce)$/i;
const REDUCTIONS = new Set(["mean_with_sample_weight", "sum_over_batch_size", "none", "mean", "sum"]);

/**
 * What Keras 3.15 stops at in the training config, in one line; null where it reads it. Follows
 * `compile_args_from_training_config` in keras/src/legacy/saving/saving_utils.py for a `.h5`, `compile_from_config` in
 * keras/src/trainers/trainer.py for a `.keras`.
 */
export function trainingOfTodaysKeras({ format, trainingConfig }: ModelFile): string | null {
  if (!isObject(trainingConfig)) return null;
  const found =
    format === "keras-hdf5"
      ? [...optimizer(trainingConfig["optimizer_config"]), ...losses(trainingConfig["loss"], true)]
      : format === "keras-archive"
        ? [
            ...optimizer(trainingConfig["optimizer"]),
            ...losses(trainingConfig["loss"]),
            ...steps(trainingConfig),
          ]
        : [];
  if (found.length === 0) return null;
  return `load it with compile=False, or take this out of the training config: ${[...new Set(found)].join(", ")}`;
}

/** Keras 2 wrote null for the 1 that Keras 3 counts with: the model loads, and predict and fit stop. */
function steps(config: { [key: string]: JsonValue }): string[] {
  return config["steps_per_execution"] === null ? ["steps_per_execution null, at which predict stops"] : [];
}

function optimizer(value: JsonValue | undefined): string[] {
  const saved = readSerialized(value ?? undefined);
  if (!saved?.isClass) return [];
  const known = OPTIMIZER_ARGUMENTS[saved.savedName.toLowerCase()];
  if (known === undefined) return [`the optimizer ${saved.savedName}`];
  const names = new Set(`${known} ${SHARED}`.split(" "));
  const refused = Object.keys(saved.config).filter((key) => !names.has(key));
  const rate = saved.config["learning_rate"];
  const schedule = isObject(rate) && rate["module"] === undefined ? ["its learning rate's class"] : [];
  return [...refused.map((key) => `${key} of ${saved.name}`), ...schedule];
}

/** @param short whether short names are among what it stops at */
function losses(value: JsonValue | undefined, short = false): string[] {
  if (typeof value === "string") return short && SHORT_LOSSES.test(value) ? [`the loss ${value}`] : [];
  if (Array.isArray(value)) return value.flatMap((each) => losses(each, short));
  if (!isObject(value)) return [];
  if (typeof value["class_name"] !== "string")
    return Object.values(value).flatMap((each) => losses(each, short));
  const config = isObject(value["config"]) ? value["config"] : {};
  const { reduction } = config;
  const takes = typeof reduction !== "string" || REDUCTIONS.has(reduction);
  return [
    ...(takes ? [] : [`the reduction ${reduction} of ${value["class_name"]}`]),
    ...("fn" in config && value["class_name"] !== "LossFunctionWrapper"
      ? [`fn of ${value["class_name"]}`]
      : []),
  ];
}
