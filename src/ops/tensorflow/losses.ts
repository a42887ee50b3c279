import * as tf from "@tensorflow/tfjs";
import type { JsonValue } from "../../formats/model-file.js";
import { valuesOf } from "../../training/losses/loss.js";
import { meanValuesOf } from "../../training/metrics/table.js";
import type { Operation, TensorFlowFunctions } from "../operation.js";
import { float } from "../values.js";

type Place = "losses" | "metrics";
const PLACES: readonly Place[] = ["losses", "metrics"];

const LOGITS = "from_logits label_smoothing axis";
const FOCAL = "alpha gamma from_logits label_smoothing axis";

/** Losses and metrics that give a value for each sample, with their arguments behind `y_true y_pred`. */
const FUNCTIONS: readonly (readonly [names: string, parameters: string])[] = [
  ["binary_crossentropy categorical_crossentropy", LOGITS],
  ["binary_focal_crossentropy", `apply_class_balancing ${FOCAL}`],
  ["categorical_focal_crossentropy", FOCAL],
  ["sparse_categorical_crossentropy", "from_logits axis ignore_class"],
  ["huber", "delta"],
  ["cosine_similarity", "axis"],
  ["binary_accuracy", "threshold"],
  ["top_k_categorical_accuracy sparse_top_k_categorical_accuracy", "k"],
  [
    "mean_squared_error mse MSE mean_absolute_error mae MAE mean_absolute_percentage_error mape MAPE " +
      "mean_squared_logarithmic_error msle MSLE log_cosh logcosh poisson kl_divergence kld KLD " +
      "kullback_leibler_divergence hinge squared_hinge categorical_hinge categorical_accuracy " +
      "sparse_categorical_accuracy",
    "",
  ],
];

/** Functions of `keras.losses` and `keras.metrics` by the names that saved calls have for them. */
export const TENSORFLOW_LOSSES: TensorFlowFunctions = {
  ...Object.fromEntries(
    FUNCTIONS.flatMap(([names, parameters]) =>
      names.split(" ").flatMap((name) => {
        const row = (place: Place) => [`y_true y_pred ${parameters}`.trim(), valuesFor(name, place)] as const;
        return PLACES.map((place) => [`keras.${place}.${name}`, row(place)] as const);
      }),
    ),
  ),
  "keras.backend.categorical_focal_crossentropy": [
    "target>y_true output>y_pred alpha gamma from_logits axis",
    valuesFor("categorical_focal_crossentropy", "losses"),
  ],
};

/** As a loss the likeness of two directions has the opposite sign of the metric's. */
function valuesFor(name: string, place: Place): Operation["compute"] {
  return ({ y_true: truth, y_pred: given, ...config }) => {
    const saved = { name, savedName: name, isClass: false, config: config as Record<string, JsonValue> };
    const [loss, metric] = [() => valuesOf(saved, new Map()), () => meanValuesOf(saved)];
    const values = place === "losses" ? (loss() ?? metric()) : (metric() ?? loss());
    if (!values) throw new Error(`no function ${name} is known`);
    const result = values(float(truth), float(given));
    return result.rank === 0 ? tf.clone(result) : result;
  };
}
