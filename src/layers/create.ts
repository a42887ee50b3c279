import type * as tf from "@tensorflow/tfjs";
import { LayerError } from "../keras/finding.js";
import type { LayerSpec } from "../keras/graph.js";
import { brief } from "../keras/json.js";
import { ComputedLayer } from "./computed-layer.js";
import { leniently } from "./arguments/lenient-arguments.js";
import { checkArguments, guardAxes } from "./arguments/argument-domains.js";
import { COMMON, TRAINING_ONLY } from "./arguments/common-arguments.js";
import { dtypePolicy } from "./quantized/dtype-policy.js";
import { halfType } from "../ops/half-precision.js";
import { computeInHalves } from "./quantized/half-precision.js";
import { todaysArguments } from "./arguments/older-arguments.js";
import { keepMadeFrom } from "./made-from.js";
import { freezeWithin } from "./weights/freeze-within.js";
import { nameVariablesFreely } from "./weights/free-names.js";
import { nameFailures } from "./name-failures.js";
import { limitOutputs } from "./arguments/size-limit.js";
import { limitWeights } from "./weights/weight-limit.js";
import type { LayerContext, LayerDefinition } from "./registry.js";

const created = new WeakSet<tf.layers.Layer>();

/** Whether a layer was made by a definition, loadlab's or a user's. */
export function isCreatedByDefinition(layer: tf.layers.Layer): boolean {
  return created.has(layer);
}

/** Takes a layer that the loader puts between those of a file for one made by a definition, too. */
export function putBetween<T extends tf.layers.Layer>(layer: T): T {
  created.add(layer);
  return layer;
}

/**
 * Makes one layer by its definition.
 * @throws LayerError with the argument at fault; any other error of a user's own constructor passes as it is
 */
export function createLayer(
  spec: LayerSpec,
  definition: LayerDefinition,
  context: LayerContext,
): tf.layers.Layer {
  nameVariablesFreely();
  freezeWithin();
  const { spec: renamed, adjustments } = todaysArguments(spec);
  // A user's own class reads its arguments by itself.
  const today = context.custom?.(spec) ? renamed : leniently(renamed);
  for (const adjustment of adjustments) context.adjust(adjustment);
  reportUnknownArguments(today, definition, context);
  reportPolicy(today, context);
  checkArguments(today, definition, context.origin.major);
  const layer = definition.create(today, context);
  created.add(layer);
  keepMadeFrom(layer, spec, context.origin);
  if (layer instanceof ComputedLayer) layer.namedArguments = definition.namedArguments ?? null;
  const half = halfType(dtypePolicy(today.config)?.computed ?? null);
  if (half !== null && !context.custom?.(spec)) computeInHalves(layer, today.className, half);
  limitWeights(layer, today, context);
  limitOutputs(layer, today);
  guardAxes(layer, today, definition);
  // What a user's own code throws is shown as it is, with its line.
  if (!context.custom?.(spec)) nameFailures(layer, spec);
  if (spec.config["trainable"] === false) layer.trainable = false;
  return layer;
}

/** What the policy asks for that is not as in Keras: sums in float32, rounded to 16 bits where a layer ends. */
function reportPolicy(spec: LayerSpec, context: LayerContext): void {
  const policy = dtypePolicy(spec.config);
  if (policy === null || spec.className === "InputLayer") return;
  if (policy.unknown !== null) {
    context.adjust({
      code: "C20",
      argument: "dtype",
      detail: `${policy.unknown} is no dtype policy that is known here; computed in float32`,
      fidelity: "approximate",
      why: "A policy of the user's own, or of another version of Keras: the file has its name, not what it does.",
    });
    return;
  }
  const computed = /^b?float(16|64)$/.test(policy.computed);
  if (policy.quantized === null && !computed) return;
  if (isPlain(policy.quantized, context)) {
    context.adjust({
      code: "C20",
      argument: "dtype",
      detail: `${policy.name}: the stored weights are not quantised; they are used as they are`,
      fidelity: "approximate",
      why: "The policy says that the layer is quantised, the file has its weights in full: one of the two was changed after the model was saved.",
    });
    return;
  }
  const half = halfType(policy.computed);
  const weights = policy.quantized === null ? "" : `weights of ${policy.quantized} de-quantised; `;
  context.adjust({
    code: "C20",
    argument: "dtype",
    detail: `${policy.name}: ${weights}computed in float32${half === null ? "" : `, rounded to ${half}`}`,
    fidelity: policy.computed === "float32" ? "exact" : "equivalent",
    why: "TensorFlow.js computes in float32; Keras rounds to the policy's dtype at each operation, here each layer does to what it gets and gives.",
  });
}

/** Whether a layer is quantised by its policy, and its stored kernel is not: one of them is not the model's. */
function isPlain(quantized: string | null, { stored }: LayerContext): boolean {
  if (!/^(int8|int4|gptq|awq)$/.test(quantized ?? "") || !stored) return false;
  const tables = stored.filter(({ shape }) => shape.length >= 2);
  return tables.length > 0 && tables.every(({ dtype }) => /^b?float(16|32|64)$/.test(dtype));
}

function reportUnknownArguments(spec: LayerSpec, definition: LayerDefinition, context: LayerContext): void {
  const known = new Set([...definition.arguments, ...(definition.inert ?? [])]);
  for (const [key, value] of Object.entries(spec.config)) {
    if (known.has(key) || COMMON.has(key) || TRAINING_ONLY.test(key) || definition.arguments.includes("*"))
      continue;
    context.adjust({
      code: "A06",
      argument: key,
      detail: `${definition.className} has no argument ${key} (${brief(value)}); it is left out`,
      // What it did, only the Keras that wrote it says.
      fidelity: value === null || value === false ? "exact" : "approximate",
    });
  }
}

/** What tfjs says where the shapes that reach a layer are not those that it takes. */
const SHAPES =
  /incompatible with layer|expected (min_|max_)?ndim|could not be broadcast|matching shapes|same shapes?|shapes? .*(mismatch|incompatible|do(es)? not match)|must have rank|inner shapes/i;

/** What JavaScript says where something is not there. */
const INTERNAL = /^Cannot (read|set|destructure)|is not (a function|iterable|an? \w+)$|undefined/;

/** The one error of everything that can go wrong while a layer is made or called. */
export function asLayerError(error: unknown, spec: LayerSpec): LayerError {
  if (error instanceof LayerError) return error;
  const said = error instanceof Error ? error.message : String(error);
  const message = said.replace(/ Input received: .*\[object Object\].*$/s, "");
  if (error instanceof TypeError && INTERNAL.test(message)) {
    return new LayerError(
      "A24",
      undefined,
      `${spec.className} cannot be made, or called on what reaches it`,
      `it lacks an argument, or an input; inside it says "${message}"`,
      "Check the layer's arguments, and how many tensors of which shapes reach it.",
      { cause: error },
    );
  }
  return new LayerError(
    SHAPES.test(message) ? "G11" : "A24",
    undefined,
    message,
    `making or calling ${spec.className} failed with it`,
    "Check the layer's arguments and the shapes that reach it.",
    { cause: error },
  );
}
