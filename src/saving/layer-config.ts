import { castsToWhole } from "../layers/preprocessing/discretization.js";
import type { JsonValue } from "../formats/model-file.js";
import type { LayerSpec } from "../keras/graph.js";
import { isObject, plain } from "../keras/json.js";
import {
  activationName,
  activationNamed,
  hardSigmoidOfKeras2,
  isHardSigmoidOfKeras2,
} from "../layers/activations.js";
import { lambdaName } from "../keras/saved-lambda.js";
import { dtypePolicy } from "../layers/quantized/dtype-policy.js";
import { todaysMerge } from "../layers/arguments/keras-one.js";
import { gateDefaults } from "../layers/recurrent/gate-defaults.js";
import { reversed } from "../layers/recurrent/reversed.js";
import type { KerasOrigin } from "../layers/registry.js";
import { isOperation, resolveLayer } from "../layers/resolve.js";
import { preprocessingArguments } from "./preprocessing-arguments.js";
import { todaysArguments } from "../layers/arguments/older-arguments.js";
import { readSerialized } from "../training/config-values.js";
import { readConstraint } from "../training/constraints.js";
import { readRegularizer } from "../training/regularizers.js";
import { KERAS_2_ARGUMENTS, KERAS_3_ARGUMENTS } from "./keras-arguments.js";
import { namedLambda } from "./lambda-activations.js";
import { asFloats } from "./python-floats.js";

export type Target = 2 | 3;
type Config = Record<string, JsonValue>;

/** Classes that have another name in the Keras that is written for. */
const RENAMED: Readonly<Record<string, string>> = {
  BatchNormalizationV1: "BatchNormalization",
  BatchNormalizationV2: "BatchNormalization",
  CuDNNLSTM: "LSTM",
  CuDNNGRU: "GRU",
  GroupedQueryAttention: "GroupQueryAttention",
  Convolution1D: "Conv1D",
  Convolution2D: "Conv2D",
  Convolution3D: "Conv3D",
  TimeDistributedDense: "Dense",
};

/** TensorFlow functions as Keras 2 saves them, with all of their config. */
const FUNCTIONS_OF_KERAS_2 = new Set([
  ...[
    "TFOpLambda",
    "SlicingOpLambda",
    "ClassMethod",
    "InstanceMethod",
    "InstanceProperty",
    "TensorFlowOpLayer",
  ],
]);

/** The class that stands for a layer in the target, or null where Keras has none: it stays the user's own. */
export function targetClass(spec: LayerSpec, target: Target): string | null {
  const name = RENAMED[spec.className] ?? todaysMerge(spec)?.className ?? spec.className;
  if (target === 2 && FUNCTIONS_OF_KERAS_2.has(name)) return name;
  const table = target === 3 ? KERAS_3_ARGUMENTS : KERAS_2_ARGUMENTS;
  // Keras 3 has no recurrent layer whose first axis is time.
  if (target === 3 && spec.config["time_major"] === true) return null;
  // Operations of keras.ops share names with layers; Keras 3 has them, as themselves.
  if (isOperation(spec)) return target === 3 ? spec.className : null;
  if (!(name in table) || name === "Lambda") return null;
  return name;
}

/** A layer's config in the arguments of the target: unknown ones left out, values in its notation. */
export function targetConfig(spec: LayerSpec, target: Target, from: KerasOrigin): Config {
  const name = targetClass(spec, target);
  // Of a class of the user's own they are what it names them.
  const today = resolveLayer(spec, new Map()) === null ? spec : todaysArguments(spec).spec;
  const config = {
    ...withDefaults(spec, preprocessingArguments(today), from),
    ...todaysMerge(spec)?.config,
  };
  const table = target === 3 ? KERAS_3_ARGUMENTS : KERAS_2_ARGUMENTS;
  const known = name === null || !(name in table) || isOperation(spec) ? null : argumentsOf(name, target);
  const written: Config = {};
  const dtype = writtenDtype(config);
  for (const [key, value] of Object.entries(config)) {
    if (/activation$/.test(key) && value === "hard_sigmoid" && (from.major === 3) !== (target === 3)) {
      written[key] = target === 3 ? hardSigmoidOfKeras2(dtype) : "loadlab>hard_sigmoid_keras3";
    } else if (/activation$/.test(key) && target === 2 && isHardSigmoidOfKeras2(value))
      written[key] = "hard_sigmoid";
    else if (/activation$/.test(key) && (known === null || known.has(key)))
      written[key] = targetActivation(value, target);
    else if (ALWAYS.has(key)) written[key] = plain(value);
    else if (TRAINING.test(key)) {
      const object = trained(key, value, target);
      if (object !== null) written[key] = object;
    } else if (known === null || known.has(key)) written[key] = plain(value);
  }
  if (isOperation(spec)) return written;
  const axis = written["axis"];
  if (name === "BatchNormalization" && Array.isArray(axis) && axis.length === 1) written["axis"] = axis[0]!;
  if (name === "MultiHeadAttention" && target === 2) {
    // Keras 2 reads these back, and builds at the first call where they are null.
    for (const key of ["query_shape", "key_shape", "value_shape"]) written[key] = plain(config[key] ?? null);
  }
  if (name === "LeakyReLU") renameSlope(written, config, target);
  if (target === 2 && !/Normalization$/.test(name ?? "")) leaveOutUnsaid(written);
  written["name"] = spec.name;
  if (name === "TensorFlowOpLayer") Object.assign(written, operationNode(spec));
  written["dtype"] = name === "Discretization" ? (typeOfNumbers(config, from) ?? dtype) : dtype;
  // Keras 2 takes integers or strings for them, whichever it is by default, and nothing else.
  if (target === 2 && OF_OTHER_TYPES.test(name ?? "")) delete written["dtype"];
  // Of Keras 3's layers these alone refuse what every layer saves; it reads Keras 2's .h5 too.
  if (/^(SpatialDropout[123]D|Discretization)$/.test(name ?? "")) delete written["trainable"];
  if (name === "Embedding" && target === 3) delete written["input_length"];
  if (target === 2) asKeras2Takes(written);
  return written;
}

/** Keras 2 refuses a number of bins beside the boundaries learned for it, and lengths of n-grams that are no tuple. */
function asKeras2Takes(written: Config): void {
  if (Array.isArray(written["bin_boundaries"])) delete written["num_bins"];
  const { ngrams } = written;
  if (Array.isArray(ngrams)) written["ngrams"] = { class_name: "__tuple__", items: ngrams };
}

/** What a Discretization casts numbers to first; the same name is the type of its result in Keras 2. */
function typeOfNumbers(config: Config, from: KerasOrigin): string | null {
  const said = dtypePolicy(config)?.name ?? "";
  if (!/^u?int\d+$/.test(said)) return null;
  return castsToWhole(config, from) ? said : "float32";
}

/** What Keras 2 takes by default, and layers of Keras 3, which reads this layout too, do not know. */
function leaveOutUnsaid(written: Config): void {
  if (written["time_major"] === false) delete written["time_major"];
  if (written["groups"] === 1) delete written["groups"];
  if (written["noise_shape"] === null) delete written["noise_shape"];
}

/** Operations whose inputs are all of the type `T`. */
const OF_ONE_TYPE =
  /^(Add|AddV2|Sub|Mul|RealDiv|Div|DivNoNan|FloorDiv|FloorMod|Pow|Maximum|Minimum|SquaredDifference|MatMul|BatchMatMul(V2)?|BiasAdd|Equal|NotEqual|Greater(Equal)?|Less(Equal)?)$/;

/** Keras 2 makes constants of their numbers, whole ones of int32, and puts a prefix before the name. */
function operationNode({ name, config }: LayerSpec): Config {
  const node = isObject(config["node_def"]) ? config["node_def"] : {};
  const type = isObject(node["attr"]) && isObject(node["attr"]["T"]) ? node["attr"]["T"]["type"] : null;
  const isFloat = /^DT_(FLOAT|DOUBLE|HALF|BFLOAT16)$/.test(String(type));
  const constants = plain(config["constants"] ?? {});
  return {
    name: name.replace(/^tf_op_layer_/, ""),
    constants: isFloat && OF_ONE_TYPE.test(String(node["op"])) ? asFloats(constants) : constants,
  };
}

const GATED = /^(CuDNN)?(LSTM|GRU|ConvLSTM[123]D|LSTMCell|GRUCell)$/;

/** What a config of Keras 1 or 2 leaves out, where later majors take another default for it. */
function withDefaults(
  { className }: LayerSpec,
  config: LayerSpec["config"],
  from: KerasOrigin,
): LayerSpec["config"] {
  if (from.major === 3 || !GATED.test(className)) return config;
  const { recurrent_activation, reset_after } = gateDefaults(className, from);
  return { recurrent_activation, ...(/GRU/.test(className) ? { reset_after } : {}), ...config };
}

/**
 * A function of Keras by its plain name: as `softmax_v2`, or as a function of TensorFlow that was given in its place,
 * no Keras reads it back. What is not Keras's stays as it was saved.
 */
function targetActivation(value: JsonValue, target: Target): JsonValue {
  if (lambdaName(value) !== null) return namedLambda(value, target);
  const isFunction = isObject(value) && value["class_name"] === "function";
  const saved = isFunction ? value["config"] : value;
  if (typeof saved !== "string" || /^[^<>]+>/.test(saved)) return plain(value);
  const name = activationName(saved);
  if (target === 2 && name === "silu") return "swish"; // which all of Keras 2 has
  return name !== null && activationNamed(name) !== null ? name : plain(value);
}

/** Quantized weights are written as they are computed with; mixed policies keep theirs in float32 anyway. */
function writtenDtype(config: LayerSpec["config"]): string {
  const said = dtypePolicy(config);
  return said === null || said.unknown !== null || said.quantized !== null ? "float32" : said.name;
}

/** Whether a layer, or one that it holds, computes with the function that Keras 3 and older ones name alike. */
export function hasHardSigmoid(spec: LayerSpec, from: KerasOrigin): boolean {
  return [spec, ...Object.values(spec.inner).flat()].some((each) =>
    Object.entries(withDefaults(each, each.config, from)).some(
      ([key, value]) => /activation$/.test(key) && value === "hard_sigmoid",
    ),
  );
}

/** Whether the saved model needs Keras 3's function, which Keras 2 has no layers for: it is defined beside it then. */
export function needsHardSigmoid(spec: LayerSpec, target: Target, from: KerasOrigin): boolean {
  return from.major === 3 && target === 2 && hasHardSigmoid(spec, from);
}

const OF_OTHER_TYPES = /^(StringLookup|IntegerLookup|TextVectorization|Hashing|Discretization)$/;
const ALWAYS = new Set(["name", "trainable"]);
const TRAINING = /_(initializer|regularizer|constraint)$/;

function argumentsOf(name: string, target: Target): ReadonlySet<string> {
  const table = target === 3 ? KERAS_3_ARGUMENTS : KERAS_2_ARGUMENTS;
  return new Set(table[name]!.split(" "));
}

function renameSlope(written: Config, config: LayerSpec["config"], target: Target): void {
  const slope = config["negative_slope"] ?? config["alpha"] ?? 0.3;
  written[target === 3 ? "negative_slope" : "alpha"] = slope;
}

/** Regularizers and constraints, by class and arguments; initializers are of no use to a model with its weights. */
function trained(key: string, value: JsonValue, target: Target): JsonValue {
  const saved = readSerialized(value);
  if (!saved || saved.savedName.includes(">") || key.endsWith("_initializer")) return null;
  const kind = key.endsWith("_regularizer") ? "regularizers" : "constraints";
  // The user's own would keep Keras from the whole file.
  const known = kind === "constraints" ? readConstraint(value) : readRegularizer(value);
  if (known === null && !/^Orthogonal/i.test(saved.name)) return null;
  if (!saved.isClass) return saved.name;
  const config = plain({ ...saved.config });
  if (target === 2) return { class_name: saved.name, config };
  return { module: `keras.${kind}`, class_name: saved.name, config, registered_name: null };
}

/** The shape [batch, ...] that an input layer takes, in whatever argument it was saved. */
export function inputShape(spec: LayerSpec): JsonValue {
  const { config } = spec;
  const shape = config["batch_shape"] ?? config["batch_input_shape"];
  if (Array.isArray(shape)) return plain(shape);
  const inner = config["input_shape"] ?? config["shape"];
  return Array.isArray(inner) ? [null, ...(plain(inner) as JsonValue[])] : null;
}

/** Layers that a wrapper's config holds, by argument. */
export function innerSpecs(spec: LayerSpec): [string, readonly LayerSpec[], boolean][] {
  const inner = { ...spec.inner, ...forwardsAgain(spec) };
  return Object.entries(inner).map(([key, specs]) => [key, specs, Array.isArray(spec.config[key])]);
}

/**
 * Of a Bidirectional whose layer goes backwards the other one goes forwards, as Keras 2 makes it; Keras 3 makes both go
 * backwards and refuses them, unless the other one is given.
 */
function forwardsAgain({ className, inner }: LayerSpec): LayerSpec["inner"] {
  const [layer] = inner["layer"] ?? [];
  const turned = className === "Bidirectional" && layer?.config["go_backwards"] === true;
  return turned && !inner["backward_layer"] ? { backward_layer: [reversed(layer)] } : {};
}
