import * as tf from "@tensorflow/tfjs";
import type { QuantizedMode } from "../layers/quantized/dtype-policy.js";
import { roundToFloat8 } from "../layers/quantized/quantized-inputs.js";
import type { LayerSpec } from "./graph.js";
import type { Arrays } from "./quantized-arrays.js";

/** The float32 kernel or embeddings of a layer, of what a mode of quantisation stores for it; zeros where it stores none. */
export function floatKernel(
  spec: LayerSpec,
  part: string,
  name: string,
  arrays: Arrays,
  mode: QuantizedMode | null,
  shape: number[],
): tf.Tensor {
  const stored = arrays.get(name) ?? arrays.get("quantized_kernel") ?? arrays.get("kernel");
  if (!stored) return tf.zeros(shape);
  const scale = arrays.get(`${name}_scale`);
  switch (mode) {
    case "int8":
      return tf.div(stored, alignedScale(spec, part, name, scale!, shape));
    case "int4":
      return fourBits(name, stored, arrays, shape);
    case "ternary":
      return tf.mul(fiveTrits(stored, shape), tf.reshape(scale ?? tf.scalar(1), []));
    case "float8":
      return roundToFloat8(stored, tf.reshape(scale ?? tf.scalar(1), []));
    case "gptq":
    case "awq":
      // A layer that was not calibrated keeps its kernel as it was.
      return arrays.has(name) ? stored : calibrated(stored, arrays, shape);
    default:
      return stored;
  }
}

/** A scale for each number of the axes that are not summed over, in the shape of the kernel with ones elsewhere. */
function alignedScale(
  spec: LayerSpec,
  part: string,
  name: string,
  scale: tf.Tensor,
  shape: readonly number[],
): tf.Tensor {
  if (name === "embeddings") return tf.reshape(scale, [shape[0]!, 1]);
  const summed = summedAxes(spec, part);
  const kept = shape.map((_, axis) => axis).filter((axis) => !summed.includes(axis));
  const order = outputOrder(spec, kept);
  const inOutput = tf.reshape(
    scale,
    order.map((axis) => shape[axis]!),
  );
  const turned = tf.transpose(
    inOutput,
    kept.map((axis) => order.indexOf(axis)),
  );
  return tf.reshape(
    turned,
    shape.map((n, axis) => (kept.includes(axis) ? n : 1)),
  );
}

function letters(spec: LayerSpec): { kernel: string; output: string } | null {
  const equation = spec.config["equation"];
  const match = typeof equation === "string" ? /,([a-zA-Z]+)->(.*)$/.exec(equation) : null;
  return match ? { kernel: match[1]!, output: match[2]! } : null;
}

function summedAxes(spec: LayerSpec, part: string): number[] {
  if (part === "attention_output") return [0, 1];
  const equation = letters(spec);
  if (!equation) return [0];
  return [...equation.kernel].flatMap((letter, axis) => (equation.output.includes(letter) ? [] : [axis]));
}

/** The kept axes of a kernel in the order in which the layer's output has them. */
function outputOrder(spec: LayerSpec, kept: readonly number[]): number[] {
  const equation = letters(spec);
  if (!equation) return [...kept];
  const place = (axis: number) => equation.output.indexOf(equation.kernel[axis]!);
  return [...kept].sort((a, b) => place(a) - place(b));
}

/** Two numbers a byte, in rows of what is summed over and columns of what is kept, scaled a column or a group. */
function fourBits(name: string, packed: tf.Tensor, arrays: Arrays, shape: number[]): tf.Tensor {
  const scale = arrays.get(`${name}_scale`)!;
  const zero = arrays.get(`${name}_zero`);
  const groups = arrays.get("g_idx");
  if (name === "embeddings") {
    const rows = unpack(packed, 1, shape[1]!, true);
    if (!zero || !groups) return tf.div(rows, tf.reshape(scale, [shape[0]!, 1]));
    return byGroup(rows, scale, zero, groups, 1);
  }
  const axis = name === "reverse_embeddings" || packed.shape[0] !== rowsOf(packed, scale, shape) ? 0 : 1;
  const columns = scale.shape.at(-1)!;
  const rows = shape.reduce((a, b) => a * b, 1) / columns;
  const flat = unpack(packed, axis, axis === 0 ? rows : columns, true);
  const value =
    zero && groups ? byGroup(flat, scale, zero, groups, 0) : tf.div(flat, tf.reshape(scale, [1, -1]));
  return tf.reshape(value, shape);
}

function rowsOf(packed: tf.Tensor, scale: tf.Tensor, shape: readonly number[]): number {
  const rows = shape.reduce((a, b) => a * b, 1) / scale.shape.at(-1)!;
  return packed.shape[1] === Math.ceil(scale.shape.at(-1)! / 2) ? rows : -1;
}

function byGroup(
  values: tf.Tensor,
  scale: tf.Tensor,
  zero: tf.Tensor,
  groups: tf.Tensor,
  axis: number,
): tf.Tensor {
  const index = tf.cast(groups, "int32") as tf.Tensor1D;
  return tf.mul(tf.sub(values, tf.gather(zero, index, axis)), tf.gather(scale, index, axis));
}

/** GPTQ and AWQ keep the kernel turned, [columns, rows], with a scale and a zero a group of rows. */
function calibrated(stored: tf.Tensor, arrays: Arrays, shape: number[]): tf.Tensor {
  const scale = arrays.get("kernel_scale")!;
  const columns = scale.shape[0]!;
  const whole = stored.shape[0] === columns ? stored : unpack(stored, 0, columns, false);
  const zero = arrays.get("kernel_zero") ?? arrays.get("zero_point") ?? tf.zerosLike(scale);
  const turned = tf.transpose(byGroup(whole, scale, zero, arrays.get("g_idx")!, 1));
  const magnitude = arrays.get("awq_scales");
  return tf.reshape(magnitude ? tf.div(turned, tf.expandDims(magnitude, -1)) : turned, shape);
}

/** Five numbers of -1, 0 and 1 a byte, in base 3 with the first lowest, down the rows (keras.quantizers.unpack_ternary). */
function fiveTrits(packed: tf.Tensor, shape: number[]): tf.Tensor {
  const bytes = tf.mod(tf.add(packed, 256), 256);
  const digits = [1, 3, 9, 27, 81].map((place) => {
    const whole = tf.round(tf.div(tf.sub(bytes, tf.mod(bytes, place)), place));
    return tf.sub(tf.mod(whole, 3), 1);
  });
  const [rows, ...columns] = shape;
  const all = tf.reshape(tf.stack(digits, 1), [-1, ...columns]);
  return tf.slice(all, 0, rows);
}

/** Two four-bit numbers of each byte, the low one first (keras.quantizers.unpack_int4). */
function unpack(packed: tf.Tensor, axis: number, length: number, signed: boolean): tf.Tensor {
  const bytes = tf.mod(tf.add(packed, 256), 256);
  const low = tf.mod(bytes, 16);
  const pair = tf.stack([low, tf.div(tf.sub(bytes, low), 16)], axis + 1);
  const shape = packed.shape.map((n, i) => (i === axis ? 2 * n : n));
  const all = tf.reshape(pair, shape);
  const cut = tf.slice(
    all,
    shape.map(() => 0),
    shape.map((n, i) => (i === axis ? length : n)),
  );
  return signed ? tf.sub(cut, tf.mul(16, tf.cast(tf.greaterEqual(cut, 8), "float32"))) : cut;
}
