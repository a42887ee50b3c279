import * as tf from "@tensorflow/tfjs";
import type { JsonValue } from "../formats/model-file.js";
import type { LayerSpec } from "../keras/graph.js";
import { heldConfigs } from "../layers/arguments/held-configs.js";
import { isOfUser } from "../layers/custom/custom.js";
import { madeFor } from "../layers/custom/function-variables.js";
import { settingFunction } from "../layers/custom/setting-functions.js";
import { number, readSerialized, type Serialized } from "./config-values.js";

/** A penalty on a tensor, added to the loss. */
export type Regularizer = (x: tf.Tensor) => tf.Scalar;

/** A regularizer from its saved form (keras/regularizers/regularizers.py); null when there is none or it is unknown. */
export function readRegularizer(value: JsonValue | undefined): Regularizer | null {
  const saved = readSerialized(value);
  if (!saved) return null;
  const { config } = saved;
  const own = settingFunction("regularizer", saved.savedName, saved.name);
  if (own) return (x) => tf.sum(own(x, config)).asScalar();
  switch (saved.name.toLowerCase()) {
    case "l1":
      return penalty(number(config, "l1", 0.01), 0);
    case "l2":
      return penalty(0, number(config, "l2", 0.01));
    case "l1l2":
    case "l1_l2":
    case "weightregularizer":
      return penalty(number(config, "l1", 0), number(config, "l2", 0));
    case "orthogonalregularizer":
    case "orthogonal_regularizer":
      return orthogonal(number(config, "factor", 0.01), config["mode"] !== "columns");
    default:
      return null;
  }
}

/** Whether a saved regularizer is known here, though it may add nothing. */
export function knowsRegularizer({ savedName, name }: Serialized): boolean {
  return settingFunction("regularizer", savedName, name) !== null || REGULARIZERS.test(name);
}

const REGULARIZERS = /^(l1|l2|l1_?l2|weightregularizer|orthogonal_?regularizer)$/i;

function penalty(l1: number, l2: number): Regularizer | null {
  if (l1 === 0 && l2 === 0) return null;
  return (x) => {
    const absolute = l1 === 0 ? tf.scalar(0) : tf.mul(tf.sum(tf.abs(x)), l1);
    return tf.add(absolute, l2 === 0 ? 0 : tf.mul(tf.sum(tf.square(x)), l2)).asScalar();
  };
}

function orthogonal(factor: number, rows: boolean): Regularizer {
  return (x) => {
    const unit = tf.div(x, tf.norm(x, 2, rows ? 1 : 0, true)) as tf.Tensor2D;
    const product = tf.matMul(unit, unit, !rows, rows);
    const size = product.shape[0];
    const apart = tf.mul(product, tf.sub(1, tf.eye(size)));
    return tf.div(tf.mul(tf.sum(tf.abs(apart)), 0.5 * factor), (size * (size - 1)) / 2).asScalar();
  };
}

/** What a layer's config says about its variables under keys such as `kernel_regularizer`, for each of them. */
export function byVariable(
  spec: LayerSpec,
  layer: tf.layers.Layer,
  suffix: "_regularizer" | "_constraint",
): (readonly [tf.LayerVariable, JsonValue])[] {
  const parts = isOfUser(layer) ? heldParts : variablesByPart;
  // What is frozen may be trained later.
  return parts(spec, layer.trainable ? layer.trainableWeights : layer.weights).flatMap(
    ({ config, variables }) =>
      Object.entries(config)
        .filter(([key, value]) => key.endsWith(suffix) && key !== `activity${suffix}` && value !== null)
        .flatMap(([key, value]) =>
          variables.flatMap((variable) =>
            weightName(key.slice(0, -suffix.length)).test(variable.originalName)
              ? [[variable, value] as const]
              : [],
          ),
        ),
  );
}

interface Part {
  readonly config: LayerSpec["config"];
  readonly variables: readonly tf.LayerVariable[];
}

/** Those of a user's layer, and of the layers that its config describes. */
function heldParts(spec: LayerSpec, variables: readonly tf.LayerVariable[]): Part[] {
  const path = (variable: tf.LayerVariable) => (madeFor(variable) ?? variable.originalName).split("/");
  const held = heldConfigs(spec.config).map(({ names, config }) => ({
    config,
    variables: variables.filter((variable) => path(variable).some((step) => names.includes(step))),
  }));
  const taken = new Set(held.flatMap((part) => part.variables));
  const own = variables.filter((variable) => !taken.has(variable));
  // Keras 2 names the variables of a part that the layer builds by itself as the layer's own.
  const nameless = held.filter((part) => part.variables.length === 0);
  const parts = held.map((part) =>
    part === nameless[0] && nameless.length === 1 ? { ...part, variables: own } : part,
  );
  return [{ config: spec.config, variables: own }, ...parts];
}

/** The layers held by a layer, each with the variables that are its own: two directions, several cells. */
function variablesByPart(spec: LayerSpec, variables: readonly tf.LayerVariable[]): Part[] {
  const own = { config: spec.config, variables };
  const parts =
    spec.className === "Bidirectional"
      ? directions(spec, variables)
      : Object.values(spec.inner)
          .flat()
          .map((inner) => [inner, variables] as const);
  if (parts.length < 2 || spec.className === "Bidirectional")
    return [own, ...parts.flatMap(([inner, list]) => variablesByPart(inner, list))];
  return [
    own,
    ...byCell(
      parts.map(([inner]) => inner),
      variables,
    ),
  ];
}

function directions(spec: LayerSpec, variables: readonly tf.LayerVariable[]) {
  const [forward] = spec.inner["layer"] ?? [];
  if (!forward) return [];
  const of = (direction: string) =>
    variables.filter(({ originalName }) => originalName.includes(`${direction}/`));
  return [
    [forward, of("forward")] as const,
    [spec.inner["backward_layer"]?.[0] ?? forward, of("backward")] as const,
  ];
}

/** The variables of stacked cells follow each other; each cell begins with its kernel. */
function byCell(cells: readonly LayerSpec[], variables: readonly tf.LayerVariable[]): Part[] {
  const starts = variables.flatMap(({ originalName }, i) =>
    /(^|\/)kernel(_\d+)?$/.test(originalName) ? [i] : [],
  );
  return cells.flatMap((cell, i) => variablesByPart(cell, variables.slice(starts[i] ?? 0, starts[i + 1])));
}

/** `recurrent_regularizer` means the recurrent kernel; variables may carry a number. */
function weightName(argument: string): RegExp {
  const kernel = ["recurrent", "depthwise", "pointwise"].includes(argument) ? `${argument}_kernel` : argument;
  return new RegExp(`(^|/)${kernel.replace(/\W/g, "")}(_\\d+)?$`);
}

/** The penalty of a layer's outputs, divided by the batch. */
export function activityPenalty(spec: LayerSpec): Regularizer | null {
  const { config } = spec;
  const own =
    spec.className === "ActivityRegularization"
      ? penalty(number(config, "l1", 0), number(config, "l2", 0))
      : readRegularizer(config["activity_regularizer"]);
  return own && ((x) => tf.div(own(x), x.shape[0] ?? 1).asScalar());
}
