import * as tf from "@tensorflow/tfjs";
import type { JsonValue } from "../../formats/model-file.js";
import { LayerError } from "../../keras/finding.js";
import { brief, isObject, stringAt } from "../../keras/json.js";
import { activationOf } from "../activations.js";
import { Arguments } from "../arguments/arguments.js";
import type { KerasOrigin } from "../registry.js";

/** Rounds numbers as QKeras does (qkeras/quantizers.py of QKeras 0.9). */
export type Quantizer = (x: tf.Tensor) => tf.Tensor;

/** Names of the arguments that the short form gives by their places: `quantized_bits(4,0,1)`. */
const PLACES: ReadonlyMap<string, readonly string[]> = new Map([
  ["quantized_bits", ["bits", "integer", "symmetric", "keep_negative", "alpha"]],
  ["quantized_relu", ["bits", "integer", "use_sigmoid", "negative_slope"]],
  ["quantized_tanh", ["bits", "use_stochastic_rounding", "symmetric"]],
  ["quantized_sigmoid", ["bits", "symmetric"]],
  ["quantized_ulaw", ["bits", "integer", "symmetric", "u"]],
  ["quantized_po2", ["bits", "max_value"]],
  ["quantized_relu_po2", ["bits", "max_value", "negative_slope"]],
  ["binary", ["use_01", "alpha"]],
  ["ternary", ["alpha", "threshold"]],
]);

/**
 * The quantizer that an argument names: `quantized_bits(4,0,alpha=1)`, or the object that Keras saves; null for none.
 * Names of plain activations are taken too.
 * @throws LayerError C16 for one that is not known here
 */
export function quantizerOf(
  value: JsonValue | undefined,
  argument: string,
  origin: KerasOrigin,
): Quantizer | null {
  if (value === undefined || value === null) return null;
  const { name, config } = named(value);
  const args = new Arguments({ config });
  switch (name) {
    case "quantized_bits":
      return quantizedBits(args);
    case "quantized_relu":
      return quantizedRelu(args);
    case "quantized_tanh":
      return quantizedTanh(args);
    case "quantized_sigmoid":
      return quantizedSigmoid(args);
    case "quantized_ulaw":
      return quantizedULaw(args);
    case "quantized_po2":
      return poweredByTwo(args);
    case "quantized_relu_po2":
      return reluPoweredByTwo(args);
    case "binary":
      return scaled(args, (x) => {
        const sign = tf.sub(tf.mul(tf.cast(tf.greaterEqual(x, 0), "float32"), 2), 1);
        return args.flag("use_01", false) ? tf.div(tf.add(sign, 1), 2) : sign;
      });
    case "ternary":
      return scaled(args, (x) => {
        const limit = args.number("threshold", 0.33);
        return tf.mul(tf.sign(x), tf.cast(tf.greaterEqual(tf.abs(x), limit), "float32"));
      });
    default: {
      const own = OWN_ACTIVATIONS.get(name);
      if (own) return own;
      if (RANDOM_OR_ROUNDED.test(name)) throw unknown(argument, value);
      const activation = activationOf(value, origin, argument);
      return (x) => activation.apply(x);
    }
  }
}

/** What QKeras computes otherwise than the Keras function of the same name, or alone has (its straight lines). */
const OWN_ACTIVATIONS: ReadonlyMap<string, Quantizer> = new Map<string, Quantizer>([
  ["hard_sigmoid", straight],
  ["smooth_sigmoid", (x) => flatter(x)],
  ["hard_tanh", (x) => tf.sub(tf.mul(straight(x), 2), 1)],
  ["smooth_tanh", (x) => tf.sub(tf.mul(flatter(x), 2), 1)],
]);

/** Names of quantizers that are not computed here. */
const RANDOM_OR_ROUNDED = /^(quantized_|stochastic_|bernoulli)/;

function unknown(argument: string, value: JsonValue): LayerError {
  return new LayerError(
    "C16",
    argument,
    `quantizer ${brief(value)}`,
    "this quantizer of QKeras, or this argument of it, is not computed here",
    "Register the class with its own code.",
  );
}

function named(value: JsonValue): { name: string; config: Record<string, JsonValue> } {
  if (isObject(value)) {
    const config = value["config"];
    return { name: stringAt(value, "class_name") ?? "", config: isObject(config) ? { ...config } : {} };
  }
  const match = typeof value === "string" ? /^(\w+)\((.*)\)$/.exec(value) : null;
  const name = match?.[1] ?? (typeof value === "string" ? value : "");
  const places = PLACES.get(name) ?? [];
  const config: Record<string, JsonValue> = {};
  (match?.[2] ?? "").split(",").forEach((text, i) => {
    const [key, literal] = text.includes("=") ? (text.split("=") as [string, string]) : [places[i], text];
    if (key !== undefined && literal.trim() !== "") config[key.trim()] = literalOf(literal.trim());
  });
  return { name, config };
}

function literalOf(text: string): JsonValue {
  if (text === "True" || text === "False") return text === "True";
  if (text === "None") return null;
  const number = Number(text);
  return Number.isNaN(number) ? text.replace(/^['"]|['"]$/g, "") : number;
}

/** A fixed factor; factors that follow the data (`auto`) only for quantized_bits. */
function scaled(args: Arguments, quantize: Quantizer): Quantizer {
  if (typeof args.raw("alpha") === "string") throw unknown("alpha", args.raw("alpha")!);
  const alpha = args.number("alpha", 1);
  return (x) => tf.mul(quantize(x), alpha);
}

function quantizedBits(args: Arguments): Quantizer {
  const bits = args.integer("bits", 8, 1);
  const alpha = args.raw("alpha") ?? 1;
  const negative = args.flag("keep_negative", true) ? 1 : 0;
  const symmetric = args.flag("symmetric", false) ? 1 : 0;
  const whole = 2 ** args.integer("integer", 0);
  const steps = 2 ** (bits - negative);
  if (alpha === "auto") return (x) => followingData(tf.div(x, whole), bits, whole);
  if (typeof alpha !== "number") throw unknown("alpha", alpha);
  if (steps === 1)
    return scaled(args, (x) => tf.sub(tf.mul(tf.cast(tf.greaterEqual(x, 0), "float32"), 2), 1));
  return (x) => {
    const rounded = tf.round(tf.mul(x, steps / whole));
    const inside = tf.clipByValue(rounded, negative * (symmetric - steps), steps - 1);
    return tf.mul(inside, (alpha * whole) / steps);
  };
}

/** The factor is the largest size of each output's numbers over the number of steps. */
function followingData(x: tf.Tensor, bits: number, whole: number): tf.Tensor {
  const levels = 2 ** bits - 2;
  const over = x.rank === 1 ? [0] : x.shape.map((_, i) => i).slice(0, -1);
  const scale = tf.div(tf.max(tf.abs(x), over, true), levels / 2);
  const count = tf.minimum(tf.floor(tf.add(tf.div(tf.abs(x), scale), 0.5)), levels / 2);
  return tf.mul(tf.mul(tf.sign(x), count), tf.mul(scale, whole));
}

function quantizedRelu(args: Arguments): Quantizer {
  const slope = args.number("negative_slope", 0);
  const steps = 2 ** (args.integer("bits", 8, 1) - (slope === 0 ? 0 : 1));
  const whole = 2 ** args.integer("integer", 0);
  if (args.flag("use_sigmoid", false)) throw unknown("use_sigmoid", true);
  return (x) => {
    const p = tf.mul(x, steps / whole);
    const positive = tf.mul(tf.clipByValue(tf.div(tf.round(p), steps), 0, 1 - 1 / steps), whole);
    if (slope === 0) return positive;
    const below = tf.clipByValue(tf.div(tf.round(tf.mul(p, slope)), slope * steps), -1, 0);
    return tf.add(positive, tf.mul(below, whole * slope));
  };
}

/** QKeras's own sigmoid is the straight line 0.5 x + 0.5, cut at 0 and 1. */
function straight(x: tf.Tensor): tf.Tensor {
  return tf.clipByValue(tf.add(tf.mul(x, 0.5), 0.5), 0, 1);
}

/** The line that follows the sigmoid more closely. */
function flatter(x: tf.Tensor): tf.Tensor {
  return tf.clipByValue(tf.add(tf.mul(x, 0.1875), 0.5), 0, 1);
}

function quantizedTanh(args: Arguments): Quantizer {
  const steps = 2 ** (args.integer("bits", 8, 1) - 1);
  const symmetric = args.flag("symmetric", false) ? 1 : 0;
  return (x) => {
    const y = args.flag("use_real_tanh", false) ? tf.tanh(x) : tf.sub(tf.mul(straight(x), 2), 1);
    return tf.clipByValue(tf.div(tf.round(tf.mul(y, steps)), steps), -1 + symmetric / steps, 1 - 1 / steps);
  };
}

function quantizedSigmoid(args: Arguments): Quantizer {
  const steps = 2 ** args.integer("bits", 8, 1);
  const symmetric = args.flag("symmetric", false) ? 1 : 0;
  return (x) => {
    const y = args.flag("use_real_sigmoid", false) ? tf.sigmoid(x) : straight(x);
    return tf.clipByValue(tf.div(tf.round(tf.mul(y, steps)), steps), symmetric / steps, 1 - 1 / steps);
  };
}

/** Steps between the logarithms of two bounds (mu-law). */
function quantizedULaw(args: Arguments): Quantizer {
  const steps = 2 ** (args.integer("bits", 8, 1) - 1);
  const whole = 2 ** args.integer("integer", 0);
  const symmetric = args.flag("symmetric", false) ? 1 : 0;
  const u = args.number("u", 255);
  return (x) => {
    const count = tf.round(tf.mul(straight(tf.div(x, whole)), steps));
    const line = tf.sub(tf.mul(tf.div(count, steps), 2), 1);
    const law = tf.mul(tf.sign(line), tf.div(tf.log(tf.add(tf.mul(tf.abs(line), u), 1)), Math.log(1 + u)));
    return tf.mul(tf.clipByValue(law, -1 + symmetric / steps, 1 - 1 / steps), whole);
  };
}

/** The nearest power of two, with the sign; zero counts as positive. */
function poweredByTwo(args: Arguments): Quantizer {
  const power = powerOfTwo(args, args.integer("bits", 8, 1) - 1);
  return (x) => tf.mul(tf.sub(tf.mul(tf.cast(tf.greaterEqual(x, 0), "float32"), 2), 1), power(tf.abs(x)));
}

function reluPoweredByTwo(args: Arguments): Quantizer {
  const power = powerOfTwo(args, args.integer("bits", 8, 1));
  const slope = args.number("negative_slope", 0);
  return (x) => {
    const positive = power(tf.relu(x));
    if (slope === 0) return positive;
    const below = tf.neg(power(tf.mul(tf.relu(tf.neg(x)), slope)));
    return tf.where(tf.greaterEqual(x, 0), positive, below);
  };
}

/** Powers of two between those that the bits of the exponent, and a largest value, allow. */
function powerOfTwo(args: Arguments, bits: number): Quantizer {
  const most = args.has("max_value") ? args.number("max_value") : null;
  // Exponents need no sign where no number is above one.
  const range = 2 ** (most === null || most > 1 ? bits - 1 : bits);
  const squared = args.flag("quadratic_approximation", false);
  const [low, high] = [-range, squared ? 2 * Math.floor((range - 1) / 2) : range - 1];
  const down = args.choice("log2_rounding", ["rnd", "floor"], "rnd") === "floor";
  return (sizes) => {
    const tiny = tf.less(sizes, SMALLEST);
    const above = tf.maximum(sizes, SMALLEST);
    const inside = most === null ? above : tf.minimum(above, most);
    const log = tf.div(tf.log(squared ? tf.sqrt(inside) : inside), Math.LN2);
    const exponent = tf.mul(tf.clipByValue(down ? tf.floor(log) : tf.round(log), low, high), squared ? 2 : 1);
    return tf.pow(2, tf.where(tiny, tf.fill(sizes.shape, low), exponent));
  };
}

/** keras.backend.epsilon() */
const SMALLEST = 1e-7;
