import type { JsonValue, ModelFile } from "../../formats/model-file.js";
import type { LayerSpec } from "../../keras/graph.js";
import { brief, isObject } from "../../keras/json.js";
import { kerasOrigin } from "../../keras/origin.js";
import { eachLayer } from "../../keras/read-graph.js";
import { OPERATIONS } from "../../ops/table.js";
import { knownDefinition } from "../custom/definitions.js";
import { storedAsset } from "../report/evidence.js";
import { grouped, settledProblem } from "../problems/keras-problem.js";
import type { Problem } from "../problem.js";
import type { Work } from "../work.js";

/** What was found at a layer that another version of Keras stumbles over; null where there is nothing. */
type Look = (spec: LayerSpec, work: Work) => string | null;

/** Classes and arguments: exact as they are read here. */
const LAYER_LOOKS: ReadonlyMap<string, Look> = new Map<string, Look>([
  ["C03", moduleOfKeras2],
  ["C04", moduleOfKeras3],
  ["C05", dropped],
  ["C06", operationLayer],
  ["C07", operationWithoutModule],
  ["C08", collision],
  ["C12", addons],
  ["C17", startsAndBounds],
  ["O03", vocabulary],
  ["A01", depthwiseGroups],
  ["A02", timeMajor],
  ["A03", batchShape],
  ["A04", inputShapeArgument],
  ["A05", batchNormalization],
  ["A08", axisList],
  ["A09", severalAxes],
  ["A10", slope],
  ["A11", inputLength],
  ["A12", subclass],
  ["A13", scoreMode],
]);

/** Each code once, with the first layer that has it and the number of the others. */
export function adjustmentsOfLayers(work: Work): Problem[] {
  const specs = [...eachLayer(work.graph!)];
  return [...LAYER_LOOKS].flatMap(([code, look]) => {
    const problems = specs.flatMap((spec) => {
      const found = look(spec, work);
      if (found === null) return [];
      const subject = `${spec.path}.config`;
      return [
        settledProblem(
          { code, step: "configure", subject, layer: spec.path, found, fidelity: "exact" },
          work,
        ),
      ];
    });
    return once(grouped(problems));
  });
}

/** Of one code, the first text with the number of layers that the others have. */
function once(problems: readonly Problem[]): Problem[] {
  const [first, ...others] = problems;
  if (!first || others.length === 0) return first ? [first] : [];
  const layer = first.where.layer ?? "";
  const more = / and (\d+) more$/.exec(layer);
  const number =
    Number(more?.[1] ?? 0) +
    others.reduce(
      (sum, { where }) => sum + 1 + Number(/ and (\d+) more$/.exec(where.layer ?? "")?.[1] ?? 0),
      0,
    );
  return [
    {
      ...first,
      where: { ...first.where, layer: `${layer.replace(/ and \d+ more$/, "")} and ${number} more` },
    },
  ];
}

function moduleOfKeras2({ module }: LayerSpec): string | null {
  return module !== null &&
    /^(keras\.(src\.)?engine|keras_core|tf_keras|tensorflow\.python\.keras)\b/.test(module)
    ? `the module ${module}, which Keras 3 has not`
    : null;
}

function moduleOfKeras3({ module }: LayerSpec): string | null {
  return module !== null && /^keras\.src\.models\b/.test(module)
    ? `the module ${module}, which Keras 2 has not`
    : null;
}

const DROPPED = new Set([
  "CuDNNGRU",
  "CuDNNLSTM",
  "LocallyConnected1D",
  "LocallyConnected2D",
  "RandomFourierFeatures",
  "SyncBatchNormalization",
  "ThresholdedReLU",
]);

function dropped({ className }: LayerSpec): string | null {
  return DROPPED.has(className) ? `${className}, which Keras 3 has not` : null;
}

const OPERATION_LAYERS =
  /^(TFOpLambda|SlicingOpLambda|TensorFlowOpLayer|ClassMethod|InstanceMethod|InstanceProperty)$/;

function operationLayer(spec: LayerSpec): string | null {
  if (!OPERATION_LAYERS.test(spec.className) || knownDefinition(spec) === null) return null;
  const { config } = spec;
  const symbol = config["function"] ?? config["attr_name"] ?? config["method_name"] ?? config["symbol"];
  return `the TensorFlow operation ${typeof symbol === "string" ? symbol : spec.className} between the layers`;
}

function operationWithoutModule(spec: LayerSpec): string | null {
  if (!isBareOperation(spec) || LAYER_NAMES.has(spec.className)) return null;
  return `${spec.className} is an operation; the file does not say so`;
}

function collision(spec: LayerSpec): string | null {
  return isBareOperation(spec) && LAYER_NAMES.has(spec.className)
    ? `${spec.className} is the operation here, not the layer of the same name`
    : null;
}

function isBareOperation({ module, className, config }: LayerSpec): boolean {
  return module === null && OPERATIONS.has(className) && !("trainable" in config);
}

/** Names that Keras 3 has for a layer and for an operation. */
const LAYER_NAMES = new Set([
  "Add",
  "Average",
  "Concatenate",
  "Dot",
  "Maximum",
  "Minimum",
  "Multiply",
  "Reshape",
  "Softmax",
  "Subtract",
]);

function addons(spec: LayerSpec): string | null {
  return spec.className.startsWith("Addons>") && knownDefinition(spec) !== null
    ? `${spec.className} of TensorFlow Addons`
    : null;
}

const STARTS = /(_initializer|_regularizer|_constraint)$/;
const KNOWN_STARTS =
  /^(Constant|Glorot(Normal|Uniform)|He(Normal|Uniform)|Identity(Initializer)?|[Ll]e[Cc]un(Normal|Uniform)|Ones|Orthogonal(Initializer|Regularizer)?|Random(Normal|Uniform)|STFT\w*|TruncatedNormal|VarianceScaling|Zeros|L1|L2|L1L2|MaxNorm|MinMaxNorm|NonNeg|UnitNorm|RadialConstraint|glorot_\w+|he_\w+|lecun_\w+|zeros?|ones?|uniform|normal|orthogonal|random_\w+|truncated_normal|identity|l1|l2|l1_l2|l1l2|max_norm|maxnorm|non_neg|nonneg|unit_norm|unitnorm|min_max_norm|constant|variance_scaling)$/;

function startsAndBounds({ config }: LayerSpec): string | null {
  for (const [key, value] of Object.entries(config)) {
    if (!STARTS.test(key)) continue;
    const name = typeof value === "string" ? value : isObject(value) ? classNameOf(value) : null;
    if (name !== null && !KNOWN_STARTS.test(name.replace(/^.*[>.]/, "")))
      return `${key} is ${brief(name)}, which nobody knows here: left out`;
  }
  return null;
}

function classNameOf(value: { readonly [key: string]: JsonValue }): string | null {
  const className = value["class_name"];
  if (className === "function") return typeof value["config"] === "string" ? value["config"] : null;
  return typeof className === "string" ? className : null;
}

function vocabulary(spec: LayerSpec, work: Work): string | null {
  const text = /^(StringLookup|IntegerLookup|TextVectorization)$/.test(spec.className)
    ? storedAsset(work, spec, "vocabulary.txt")
    : null;
  return text === null ? null : `a vocabulary of ${text.trimEnd().split("\n").length} lines among the assets`;
}

function depthwiseGroups({ className, config }: LayerSpec): string | null {
  return /^DepthwiseConv[12]D$/.test(className) && config["groups"] === 1
    ? "groups is 1, which changes nothing"
    : null;
}

function timeMajor({ config }: LayerSpec): string | null {
  return typeof config["time_major"] === "boolean" ? `time_major is ${config["time_major"]}` : null;
}

function batchShape({ className, config }: LayerSpec, { file }: Work): string | null {
  return className === "InputLayer" &&
    hasRaw(file!.config, "batch_shape") &&
    "batch_shape" in config &&
    !("batch_input_shape" in config)
    ? "batch_shape, as Keras 3 writes it"
    : null;
}

function inputShapeArgument(spec: LayerSpec): string | null {
  const key = ["batch_input_shape", "input_shape", "input_dim"].find((name) => name in spec.config);
  if (key === undefined || spec.className === "InputLayer") return null;
  if (key === "input_dim" && /^(Reversible)?Embedding$/.test(spec.className)) return null;
  return `${key}, as Keras 1 and 2 write it`;
}

function batchNormalization({ className, config }: LayerSpec, { file }: Work): string | null {
  if (!className.startsWith("BatchNormalization")) return null;
  const keys = ["renorm", "fused", "virtual_batch_size", "adjustment"].filter((key) => key in config);
  if (keys.join() === "renorm" && mayBeSince315(file!)) return null;
  return keys.length > 0 ? `${keys.join(", ")} of Keras 2` : null;
}

/** Whether the Keras that wrote the file is 3.15 or later, or one of Keras 3 that says no version. */
function mayBeSince315({ kerasVersion, backend, config }: ModelFile): boolean {
  if (kerasVersion === null) return kerasOrigin(null, backend, config).major === 3;
  const [major = 0, minor = 0] = kerasVersion.split(".").map((part) => Number.parseInt(part, 10));
  return major > 3 || (major === 3 && minor >= 15);
}

function axisList({ config }: LayerSpec): string | null {
  const axis = config["axis"];
  return Array.isArray(axis) && axis.length === 1 ? `axis is [${String(axis[0])}], a list of one` : null;
}

function severalAxes({ className, module, config }: LayerSpec): string | null {
  const axis = config["axis"];
  return className === "LayerNormalization" && module === null && Array.isArray(axis) && axis.length > 1
    ? `axis is [${axis.join(", ")}]`
    : null;
}

function slope({ className, config }: LayerSpec): string | null {
  if (className !== "LeakyReLU") return null;
  return "alpha" in config ? "alpha, which is negative_slope since Keras 3" : null;
}

function inputLength({ className, config }: LayerSpec): string | null {
  const length = config["input_length"];
  return className === "Embedding" && typeof length === "number" ? `input_length is ${length}` : null;
}

const MODELS = new Set(["Functional", "Model", "Sequential"]);

function subclass({ className, model }: LayerSpec): string | null {
  return model && !MODELS.has(className) ? `${className} is a functional model under its own name` : null;
}

function scoreMode({ className, module, config }: LayerSpec, { origin }: Work): string | null {
  return /Attention$/.test(className) &&
    module === null &&
    origin!.major === 3 &&
    config["score_mode"] === "dot"
    ? 'score_mode is "dot"'
    : null;
}

function hasRaw(config: JsonValue, key: string): boolean {
  return JSON.stringify(config).includes(`"${key}"`);
}
