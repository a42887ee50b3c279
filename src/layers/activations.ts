import * as tf from "@tensorflow/tfjs";
import type { JsonValue } from "../formats/model-file.js";
import { LayerError } from "../keras/finding.js";
import { brief, isObject, stringAt } from "../keras/json.js";
import { ADDONS_ACTIVATIONS } from "./addons/activations.js";
import { lambdaName } from "../keras/saved-lambda.js";
import { nearActivations } from "./near-activations.js";
import type { KerasOrigin } from "./registry.js";

type Config = Readonly<Record<string, JsonValue>>;
type Apply = (x: tf.Tensor, config: Config) => tf.Tensor;

/** Activations by Keras's names, with the formulas of keras/activations/activations.py. */
const ACTIVATIONS: ReadonlyMap<string, Apply> = new Map<string, Apply>([
  ["linear", (x) => x],
  ["relu", (x, config) => relu(x, config)],
  ["relu6", (x) => tf.relu6(x)],
  ["leaky_relu", (x, config) => tf.leakyRelu(x, numberOf(config, "negative_slope", 0.2))],
  ["elu", (x, config) => elu(x, numberOf(config, "alpha", 1))],
  ["celu", (x, config) => celu(x, numberOf(config, "alpha", 1))],
  ["selu", (x) => tf.selu(x)],
  ["gelu", (x, config) => gelu(x, config["approximate"] === true)],
  ["silu", (x) => tf.mul(x, tf.sigmoid(x))],
  ["glu", (x, config) => glu(x, numberOf(config, "axis", -1))],
  ["sigmoid", (x) => tf.sigmoid(x)],
  ["tanh", (x) => tf.tanh(x)],
  ["softmax", (x, config) => softmax(x, numberOf(config, "axis", -1))],
  ["log_softmax", (x, config) => logSoftmax(x, numberOf(config, "axis", -1))],
  ["softplus", (x) => tf.softplus(x)],
  ["softsign", (x) => tf.div(x, tf.add(tf.abs(x), 1))],
  ["exponential", (x) => tf.exp(x)],
  ["mish", (x) => tf.mul(x, tf.tanh(tf.softplus(x)))],
  ["log_sigmoid", (x) => tf.neg(tf.softplus(tf.neg(x)))],
  ["hard_tanh", (x) => tf.clipByValue(x, -1, 1)],
  ["hard_shrink", (x, config) => hardShrink(x, numberOf(config, "threshold", 0.5))],
  ["soft_shrink", (x, config) => softShrink(x, numberOf(config, "threshold", 0.5))],
  ["tanh_shrink", (x) => tf.sub(x, tf.tanh(x))],
  [
    "threshold",
    (x, config) => threshold(x, numberOf(config, "threshold", 0), numberOf(config, "default_value", 0)),
  ],
  ["squareplus", (x, config) => squareplus(x, numberOf(config, "b", 4))],
  ["sparse_plus", (x) => sparsePlus(x)],
  ["sparse_sigmoid", (x) => tf.clipByValue(tf.mul(tf.add(x, 1), 0.5), 0, 1)],
  ["sparsemax", (x, config) => sparsemax(x, numberOf(config, "axis", -1))],
]);

/** Names that files carry for the same function. */
const ALIASES: ReadonlyMap<string, string> = new Map([
  ["swish", "silu"],
  ["hard_swish", "hard_silu"],
  ["hardswish", "hard_silu"],
  ["gelu_new", "gelu_approximate"],
  ["hardtanh", "hard_tanh"],
  ["hardshrink", "hard_shrink"],
  ["softshrink", "soft_shrink"],
  ["tanhshrink", "tanh_shrink"],
]);

/** The names by which tfjs knows the same functions; it has fused kernels for some. */
const TFJS_NAMES: ReadonlyMap<string, string> = new Map([
  ["log_softmax", "logSoftmax"],
  ["silu", "swish"],
]);

/** What a tfjs layer expects as its activation. */
export class Activation extends tf.serialization.Serializable {
  static readonly className = "Activation";
  constructor(
    /** Keras's name. */
    readonly kerasName: string,
    private readonly compute: (x: tf.Tensor) => tf.Tensor,
  ) {
    super();
  }
  override getClassName(): string {
    return TFJS_NAMES.get(this.kerasName) ?? this.kerasName;
  }
  getConfig(): tf.serialization.ConfigDict {
    return {};
  }
  apply(x: tf.Tensor): tf.Tensor {
    return tf.tidy(() => this.compute(x));
  }
}

/**
 * The activation that an argument names, in any of Keras's spellings: null, a string, `Package>name`,
 * `{"class_name": "function", "config": "relu"}`, or a layer object such as LeakyReLU.
 * @throws LayerError C16 for a function that no one knows
 */
export function activationOf(
  value: JsonValue | undefined,
  origin: KerasOrigin,
  argument = "activation",
): Activation {
  const chain = chainOf(value ?? null)?.map((each) => activationOf(each, origin, argument));
  if (chain) return new Activation("Pipeline", (x) => chain.reduce((y, each) => each.apply(y), x));
  const { name, config } = named(value ?? null);
  if (name === null) throw unknown(argument, brief(value));
  const apply = find(name, origin);
  if (!apply) throw unknown(argument, name);
  return new Activation(name === "swish" ? "silu" : name, (x) => apply(x, config));
}

/** Layers one after another in place of a function, as a Pipeline or a Sequential holds them; null for another value. */
function chainOf(value: JsonValue): JsonValue[] | null {
  if (!isObject(value) || !/^(Pipeline|Sequential)$/.test(stringAt(value, "class_name") ?? "")) return null;
  const layers = isObject(value["config"]) ? value["config"]["layers"] : null;
  if (!Array.isArray(layers)) return null;
  return layers.filter((each) => !isObject(each) || each["class_name"] !== "InputLayer");
}

/**
 * hard_sigmoid of Keras 1 and 2 in layers of Keras 3, which has another function under that name: they compute
 * min(max(0.2 x + 0.5, 0), 1).
 */
export function hardSigmoidOfKeras2(dtype: string): JsonValue {
  const layer = (class_name: string, config: Record<string, JsonValue>): JsonValue => ({
    module: "keras.layers",
    class_name,
    config,
    registered_name: null,
  });
  const layers = [
    layer("Rescaling", { name: "rescaling", dtype, scale: 0.2, offset: 0.5 }),
    layer("ReLU", { name: "re_lu", dtype, max_value: 1, negative_slope: 0, threshold: 0 }),
  ];
  return layer("Pipeline", { name: "hard_sigmoid", layers });
}

/** Whether a saved activation is that chain. */
export function isHardSigmoidOfKeras2(value: JsonValue): boolean {
  const [first, second, ...more] = chainOf(value) ?? [];
  const has = (each: JsonValue | undefined, className: string, numbers: Record<string, number>) =>
    isObject(each) &&
    each["class_name"] === className &&
    isObject(each["config"]) &&
    Object.entries(numbers).every(([key, number]) => (each["config"] as Config)[key] === number);
  return (
    more.length === 0 &&
    has(first, "Rescaling", { scale: 0.2, offset: 0.5 }) &&
    has(second, "ReLU", { max_value: 1, negative_slope: 0, threshold: 0 })
  );
}

/** An activation whose formula is the same in every Keras; null for another name. */
export function activationNamed(name: string): Apply | null {
  return ACTIVATIONS.get(ALIASES.get(name) ?? name) ?? null;
}

/** The name by which an argument has its activation, as `registerCustom` takes it; null where it names none. */
export function activationName(value: JsonValue): string | null {
  return named(value).name;
}

/** Keras's names of all activations. */
export function activationNames(): string[] {
  return [...ACTIVATIONS.keys(), "hard_sigmoid", "hard_silu", "swish", "hard_swish"];
}

/** Whether an argument can name a function so: one of Keras's, of Addons', or of the user. */
export function isActivationName(name: string): boolean {
  const isAddons = name.startsWith("Addons>") && ADDONS_ACTIVATIONS.has(name.slice(7));
  const isOwn = CUSTOM.has(name) || withPackage(name) !== undefined;
  return isOwn || isAddons || activationNames().includes(name) || activationNamed(name) !== null;
}

/** Functions of the user, by the names that files have for them. */
const CUSTOM = new Map<string, Apply>();

/** Makes an activation of the user known; null forgets it. */
export function registerActivation(name: string, run: ((x: tf.Tensor) => tf.Tensor) | null): void {
  if (run === null) CUSTOM.delete(name);
  else CUSTOM.set(name, run);
}

/** What is registered under a name. */
export function registeredActivation(name: string): ((x: tf.Tensor) => tf.Tensor) | undefined {
  return CUSTOM.get(name) as ((x: tf.Tensor) => tf.Tensor) | undefined;
}

/** A function that was registered as `package>name`, where the file leaves the package out. */
function withPackage(name: string): Apply | undefined {
  if (name.includes(">") || activationNames().includes(name)) return undefined;
  return [...CUSTOM].find(([registered]) => registered.endsWith(`>${name}`))?.[1];
}

function find(name: string, origin: KerasOrigin): Apply | undefined {
  const own = CUSTOM.get(name) ?? CUSTOM.get(name.slice(name.lastIndexOf(">") + 1)) ?? withPackage(name);
  if (own) return own;
  if (name.startsWith("Addons>")) return ADDONS_ACTIVATIONS.get(name.slice(7));
  const known = ALIASES.get(name) ?? name;
  if (known === "hard_sigmoid") return (x) => hardSigmoid(x, origin);
  // What a model of another major is saved with, so that it keeps its numbers.
  const major = /^(?:loadlab>)?hard_sigmoid_keras([23])$/.exec(known)?.[1];
  if (major) return (x) => hardSigmoid(x, { ...origin, major: major === "3" ? 3 : 2 });
  if (known === "hard_silu") return (x) => tf.mul(x, hardSigmoid(x, { ...origin, major: 3 }));
  if (known === "gelu_approximate") return (x) => gelu(x, true);
  if (known === "Rescaling")
    return (x, config) => tf.add(tf.mul(x, numberOf(config, "scale", 1)), numberOf(config, "offset", 0));
  return ACTIVATIONS.get(known);
}

/** Names that layer classes have as activations: `{"class_name": "LeakyReLU"}` inside `Dense.activation`. */
const CLASS_NAMES: ReadonlyMap<string, string> = new Map([
  ["ReLU", "relu"],
  ["LeakyReLU", "leaky_relu"],
  ["ELU", "elu"],
  ["Softmax", "softmax"],
]);

function named(value: JsonValue): { name: string | null; config: Readonly<Record<string, JsonValue>> } {
  if (value === null) return { name: "linear", config: {} };
  if (typeof value === "string") return { name: bare(value), config: {} };
  if (!isObject(value)) return { name: null, config: {} };
  const lambda = lambdaName(value);
  if (lambda !== null) return { name: lambda, config: {} };
  const className = stringAt(value, "class_name");
  const config = value["config"];
  if (className === "function") return { name: typeof config === "string" ? bare(config) : null, config: {} };
  const settings = isObject(config) ? { ...config } : {};
  if (className === "LeakyReLU") settings["negative_slope"] ??= settings["alpha"] ?? 0.3;
  // A layer `Activation` saved in place of a function names the function itself.
  if (className === "Activation" || className === "QuantizeAwareActivation")
    return named(settings["activation"] ?? null);
  const name = className === null ? null : (CLASS_NAMES.get(bare(className)) ?? bare(className));
  return { name, config: settings };
}

/** `pkg>my_relu`, `keras.activations.relu` and `relu_v2` to the function's own name. */
function bare(name: string): string {
  if (ADDONS_ACTIVATIONS.has(name.replace(/^Addons>/, "")) && name.startsWith("Addons>")) return name;
  // A function that was written as Python prints it.
  const printed = /^<function (?:.*\.)?(\w+) at 0x[0-9a-f]+>$/i.exec(name)?.[1];
  return (printed ?? name)
    .slice(printed === undefined ? name.replace(/>$/, "").lastIndexOf(">") + 1 : 0)
    .replace(/^.*\./, "")
    .replace(/_v2$/, "");
}

function unknown(argument: string, name: string): LayerError {
  const near = nearActivations(name, activationNames());
  return new LayerError(
    "C16",
    argument,
    `activation "${name}"`,
    "no activation function of Keras has this name",
    near.length > 0
      ? `Register the function, or correct the name; near ones: ${near.join(", ")}.`
      : "Register the function.",
  );
}

function numberOf(config: Readonly<Record<string, JsonValue>>, key: string, otherwise: number): number {
  const value = config[key];
  return typeof value === "number" ? value : otherwise;
}

/** Keras 1 and 2 clip 0.2 x + 0.5, Keras 3 has relu6(x + 3) / 6. */
function hardSigmoid(x: tf.Tensor, origin: KerasOrigin): tf.Tensor {
  return origin.major === 3
    ? tf.div(tf.relu6(tf.add(x, 3)), 6)
    : tf.clipByValue(tf.add(tf.mul(x, 0.2), 0.5), 0, 1);
}

/** ReLU with all of its arguments: f(x) = max for x >= max, x above the threshold, else slope (x - threshold). */
export function relu(x: tf.Tensor, config: Readonly<Record<string, JsonValue>>): tf.Tensor {
  const slope = numberOf(config, "negative_slope", numberOf(config, "alpha", 0));
  const limit = numberOf(config, "threshold", 0);
  const max = config["max_value"];
  if (slope === 0 && limit === 0) {
    if (max === 6) return tf.relu6(x);
    return typeof max === "number" ? tf.minimum(tf.relu(x), max) : tf.relu(x);
  }
  const above = tf.where(tf.lessEqual(x, limit), tf.zerosLike(x), x);
  const capped = typeof max === "number" ? tf.minimum(above, max) : above;
  if (slope === 0) return capped;
  const below = tf.minimum(tf.sub(x, limit), 0);
  return tf.add(capped, tf.mul(below, slope));
}

export function elu(x: tf.Tensor, alpha: number): tf.Tensor {
  if (alpha === 1) return tf.elu(x);
  return tf.add(tf.relu(x), tf.mul(alpha, tf.expm1(tf.minimum(x, 0))));
}

function celu(x: tf.Tensor, alpha: number): tf.Tensor {
  return tf.add(tf.relu(x), tf.mul(alpha, tf.expm1(tf.div(tf.minimum(x, 0), alpha))));
}

function gelu(x: tf.Tensor, approximate: boolean): tf.Tensor {
  if (!approximate) return tf.mul(tf.mul(x, 0.5), tf.add(1, tf.erf(tf.div(x, Math.SQRT2))));
  const inner = tf.mul(Math.sqrt(2 / Math.PI), tf.add(x, tf.mul(0.044715, tf.pow(x, 3))));
  return tf.mul(tf.mul(x, 0.5), tf.add(1, tf.tanh(inner)));
}

function glu(x: tf.Tensor, axis: number): tf.Tensor {
  const [a, b] = tf.split(x, 2, axis < 0 ? axis + x.rank : axis);
  return tf.mul(a!, tf.sigmoid(b!));
}

/** Softmax over any axis; tfjs has it for the last one only. */
export function softmax(x: tf.Tensor, axis: number): tf.Tensor {
  const at = axis < 0 ? axis + x.rank : axis;
  if (at === x.rank - 1) return tf.softmax(x);
  const shifted = tf.exp(tf.sub(x, tf.max(x, at, true)));
  return tf.div(shifted, tf.sum(shifted, at, true));
}

function logSoftmax(x: tf.Tensor, axis: number): tf.Tensor {
  const at = axis < 0 ? axis + x.rank : axis;
  const shifted = tf.sub(x, tf.max(x, at, true));
  return tf.sub(shifted, tf.log(tf.sum(tf.exp(shifted), at, true)));
}

function hardShrink(x: tf.Tensor, limit: number): tf.Tensor {
  return tf.where(tf.greater(tf.abs(x), limit), x, tf.zerosLike(x));
}

function softShrink(x: tf.Tensor, limit: number): tf.Tensor {
  const below = tf.where(tf.less(x, -limit), tf.add(x, limit), tf.zerosLike(x));
  return tf.where(tf.greater(x, limit), tf.sub(x, limit), below);
}

function threshold(x: tf.Tensor, limit: number, otherwise: number): tf.Tensor {
  return tf.where(tf.greater(x, limit), x, tf.fill(x.shape, otherwise));
}

function squareplus(x: tf.Tensor, b: number): tf.Tensor {
  return tf.mul(0.5, tf.add(x, tf.sqrt(tf.add(tf.square(x), b))));
}

function sparsePlus(x: tf.Tensor): tf.Tensor {
  const middle = tf.mul(0.25, tf.square(tf.add(x, 1)));
  return tf.where(tf.lessEqual(x, -1), tf.zerosLike(x), tf.where(tf.less(x, 1), middle, x));
}

/**
 * Projection onto the simplex (Martins and Astudillo, arXiv 1602.02068), with the threshold as
 * keras/activations/activations.py computes it: it adds up the running sums of the support, not its values.
 */
function sparsemax(x: tf.Tensor, axis: number): tf.Tensor {
  const last = x.rank - 1;
  const at = axis < 0 ? axis + x.rank : axis;
  const order = Array.from({ length: x.rank }, (_, i) => (i === at ? last : i === last ? at : i));
  const z = at === last ? x : tf.transpose(x, order);
  const size = z.shape[last]!;
  const sorted = tf.topk(z, size, true).values;
  const sums = tf.cumsum(sorted, last);
  const ranks = tf.range(1, size + 1, 1, "float32");
  const support = tf.cast(tf.greater(tf.sub(sorted, tf.div(tf.sub(sums, 1), ranks)), 0), "float32");
  const total = tf.sum(tf.mul(sums, support), last, true);
  const limit = tf.div(tf.sub(total, 1), tf.sum(support, last, true));
  const result = tf.relu(tf.sub(z, limit));
  return at === last ? result : tf.transpose(result, order);
}
