import * as tf from "@tensorflow/tfjs";
import { DataType } from "../../formats/proto/tensorflow_pb.js";
import type { KernelTable, OpCall } from "../kernel.js";

const RANGE_GRADIENTS = ["backprops_wrt_input", "backprop_wrt_min", "backprop_wrt_max"];

/** Values on a grid of 2^bits steps: quantization-aware training, and weights that are stored as bytes. */
export const quantization: KernelTable = {
  FakeQuantWithMinMaxArgs: {
    run: (call) =>
      fakeQuant(
        call,
        tf.scalar(call.attributes.float("min", -6)),
        tf.scalar(call.attributes.float("max", 6)),
      ),
  },
  FakeQuantWithMinMaxVars: { run: (call) => fakeQuant(call, call.tensor(1), call.tensor(2)) },
  FakeQuantWithMinMaxVarsPerChannel: { run: (call) => fakeQuant(call, call.tensor(1), call.tensor(2)) },
  FakeQuantWithMinMaxArgsGradient: {
    run: (call) => {
      const [min, max] = [call.attributes.float("min", -6), call.attributes.float("max", 6)];
      return tf.mul(call.tensor(0), inside(call, tf.scalar(min), tf.scalar(max)).within);
    },
  },
  FakeQuantWithMinMaxVarsGradient: { run: rangeGradients, outputs: RANGE_GRADIENTS },
  FakeQuantWithMinMaxVarsPerChannelGradient: { run: rangeGradients, outputs: RANGE_GRADIENTS },
  QuantizeV2: { host: [1, 2], run: quantize, outputs: ["output", "output_min", "output_max"] },
  QuantizeAndDequantizeV2: {
    host: [0, 1, 2],
    run: (call) => roundTrip(call, call.attributes.int("num_bits", 8), call.attributes.text("round_mode")),
  },
  QuantizeAndDequantizeV3: {
    host: [0, 1, 2, 3],
    run: (call) => roundTrip(call, call.number(3), "HALF_TO_EVEN", true),
  },
  QuantizeAndDequantizeV4: {
    host: [0, 1, 2],
    run: (call) => roundTrip(call, call.attributes.int("num_bits", 8), call.attributes.text("round_mode")),
  },
  Dequantize: { host: [1, 2], run: dequantize },
};

/** Range and zero point are moved so that 0 is on the grid (fake_quant_ops_functor.h). */
function nudged(call: OpCall, min: tf.Tensor, max: tf.Tensor) {
  const low = call.attributes.bool("narrow_range") ? 1 : 0;
  const high = 2 ** call.attributes.int("num_bits", 8) - 1;
  const scale = tf.div(tf.sub(max, min), high - low);
  const zero = tf.sub(low, tf.div(min, scale));
  // Halves away from zero, where tf.round would take the even number.
  const moved = tf.clipByValue(tf.floor(tf.add(zero, 0.5)), low, high);
  return { start: tf.mul(tf.sub(low, moved), scale), end: tf.mul(tf.sub(high, moved), scale), scale };
}

function fakeQuant(call: OpCall, min: tf.Tensor, max: tf.Tensor): tf.Tensor {
  const { start, end, scale } = nudged(call, min, max);
  const inside = tf.sub(tf.minimum(tf.maximum(call.tensor(0), start), end), start);
  return tf.add(tf.mul(tf.floor(tf.add(tf.div(inside, scale), 0.5)), scale), start);
}

/** Where the inputs lie in the range, below and above it, as 0 and 1. Inputs: gradients, inputs. */
function inside(call: OpCall, min: tf.Tensor, max: tf.Tensor) {
  const { start, end } = nudged(call, min, max);
  const x = call.tensor(1);
  const [below, above] = [tf.cast(tf.less(x, start), "float32"), tf.cast(tf.greater(x, end), "float32")];
  return { below, above, within: tf.sub(1, tf.add(below, above)) };
}

/** What lies outside of the range moves its ends; with a range for each channel, those of its own. */
function rangeGradients(call: OpCall): tf.Tensor[] {
  const [dy, min, max] = [call.tensor(0), call.tensor(2), call.tensor(3)];
  const { below, above, within } = inside(call, min, max);
  const axes = Array.from({ length: dy.rank - min.rank }, (_, d) => d);
  return [tf.mul(dy, within), tf.sum(tf.mul(dy, below), axes), tf.sum(tf.mul(dy, above), axes)];
}

/** Least and largest value of a quantized type. */
function rangeOf(type: DataType | null): { low: number; high: number } {
  switch (type) {
    case DataType.DT_QINT8:
      return { low: -128, high: 127 };
    case DataType.DT_QINT16:
      return { low: -(2 ** 15), high: 2 ** 15 - 1 };
    case DataType.DT_QUINT16:
      return { low: 0, high: 2 ** 16 - 1 };
    case DataType.DT_QINT32:
      return { low: -(2 ** 31), high: 2 ** 31 - 1 };
    default:
      return { low: 0, high: 255 };
  }
}

/** `HALF_UP` rounds up where it is halfway; tf.round takes the even number. */
function rounded(x: tf.Tensor, mode: string): tf.Tensor {
  return mode === "HALF_UP" ? tf.floor(tf.add(x, 0.5)) : tf.round(x);
}

function awayFromZero(x: tf.Tensor): tf.Tensor {
  return tf.mul(tf.sign(x), tf.floor(tf.add(tf.abs(x), 0.5)));
}

/** quantize_op.cc: the range is widened to hold 0 and to be no point. */
function quantize(call: OpCall): tf.Tensor[] {
  const { attributes } = call;
  if (attributes.int("axis", -1) !== -1)
    throw call.error(
      "O07",
      "a range for each channel is not supported here",
      "Register a function for the op.",
    );
  const { low, high } = rangeOf(attributes.type("T"));
  const x = call.tensor(0);
  const least = Math.min(0, call.number(1));
  const wide = Math.max(1, Math.abs(call.number(1)), Math.abs(call.number(2)));
  const most = Math.max(0, call.number(2), least + wide * attributes.float("ensure_minimum_range", 0.01));
  const mode = attributes.text("mode", "MIN_COMBINED");
  const made = (q: tf.Tensor, min: number, max: number): tf.Tensor[] => [
    tf.cast(tf.clipByValue(q, low, high), "int32"),
    tf.scalar(min),
    tf.scalar(max),
  ];
  if (mode === "SCALED") {
    const bottom = low < 0 && attributes.bool("narrow_range") ? low + 1 : low;
    const sides = [bottom * least > 0 ? bottom / least : Infinity, high * most > 0 ? high / most : Infinity];
    const scale = Math.min(...sides);
    const [min, max] = [bottom / scale, high / scale];
    const inRange = tf.mul(tf.clipByValue(x, min, max), scale);
    const even = attributes.text("round_mode") === "HALF_TO_EVEN";
    return made(even ? tf.round(inRange) : awayFromZero(inRange), min, max);
  }
  if (mode === "MIN_FIRST") {
    const steps = high - low + 1;
    const scale = steps / ((most - least) * (steps / (steps - 1)));
    const start = awayFromZero(tf.scalar(least * scale));
    return made(tf.add(tf.sub(awayFromZero(tf.mul(x, scale)), start), low), least, most);
  }
  const scale = (high - low) / (most - least);
  const inRange = tf.mul(tf.sub(tf.clipByValue(x, least, most), least), scale);
  const shift = low < 0 ? (high - low + 1) / 2 : 0;
  return made(awayFromZero(tf.sub(inRange, shift)), least, most);
}

/** quantize_and_dequantize_op.h: symmetric around 0, with a range given or that of the input; for all, or by channel. */
/** @param rangeGiven what the op takes where the attribute is left out: V3 has another default than V2 and V4 */
function roundTrip(call: OpCall, bits: number, mode: string, rangeGiven = false): tf.Tensor {
  const { attributes } = call;
  const x = call.tensor(0);
  const axis = attributes.int("axis", -1);
  const signed = attributes.bool("signed_input", true);
  const given = attributes.bool("range_given", rangeGiven);
  const high = signed ? 2 ** (bits - 1) - 1 : 2 ** bits - 1;
  const low = signed ? -(high + (attributes.bool("narrow_range") ? 0 : 1)) : 0;
  const others = x.shape.flatMap((_, d) => (d === axis ? [] : [d]));
  const [mins, maxs] = given
    ? [call.numbers(1), call.numbers(2)]
    : [Array.from(tf.min(x, others).dataSync()), Array.from(tf.max(x, others).dataSync())];
  const parts = mins.map((min, i) => {
    const max = maxs[i]!;
    const [below, above] = [low * min > 0 ? low / min : Infinity, high * max > 0 ? high / max : Infinity];
    const inverse = below < above ? min / low : max / high;
    const scale = Math.min(below, above);
    return below < above
      ? { scale, inverse, min, max: high * inverse }
      : { scale, inverse, min: low * inverse, max };
  });
  const along = (pick: (part: (typeof parts)[number]) => number): tf.Tensor =>
    tf.reshape(
      tf.tensor1d(parts.map(pick)),
      x.shape.map((dim, d) => (d === axis ? dim : 1)),
    );
  const bounded = given
    ? tf.minimum(
        tf.maximum(
          x,
          along(({ min }) => min),
        ),
        along(({ max }) => max),
      )
    : x;
  const steps = rounded(
    tf.mul(
      bounded,
      along(({ scale }) => scale),
    ),
    mode,
  );
  return tf.mul(
    steps,
    along(({ inverse }) => inverse),
  );
}

/** dequantize_op.cc: one range, or one for each place along `axis`. */
function dequantize(call: OpCall): tf.Tensor {
  const type = call.attributes.type("T");
  const { low, high } = rangeOf(type);
  const mode = call.attributes.text("mode", "MIN_COMBINED");
  const x = tf.cast(call.tensor(0), "float32");
  const axis = call.attributes.int("axis", -1);
  const [mins, maxs] = [call.numbers(1), call.numbers(2)];
  const along = (pick: (min: number, max: number) => number): tf.Tensor => {
    const values = mins.map((min, i) => pick(min, maxs[i]!));
    if (axis < 0) return tf.scalar(values[0]!);
    return tf.tensor(
      values,
      x.shape.map((dim, d) => (d === axis ? dim : 1)),
    );
  };
  if (mode === "SCALED") {
    const least = low + (call.attributes.bool("narrow_range") ? 1 : 0);
    const scale = (min: number, max: number): number =>
      low === 0 ? max / high : Math.max(min / least, max / high);
    return tf.mul(x, along(scale));
  }
  const step = (min: number, max: number): number => (max - min) / (high - low);
  // MIN_FIRST has 0 on a step of its own (quantization_utils.h).
  const start = (min: number, max: number): number => {
    const size = step(min, max);
    return mode === "MIN_FIRST" && size > 0
      ? Math.sign(min) * Math.floor(Math.abs(min / size) + 0.5) * size
      : min;
  };
  return tf.add(tf.mul(tf.sub(x, low), along(step)), along(start));
}
