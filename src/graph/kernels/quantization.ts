import * as tf from "@tensorflow/tfjs";
import { DataType } from "../../formats/proto/tensorflow_pb.js";
import type { KernelTable, OpCall } from "../kernel.js";

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
  Dequantize: { host: [1, 2], run: dequantize },
};

/** Range and zero point are moved so that 0 is on the grid (fake_quant_ops_functor.h). */
function fakeQuant(call: OpCall, min: tf.Tensor, max: tf.Tensor): tf.Tensor {
  const low = call.attributes.bool("narrow_range") ? 1 : 0;
  const high = 2 ** call.attributes.int("num_bits", 8) - 1;
  const scale = tf.div(tf.sub(max, min), high - low);
  const zero = tf.sub(low, tf.div(min, scale));
  // Halves away from zero, where tf.round would take the even number.
  const nudged = tf.clipByValue(tf.floor(tf.add(zero, 0.5)), low, high);
  const [start, end] = [tf.mul(tf.sub(low, nudged), scale), tf.mul(tf.sub(high, nudged), scale)];
  const inside = tf.sub(tf.minimum(tf.maximum(call.tensor(0), start), end), start);
  return tf.add(tf.mul(tf.floor(tf.add(tf.div(inside, scale), 0.5)), scale), start);
}

function dequantize(call: OpCall): tf.Tensor {
  const type = call.attributes.type("T");
  const signed = type === DataType.DT_QINT8 || type === DataType.DT_QINT16 || type === DataType.DT_QINT32;
  const bits =
    type === DataType.DT_QINT32 ? 32 : type === DataType.DT_QINT16 || type === DataType.DT_QUINT16 ? 16 : 8;
  const [min, max] = [call.number(1), call.number(2)];
  const x = tf.cast(call.tensor(0), "float32");
  if (call.attributes.text("mode", "MIN_COMBINED") === "SCALED") {
    const steps = signed ? 2 ** (bits - 1) - 1 : 2 ** bits - 1;
    return tf.mul(x, Math.max(Math.abs(min), Math.abs(max)) / steps);
  }
  const offset = signed ? 2 ** (bits - 1) : 0;
  return tf.add(tf.mul(tf.add(x, offset), (max - min) / (2 ** bits - 1)), min);
}
